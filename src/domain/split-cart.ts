/**
 * One cart that the device can't take as one receipt becomes several that it can: more than 80 rows,
 * more than 20 000 000 ₸, or lines of different taxes (source 004, chapters 3 and 5.1).
 * Nothing is lost on the way: lines keep their order, and the totals add up to the cart's total to the tiyn. Only
 * where the device rounds to whole tenge each part is rounded down by itself: `total` says what they come to.
 */
import { MAX_RECEIPT_ROWS, cartProblems, cartTax, cartTotals } from './cart.ts'
import type { Cart, CartLine } from './cart.ts'
import { MAX_AMOUNT, MIN_RECEIPT, splitTiyn, sumTiyn, tiyn } from './money.ts'
import type { Tiyn } from './money.ts'
import { leftToPay, paidTotal } from './payment.ts'
import { TENDERS } from './receipt.ts'
import type { Payments, Tender } from './receipt.ts'

export type SplitResult =
  | { readonly kind: 'notNeeded' }
  /** Every cart can be paid as it is; the totals add up to the total of the cart that was split. */
  | { readonly kind: 'split'; readonly carts: readonly Cart[]; readonly total: Tiyn }
  /** No cut keeps every part within the limits: discounts or lines have to change first. */
  | { readonly kind: 'impossible' }

/** A line with what the whole receipt's discount takes from it. */
interface Piece {
  readonly line: CartLine
  readonly taxId: string | null
  /** Rows of the line: itself and its own discount. */
  readonly rows: number
  /** Share of the receipt's discount, by largest remainder over all lines. */
  readonly discount: Tiyn
  /** What the line adds to its receipt's total. */
  readonly final: Tiyn
}

function piecesOf(cart: Cart, defaultTaxId: string | null): Piece[] {
  // Each part rounds its own total where the device rounds: what the whole receipt would lose to rounding isn't shared.
  const totals = cartTotals({ ...cart, wholeTenge: false })
  const nets = totals.lines.map((line) => line.net)
  const shares = splitTiyn(totals.receiptDiscount, nets)
  return cart.lines.map((line, index) => {
    const share = shares[index] ?? tiyn(0)
    return {
      line,
      taxId: cart.taxId ?? line.item.taxId ?? defaultTaxId,
      rows: (totals.lines[index]?.discount ?? 0) > 0 ? 2 : 1,
      discount: share,
      final: tiyn((nets[index] ?? 0) - share),
    }
  })
}

function fits(pieces: readonly Piece[]): boolean {
  const discount = sumTiyn(pieces.map((piece) => piece.discount))
  const rows = pieces.reduce((sum, piece) => sum + piece.rows, 0) + (discount > 0 ? 1 : 0)
  const total = sumTiyn(pieces.map((piece) => piece.final))
  return rows <= MAX_RECEIPT_ROWS && total <= MAX_AMOUNT && discount <= MAX_AMOUNT
}

/** Cuts pieces of one tax into parts, each as full as it may be; then evens out parts below 1 ₸. Null: impossible. */
function cut(pieces: readonly Piece[]): Piece[][] | null {
  const parts: Piece[][] = []
  for (const piece of pieces) {
    const last = parts.at(-1)
    if (last && fits([...last, piece])) last.push(piece)
    else parts.push([piece])
  }
  for (let index = parts.length - 1; index > 0; index--) borrow(parts[index - 1] ?? [], parts[index] ?? [])
  const paid = (part: Piece[]): boolean => sumTiyn(part.map((piece) => piece.final)) >= MIN_RECEIPT
  return parts.every((part) => paid(part) && fits(part)) ? parts : null
}

/** Moves lines from the end of one part to the start of the next until that one reaches the smallest receipt. */
function borrow(from: Piece[], to: Piece[]): void {
  while (sumTiyn(to.map((piece) => piece.final)) < MIN_RECEIPT && from.length > 1) {
    const moved = from.pop()
    if (moved) to.unshift(moved)
  }
}

function cartOfPart(cart: Cart, part: readonly Piece[], id: string): Cart {
  const amount = sumTiyn(part.map((piece) => piece.discount))
  return {
    ...cart,
    id,
    lines: part.map((piece) => piece.line),
    discount: amount > 0 ? { kind: 'amount', amount } : null,
    taxId: part[0]?.taxId ?? null,
  }
}

/**
 * Splits a cart; `ids` hands in a fresh uuid for every part (the first part keeps the cart's own id).
 * Carts that need no split, or whose trouble a split doesn't cure, say so.
 */
export function splitCart(cart: Cart, ids: () => string, defaultTaxId: string | null = null): SplitResult {
  const problems = cartProblems(cart, defaultTaxId)
  if (problems.length === 0) return { kind: 'notNeeded' }
  const cured = new Set(['tooManyRows', 'totalAboveLimit', 'mixedTaxes'])
  if (!problems.every((problem) => cured.has(problem.kind))) return { kind: 'impossible' }
  const pieces = piecesOf(cart, defaultTaxId)
  const tax = cartTax(cart, defaultTaxId)
  const taxIds = tax.kind === 'mixed' ? tax.taxIds : [null]
  const groups = taxIds.map((id) => (tax.kind === 'mixed' ? pieces.filter((piece) => piece.taxId === id) : pieces))
  const parts: Piece[][] = []
  for (const group of groups) {
    const ofGroup = cut(group)
    if (ofGroup === null) return { kind: 'impossible' }
    parts.push(...ofGroup)
  }
  const sameTax = tax.kind === 'one' ? tax.taxId : undefined
  const carts = parts.map((part, index) => {
    const made = cartOfPart(cart, part, index === 0 ? cart.id : ids())
    return sameTax === undefined ? made : { ...made, taxId: cart.taxId }
  })
  return { kind: 'split', carts, total: sumTiyn(carts.map((each) => cartTotals(each).total)) }
}

/**
 * Spreads what a customer handed over for all parts of a sale over their receipts: card, tare and credit first,
 * in order, then cash; the last receipt carries the change. Null when the payments don't cover the totals,
 * or pay more than them without cash.
 */
export function spreadPayments(totals: readonly Tiyn[], payments: Payments): Payments[] | null {
  const due = sumTiyn(totals)
  const cash = payments.cash ?? tiyn(0)
  if (leftToPay(due, payments) > 0 || paidTotal(payments) - cash > due) return null
  const order: Tender[] = [...TENDERS.filter((tender) => tender !== 'cash'), 'cash']
  const left = new Map(order.map((tender) => [tender, payments[tender] ?? tiyn(0)]))
  const spread = totals.map((total) => {
    const mine: Partial<Record<Tender, Tiyn>> = {}
    let open = total
    for (const tender of order) {
      const available = left.get(tender) ?? tiyn(0)
      const used = available < open ? available : open
      if (used <= 0) continue
      mine[tender] = used
      left.set(tender, tiyn(available - used))
      open = tiyn(open - used)
    }
    return mine
  })
  const change = left.get('cash') ?? tiyn(0)
  const last = spread.at(-1)
  if (change > 0) {
    if (last?.cash === undefined) return null
    last.cash = tiyn(last.cash + change)
  }
  return spread
}
