/** The way from Pay to the payment screen for a receipt that the device can't take as one. Fetched when it is needed. */
import { cartTotals, type Cart, type CartProblem } from '../../domain/cart.ts'
import { checkPlanPayments, type PlanOption } from '../../domain/pay-plan.ts'
import type { PaymentCheck, PaymentContext } from '../../domain/payment.ts'
import type { Payments } from '../../domain/receipt.ts'
import type { useText } from '../../i18n/use-text.ts'
import { useCatalogStore } from '../../stores/catalog.ts'
import { useBankStore } from '../../stores/bank.ts'
import { planFor, rememberReplaced, rememberTaxChoice } from '../../till/pay-plan.ts'
import { showToast } from '../../ui/toasts.ts'
import type { PlanReason, SaleDialog } from './sale-dialog.ts'

/** A way to register the cart, ready to be paid. */
export interface ReadyPlan {
  readonly option: PlanOption
  /** What is different from an ordinary receipt, for the payment screen. */
  readonly note: string
  check(payments: Payments, context: Omit<PaymentContext, 'total'>): PaymentCheck
}

export type Desk =
  /** `plan` null: an ordinary receipt after all. */
  | { readonly kind: 'ready'; readonly plan: ReadyPlan | null }
  | { readonly kind: 'ask'; readonly dialog: SaleDialog }
  | { readonly kind: 'blocked'; readonly problems: readonly CartProblem[] }

type Words = Pick<ReturnType<typeof useText>, 't' | 'money'>

export function taxName(taxId: string | null, { t }: Pick<Words, 't'>): string {
  if (taxId === null) return t('plan.defaultTax')
  return useCatalogStore().taxes.find((tax) => tax.id === taxId)?.name ?? t('plan.tax', { id: taxId })
}

function noteOf(option: PlanOption, words: Words): string {
  const [first] = option.parts
  if (option.parts.length === 1) return words.t('plan.noteTax', { tax: taxName(first?.taxId ?? null, words) })
  const parts = option.parts.map((part) => words.money(part.total)).join(' + ')
  return words.t('plan.noteSplit', { count: option.parts.length, parts })
}

function readyPlan(option: PlanOption, words: Words): ReadyPlan {
  const totals = option.parts.map((part) => part.total)
  return {
    option,
    note: noteOf(option, words),
    check: (payments, context) => checkPlanPayments(totals, context, payments),
  }
}

/** Names of goods beyond so many are a number. */
const NAMED_GOODS = 3

/** Goods whose tax the device doesn't know, as the question names them. */
function goodsOf(cart: Cart, taxIds: readonly string[]): string {
  const ofTax = (id: string | null) => id !== null && taxIds.includes(id)
  const lines = cart.lines.filter((line) => ofTax(cart.taxId) || ofTax(line.item.taxId))
  const names = [...new Set(lines.map((line) => line.item.name))]
  const rest = names.length - NAMED_GOODS
  return [...names.slice(0, NAMED_GOODS), ...(rest > 0 ? [`+${rest}`] : [])].join(', ')
}

/** The question about unknown taxes that is open: which, and whether there was a choice of more than the default. */
let asked: { readonly taxIds: readonly string[]; readonly choice: boolean } = { taxIds: [], choice: false }

/** What Pay does with this cart; `anew` asks again although an answer is remembered. */
export async function openDesk(cart: Cart, words: Words, anew = false): Promise<Desk> {
  const plan = await planFor(cart, anew)
  switch (plan.kind) {
    case 'ready': {
      const same = plan.option.carts.length === 1 && plan.option.carts[0] === cart
      return { kind: 'ready', plan: same ? null : readyPlan(plan.option, words) }
    }
    case 'chooseTax':
      return { kind: 'ask', dialog: { kind: 'plan', reason: 'taxes', options: plan.options } }
    case 'unknownTax': {
      const { options, taxIds } = plan
      asked = { taxIds, choice: options.length > 1 }
      return { kind: 'ask', dialog: { kind: 'plan', reason: 'unknownTax', options, goods: goodsOf(cart, taxIds) } }
    }
    case 'confirmSplit':
      return { kind: 'ask', dialog: { kind: 'plan', reason: 'size', options: [plan.option] } }
    case 'blocked':
      return plan
  }
}

/**
 * A receipt that corrects a refused one: null when it is paid like any other. Card money that was taken for the refused
 * one pays it, and while that money is on its way back nothing can.
 */
export async function openCorrection(
  cart: Cart,
  plan: ReadyPlan | null,
  { t }: Pick<Words, 't'>,
): Promise<{ readonly dialog: SaleDialog | null } | null> {
  const charge = await useBankStore().chargeOf(cart.corrects ?? '')
  switch (charge.kind) {
    case 'none':
      return null
    case 'charged': {
      const total = plan?.option.total ?? cartTotals(cart).total
      const receipts = plan?.option.carts.length ?? 1
      return { dialog: { kind: 'charged', charged: charge.leg.amount, total, receipts } }
    }
    case 'returning':
    case 'settled':
      showToast(t(`charged.${charge.kind}`), { key: 'refusal', icon: 'alert' })
      return { dialog: null }
  }
}

/** The person chose: remembered where the same question would come again. */
export function choosePlan(option: PlanOption, reason: PlanReason, words: Words): ReadyPlan {
  if (reason === 'unknownTax') rememberReplaced(asked.taxIds)
  if (reason === 'taxes' || (reason === 'unknownTax' && asked.choice)) rememberTaxChoice(option.choice)
  return readyPlan(option, words)
}
