/** A receipt sold once more: the customer who wants "the same again". */
import { addFreeLine, addItem } from './cart-commands.ts'
import type { CartRefusal } from './cart-commands.ts'
import type { Cart } from './cart.ts'
import type { CatalogItem } from './catalog.ts'
import type { ItemRow, Receipt } from './receipt.ts'

export interface RepeatResult {
  readonly cart: Cart
  /** Rows that could not be added, with the reason. */
  readonly refused: readonly { readonly row: ItemRow; readonly refusal: CartRefusal }[]
  /** Rows whose price differs from then: the catalogue's price of today counts. */
  readonly repriced: readonly ItemRow[]
}

/**
 * Adds the items of a receipt to a cart, at today's prices where `findItem` still knows them by code, and as free
 * lines at the old price where it doesn't. Discounts are not repeated: they were given for that sale.
 */
export function repeatReceipt(
  cart: Cart,
  receipt: Receipt,
  findItem: (code: string) => CatalogItem | null,
): RepeatResult {
  const refused: { row: ItemRow; refusal: CartRefusal }[] = []
  const repriced: ItemRow[] = []
  let next = cart
  for (const row of receipt.rows) {
    if (row.kind !== 'item') continue
    const item = row.code === null ? null : findItem(row.code)
    const result =
      item === null
        ? addFreeLine(next, { name: row.name, price: row.price, quantity: row.quantity, taxId: receipt.taxId })
        : addItem(next, item, { quantity: row.quantity, price: item.price ?? row.price })
    if (result.kind !== 'done') {
      refused.push({ row, refusal: result })
      continue
    }
    next = result.cart
    if (item !== null && item.price !== null && item.price !== row.price) repriced.push(row)
  }
  return { cart: next, refused, repriced }
}
