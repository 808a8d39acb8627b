/**
 * Money is a whole number of tiyn (1/100 ₸), quantity a whole number of thousandths.
 * Digits are parsed, never floated; every product is exact and rounds once, half away from zero.
 */

declare const tiynBrand: unique symbol
declare const thousandthsBrand: unique symbol

/** Integer tiyn, 1/100 ₸. */
export type Tiyn = number & { readonly [tiynBrand]: true }
/** Integer thousandths of a unit: 1 piece is 1000, 0.250 kg is 250. */
export type Thousandths = number & { readonly [thousandthsBrand]: true }

/** Largest value that the device accepts: 20 000 000 ₸, itself allowed (source 004, chapter 3). */
export const MAX_AMOUNT = 2_000_000_000 as Tiyn
/** Smallest receipt that the device accepts: 1 ₸ (source 004, chapter 11.2, sale-lq-one). */
export const MIN_RECEIPT = 100 as Tiyn

/** Brands an integer as tiyn (-0 becomes 0). Throws RangeError for anything but a safe integer: that is a defect of the caller. */
export function tiyn(value: number): Tiyn {
  if (!Number.isSafeInteger(value)) throw new RangeError(`not an integer of tiyn: ${value}`)
  return (value + 0) as Tiyn
}

/** Brands an integer as thousandths. Throws RangeError for anything but a safe integer. */
export function thousandths(value: number): Thousandths {
  if (!Number.isSafeInteger(value)) throw new RangeError(`not an integer of thousandths: ${value}`)
  return (value + 0) as Thousandths
}

function parseDecimal(text: string, places: number): number | null {
  const match = /^(-?)(\d{0,12})(?:[.,](\d*))?$/.exec(text.replace(/[\s\u00a0\u202f]/g, ''))
  if (!match) return null
  const whole = match[2] ?? ''
  const fraction = match[3] ?? ''
  if (whole === '' && fraction === '') return null
  if (fraction.length > places && /[1-9]/.test(fraction.slice(places))) return null
  const value = Number((whole || '0') + fraction.slice(0, places).padEnd(places, '0'))
  if (!Number.isSafeInteger(value)) return null
  return match[1] === '-' && value !== 0 ? -value : value
}

/** Reads `815`, `815.5`, `815,50`, `,5`, `1 200` as tiyn; null when it is no amount with at most 2 decimals. */
export function parseTiyn(text: string): Tiyn | null {
  return parseDecimal(text, 2) as Tiyn | null
}

/** Reads `2`, `0.25`, `1,125` as thousandths; null when it is no number with at most 3 decimals. */
export function parseThousandths(text: string): Thousandths | null {
  return parseDecimal(text, 3) as Thousandths | null
}

/**
 * Reads a JSON number or quoted number of the device as tiyn (source 004, chapter 9); null when it is neither.
 * The device computes in floats (`59.999999999`, `2.1886142047E8`), so surplus decimals are rounded, not refused.
 */
export function tiynFromWire(value: unknown): Tiyn | null {
  return integerFromWire(value, 2) as Tiyn | null
}

/** Reads a JSON number or quoted number of the device as thousandths; null when it is neither. */
export function thousandthsFromWire(value: unknown): Thousandths | null {
  return integerFromWire(value, 3) as Thousandths | null
}

/** The written decimal times 10^places, rounded half away from zero on its digits, never through a float. */
function integerFromWire(value: unknown, places: number): number | null {
  if (typeof value !== 'number' && typeof value !== 'string') return null
  const match = /^(-?)(\d{1,20})(?:[.,](\d{0,40}))?(?:[eE]([+-]?\d{1,2}))?$/.exec(String(value).trim())
  if (!match) return null
  const fraction = match[3] ?? ''
  const digits = BigInt((match[2] ?? '') + fraction)
  const shift = places + Number(match[4] ?? '0') - fraction.length
  const scaled = shift >= 0 ? Number(digits * 10n ** BigInt(shift)) : divideRounded(digits, 10n ** BigInt(-shift))
  if (!Number.isSafeInteger(scaled)) return null
  return match[1] === '-' && scaled !== 0 ? -scaled : scaled
}

function decimalText(value: number, places: number): string {
  const digits = String(Math.abs(value)).padStart(places + 1, '0')
  const whole = digits.slice(0, -places)
  const fraction = digits.slice(-places).replace(/0+$/, '')
  return (value < 0 ? '-' : '') + whole + (fraction === '' ? '' : `.${fraction}`)
}

/** Amount as the device wants it: dot, at most 2 decimals, no trailing zeros (source 004, chapter 3). */
export function tiynToWire(amount: Tiyn): string {
  return decimalText(amount, 2)
}

/** Quantity as the device wants it: dot, at most 3 decimals (source 004, chapter 3). */
export function thousandthsToWire(quantity: Thousandths): string {
  return decimalText(quantity, 3)
}

/** `numerator / denominator` rounded to the nearest integer, half away from zero, exact for any safe integers. */
function divideRounded(numerator: bigint, denominator: bigint): number {
  const negative = numerator < 0n !== denominator < 0n
  const n = numerator < 0n ? -numerator : numerator
  const d = denominator < 0n ? -denominator : denominator
  const rounded = Number((2n * n + d) / (2n * d))
  return negative && rounded !== 0 ? -rounded : rounded
}

/**
 * `a * b / c` over integers, exact product, rounded once half away from zero.
 * Throws RangeError for `c` 0 and for a result that is no safe integer: an inexact amount must never go on.
 */
export function mulDiv(a: number, b: number, c: number): number {
  const product = a * b
  // Both remainder and quotient of safe integers are exact: the long way is only needed beyond them.
  if (Number.isSafeInteger(product) && Number.isSafeInteger(a) && Number.isSafeInteger(c) && c > 0) {
    const rest = product % c
    const quotient = (product - rest) / c + 0
    return Math.abs(rest) >= c - Math.abs(rest) ? quotient + Math.sign(product) : quotient
  }
  const result = divideRounded(BigInt(a) * BigInt(b), BigInt(c))
  if (!Number.isSafeInteger(result)) throw new RangeError(`beyond safe integers: ${a} * ${b} / ${c}`)
  return result
}

/** Line sum: price times quantity, rounded once to the tiyn. */
export function lineSum(price: Tiyn, quantity: Thousandths): Tiyn {
  return mulDiv(price, quantity, 1000) as Tiyn
}

/** Part of an amount in hundredths of a percent (10 % is 1000), rounded once. */
export function percentOf(amount: Tiyn, hundredthsOfPercent: number): Tiyn {
  return mulDiv(amount, hundredthsOfPercent, 10_000) as Tiyn
}

/** Tax that an amount holds when the rate is included: 815.00 at 12 % holds 87.32. Rate in whole percent times 100. */
export function includedTax(amount: Tiyn, hundredthsOfPercent: number): Tiyn {
  return mulDiv(amount, hundredthsOfPercent, 10_000 + hundredthsOfPercent) as Tiyn
}

/** Whole tenge of an amount of at least 0, the tiyn dropped. */
export function wholeTenge(amount: Tiyn): Tiyn {
  return tiyn(amount - (amount % 100))
}

/** Sum of amounts. */
export function sumTiyn(amounts: readonly Tiyn[]): Tiyn {
  return amounts.reduce<number>((total, amount) => total + amount, 0) as Tiyn
}

/**
 * Splits `total` in proportion to `weights` so that the parts add up exactly (largest remainder, earlier part first).
 * No part is more than one tiyn away from its exact share. Without any weight all of it goes to the first part.
 * Throws RangeError for weights that aren't integers of at least 0, or for an amount with nothing to carry it.
 */
export function splitTiyn(total: Tiyn, weights: readonly number[]): Tiyn[] {
  if (weights.length === 0 && total !== 0) throw new RangeError('an amount needs at least one part to carry it')
  if (weights.some((weight) => !Number.isSafeInteger(weight) || weight < 0))
    throw new RangeError('weights must be >= 0')
  const weightSum = weights.reduce((sum, weight) => sum + BigInt(weight), 0n)
  if (weightSum === 0n) return weights.map((_, index) => (index === 0 ? total : 0) as Tiyn)
  const size = BigInt(Math.abs(total))
  const shares = weights.map((weight, index) => {
    const product = size * BigInt(weight)
    return { index, part: product / weightSum, remainder: product % weightSum }
  })
  const left = size - shares.reduce((sum, share) => sum + share.part, 0n)
  const byRemainder = [...shares].sort((a, b) =>
    a.remainder === b.remainder ? a.index - b.index : a.remainder < b.remainder ? 1 : -1,
  )
  for (const share of byRemainder.slice(0, Number(left))) share.part += 1n
  return shares.map((share) => (total < 0 ? tiyn(-Number(share.part)) : tiyn(Number(share.part))))
}
