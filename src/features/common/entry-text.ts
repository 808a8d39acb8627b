/** Between the integers of the domain and the digits on the keypad. */
import { parseThousandths, parseTiyn, type Thousandths, type Tiyn } from '../../domain/money.ts'
import { formatAmount, formatQuantity } from '../../i18n/format.ts'
import type { TypingRules } from '../../ui/typed-amount.ts'

export const MONEY_ENTRY: TypingRules = { decimals: 2, whole: 8 }
export const QUANTITY_ENTRY: TypingRules = { decimals: 3, whole: 8 }
export const PERCENT_ENTRY: TypingRules = { decimals: 2, whole: 3 }

/** What the keypad shows for an amount: digits and a comma, no spaces. */
export function amountEntry(amount: Tiyn): string {
  return formatAmount(amount, 'ru').replaceAll(/\s/g, '')
}

export function quantityEntry(quantity: Thousandths): string {
  return formatQuantity(quantity, 'ru').replaceAll(/\s/g, '')
}

/** An empty or unfinished number (`12,`) counts as what stands before the comma. */
export function entryTiyn(text: string): Tiyn | null {
  return parseTiyn(text.replace(/,$/, ''))
}

export function entryThousandths(text: string): Thousandths | null {
  return parseThousandths(text.replace(/,$/, ''))
}

/** Hundredths of a percent: `7,5` is 750. */
export function entryPercent(text: string): number | null {
  return entryTiyn(text)
}
