/** Why a receipt can't be frozen, and why a text can't be printed, as sentences. Fetched when there is a reason. */
import type { useText } from '../../i18n/use-text.ts'
import type { PrintTextProblem } from '../../ikkm/print-text.ts'
import type { ReceiptProblem } from '../../ikkm/receipt-check.ts'
import { paymentProblemText } from './refusal-text.ts'

type Words = Pick<ReturnType<typeof useText>, 't' | 'money' | 'integer'>

export function printProblemText(problem: PrintTextProblem, { t, integer }: Omit<Words, 'money'>): string {
  return problem.kind === 'barcode'
    ? t('texts.barcode', { line: problem.line })
    : t('texts.tooLong', { length: integer(problem.length), limit: integer(problem.limit) })
}

/** What to put right, so that the register takes the receipt. */
export function receiptProblemText(problem: ReceiptProblem, words: Words): string {
  const { t } = words
  switch (problem.kind) {
    case 'badPrintText':
      return t(problem.where === 'footer' ? 'texts.inFooter' : 'texts.inPrint', {
        problem: printProblemText(problem.problem, words),
      })
    case 'requestTooLong':
      return t('texts.requestTooLong')
    case 'badRow':
      return t('texts.badRow', { row: problem.row + 1 })
    case 'badTaxId':
      return t('texts.badTax', { tax: problem.taxId })
    case 'tooManyRows':
    case 'rowsMismatch':
    case 'changeMismatch':
    case 'paymentNotWhole':
      return t('texts.notSound', { detail: problem.kind })
    default:
      return paymentProblemText(problem, words)
  }
}
