/** What of a catalogue can't work at the till although every row could be read. */
import { isWrongEan } from '../../domain/barcode-clean.ts'
import type { CatalogItem } from '../../domain/catalog.ts'
import { codeKey } from '../../domain/goods-code.ts'
import { MAX_AMOUNT } from '../../domain/money.ts'

export type Oddity =
  /** Typing or scanning finds another item that comes first. */
  | 'codeTwice'
  | 'barcodeTwice'
  /** 8, 12, 13 or 14 digits whose check digit is wrong: no scanner reads such a code. */
  | 'barcodeWrong'
  | 'priceAboveLimit'

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
    const code = codeKey(item.code)
    if (codes.has(code)) odd.push('codeTwice')
    codes.add(code)
    const keys = item.barcodes.map(codeKey)
    if (keys.some((key) => barcodes.has(key))) odd.push('barcodeTwice')
    for (const key of keys) barcodes.add(key)
    if (item.barcodes.some(isWrongEan)) odd.push('barcodeWrong')
    if (item.price !== null && item.price > MAX_AMOUNT) odd.push('priceAboveLimit')
    if (odd.length > 0) found.set(item.id, odd)
  }
  return found
}
