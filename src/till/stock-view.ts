/** What the sale's way takes of the stock: nothing until it has come, and nothing where nobody keeps one. */
import { shallowRef } from 'vue'
import type { CatalogItem } from '../domain/catalog.ts'
import type { Receipt } from '../domain/receipt.ts'

export interface StockView {
  /**
   * The receipt as the journal keeps it: each line with its good and what that costs now, a line that is given back with
   * what it had cost then (`basis`: the receipt that it is of). Reads nothing from the disk, never throws.
   */
  priced(receipt: Receipt, basis?: Receipt | null): Receipt
  /** What the tile of a good that runs out says; nothing for any other. */
  left(item: CatalogItem): string | undefined
}

export const stockView = shallowRef<StockView | null>(null)
