/**
 * A receipt as it is sent, stored and shown. Built from a cart by `build-receipt.ts`, encoded by `src/ikkm`,
 * kept as it was by the queue's journal.
 */
import type { Buyer } from './buyer.ts'
import type { Thousandths, Tiyn } from './money.ts'

/** The four registrations of the device (source 004, chapter 5.1). */
export type ReceiptKind = 'sale' | 'buy' | 'saleReturn' | 'buyReturn'

/** Payment types of the device, in its order (source 004, chapter 5.1). */
export const TENDERS = ['cash', 'bank', 'tara', 'credit'] as const
export type Tender = (typeof TENDERS)[number]

/** Tendered tiyn by payment type; an absent key means that the type isn't used. */
export type Payments = Readonly<Partial<Record<Tender, Tiyn>>>

export interface ItemRow {
  readonly kind: 'item'
  readonly name: string
  /** Code of the catalogue item, null for a free-price line. Not sent: the device's itemdata has no field for it. */
  readonly code: string | null
  readonly price: Tiyn
  readonly quantity: Thousandths
  /** price x quantity, rounded once; before any discount. */
  readonly sum: Tiyn
  /** The cashier set another price than the goods have. Not sent; absent for any other row. */
  readonly priceChanged?: true
  /** Which goods of the stock it is (`stock.ts`), where its code alone doesn't say it. Not sent. */
  readonly goods?: string
  /** What one unit had cost the shop at the time of the sale. Not sent; absent where it wasn't known and in older records. */
  readonly cost?: Tiyn
  /** In a return: index of the line (item rows counted from 0) of the basis receipt that this row gives back. */
  readonly basisLine?: number
}

export interface DiscountRow {
  readonly kind: 'discount'
  readonly name: string
  /** Positive tiyn taken off the total. */
  readonly discount: Tiyn
  /** Whose discount it is; without it a row after a line is that line's, and a second one the receipt's. */
  readonly scope?: 'line' | 'receipt'
}

/** A row of `itemdata`. A line's discount row follows its line; a receipt's discount row comes last. */
export type ReceiptRow = ItemRow | DiscountRow

/** The receipt that a return reverses: a return names number, date and total of it. */
export interface BasisReceipt {
  readonly number: number
  /** ms since the epoch. */
  readonly registeredAt: number
  readonly total: Tiyn
}

export interface Receipt {
  readonly kind: ReceiptKind
  /** Items minus discounts, to the tiyn: what is registered. */
  readonly total: Tiyn
  readonly payments: Payments
  /** Paid minus total; more than 0 only for a sale with cash. */
  readonly change: Tiyn
  /** Tax id of the device, null for its default tax. */
  readonly taxId: string | null
  /** What the register called that tax at the sale; not sent, absent where it wasn't known and in older records. */
  readonly taxName?: string
  readonly rows: readonly ReceiptRow[]
  /** Text printed instead of or before the table, null for none. */
  readonly printText: string | null
  /** Advertising text at the receipt's end, without the terminal's mark, null for none. */
  readonly footerText: string | null
  readonly basis: BasisReceipt | null
  /** Who bought; kept for the journal, on paper by rows of `printText`. Absent in older records. */
  readonly buyer?: Buyer
}

/** A name as one line of well-formed text: what JSON and the printer both take. */
export function rowName(text: string): string {
  return text
    .replace(/\p{Cs}/gu, '\ufffd')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
}
