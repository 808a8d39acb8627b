/**
 * How a receipt is paid, with the device's rules enforced before anything is sent
 * (source 004, chapters 5.1 and 11.2). All amounts in tiyn.
 */
import { MAX_AMOUNT, MIN_RECEIPT, sumTiyn, tiyn } from './money.ts'
import type { Tiyn } from './money.ts'
import { TENDERS } from './receipt.ts'
import type { Payments, ReceiptKind, Tender } from './receipt.ts'

export interface PaymentContext {
  readonly kind: ReceiptKind
  readonly total: Tiyn
  /** Cash in the device's drawer (`cashWeHave`), null when unknown: then only the device can refuse (-15). */
  readonly drawer?: Tiyn | null
  /** False when the device's settings forbid mixed payment (reason no-mixed-payment-allowed). */
  readonly mixedAllowed?: boolean
  /** True where the device rounds every amount to whole tenge: amounts with tiyn are then out of range. */
  readonly wholeTenge?: boolean
}

export type PaymentProblem =
  /** Total outside 1 ₸ to 20 000 000 ₸ (-7). */
  | { readonly kind: 'totalOutOfRange'; readonly total: Tiyn }
  | { readonly kind: 'nothingPaid' }
  /** An amount that isn't above 0 and at most 20 000 000 ₸ (-7), or not whole tenge where the device rounds. */
  | { readonly kind: 'amountOutOfRange'; readonly tender: Tender; readonly amount: Tiyn }
  /** Only a sale may be paid in several ways. */
  | { readonly kind: 'severalTenders' }
  /** The device's settings forbid mixed payment (-13). */
  | { readonly kind: 'mixedNotAllowed' }
  /** Everything but a sale is paid exactly (-10, -13). */
  | { readonly kind: 'notExact'; readonly paid: Tiyn; readonly total: Tiyn }
  /** Change is given from cash only (-13). */
  | { readonly kind: 'nonCashAboveTotal'; readonly nonCash: Tiyn; readonly total: Tiyn }
  /** The rest already covers the total: cash is banned (-13). */
  | { readonly kind: 'cashNotNeeded'; readonly cash: Tiyn }
  /** Less than the total (-10). */
  | { readonly kind: 'tooLittle'; readonly missing: Tiyn }
  /** A return of a sale or a purchase takes more cash out than there is (-15). */
  | { readonly kind: 'drawerTooLow'; readonly drawer: Tiyn; readonly needed: Tiyn }

export type PaymentCheck = { readonly kind: 'ok'; readonly paid: Tiyn; readonly change: Tiyn } | PaymentProblem

/** Whether cash leaves the drawer at this registration. */
export function takesCashOut(kind: ReceiptKind): boolean {
  return kind === 'saleReturn' || kind === 'buy'
}

/** Tenders with an amount, in the device's order; zero amounts count as not used. */
export function usedTenders(payments: Payments): Tender[] {
  return TENDERS.filter((tender) => (payments[tender] ?? 0) !== 0)
}

/** Sum of what was tendered. */
export function paidTotal(payments: Payments): Tiyn {
  return sumTiyn(TENDERS.map((tender) => payments[tender] ?? tiyn(0)))
}

/** Payments without the amounts of zero, as they are registered. */
export function cleanPayments(payments: Payments): Payments {
  const clean: Partial<Record<Tender, Tiyn>> = {}
  for (const tender of usedTenders(payments)) clean[tender] = payments[tender] ?? tiyn(0)
  return clean
}

/** Checks payments against the device's rules; `ok` carries the change that the cashier gives. */
export function checkPayments(context: PaymentContext, payments: Payments): PaymentCheck {
  const { kind, total } = context
  if (total < MIN_RECEIPT || total > MAX_AMOUNT) return { kind: 'totalOutOfRange', total }
  const used = usedTenders(payments)
  if (used.length === 0) return { kind: 'nothingPaid' }
  for (const tender of used) {
    const amount = payments[tender] ?? tiyn(0)
    const broken = context.wholeTenge === true && amount % 100 !== 0
    if (amount < 0 || amount > MAX_AMOUNT || broken) return { kind: 'amountOutOfRange', tender, amount }
  }
  if (used.length > 1 && kind !== 'sale') return { kind: 'severalTenders' }
  if (used.length > 1 && context.mixedAllowed === false) return { kind: 'mixedNotAllowed' }
  const paid = paidTotal(payments)
  const cash = payments.cash ?? tiyn(0)
  if (kind !== 'sale') {
    if (paid !== total) return { kind: 'notExact', paid, total }
    const drawer = context.drawer ?? null
    if (takesCashOut(kind) && drawer !== null && cash > drawer) return { kind: 'drawerTooLow', drawer, needed: cash }
    return { kind: 'ok', paid, change: tiyn(0) }
  }
  const nonCash = tiyn(paid - cash)
  if (nonCash > total) return { kind: 'nonCashAboveTotal', nonCash, total }
  if (nonCash === total && cash > 0) return { kind: 'cashNotNeeded', cash }
  if (paid < total) return { kind: 'tooLittle', missing: tiyn(total - paid) }
  return { kind: 'ok', paid, change: tiyn(paid - total) }
}

/** What is still to be paid; 0 when the payments cover the total. */
export function leftToPay(total: Tiyn, payments: Payments): Tiyn {
  return tiyn(Math.max(0, total - paidTotal(payments)))
}

/** Change for cash alone; null while the cash is too little. */
export function changeFor(total: Tiyn, cash: Tiyn): Tiyn | null {
  return cash < total ? null : tiyn(cash - total)
}

/**
 * Mixed payment: `amount` by `tender`, the rest by `restTender`. An amount of 0 or less, or of exactly the total, leaves
 * a single tender. One above the total is kept as it was typed, so that `checkPayments` refuses it.
 */
export function splitTender(total: Tiyn, tender: Tender, amount: Tiyn, restTender: Tender = 'cash'): Payments {
  if (amount <= 0 || tender === restTender) return { [restTender]: total }
  if (amount >= total) return { [tender]: amount }
  return { [tender]: amount, [restTender]: tiyn(total - amount) }
}

/** Banknotes of Kazakhstan that a customer hands over, in tiyn. */
const NOTES = [500, 1000, 2000, 5000, 10_000, 20_000].map((tenge) => tiyn(tenge * 100))
const TENGE = tiyn(100)
const SUGGESTIONS = 6

function roundUp(total: Tiyn, unit: Tiyn): Tiyn {
  return tiyn(Math.ceil(total / unit) * unit)
}

/**
 * Amounts that a customer is likely to hand over: the exact total first, then the total rounded up to each banknote;
 * unique, ascending, at most 6, none above the device's limit.
 */
export function cashSuggestions(total: Tiyn): Tiyn[] {
  const candidates = new Set(NOTES.map((note) => roundUp(total, note)))
  const smallest = Math.min(...candidates)
  const fits = (amount: Tiyn): boolean => amount > total && amount <= MAX_AMOUNT
  const amounts = [...candidates].filter(fits)
  // Nobody can hand over tiyn: the next whole tenge is the smallest amount that exists as coins.
  if (total % TENGE !== 0) amounts.push(roundUp(total, TENGE))
  // A note more and a 500 with it, so that the change comes out in larger notes.
  const withFiveHundred = tiyn(smallest + 50_000)
  if (smallest > total && amounts.length < SUGGESTIONS - 1 && fits(withFiveHundred)) amounts.push(withFiveHundred)
  const unique = [...new Set(amounts.filter(fits))].sort((a, b) => a - b)
  return [total, ...unique].slice(0, SUGGESTIONS)
}
