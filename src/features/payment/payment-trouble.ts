/** Why a payment stored nothing, and why the device refused a receipt: sentences for the payment screens. */
import { ref } from 'vue'
import { useText } from '../../i18n/use-text.ts'
import type { Entry } from '../../queue/types.ts'
import type { PayProblem } from '../../stores/payment.ts'
import { useDeviceErrors } from '../shell/device-errors.ts'
import { paymentProblemText, problemText } from '../sale/refusal-text.ts'

export function usePaymentTrouble() {
  const words = useText()
  const trouble = ref('')
  const errors = useDeviceErrors()

  function sentence(problem: PayProblem): string {
    switch (problem.kind) {
      case 'cart':
        return problem.problems.map((one) => problemText(one, words)).join(' ')
      case 'payment':
        return paymentProblemText(problem.problem, words)
      case 'storage':
        return words.t('failure.notStored', { detail: problem.detail })
      case 'noDevice':
        return words.t('attention.setup')
      case 'corrected':
        return words.t('charged.settled')
      case 'busy':
        return ''
    }
  }

  /** Why the device refused a receipt; empty for one that it didn't. */
  function reason(entry: Entry): string {
    if (entry.state === 'done') return ''
    const { bank } = entry
    const charged = entry.state === 'refused' && bank?.state === 'paid' && bank.message === 'purchase'
    const why = errors.sentence(entry.code, entry.reason)
    return charged ? `${why} ${words.t('charged.refused', { amount: words.money(bank.amount) })}` : why
  }

  return {
    trouble,
    reason,
    explain: (problem: PayProblem) => {
      trouble.value = sentence(problem)
    },
    forget: () => {
      trouble.value = ''
    },
  }
}
