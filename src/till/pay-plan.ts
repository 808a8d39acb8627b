/** How the open receipt is registered where the device can't take it as it stands, and what was chosen before. */
import type { Cart } from '../domain/cart.ts'
import { payPlan, unknownTaxes, type PayPlan, type TaxChoice } from '../domain/pay-plan.ts'
import { decodeTaxes } from '../ikkm/directories.ts'
import { taxesRequest } from '../ikkm/requests.ts'
import { useDeviceStore } from '../stores/device.ts'
import { services } from './services.ts'

/** For lines of different taxes; kept until the terminal is closed, because a shop answers it the same way all day. */
let remembered: TaxChoice | null = null
/** Taxes that a person replaced by the default one; kept as long. */
const replaced = new Set<string>()
/** Taxes of the device as it last said them; null before. Their ids change when a tax is edited (chapter 9.1). */
let known: ReadonlySet<string> | null = null

/**
 * The taxes of the device. Read anew when this cart needs one that isn't among those known, or always with `anew`; null
 * when the device can't say: then only the device can refuse.
 */
async function taxesFor(cart: Cart, defaultTaxId: string | null, anew: boolean): Promise<ReadonlySet<string> | null> {
  if (!anew && known !== null && unknownTaxes(cart, known, defaultTaxId).length === 0) return known
  if (unknownTaxes(cart, new Set(), defaultTaxId).length === 0) return known
  return readTaxes()
}

async function readTaxes(): Promise<ReadonlySet<string> | null> {
  const read = await services().device?.read(taxesRequest(), decodeTaxes)
  if (read?.kind !== 'ok') return null
  known = new Set(read.value.rows.map(({ id }) => id))
  return known
}

/** Whether the device has no such tax any more: a return of an older receipt would be refused for it (-14). */
export async function taxIsGone(taxId: string | null): Promise<boolean> {
  if (taxId === null || taxId === useDeviceStore().defaultTaxId) return false
  const taxes = await readTaxes()
  return taxes !== null && !taxes.has(taxId)
}

/**
 * The plan for a cart; `anew` asks again although an answer is remembered. A receipt that corrects a refused one is
 * looked at with what the device says now: its tax may be why it was refused.
 */
export async function planFor(cart: Cart, anew = false): Promise<PayPlan> {
  const { defaultTaxId } = useDeviceStore()
  let part = 1
  return payPlan(cart, {
    // The same at every try: what a try stored is known to the next one.
    ids: () => `${cart.id}:${(part += 1)}`,
    defaultTaxId,
    knownTaxes: await taxesFor(cart, defaultTaxId, cart.corrects !== undefined),
    remembered: anew ? null : remembered,
    replaced: anew ? new Set() : replaced,
  })
}

export function rememberTaxChoice(choice: TaxChoice): void {
  remembered = choice
}

/** The person agreed to the default tax in place of these. */
export function rememberReplaced(taxIds: readonly string[]): void {
  for (const id of taxIds) replaced.add(id)
}
