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

/** Items between two breaths of the page. */
const STEP = 250

/**
 * Remarks by item id; of several items with one code the first is the one that is found, the others are odd.
 * In steps, because a large catalogue takes longer than a frame.
 */
export function* findOddities(
  items: readonly CatalogItem[],
): Generator<unknown, ReadonlyMap<string, readonly Oddity[]>> {
  const found = new Map<string, readonly Oddity[]>()
  const codes = new Set<string>()
  const barcodes = new Set<string>()
  let done = 0
  for (const item of items) {
    if (++done % STEP === 0) yield
    const odd: Oddity[] = []
    if (codes.has(item.code)) odd.push('codeTwice')
    codes.add(item.code)
    if (item.barcodes.some((barcode) => barcodes.has(barcode))) odd.push('barcodeTwice')
    for (const barcode of item.barcodes) barcodes.add(barcode)
    if (item.barcodes.some(isWrongEan)) odd.push('barcodeWrong')
    if (item.price !== null && item.price > MAX_AMOUNT) odd.push('priceAboveLimit')
    if (odd.length > 0) found.set(item.id, odd)
  }
  return found
}
