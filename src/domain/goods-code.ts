/**
 * Codes of goods in the one form in which they are compared: UPC-A, EAN-13 and GTIN-14 are the same number with more or
 * fewer zeros in front, and a scanner with Caps Lock on types capital letters.
 */
import type { CatalogItem } from './catalog.ts'

/**
 * The form of a code by which it is looked up: without spaces, in capital letters; a number of 8 to 14 digits as the 13
 * of an EAN, 14 only where the first digit (the packaging level of a GTIN-14) is none of 0.
 */
export function codeKey(code: string): string {
  const bare = code.replace(/\s/g, '').toUpperCase()
  return /^\d{8,14}$/.test(bare) ? bare.replace(/^0(?=\d{13}$)/, '').padStart(13, '0') : bare
}

/** Everything by which an item can be scanned or typed. */
export function codesOf(item: CatalogItem): readonly string[] {
  const codes = [item.code, ...item.barcodes]
  return item.gtin === null ? codes : [...codes, item.gtin]
}

/**
 * GTIN-14 inside a GS1 code (DataMatrix, GS1-128): `01` and 14 digits, then further data fields, with or without the
 * symbology's mark (`]d2`) and separators, or as people read it, `(01)…(21)…`. Also the code of a tobacco pack, which
 * begins with the GTIN alone. Null for any other code.
 */
export function gtinOf(code: string): string | null {
  const plain = code.replace(/\p{Cc}/gu, '|')
  const found =
    /^(?:\]\w\d)?\|?(?:01|\(01\))(\d{14})(?:$|[|(]|[1-47-9]\d)/.exec(plain) ?? /^(\d{14})(?!\d+$)[!-z]{15}$/.exec(plain)
  return found?.[1] ?? null
}
