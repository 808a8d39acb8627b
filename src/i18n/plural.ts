/** Which of a message's forms (`one | few | many`) fits a count, by the rules of CLDR. */
import type { Locale } from './format.ts'

function russian(count: number): number {
  const tens = count % 100
  const ones = count % 10
  if (ones === 1 && tens !== 11) return 0
  return ones >= 2 && ones <= 4 && (tens < 12 || tens > 14) ? 1 : 2
}

/** Rule for one language: the index of the form, never beyond the forms that a message has. */
export function pluralIndex(locale: Locale): (count: number, forms: number) => number {
  return (count, forms) => {
    const whole = Math.abs(Math.trunc(count))
    // After a number Kazakh keeps the singular: most messages have one form, the few with two tell 1 from the rest.
    const index = locale === 'ru' ? russian(whole) : whole === 1 ? 0 : 1
    return Math.min(index, forms - 1)
  }
}
