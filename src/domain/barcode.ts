/** Barcodes: check digits, and codes with a weight or price inside. What the register prints: `ikkm/print-text.ts`. */
import { lineSum, mulDiv, thousandths, tiyn } from './money.ts'
import type { Thousandths, Tiyn } from './money.ts'

/** Check digit of an EAN code from its other digits (7 or 12 of them), counted from the right with weights 3 and 1. */
export function eanCheckDigit(digits: string): number {
  let sum = 0
  for (let index = 0; index < digits.length; index++) {
    sum += Number(digits[digits.length - 1 - index]) * (index % 2 === 0 ? 3 : 1)
  }
  return (10 - (sum % 10)) % 10
}

/** Whether a code of digits ends with the check digit of the others, as every EAN, UPC and GTIN does. */
export function checkDigitFits(code: string): boolean {
  return Number(code.at(-1)) === eanCheckDigit(code.slice(0, -1))
}

/** How the shop's scales write their labels: EAN-13 as PP CCCCC VVVVV K. */
export interface WeightCodeRules {
  /** Two-digit prefixes (20 to 29 are free for use inside a shop) whose value is grams, of goods sold by piece: pieces. */
  readonly weightPrefixes: readonly string[]
  /** Two-digit prefixes whose value is the line's price in whole tenge. */
  readonly pricePrefixes: readonly string[]
}

const DEFAULT_WEIGHT_CODES: WeightCodeRules = { weightPrefixes: ['20', '21', '22', '23'], pricePrefixes: [] }

export type WeightCode =
  /** `code` without leading zeros, as the catalogue writes it; `paddedCode` with all five digits. */
  | { readonly kind: 'weight'; readonly code: string; readonly paddedCode: string; readonly quantity: Thousandths }
  | { readonly kind: 'price'; readonly code: string; readonly paddedCode: string; readonly sum: Tiyn }

/** Reads a label of the scales; null when the code is none, has a wrong check digit or holds nothing. */
export function readWeightCode(value: string, rules: WeightCodeRules = DEFAULT_WEIGHT_CODES): WeightCode | null {
  if (!/^\d{13}$/.test(value) || !checkDigitFits(value)) return null
  const prefix = value.slice(0, 2)
  const paddedCode = value.slice(2, 7)
  const code = paddedCode.replace(/^0+(?=\d)/, '')
  const held = Number(value.slice(7, 12))
  if (held === 0) return null
  if (rules.weightPrefixes.includes(prefix)) return { kind: 'weight', code, paddedCode, quantity: thousandths(held) }
  return rules.pricePrefixes.includes(prefix) ? { kind: 'price', code, paddedCode, sum: tiyn(held * 100) } : null
}

/** Thousandths on either side of the nearest quantity among which a line of exactly the label's sum is looked for. */
const NEAR = 500

/**
 * The line that a label with a price makes. The device computes price x quantity itself, so both are chosen so that the
 * line's sum is what the label says, to the tiyn: the quantity nearest to sum / price (whole pieces for what isn't
 * weighed), and the catalogue's price or, where that doesn't give the sum, the price nearest to it that does. One piece
 * for the whole sum where the item has no price or the sum is none of whole pieces.
 */
export function labelLine(
  sum: Tiyn,
  price: Tiyn | null,
  weighed: boolean,
): { readonly quantity: Thousandths; readonly price: Tiyn } {
  const whole = { quantity: thousandths(1000), price: sum }
  if (price === null || price <= 0) return whole
  if (!weighed) return sum % price === 0 ? { quantity: thousandths((sum / price) * 1000), price } : whole
  const nearest = mulDiv(sum, 1000, price)
  for (let step = 0; step <= NEAR; step++) {
    for (const near of [nearest + step, nearest - step]) {
      if (near < 1) continue
      const quantity = thousandths(near)
      if (lineSum(price, quantity) === sum) return { quantity, price }
      const exact = tiyn(mulDiv(sum, 1000, near))
      if (lineSum(exact, quantity) === sum) return { quantity, price: exact }
    }
  }
  return whole
}

/** Writes a label with a weight: prefix of two digits, code of at most five, grams of at most five. Null: too long. */
export function weightCode(prefix: string, code: string, grams: Thousandths): string | null {
  if (!/^\d{2}$/.test(prefix) || !/^\d{1,5}$/.test(code) || grams < 1 || grams > 99_999) return null
  const digits = prefix + code.padStart(5, '0') + String(grams).padStart(5, '0')
  return digits + String(eanCheckDigit(digits))
}
