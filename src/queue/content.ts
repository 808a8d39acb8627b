/** Is a receipt that the device lists the one that we sent? Names aren't listed, so numbers decide. */
import type { ItemRow, Receipt } from '../domain/receipt.ts'
import type { Cheque, ChequeLine } from '../ikkm/cheques.ts'

/** The device may round to whole tenge (`roudingRule`). */
const ONE_TENGE = 100

/** `unclear`: our goods, another total. The device may round or add a tax on top; only the mark on paper tells. */
export type Content = 'same' | 'different' | 'unclear'

/**
 * Compares kind, total and lines. Readings: a discount row is listed as a line with a negative sum, or not at all,
 * or spread over the lines; a receipt without rows, or with too many, is one line.
 */
export function compareContent(receipt: Receipt, cheque: Cheque): Content {
  if (cheque.kind !== null && cheque.kind !== receipt.kind) return 'different'
  const items: ItemRow[] = []
  let gross = 0
  for (const row of receipt.rows) {
    if (row.kind !== 'item') continue
    items.push(row)
    gross += row.sum
  }
  const listed = cheque.lines.filter((line) => line.sum >= 0)
  const totalFits = cheque.total === receipt.total
  if (sameLines(items, listed)) {
    // A discount row may be left out of the list: then the goods' own sum is all that can be compared.
    return totalFits || cheque.total === gross ? 'same' : 'unclear'
  }
  if (totalFits) return listed.length === 1 ? 'same' : 'unclear'
  return Math.abs(cheque.total - receipt.total) < ONE_TENGE ? 'unclear' : 'different'
}

/** Quantity and price line by line, in any order. */
function sameLines(items: readonly ItemRow[], lines: readonly ChequeLine[]): boolean {
  if (items.length !== lines.length) return false
  const left = [...lines]
  for (const item of items) {
    const index = left.findIndex((line) => line.quantity === item.quantity && line.price === item.price)
    if (index < 0) return false
    left.splice(index, 1)
  }
  return true
}
