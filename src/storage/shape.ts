/**
 * Reads stored values of unknown content: what the first screen needs of it, in a few lines. Whatever comes from a server
 * or a file is checked by valibot, in pieces that are loaded later.
 */

/** Why a value isn't what it should be: where in it, as `request.method`, and what stands there instead. */
export class Wrong {
  readonly path: string
  readonly value: unknown

  constructor(path: string, value: unknown) {
    this.path = path
    this.value = value
  }
}

/** Makes a typed value of an unknown one, or says what is wrong. Never throws. */
export type Shape<T> = (value: unknown) => T | Wrong
export type Shaped<S> = S extends Shape<infer T> ? T : never

/** The value, or null where it is wrong: for records that count for nothing then. */
export function read<T>(shape: Shape<T>, value: unknown): T | null {
  const result = shape(value)
  return result instanceof Wrong ? null : result
}

const where =
  <T>(holds: (value: unknown) => boolean): Shape<T> =>
  (value) =>
    holds(value) ? (value as T) : new Wrong('', value)

export const text: Shape<string> = where((value) => typeof value === 'string')
export const flag: Shape<boolean> = where((value) => typeof value === 'boolean')
/** Any number but NaN. */
export const number: Shape<number> = where((value) => typeof value === 'number' && !Number.isNaN(value))
/** A safe integer of at least `least`. */
export const integer = (least = -Infinity): Shape<number> =>
  where((value) => Number.isSafeInteger(value) && (value as number) >= least)
/** Text in which the pattern is found. */
export const matching = (pattern: RegExp): Shape<string> =>
  where((value) => typeof value === 'string' && pattern.test(value))
/** One of these values. */
export const oneOf = <const T extends string | number>(...values: readonly T[]): Shape<T> =>
  where((value) => (values as readonly unknown[]).includes(value))
/** Any object, whatever is in it. */
export const anything: Shape<object> = where((value) => typeof value === 'object' && value !== null)

export const orNull =
  <T>(shape: Shape<T>): Shape<T | null> =>
  (value) =>
    value === null ? null : shape(value)

/** `undefined` and a missing field become `otherwise`. */
export const orElse =
  <T, E>(shape: Shape<T>, otherwise: E): Shape<T | E> =>
  (value) =>
    value === undefined ? otherwise : shape(value)

function inside(key: string | number, { path, value }: Wrong): Wrong {
  return new Wrong(path === '' ? String(key) : `${key}.${path}`, value)
}

/** An array of such values. */
export const listOf =
  <T>(shape: Shape<T>): Shape<T[]> =>
  (value) => {
    if (!Array.isArray(value)) return new Wrong('', value)
    const out: T[] = []
    for (const [index, each] of value.entries()) {
      const result = shape(each)
      if (result instanceof Wrong) return inside(index, result)
      out.push(result)
    }
    return out
  }

/** An object with any keys and such values. */
export const recordOf =
  <T>(shape: Shape<T>): Shape<Record<string, T>> =>
  (value) => {
    if (typeof value !== 'object' || value === null) return new Wrong('', value)
    return fieldsOf(value, Object.keys(value), () => shape) as Record<string, T> | Wrong
  }

type Fields = Readonly<Record<string, Shape<unknown>>>

/** An object with these fields; others are left out. A field that reads as `undefined` is left out too. */
export const objectOf =
  <const F extends Fields>(fields: F): Shape<{ [K in keyof F]: Shaped<F[K]> }> =>
  (value) => {
    if (typeof value !== 'object' || value === null) return new Wrong('', value)
    return fieldsOf(value, Object.keys(fields), (key) => fields[key] ?? anything) as
      { [K in keyof F]: Shaped<F[K]> } | Wrong
  }

/** An object with any of these fields; others are left out. */
export const someOf =
  <const F extends Fields>(fields: F): Shape<{ [K in keyof F]?: Shaped<F[K]> }> =>
  (value) => {
    if (typeof value !== 'object' || value === null) return new Wrong('', value)
    const there = Object.keys(fields).filter((key) => (value as Record<string, unknown>)[key] !== undefined)
    return fieldsOf(value, there, (key) => fields[key] ?? anything) as { [K in keyof F]?: Shaped<F[K]> } | Wrong
  }

function fieldsOf(
  value: object,
  keys: readonly string[],
  shapeOf: (key: string) => Shape<unknown>,
): Record<string, unknown> | Wrong {
  const out: Record<string, unknown> = {}
  for (const key of keys) {
    const result = shapeOf(key)((value as Record<string, unknown>)[key])
    if (result instanceof Wrong) return inside(key, result)
    if (result !== undefined) out[key] = result
  }
  return out
}
