/** How a quantity is typed: kilograms with a comma, or grams where the shop chose so, and when it is asked about. */
import { computed, type ComputedRef } from 'vue'
import { thousandths, type Thousandths } from '../../domain/money.ts'
import { useText } from '../../i18n/use-text.ts'
import { useSettingsStore } from '../../stores/settings.ts'
import { useTypedAmount, type TypedAmount, type TypingRules } from '../../ui/typed-amount.ts'
import { QUANTITY_ENTRY, entryThousandths, quantityEntry } from '../common/entry-text.ts'

/** A gram is a thousandth of a kilogram. */
const GRAM_ENTRY: TypingRules = { decimals: 0, whole: 6 }
const KILOGRAM = 1000

interface Measured {
  readonly weighed: boolean
  readonly unit?: string
}

/** Whether an item's quantity is kilograms, which the catalogue names by no unit. */
export const isKilograms = ({ weighed, unit }: Measured): boolean => weighed && unit === undefined

/** What typed text means in thousandths; null while it is no number. */
export function readQuantity(text: string, inGrams: boolean): Thousandths | null {
  if (!inGrams) return entryThousandths(text)
  return /^\d+$/.test(text) ? thousandths(Number(text)) : null
}

/** Whether so much is asked about before it goes into the receipt; `limitKg` 0 asks never. */
export function isDoubtful(item: Measured, quantity: Thousandths | null, limitKg: number): boolean {
  return isKilograms(item) && limitKg > 0 && (quantity ?? 0) > limitKg * KILOGRAM
}

/** The same digits as grams, where whole kilograms were typed: `345` is rather 0.345 kg. Null for no other reading. */
export function asGrams(quantity: Thousandths): Thousandths | null {
  return quantity % KILOGRAM === 0 ? thousandths(quantity / KILOGRAM) : null
}

export interface QuantityEntry {
  readonly entry: TypedAmount
  readonly value: ComputedRef<Thousandths | null>
  /** So much that a person is asked whether it is meant. */
  readonly doubtful: ComputedRef<boolean>
  /** The other reading of what was typed, null for none. */
  readonly grams: ComputedRef<Thousandths | null>
  readonly label: string
  readonly suffix: string
  /** A quantity with the item's unit. */
  readonly worded: (quantity: Thousandths) => string
}

/** The quantity of an item being typed; `initial` is a proposal. */
export function useQuantityEntry(item: Measured, initial?: Thousandths): QuantityEntry {
  const { t, quantity } = useText()
  const { weightEntry, weightLimit } = useSettingsStore().values
  const inGrams = isKilograms(item) && weightEntry === 'g'
  const proposed = initial === undefined ? '' : inGrams ? String(initial) : quantityEntry(initial)
  const entry = useTypedAmount(inGrams ? GRAM_ENTRY : QUANTITY_ENTRY, proposed)
  const value = computed(() => readQuantity(entry.text.value, inGrams))
  const unit = item.unit ?? t(item.weighed ? 'common.kilogram' : 'common.piece')
  return {
    entry,
    value,
    doubtful: computed(() => isDoubtful(item, value.value, weightLimit)),
    grams: computed(() => (inGrams || value.value === null ? null : asGrams(value.value))),
    label: t(inGrams ? 'line.weightGrams' : isKilograms(item) ? 'line.weight' : 'line.quantity'),
    suffix: inGrams ? t('line.gram') : unit,
    worded: (amount) => `${quantity(amount)} ${unit}`,
  }
}
