/**
 * What a cashier does to an open receipt. Every command is a pure function that returns a new cart
 * or says in a value why it refuses; the cart handed in never changes.
 */
import { MAX_CART_ROWS, cartTotals, discountOf, linePrice } from './cart.ts'
import type { Cart, CartItem, CartLine, Discount } from './cart.ts'
import type { CatalogItem } from './catalog.ts'
import { MAX_AMOUNT, lineSum, thousandths } from './money.ts'
import type { Thousandths, Tiyn } from './money.ts'
import { rowName } from './receipt.ts'

/** One piece. */
export const ONE = 1000 as Thousandths
/** Largest quantity: the device's largest number, 20 000 000 units (source 004, chapter 3). */
const MAX_QUANTITY = 20_000_000_000 as Thousandths

export type CartRefusal =
  /** The item has no price of its own: ask for one. */
  | { readonly kind: 'priceNeeded'; readonly item: CatalogItem }
  /** The item is weighed: ask for its quantity. */
  | { readonly kind: 'quantityNeeded'; readonly item: CatalogItem }
  | { readonly kind: 'nameMissing' }
  | { readonly kind: 'lineNotFound'; readonly lineId: string }
  | { readonly kind: 'quantityNotPositive' }
  | { readonly kind: 'priceNotPositive' }
  /** A quantity, price or line beyond 20 000 000; `limit` in the unit of `what` (thousandths or tiyn). */
  | { readonly kind: 'aboveLimit'; readonly what: 'quantity' | 'price' | 'line'; readonly limit: number }
  /** So little of so cheap a thing that the line rounds to 0.00. */
  | { readonly kind: 'lineRoundsToZero' }
  | { readonly kind: 'discountNotPositive' }
  | { readonly kind: 'discountAboveHundredPercent' }
  /** In tiyn: what was asked and what there is to take it from. */
  | { readonly kind: 'discountAboveLine'; readonly discount: Tiyn; readonly sum: Tiyn }
  | { readonly kind: 'discountAboveReceipt'; readonly discount: Tiyn; readonly sum: Tiyn }
  /** The cart would outgrow even a split (`MAX_CART_ROWS`). */
  | { readonly kind: 'cartFull'; readonly limit: number }

export interface CartDone {
  readonly kind: 'done'
  readonly cart: Cart
  /** Line that was added or changed, null when none was. */
  readonly lineId: string | null
}
export type CartResult = CartDone | CartRefusal

function done(cart: Cart, lineId: string | null): CartDone {
  return { kind: 'done', cart, lineId }
}

/** Whether another tap on the same item may simply add one to this line. */
function takesOneMore(line: CartLine, item: CatalogItem, price: Tiyn): boolean {
  return (
    line.item.itemId === item.id &&
    line.item.price === price &&
    line.item.name === item.name &&
    line.item.taxId === item.taxId &&
    !line.item.weighed &&
    !item.weighed &&
    line.priceOverride === null &&
    line.discount === null &&
    line.note === '' &&
    line.quantity % ONE === 0
  )
}

function checkPrice(price: Tiyn): CartRefusal | null {
  if (price <= 0) return { kind: 'priceNotPositive' }
  return price > MAX_AMOUNT ? { kind: 'aboveLimit', what: 'price', limit: MAX_AMOUNT } : null
}

function checkQuantity(quantity: Thousandths): CartRefusal | null {
  if (quantity <= 0) return { kind: 'quantityNotPositive' }
  return quantity > MAX_QUANTITY ? { kind: 'aboveLimit', what: 'quantity', limit: MAX_QUANTITY } : null
}

/** Every limit that one line has to keep; null when it keeps them. */
function checkLine(line: CartLine): CartRefusal | null {
  if (rowName(line.item.name) === '') return { kind: 'nameMissing' }
  const refusal = checkPrice(linePrice(line)) ?? checkQuantity(line.quantity)
  if (refusal) return refusal
  // Far beyond the limit the exact product would no longer be a safe integer: a rough look comes first.
  const tooLarge: CartRefusal = { kind: 'aboveLimit', what: 'line', limit: MAX_AMOUNT }
  if ((linePrice(line) / 1000) * line.quantity > 2 * MAX_AMOUNT) return tooLarge
  const sum = lineSum(linePrice(line), line.quantity)
  if (sum > MAX_AMOUNT) return tooLarge
  if (sum <= 0) return { kind: 'lineRoundsToZero' }
  const discount = discountOf(sum, line.discount)
  return discount > sum ? { kind: 'discountAboveLine', discount, sum } : null
}

function checkDiscount(discount: Discount | null): CartRefusal | null {
  if (discount === null) return null
  const size = discount.kind === 'percent' ? discount.hundredths : discount.amount
  if (!Number.isSafeInteger(size) || size <= 0) return { kind: 'discountNotPositive' }
  return discount.kind === 'percent' && size > 10_000 ? { kind: 'discountAboveHundredPercent' } : null
}

function isOvergrown(cart: Cart): boolean {
  // A line has at most two rows: a short cart needs no counting.
  return 2 * cart.lines.length >= MAX_CART_ROWS && cartTotals(cart).rows > MAX_CART_ROWS
}

function withLine(cart: Cart, lineId: string, change: (line: CartLine) => CartLine): CartResult {
  const index = cart.lines.findIndex((line) => line.id === lineId)
  const line = cart.lines[index]
  if (line === undefined) return { kind: 'lineNotFound', lineId }
  const changed = change(line)
  const refusal = checkLine(changed)
  if (refusal) return refusal
  const next = { ...cart, lines: cart.lines.with(index, changed) }
  return isOvergrown(next) ? { kind: 'cartFull', limit: MAX_CART_ROWS } : done(next, lineId)
}

function appendLine(
  cart: Cart,
  item: CartItem,
  quantity: Thousandths,
  priceOverride: Tiyn | null,
  given: Pick<CartLine, 'priceGiven'> = {},
): CartResult {
  const id = String(cart.nextLine)
  const line: CartLine = { id, item, quantity, priceOverride, discount: null, note: '', ...given }
  const refusal = checkLine(line)
  if (refusal) return refusal
  const next = { ...cart, lines: [...cart.lines, line], nextLine: cart.nextLine + 1 }
  return isOvergrown(next) ? { kind: 'cartFull', limit: MAX_CART_ROWS } : done(next, id)
}

/**
 * Adds a catalogue item. The same item again adds to its line, unless that line was changed (price, discount, note)
 * or is weighed. Without `quantity` one piece is added; an item sold by weight then answers `quantityNeeded`,
 * and an item without a price `priceNeeded` unless `price` (tiyn) is given; `priceGiven`: it stands on the goods' label.
 */
export function addItem(
  cart: Cart,
  item: CatalogItem,
  options: { readonly quantity?: Thousandths; readonly price?: Tiyn; readonly priceGiven?: true } = {},
): CartResult {
  const price = options.price ?? item.price
  if (price === null) return { kind: 'priceNeeded', item }
  if (item.weighed && options.quantity === undefined) return { kind: 'quantityNeeded', item }
  const quantity = options.quantity ?? ONE
  const refusal = checkQuantity(quantity)
  if (refusal) return refusal
  // A price given for an item that has one is a change of price, and stays recognisable as such.
  const ownPrice = item.price ?? price
  const override = price === ownPrice ? null : price
  if (override === null && quantity % ONE === 0) {
    const same = cart.lines.findLast((line) => takesOneMore(line, item, ownPrice))
    if (same) return setQuantity(cart, same.id, thousandths(same.quantity + quantity))
  }
  const snapshot: CartItem = {
    itemId: item.id,
    name: item.name,
    code: item.code,
    price: ownPrice,
    taxId: item.taxId,
    weighed: item.weighed,
    ...(item.unit === undefined ? {} : { unit: item.unit }),
  }
  return appendLine(cart, snapshot, quantity, override, options.priceGiven ? { priceGiven: true } : {})
}

/** Adds a line that isn't in the catalogue: a name and a price (tiyn), one piece unless a quantity is given. */
export function addFreeLine(
  cart: Cart,
  line: {
    readonly name: string
    readonly price: Tiyn
    readonly quantity?: Thousandths
    readonly taxId?: string | null
  },
): CartResult {
  const item: CartItem = {
    itemId: null,
    name: rowName(line.name),
    code: null,
    price: line.price,
    taxId: line.taxId ?? null,
    weighed: false,
  }
  return appendLine(cart, item, line.quantity ?? ONE, null)
}

/** Sets a line's quantity in thousandths; 0 or less is refused (`removeLine` removes). */
export function setQuantity(cart: Cart, lineId: string, quantity: Thousandths): CartResult {
  return withLine(cart, lineId, (line) => ({ ...line, quantity }))
}

/** Adds to (or takes from) a line's quantity: the + and - buttons. */
export function addQuantity(cart: Cart, lineId: string, step: Thousandths): CartResult {
  return withLine(cart, lineId, (line) => ({ ...line, quantity: thousandths(line.quantity + step) }))
}

/** Sets a line's unit price in tiyn; null goes back to the catalogue's price. */
export function changePrice(cart: Cart, lineId: string, price: Tiyn | null): CartResult {
  return withLine(cart, lineId, ({ priceGiven: _given, ...line }) => ({
    ...line,
    priceOverride: price === line.item.price ? null : price,
  }))
}

/** Sets or (null) takes away the discount of a line; never more than the line itself. */
export function setLineDiscount(cart: Cart, lineId: string, discount: Discount | null): CartResult {
  const refusal = checkDiscount(discount)
  return refusal ?? withLine(cart, lineId, (line) => ({ ...line, discount }))
}

/** Sets a line's note. */
export function setLineNote(cart: Cart, lineId: string, note: string): CartResult {
  return withLine(cart, lineId, (line) => ({ ...line, note }))
}

/** Sets or (null) takes away the discount of the whole receipt; never more than what the lines leave. */
export function setReceiptDiscount(cart: Cart, discount: Discount | null): CartResult {
  const refusal = checkDiscount(discount)
  if (refusal) return refusal
  const totals = cartTotals({ ...cart, discount: null, wholeTenge: false })
  const asked = discountOf(totals.total, discount)
  if (asked > totals.total) return { kind: 'discountAboveReceipt', discount: asked, sum: totals.total }
  return done({ ...cart, discount }, null)
}

/** Takes a line away. */
export function removeLine(cart: Cart, lineId: string): CartResult {
  const lines = cart.lines.filter((line) => line.id !== lineId)
  if (lines.length === cart.lines.length) return { kind: 'lineNotFound', lineId }
  return done({ ...cart, lines }, null)
}

/** Takes every line and discount away; texts, cashier and basis stay. */
export function clearCart(cart: Cart): CartResult {
  return done({ ...cart, lines: [], discount: null }, null)
}

/** Sets what belongs to the whole receipt: tax (null takes it from the lines), texts, note, cashier, rounding. */
export function setReceiptDetails(
  cart: Cart,
  details: Partial<
    Pick<Cart, 'taxId' | 'printText' | 'footerText' | 'note' | 'cashier' | 'withoutBasis' | 'wholeTenge' | 'buyer'>
  >,
): CartResult {
  return done({ ...cart, ...details }, null)
}
