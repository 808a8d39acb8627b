/** Barcodes: check digits, what the device can print (source 004, chapter 10.1), and codes with a weight or price inside. */
import { thousandths, tiyn } from './money.ts'
import type { Thousandths, Tiyn } from './money.ts'

export type Symbology = 'EAN13' | 'EAN8' | 'CODE128'

export type BarcodeProblem = 'length' | 'notDigits' | 'checkDigit' | 'symbol'

/** Longest CODE128 that the device prints. */
const LONGEST_CODE128 = 128
/** Symbols that the document allows in CODE128. */
const CODE128_SYMBOLS = /^[a-zA-Z0-9 !?:.,+=_;]*$/

/** Check digit of an EAN code from its other digits (7 or 12 of them), counted from the right with weights 3 and 1. */
export function eanCheckDigit(digits: string): number {
  let sum = 0
  for (let index = 0; index < digits.length; index++) {
    sum += Number(digits[digits.length - 1 - index]) * (index % 2 === 0 ? 3 : 1)
  }
  return (10 - (sum % 10)) % 10
}

/** What is wrong with a code of this kind, null when it can be printed. */
export function barcodeProblem(symbology: Symbology, value: string): BarcodeProblem | null {
  if (symbology === 'CODE128') {
    if (value.length < 1 || value.length > LONGEST_CODE128) return 'length'
    return CODE128_SYMBOLS.test(value) ? null : 'symbol'
  }
  if (!/^\d*$/.test(value)) return 'notDigits'
  if (value.length !== (symbology === 'EAN13' ? 13 : 8)) return 'length'
  return Number(value.at(-1)) === eanCheckDigit(value.slice(0, -1)) ? null : 'checkDigit'
}

/** Kind of a scanned code: an EAN with a right check digit, otherwise CODE128. */
export function symbologyOf(value: string): Symbology {
  if (barcodeProblem('EAN13', value) === null) return 'EAN13'
  return barcodeProblem('EAN8', value) === null ? 'EAN8' : 'CODE128'
}

/** How the shop's scales write their labels: EAN-13 as PP CCCCC VVVVV K. */
export interface WeightCodeRules {
  /** Two-digit prefixes (20 to 29 are free for use inside a shop) whose value is grams. */
  readonly weightPrefixes: readonly string[]
  /** Two-digit prefixes whose value is the line's price in whole tenge. */
  readonly pricePrefixes: readonly string[]
}

export const DEFAULT_WEIGHT_CODES: WeightCodeRules = { weightPrefixes: ['20', '21', '22', '23'], pricePrefixes: [] }

export type WeightCode =
  /** `code` without leading zeros, as the catalogue writes it; `paddedCode` with all five digits. */
  | { readonly kind: 'weight'; readonly code: string; readonly paddedCode: string; readonly quantity: Thousandths }
  | { readonly kind: 'price'; readonly code: string; readonly paddedCode: string; readonly sum: Tiyn }

/** Reads a label of the scales; null when the code is none, has a wrong check digit or holds nothing. */
export function readWeightCode(value: string, rules: WeightCodeRules = DEFAULT_WEIGHT_CODES): WeightCode | null {
  if (barcodeProblem('EAN13', value) !== null) return null
  const prefix = value.slice(0, 2)
  const paddedCode = value.slice(2, 7)
  const code = paddedCode.replace(/^0+(?=\d)/, '')
  const held = Number(value.slice(7, 12))
  if (held === 0) return null
  if (rules.weightPrefixes.includes(prefix)) return { kind: 'weight', code, paddedCode, quantity: thousandths(held) }
  return rules.pricePrefixes.includes(prefix) ? { kind: 'price', code, paddedCode, sum: tiyn(held * 100) } : null
}

/** Writes a label with a weight: prefix of two digits, code of at most five, grams of at most five. Null: too long. */
export function weightCode(prefix: string, code: string, grams: Thousandths): string | null {
  if (!/^\d{2}$/.test(prefix) || !/^\d{1,5}$/.test(code) || grams < 1 || grams > 99_999) return null
  const digits = prefix + code.padStart(5, '0') + String(grams).padStart(5, '0')
  return digits + String(eanCheckDigit(digits))
}
