/** A receipt back into a cart: a card sale that the customer pays otherwise, or a refused receipt to be corrected. */
import { createCart } from './cart.ts'
import type { Cart, CartCashier, CartLine } from './cart.ts'
import type { CatalogItem } from './catalog.ts'
import { sumTiyn } from './money.ts'
import type { Receipt } from './receipt.ts'

/**
 * The cart that gives exactly this receipt again: lines at the prices of then, discounts as amounts. `id` must be
 * a fresh uuid, because the receipt's own record keeps its id; `findItem` gives a line its catalogue item back.
 */
export function cartOfReceipt(
  receipt: Receipt,
  made: {
    readonly id: string
    readonly createdAt: number
    readonly cashier: CartCashier | null
    readonly wholeTenge: boolean
    readonly findItem: (code: string) => CatalogItem | null
  },
): Cart {
  const lines: CartLine[] = []
  const ofReceipt: Receipt['total'][] = []
  for (const row of receipt.rows) {
    const last = lines.at(-1)
    if (row.kind === 'item') lines.push(lineOf(row, String(lines.length + 1), receipt.taxId, made.findItem))
    else if (row.scope === 'receipt' || last === undefined || last.discount !== null) ofReceipt.push(row.discount)
    else lines[lines.length - 1] = { ...last, discount: { kind: 'amount', amount: row.discount } }
  }
  const amount = sumTiyn(ofReceipt)
  return {
    ...createCart({ ...made, kind: receipt.kind, basis: receipt.basis, withoutBasis: receipt.basis === null }),
    lines,
    discount: amount > 0 ? { kind: 'amount', amount } : null,
    taxId: receipt.taxId,
    printText: receipt.printText,
    footerText: receipt.footerText,
    // Its rows stand in the text already.
    ...(receipt.buyer && { buyer: { ...receipt.buyer, text: '' } }),
    nextLine: lines.length + 1,
  }
}

function lineOf(
  row: Extract<Receipt['rows'][number], { readonly kind: 'item' }>,
  id: string,
  taxId: string | null,
  findItem: (code: string) => CatalogItem | null,
): CartLine {
  const item = row.code === null ? null : findItem(row.code)
  const price = item?.price ?? row.price
  return {
    id,
    item: {
      itemId: item?.id ?? null,
      name: row.name,
      code: row.code,
      price,
      taxId: item?.taxId ?? taxId,
      weighed: item?.weighed ?? false,
    },
    quantity: row.quantity,
    priceOverride: row.price === price ? null : row.price,
    priceGiven: true,
    discount: null,
    note: '',
  }
}
