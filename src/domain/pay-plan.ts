/**
 * What Pay does with a cart that the device may not take as one receipt (source 004, chapter 5.1): one tax a receipt,
 * at most 80 rows, at most 20 000 000 ₸. Says what a person has to choose, and checks one payment for several receipts.
 */
import { cartProblems, cartTax, cartTotals } from './cart.ts'
import type { Cart, CartProblem } from './cart.ts'
import { sumTiyn, tiyn } from './money.ts'
import type { Tiyn } from './money.ts'
import { checkPayments, paidTotal, takesCashOut, usedTenders } from './payment.ts'
import type { PaymentCheck, PaymentContext } from './payment.ts'
import type { Payments } from './receipt.ts'
import { splitCart, spreadPayments } from './split-cart.ts'

/** How lines of different taxes are registered. */
export type TaxChoice =
  /** One tax for the whole receipt; null is the device's default. */
  | { readonly kind: 'one'; readonly taxId: string | null }
  /** A receipt for each tax. */
  | { readonly kind: 'split' }

export interface PlanPart {
  readonly taxId: string | null
  readonly lines: number
  readonly total: Tiyn
}

/** One way to register the cart, as it is offered. */
export interface PlanOption {
  readonly choice: TaxChoice
  /** Receipts in order; the first keeps the id of the cart. */
  readonly carts: readonly Cart[]
  readonly parts: readonly PlanPart[]
  /** Sum of the parts. */
  readonly total: Tiyn
}

export type PayPlan =
  /** `options` has one way only and nobody has to be asked. */
  | { readonly kind: 'ready'; readonly option: PlanOption }
  /** Lines of different taxes: a person chooses, the device's default first, the split last. */
  | { readonly kind: 'chooseTax'; readonly options: readonly PlanOption[] }
  /**
   * The device has no tax with these ids any more and would refuse the receipt (-14): the ways to register it with the
   * default tax in their place.
   */
  | { readonly kind: 'unknownTax'; readonly taxIds: readonly string[]; readonly options: readonly PlanOption[] }
  /** Too many rows or too much money for one receipt: a person agrees to several, or changes the cart. */
  | { readonly kind: 'confirmSplit'; readonly option: PlanOption }
  | { readonly kind: 'blocked'; readonly problems: readonly CartProblem[] }

function optionOf(choice: TaxChoice, carts: readonly Cart[], defaultTaxId: string | null): PlanOption {
  const parts = carts.map((cart) => {
    const tax = cartTax(cart, defaultTaxId)
    return {
      taxId: tax.kind === 'one' ? (tax.taxId ?? defaultTaxId) : null,
      lines: cart.lines.length,
      total: cartTotals(cart).total,
    }
  })
  return { choice, carts, parts, total: sumTiyn(parts.map((part) => part.total)) }
}

/** The carts of one choice, null where no cut keeps every part within the limits. */
function wayOf(cart: Cart, choice: TaxChoice, ids: () => string, defaultTaxId: string | null): PlanOption | null {
  const chosen = choice.kind === 'one' ? { ...cart, taxId: choice.taxId ?? defaultTaxId } : cart
  const split = splitCart(chosen, ids, defaultTaxId)
  if (split.kind === 'impossible') return null
  return optionOf(choice, split.kind === 'split' ? split.carts : [chosen], defaultTaxId)
}

export interface PlanOptions {
  /** Hands in fresh uuids for the receipts after the first. */
  readonly ids: () => string
  /** The device's default tax. */
  readonly defaultTaxId: string | null
  /** What was chosen for a cart of different taxes before. */
  readonly remembered: TaxChoice | null
  /** Every tax that the device knows; null while nobody has asked it. */
  readonly knownTaxes?: ReadonlySet<string> | null
  /** Taxes that a person replaced by the default one before: not asked again. */
  readonly replaced?: ReadonlySet<string>
}

/** Taxes written out in a cart that a device with these taxes refuses; each once. */
export function unknownTaxes(
  cart: Cart,
  knownTaxes: ReadonlySet<string>,
  defaultTaxId: string | null,
): readonly string[] {
  const wanted = cart.taxId === null ? cart.lines.map((line) => line.item.taxId) : [cart.taxId]
  return [...new Set(wanted)].flatMap((id) => (id === null || id === defaultTaxId || knownTaxes.has(id) ? [] : [id]))
}

/** The cart with the default tax in place of these. */
function withDefaultFor(cart: Cart, taxIds: readonly string[]): Cart {
  const mended = (taxId: string | null) => (taxId !== null && taxIds.includes(taxId) ? null : taxId)
  return {
    ...cart,
    taxId: mended(cart.taxId),
    lines: cart.lines.map((line) => ({ ...line, item: { ...line.item, taxId: mended(line.item.taxId) } })),
  }
}

/** The plan for a cart. */
export function payPlan(cart: Cart, options: PlanOptions): PayPlan {
  const { knownTaxes = null, replaced, defaultTaxId } = options
  const unknown = knownTaxes === null ? [] : unknownTaxes(cart, knownTaxes, defaultTaxId)
  if (unknown.length === 0) return knownPlan(cart, options)
  const plan = knownPlan(withDefaultFor(cart, unknown), options)
  if (plan.kind === 'blocked' || unknown.every((id) => replaced?.has(id) === true)) return plan
  return {
    kind: 'unknownTax',
    taxIds: unknown,
    options: plan.kind === 'chooseTax' || plan.kind === 'unknownTax' ? plan.options : [plan.option],
  }
}

function knownPlan(cart: Cart, { ids, defaultTaxId, remembered }: PlanOptions): PayPlan {
  const problems = cartProblems(cart, defaultTaxId)
  const tax = cartTax(cart, defaultTaxId)
  if (problems.length === 0) {
    const taxId = tax.kind === 'one' ? tax.taxId : null
    return { kind: 'ready', option: optionOf({ kind: 'one', taxId }, [cart], defaultTaxId) }
  }
  if (tax.kind === 'mixed') {
    const taxIds = [...tax.taxIds].sort((a, b) => Number(b === defaultTaxId) - Number(a === defaultTaxId))
    const choices: TaxChoice[] = [...taxIds.map((taxId) => ({ kind: 'one' as const, taxId })), { kind: 'split' }]
    const ways = choices.flatMap((choice) => wayOf(cart, choice, ids, defaultTaxId) ?? [])
    const again = ways.find(({ choice }) => sameChoice(choice, remembered))
    if (again !== undefined) return { kind: 'ready', option: again }
    return ways.length > 0 ? { kind: 'chooseTax', options: ways } : { kind: 'blocked', problems }
  }
  const way = wayOf(cart, { kind: 'split' }, ids, defaultTaxId)
  return way !== null && way.carts.length > 1 ? { kind: 'confirmSplit', option: way } : { kind: 'blocked', problems }
}

function sameChoice(a: TaxChoice, b: TaxChoice | null): boolean {
  return a.kind === 'split' ? b?.kind === 'split' : b?.kind === 'one' && a.taxId === b.taxId
}

/**
 * Checks what a customer hands over for several receipts of one sale, by the rules of each of them.
 * `ok` carries the change of all together.
 */
export function checkPlanPayments(
  totals: readonly Tiyn[],
  context: Omit<PaymentContext, 'total'>,
  payments: Payments,
): PaymentCheck {
  const [only] = totals
  const due = sumTiyn(totals)
  if (totals.length === 1 && only !== undefined) return checkPayments({ ...context, total: only }, payments)
  const used = usedTenders(payments)
  if (used.length === 0) return { kind: 'nothingPaid' }
  if (used.length > 1 && context.kind !== 'sale') return { kind: 'severalTenders' }
  const paid = paidTotal(payments)
  const cash = payments.cash ?? tiyn(0)
  if (paid < due) return { kind: 'tooLittle', missing: tiyn(due - paid) }
  if (context.kind !== 'sale' && paid !== due) return { kind: 'notExact', paid, total: due }
  const nonCash = tiyn(paid - cash)
  if (nonCash > due) return { kind: 'nonCashAboveTotal', nonCash, total: due }
  if (nonCash === due && cash > 0) return { kind: 'cashNotNeeded', cash }
  const drawer = context.drawer ?? null
  if (takesCashOut(context.kind) && drawer !== null && cash > drawer) {
    return { kind: 'drawerTooLow', drawer, needed: cash }
  }
  const spread = spreadPayments(totals, payments)
  if (spread === null) return { kind: 'nonCashAboveTotal', nonCash, total: due }
  for (const [index, part] of spread.entries()) {
    const check = checkPayments({ ...context, total: totals[index] ?? tiyn(0) }, part)
    if (check.kind !== 'ok') return check
  }
  return { kind: 'ok', paid, change: tiyn(paid - due) }
}
