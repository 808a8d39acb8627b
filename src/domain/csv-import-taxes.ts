/**
 * Taxes of a price list. The device knows its taxes by ids that mean nothing outside it: a `16` in a file is a rate, or
 * part of a name, and never an id.
 */
import type { Tax } from './catalog.ts'
import { foldText } from './search-fold.ts'
import { rateFromTaxName } from './tax.ts'

/** For each distinct text of the column (`taxKey`): the device's tax id, or null for its default. */
export type TaxChoices = Readonly<Partial<Record<string, string | null>>>

/** The form in which the texts of a column are one value. */
export function taxKey(cell: string): string {
  return foldText(cell)
}

const WITHOUT =
  /без|w\/o|without|no vat|not? taxed|exempt|не облаг|освобо|салынбайды|-?сыз$|сиз$|^нет$|^no$|^жок$|^[-–—]+$/u

/** Rate in hundredths of a percent that a cell names: `16`, `16%`, `НДС 16 %`, `0.16`, `12,5`; null for none. */
function rateOf(cell: string): number | null {
  const named = rateFromTaxName(cell)
  if (named !== null) return named
  const digits = /^\D*(\d{1,2})(?:[.,](\d{1,2})0*)?\D*$/u.exec(cell)
  if (digits === null) return null
  const rate = Number(digits[1]) * 100 + Number((digits[2] ?? '').padEnd(2, '0'))
  // A spreadsheet's 16 % is the number 0.16.
  return digits[1] === '0' ? rate * 100 : rate
}

/** The device's taxes that a cell may mean; exactly one is an answer, anything else is asked. */
export function taxesLike(cell: string, taxes: readonly Tax[]): readonly Tax[] {
  const wanted = taxKey(cell)
  const named = taxes.filter((tax) => taxKey(tax.name) === wanted)
  if (named.length > 0) return named
  const isWithout = (text: string): boolean => WITHOUT.test(taxKey(text))
  if (isWithout(cell)) return taxes.filter((tax) => isWithout(tax.name))
  const rate = rateOf(cell)
  return rate === null ? [] : taxes.filter((tax) => rateOf(tax.name) === rate && !isWithout(tax.name))
}

/** Distinct values that a column of taxes may have; more of them are no taxes. */
export const MAX_TAX_VALUES = 12

export interface TaxValue {
  readonly key: string
  /** As it first stands in the file. */
  readonly text: string
  readonly rows: number
  /** What it is taken for: an id, null for the device's default, undefined while nobody said. */
  readonly taxId: string | null | undefined
}

/** The distinct values of a column with what each is taken for: what a person chose, else what it can only mean. */
export function taxValues(cells: Iterable<string>, taxes: readonly Tax[], choices: TaxChoices): readonly TaxValue[] {
  const found = new Map<string, { text: string; rows: number }>()
  for (const cell of cells) {
    const key = taxKey(cell)
    if (key === '') continue
    const known = found.get(key)
    if (known === undefined) found.set(key, { text: cell.trim(), rows: 1 })
    else known.rows++
  }
  return [...found].map(([key, { text, rows }]) => {
    const like = taxesLike(text, taxes)
    const meant = like.length === 1 ? like[0]?.id : undefined
    const choice = choices[key]
    // An answer counts as long as the device still has that tax.
    const answered = choice === null || taxes.some((tax) => tax.id === choice)
    return { key, text, rows, taxId: answered ? choice : meant }
  })
}
