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

/** Brands an integer as tiyn. Throws RangeError for anything but a safe integer: that is a defect of the caller. */
export function tiyn(value: number): Tiyn {
  if (!Number.isSafeInteger(value)) throw new RangeError(`not an integer of tiyn: ${value}`)
  return value as Tiyn
}

/** Brands an integer as thousandths. Throws RangeError for anything but a safe integer. */
export function thousandths(value: number): Thousandths {
  if (!Number.isSafeInteger(value)) throw new RangeError(`not an integer of thousandths: ${value}`)
  return value as Thousandths
}

function parseDecimal(text: string, places: number): number | null {
  const match = /^(-?)(\d{1,12})(?:[.,](\d+))?$/.exec(text.replace(/[\s\u00a0\u202f]/g, ''))
  if (!match) return null
  const fraction = match[3] ?? ''
  if (fraction.length > places && /[1-9]/.test(fraction.slice(places))) return null
  const digits = (match[2] ?? '') + fraction.slice(0, places).padEnd(places, '0')
  const value = Number(digits)
  if (!Number.isSafeInteger(value)) return null
  return match[1] === '-' && value !== 0 ? -value : value
}

/** Reads `815`, `815.5`, `815,50`, `1 200` as tiyn; null when it is no amount with at most 2 decimals. */
export function parseTiyn(text: string): Tiyn | null {
  return parseDecimal(text, 2) as Tiyn | null
}

/** Reads `2`, `0.25`, `1,125` as thousandths; null when it is no number with at most 3 decimals. */
export function parseThousandths(text: string): Thousandths | null {
  return parseDecimal(text, 3) as Thousandths | null
}

/** Reads a JSON number or quoted number of the device as tiyn (source 004, chapter 9); null when it is neither. */
export function tiynFromWire(value: unknown): Tiyn | null {
  if (typeof value === 'number') return Number.isFinite(value) ? parseTiyn(wireDigits(value, 2)) : null
  return typeof value === 'string' ? parseTiyn(value) : null
}

/** Reads a JSON number or quoted number of the device as thousandths; null when it is neither. */
export function thousandthsFromWire(value: unknown): Thousandths | null {
  if (typeof value === 'number') return Number.isFinite(value) ? parseThousandths(wireDigits(value, 3)) : null
  return typeof value === 'string' ? parseThousandths(value) : null
}

/** A float that JSON made out of a decimal: its nearest decimal with `places` digits is what was written. */
function wireDigits(value: number, places: number): string {
  const scaled = Math.round(Math.abs(value) * 10 ** places)
  return (value < 0 ? '-' : '') + decimalText(scaled, places)
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
  return negative ? -rounded : rounded
}

/** `a * b / c` over integers, exact product, rounded once half away from zero. `c` must not be 0. */
export function mulDiv(a: number, b: number, c: number): number {
  return divideRounded(BigInt(a) * BigInt(b), BigInt(c))
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

/** Sum of amounts. */
export function sumTiyn(amounts: readonly Tiyn[]): Tiyn {
  return amounts.reduce<number>((total, amount) => total + amount, 0) as Tiyn
}

/** Splits `total` in proportion to `weights` so that the parts add up exactly (largest remainder, earlier part first). */
export function splitTiyn(total: Tiyn, weights: readonly number[]): Tiyn[] {
  const weightSum = weights.reduce((sum, weight) => sum + weight, 0)
  if (weightSum === 0) return weights.map((_, index) => (index === 0 ? total : 0) as Tiyn)
  const bigTotal = BigInt(total)
  const bigSum = BigInt(weightSum)
  const shares = weights.map((weight, index) => {
    const product = bigTotal * BigInt(weight)
    return { index, floor: product / bigSum, remainder: product % bigSum }
  })
  let left = bigTotal - shares.reduce((sum, share) => sum + share.floor, 0n)
  const step = left < 0n ? -1n : 1n
  const parts = shares.map((share) => share.floor)
  const order = [...shares].sort((a, b) => {
    const difference = (b.remainder - a.remainder) * step
    return difference > 0n ? 1 : difference < 0n ? -1 : a.index - b.index
  })
  for (const share of order) {
    if (left === 0n) break
    parts[share.index] = (parts[share.index] ?? 0n) + step
    left -= step
  }
  return parts.map((part) => Number(part) as Tiyn)
}
