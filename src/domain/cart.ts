/**
 * The open receipt while the cashier builds it: its shape, its totals and what still forbids paying it.
 * Commands are in `cart-commands.ts`, undo and parking in `cart-history.ts`.
 */
import type { CartBuyer } from './buyer.ts'
import { MAX_AMOUNT, MIN_RECEIPT, includedTax, lineSum, percentOf, sumTiyn, tiyn, wholeTenge } from './money.ts'
import type { Thousandths, Tiyn } from './money.ts'
import type { BasisReceipt, ReceiptKind } from './receipt.ts'

/** Rows of `itemdata` that the device takes in one receipt, discount rows counted (source 004, chapter 5.1). */
export const MAX_RECEIPT_ROWS = 80
/** Rows that one open cart may grow to before it is refused: ten receipts after a split. */
export const MAX_CART_ROWS = 10 * MAX_RECEIPT_ROWS

/** What the catalogue said about an item when it was added: later edits of the catalogue don't reach an open cart. */
export interface CartItem {
  /** Id of the catalogue item, null for a free-price line. */
  readonly itemId: string | null
  readonly name: string
  readonly code: string | null
  readonly price: Tiyn
  /** Tax id of the device, null for its default. */
  readonly taxId: string | null
  readonly weighed: boolean
  /** Unit of measure as it is shown; absent for pieces and kilograms. */
  readonly unit?: string
}

export type Discount =
  /** Hundredths of a percent, 1 to 10 000: 10 % is 1000. */
  | { readonly kind: 'percent'; readonly hundredths: number }
  /** Positive tiyn. */
  | { readonly kind: 'amount'; readonly amount: Tiyn }

export interface CartLine {
  /** Unique inside its cart, never reused by it. */
  readonly id: string
  readonly item: CartItem
  readonly quantity: Thousandths
  /** Price that the cashier set instead of the item's, null for the item's own. */
  readonly priceOverride: Tiyn | null
  /** That price stands on the goods' label or on the receipt that is paid anew: nobody changed it here. */
  readonly priceGiven?: true
  readonly discount: Discount | null
  /** Printed before the goods as `name: note`. */
  readonly note: string
}

export interface CartCashier {
  readonly id: string
  readonly name: string
}

export interface Cart {
  /** uuid, handed in; becomes the id of the queue's entry. */
  readonly id: string
  readonly kind: ReceiptKind
  readonly lines: readonly CartLine[]
  /** Of the whole receipt, after the lines' discounts. */
  readonly discount: Discount | null
  /** For the journal; not sent to the device. */
  readonly note: string
  /** What the cashier called it when it was put aside: a name, a table. Absent for nothing. */
  readonly label?: string
  readonly cashier: CartCashier | null
  /** ms since the epoch. */
  readonly createdAt: number
  /** Tax chosen for the whole receipt, null to take it from the lines. The device knows one tax a receipt. */
  readonly taxId: string | null
  readonly printText: string | null
  readonly footerText: string | null
  /** Absent where nobody asked for a receipt in their name. */
  readonly buyer?: CartBuyer
  /** Receipt that a return reverses. */
  readonly basis: BasisReceipt | null
  /** A person confirmed a return that names no receipt. */
  readonly withoutBasis: boolean
  /** Id of the refused entry that this receipt corrects and settles; absent for an ordinary one. */
  readonly corrects?: string
  /** Number of the next line's id. */
  readonly nextLine: number
  /**
   * The device rounds amounts to whole tenge (`roudingRule` of getInfo): the total is then rounded down here, as part of
   * the receipt's discount, so that terminal and device agree on it. Absent: to the tiyn.
   */
  readonly wholeTenge?: boolean
}

/** An empty cart; id and clock (ms since the epoch) are handed in. */
export function createCart(input: {
  readonly id: string
  readonly createdAt: number
  readonly kind?: ReceiptKind
  readonly cashier?: CartCashier | null
  readonly basis?: BasisReceipt | null
  readonly withoutBasis?: boolean
  readonly wholeTenge?: boolean
}): Cart {
  return {
    id: input.id,
    kind: input.kind ?? 'sale',
    lines: [],
    discount: null,
    note: '',
    cashier: input.cashier ?? null,
    createdAt: input.createdAt,
    taxId: null,
    printText: null,
    footerText: null,
    basis: input.basis ?? null,
    withoutBasis: input.withoutBasis ?? false,
    nextLine: 1,
    ...(input.wholeTenge === true ? { wholeTenge: true } : {}),
  }
}

/** Unit price that counts for a line, in tiyn. */
export function linePrice(line: CartLine): Tiyn {
  return line.priceOverride ?? line.item.price
}

/** Tiyn that a discount takes off `amount`; may be more than `amount` when it is given as an amount. */
export function discountOf(amount: Tiyn, discount: Discount | null): Tiyn {
  if (discount === null) return tiyn(0)
  return discount.kind === 'percent' ? percentOf(amount, discount.hundredths) : discount.amount
}

export interface LineTotals {
  readonly lineId: string
  /** Price x quantity, rounded once. */
  readonly sum: Tiyn
  /** Own discount of the line. */
  readonly discount: Tiyn
  /** sum - discount. */
  readonly net: Tiyn
}

export interface CartTotals {
  readonly lines: readonly LineTotals[]
  /** Sums of all lines before any discount. */
  readonly subtotal: Tiyn
  /** Own discounts of all lines together. */
  readonly lineDiscount: Tiyn
  /** Discount of the whole receipt, rounding to whole tenge included; never more than what the lines leave. */
  readonly receiptDiscount: Tiyn
  /** subtotal - lineDiscount - receiptDiscount. */
  readonly total: Tiyn
  /** Tax held in the total at the rate handed in, null without a rate. A preview: the device computes its own. */
  readonly tax: Tiyn | null
  /** Rows of `itemdata`, discount rows counted. */
  readonly rows: number
}

function totalsOfLine(line: CartLine): LineTotals {
  const sum = lineSum(linePrice(line), line.quantity)
  const wanted = discountOf(sum, line.discount)
  const discount = wanted > sum ? sum : wanted
  return { lineId: line.id, sum, discount, net: tiyn(sum - discount) }
}

/**
 * Totals of a cart; every figure adds up exactly to the tiyn.
 * @param taxHundredths included rate in hundredths of a percent (16 % is 1600), null when unknown
 */
export function cartTotals(cart: Cart, taxHundredths: number | null = null): CartTotals {
  const lines = cart.lines.map(totalsOfLine)
  const subtotal = sumTiyn(lines.map((line) => line.sum))
  const lineDiscount = sumTiyn(lines.map((line) => line.discount))
  const afterLines = tiyn(subtotal - lineDiscount)
  const wanted = discountOf(afterLines, cart.discount)
  const discounted = tiyn(wanted > afterLines ? 0 : afterLines - wanted)
  const receiptDiscount = tiyn(afterLines - (cart.wholeTenge === true ? wholeTenge(discounted) : discounted))
  const total = tiyn(afterLines - receiptDiscount)
  const discountRows = lines.filter((line) => line.discount > 0).length + (receiptDiscount > 0 ? 1 : 0)
  return {
    lines,
    subtotal,
    lineDiscount,
    receiptDiscount,
    total,
    tax: taxHundredths === null ? null : includedTax(total, taxHundredths),
    rows: lines.length + discountRows,
  }
}

/** The one tax of a receipt, as far as its lines agree. */
export type CartTax =
  /** null leaves the choice to the device's default tax. */
  | { readonly kind: 'one'; readonly taxId: string | null }
  /** The device takes one tax a receipt: a person chooses one, or the cart is split by tax (`split-cart.ts`). */
  | { readonly kind: 'mixed'; readonly taxIds: readonly (string | null)[] }

/** Tax of the whole receipt; `defaultTaxId` (of the device) makes "default" and the same id written out agree. */
export function cartTax(cart: Cart, defaultTaxId: string | null = null): CartTax {
  if (cart.taxId !== null) return { kind: 'one', taxId: cart.taxId }
  const taxIds = [...new Set(cart.lines.map((line) => line.item.taxId ?? defaultTaxId))]
  const [only] = taxIds
  if (taxIds.length > 1) return { kind: 'mixed', taxIds }
  const everyDefault = cart.lines.every((line) => line.item.taxId === null)
  return { kind: 'one', taxId: everyDefault ? null : (only ?? null) }
}

/** Why a cart can't be paid as it is. Amounts in tiyn. */
export type CartProblem =
  | { readonly kind: 'empty' }
  /** Offer the split of `split-cart.ts`. */
  | { readonly kind: 'tooManyRows'; readonly rows: number; readonly limit: number }
  /** Total or a discount beyond what the device takes; offer the split. */
  | { readonly kind: 'totalAboveLimit'; readonly value: Tiyn; readonly limit: Tiyn }
  | { readonly kind: 'totalBelowMinimum'; readonly total: Tiyn; readonly minimum: Tiyn }
  | { readonly kind: 'receiptDiscountAboveTotal'; readonly discount: Tiyn; readonly lines: Tiyn }
  | { readonly kind: 'mixedTaxes'; readonly taxIds: readonly (string | null)[] }
  | { readonly kind: 'basisMissing' }

/** Everything that forbids registering the cart now; empty when it can be paid. */
export function cartProblems(cart: Cart, defaultTaxId: string | null = null): CartProblem[] {
  if (cart.lines.length === 0) return [{ kind: 'empty' }]
  const totals = cartTotals(cart)
  const problems: CartProblem[] = []
  if (totals.rows > MAX_RECEIPT_ROWS) {
    problems.push({ kind: 'tooManyRows', rows: totals.rows, limit: MAX_RECEIPT_ROWS })
  }
  const largest = Math.max(totals.total, totals.receiptDiscount)
  if (largest > MAX_AMOUNT) problems.push({ kind: 'totalAboveLimit', value: tiyn(largest), limit: MAX_AMOUNT })
  const afterLines = tiyn(totals.subtotal - totals.lineDiscount)
  const wanted = discountOf(afterLines, cart.discount)
  if (wanted > afterLines) problems.push({ kind: 'receiptDiscountAboveTotal', discount: wanted, lines: afterLines })
  else if (totals.total < MIN_RECEIPT) {
    problems.push({ kind: 'totalBelowMinimum', total: totals.total, minimum: MIN_RECEIPT })
  }
  const tax = cartTax(cart, defaultTaxId)
  if (tax.kind === 'mixed') problems.push({ kind: 'mixedTaxes', taxIds: tax.taxIds })
  const isReturn = cart.kind === 'saleReturn' || cart.kind === 'buyReturn'
  if (isReturn && cart.basis === null && !cart.withoutBasis) problems.push({ kind: 'basisMissing' })
  return problems
}
