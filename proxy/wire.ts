/** Reading values that servers send in more than one form. Nothing here throws. */

import { isRecord } from '../src/contract/json.ts'

export type WireObject = Readonly<Record<string, unknown>>

/** Longest piece of an unreadable row that is kept. */
const EXCERPT_LENGTH = 300

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]
}

/** First of the spellings that is there and not null. */
export function pick(object: WireObject, ...spellings: readonly string[]): unknown {
  for (const spelling of spellings) {
    const value = Object.hasOwn(object, spelling) ? object[spelling] : undefined
    if (value !== undefined && value !== null) return value
  }
  return null
}

/** Trimmed text of a string or number; null for nothing. */
export function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value.trim() === '' ? null : value.trim()
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : null
}

export function integerOf(value: unknown): number | null {
  const number = typeof value === 'string' && /^\s*-?\d{1,15}\s*$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : null
}

export function booleanOf(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value
  return value === 'true' ? true : value === 'false' ? false : null
}

/**
 * A decimal in hundredths, rounded once half away from zero, read digit by digit from its shortest decimal form:
 * 2660 is 266000, 12.345 is 1235. Null when it isn't a finite number within the safe integers.
 */
export function hundredthsOf(value: unknown): number | null {
  const text =
    typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim().replace(',', '.') : ''
  const match = /^(-?)(\d{1,20})(?:\.(\d{1,400}))?(?:e([+-]\d{1,3}))?$/i.exec(text)
  if (!match) return null
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match
  const places = fraction.length - Number(exponent)
  if (Math.abs(places) > 400) return null
  const digits = BigInt(whole + fraction)
  // Value is digits / 10^places; hundredths is digits * 100 / 10^places.
  const divisor = places > 0 ? 10n ** BigInt(places) : 1n
  const scaled = digits * 100n * (places < 0 ? 10n ** BigInt(-places) : 1n)
  const rounded = Number((2n * scaled + divisor) / (2n * divisor))
  if (!Number.isSafeInteger(rounded)) return null
  return sign === '-' && rounded !== 0 ? -rounded : rounded
}

/** Hundredths as a JSON number with at most two decimals: exact, because it is the nearest double of that decimal. */
export function hundredthsToNumber(value: number): number {
  return Number(
    `${value < 0 ? '-' : ''}${Math.trunc(Math.abs(value) / 100)}.${String(Math.abs(value) % 100).padStart(2, '0')}`,
  )
}

export function looksLikeHtml(contentType: string, body: string): boolean {
  return /html/i.test(contentType) || /^\s*<(?:!doctype\s+html|html|head|body)\b/i.test(body)
}

/** JSON of a value; of one that nests too deeply for that, only what it is. */
function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    return Array.isArray(value) ? '[…]' : '{…}'
  }
}

/** Beginning of something that could not be read, to be kept and shown. */
export function excerpt(value: unknown): string {
  const text = typeof value === 'string' ? value : jsonOf(value)
  return text.length > EXCERPT_LENGTH ? `${text.slice(0, EXCERPT_LENGTH)}…` : text
}

/** Splits rows into those that could be read and excerpts of those that could not. */
export function readRows<T>(
  rows: readonly unknown[],
  read: (row: WireObject) => T | null,
): { good: T[]; unreadable: string[] } {
  const good: T[] = []
  const unreadable: string[] = []
  for (const row of rows) {
    const value = isRecord(row) ? read(row) : null
    if (value === null) unreadable.push(excerpt(row))
    else good.push(value)
  }
  return { good, unreadable }
}
