/** Why a return can't be made, as a sentence. */
import type { ReturnProblem } from '../../domain/returns.ts'
import type { useText } from '../../i18n/use-text.ts'
import type { ReturnSubmit } from '../../stores/receipts.ts'
import { paymentProblemText, problemText } from '../sale/refusal-text.ts'

type Words = Pick<ReturnType<typeof useText>, 't' | 'money' | 'quantity'>

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
    case 'storage':
      return words.t('failure.notStored', { detail: result.detail })
    case 'noDevice':
      return words.t('attention.setup')
    case 'corrected':
      return words.t('charged.settled')
    case 'busy':
      return ''
  }
}
