/** The way from Pay to the payment screen for a receipt that the device can't take as one. Fetched when it is needed. */
import type { Cart, CartProblem } from '../../domain/cart.ts'
import { checkPlanPayments, type PlanOption } from '../../domain/pay-plan.ts'
import type { PaymentCheck, PaymentContext } from '../../domain/payment.ts'
import type { Payments } from '../../domain/receipt.ts'
import type { useText } from '../../i18n/use-text.ts'
import { useCatalogStore } from '../../stores/catalog.ts'
import { planFor, rememberTaxChoice } from '../../stores/pay-plan.ts'
import type { SaleDialog } from './sale-dialog.ts'

/** A way to register the cart, ready to be paid. */
export interface ReadyPlan {
  readonly option: PlanOption
  /** What is different from an ordinary receipt, for the payment screen. */
  readonly note: string
  check(payments: Payments, context: Omit<PaymentContext, 'total'>): PaymentCheck
}

export type Desk =
  | { readonly kind: 'ready'; readonly plan: ReadyPlan }
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

export function readyPlan(option: PlanOption, words: Words): ReadyPlan {
  const totals = option.parts.map((part) => part.total)
  return {
    option,
    note: noteOf(option, words),
    check: (payments, context) => checkPlanPayments(totals, context, payments),
  }
}

/** What Pay does with this cart; `anew` asks again although an answer is remembered. */
export function openDesk(cart: Cart, words: Words, anew = false): Desk {
  const plan = planFor(cart, anew)
  switch (plan.kind) {
    case 'ready':
      return { kind: 'ready', plan: readyPlan(plan.option, words) }
    case 'chooseTax':
      return { kind: 'ask', dialog: { kind: 'plan', reason: 'taxes', options: plan.options } }
    case 'confirmSplit':
      return { kind: 'ask', dialog: { kind: 'plan', reason: 'size', options: [plan.option] } }
    case 'blocked':
      return plan
  }
}

/** The person chose: remembered where the same question would come again. */
export function choosePlan(option: PlanOption, reason: 'taxes' | 'size', words: Words): ReadyPlan {
  if (reason === 'taxes') rememberTaxChoice(option.choice)
  return readyPlan(option, words)
}
