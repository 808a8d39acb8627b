/** What of a catalogue can't work at the till although every row could be read. */
import { barcodeProblem } from '../../domain/barcode.ts'
import type { CatalogItem } from '../../domain/catalog.ts'
import { MAX_AMOUNT } from '../../domain/money.ts'

export type Oddity =
  /** Typing or scanning finds another item that comes first. */
  | 'codeTwice'
  | 'barcodeTwice'
  /** 8 or 13 digits whose check digit is wrong: no scanner reads such a code. */
  | 'barcodeWrong'
  | 'priceAboveLimit'

/** Whether a code that looks like an EAN can't be one. */
export function isWrongEan(barcode: string): boolean {
  if (!/^\d{8}$|^\d{13}$/.test(barcode)) return false
  return barcodeProblem(barcode.length === 8 ? 'EAN8' : 'EAN13', barcode) !== null
}

/** Remarks by item id; of several items with one code the first is the one that is found, the others are odd. */
export function findOddities(items: readonly CatalogItem[]): ReadonlyMap<string, readonly Oddity[]> {
  const found = new Map<string, readonly Oddity[]>()
  const codes = new Set<string>()
  const barcodes = new Set<string>()
  for (const item of items) {
    const odd = new Set<Oddity>()
    if (codes.has(item.code)) odd.add('codeTwice')
    codes.add(item.code)
    for (const barcode of item.barcodes) {
      if (barcodes.has(barcode)) odd.add('barcodeTwice')
      barcodes.add(barcode)
      if (isWrongEan(barcode)) odd.add('barcodeWrong')
    }
    if (item.price !== null && item.price > MAX_AMOUNT) odd.add('priceAboveLimit')
    if (odd.size > 0) found.set(item.id, [...odd])
  }
  return found
}
