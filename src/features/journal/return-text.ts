/** Why a return can't be made, as a sentence. */
import type { ReturnProblem } from '../../domain/returns.ts'
import type { useText } from '../../i18n/use-text.ts'
import type { ReturnSubmit } from '../../stores/receipts.ts'
import { conflictText, noRightText } from '../common/refused-text.ts'
import { receiptProblemText } from '../common/receipt-problem-text.ts'
import { paymentProblemText, problemText } from '../common/refusal-text.ts'
import { storageSentence } from '../common/storage-state.ts'

type Words = Pick<ReturnType<typeof useText>, 't' | 'money' | 'quantity' | 'integer'>

export function problemOfReturn(problem: ReturnProblem, { t, money, quantity }: Words): string {
  switch (problem.kind) {
    case 'nothingSelected':
      return t('return.nothingSelected')
    case 'lineNotFound':
    case 'quantityNotPositive':
    case 'partRoundsToZero':
      return t(`return.${problem.kind}`)
    case 'moreThanLeft':
      return t('return.moreThanLeft', { left: quantity(problem.left) })
    case 'aboveBasis':
      return t('return.aboveBasis', { left: money(problem.left) })
    case 'totalBelowMinimum':
      return t('return.totalBelowMinimum', { total: money(problem.total) })
    case 'tooManyRows':
      return t('return.tooManyRows', { rows: problem.rows, limit: problem.limit })
  }
}

export function submitText(result: Exclude<ReturnSubmit, { readonly kind: 'enqueued' }>, words: Words): string {
  switch (result.kind) {
    case 'return':
      return problemOfReturn(result.problem, words)
    case 'payment':
      return paymentProblemText(result.problem, words)
    case 'cart':
      return result.problems.map((problem) => problemText(problem, words)).join(' ')
    case 'receipt':
      return receiptProblemText(result.problem, words)
    case 'storage':
      return words.t('failure.notStored', { detail: storageSentence(result.detail, words.t) })
    case 'noDevice':
      return words.t('attention.setup')
    case 'elsewhere':
      return words.t('windows.returning')
    case 'noRight':
    case 'moved':
      return noRightText(result, words)
    case 'heldByAnother':
      return words.t(result.byTill ? 'attention.registerHeldUnknown' : 'cart.heldByAnother')
    case 'corrected':
      return words.t('charged.settled')
    case 'conflict':
      return conflictText(result.entry, words)
    case 'busy':
      return ''
  }
}
