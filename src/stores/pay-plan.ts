/** How the open receipt is registered where the device can't take it as one, and what was chosen before. */
import type { Cart } from '../domain/cart.ts'
import { payPlan, type PayPlan, type TaxChoice } from '../domain/pay-plan.ts'
import { useDeviceStore } from './device.ts'
import { services } from './services.ts'

/** For lines of different taxes; kept until the terminal is closed, because a shop answers it the same way all day. */
let remembered: TaxChoice | null = null

/** The plan for a cart; `anew` asks again although an answer is remembered. */
export function planFor(cart: Cart, anew = false): PayPlan {
  const device = useDeviceStore()
  return payPlan(cart, {
    ids: services().newId,
    defaultTaxId: device.defaultTaxId,
    remembered: anew ? null : remembered,
  })
}

export function rememberTaxChoice(choice: TaxChoice): void {
  remembered = choice
}
