/** Rates for the preview of a receipt's tax. The device computes what counts; its dictionary has only names. */
import { parseTiyn } from './money.ts'

/**
 * Rate in hundredths of a percent that a tax's name tells: `VAT 13%` is 1300, `НДС 16 %` is 1600, `ҚҚС 12,5%` is 1250,
 * `w/o VAT`, `Без НДС` and `ҚҚС-сыз` are 0; null when the name tells none (source 004, chapter 9.1).
 */
export function rateFromTaxName(name: string): number | null {
  const percent = /(\d{1,2}(?:[.,]\d{1,2})?)\s*%/.exec(name)?.[1]
  if (percent !== undefined) return parseTiyn(percent)
  return /без\s+ндс|w\/o\s*vat|without\s+vat|no\s+vat|ққс[-\s]?сыз/iu.test(name) ? 0 : null
}
