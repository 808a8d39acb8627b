/** Why a payment stored nothing, and why the device refused a receipt: sentences for the payment screens. */
import { ref } from 'vue'
import { useText } from '../../i18n/use-text.ts'
import type { ReceiptProblem } from '../../ikkm/receipt-check.ts'
import type { Entry } from '../../queue/types.ts'
import type { PayProblem } from '../../stores/payment.ts'
import { useDeviceErrors } from '../common/device-errors.ts'
import { conflictText, noRightText } from '../common/refused-text.ts'
import { paymentProblemText, problemText } from '../common/refusal-text.ts'
import { storageSentence } from '../common/storage-state.ts'

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
        return words.t('failure.notStored', { detail: storageSentence(problem.detail, words.t) })
      case 'noDevice':
        return words.t('attention.setup')
      case 'noRight':
      case 'moved':
        return noRightText(problem, words)
      case 'heldByAnother':
        return words.t(problem.byTill ? 'attention.registerHeldUnknown' : 'cart.heldByAnother')
      case 'corrected':
        return words.t('charged.settled')
      case 'conflict':
        return conflictText(problem.entry, words)
      case 'receipt':
      case 'busy':
        return ''
    }
  }

  /** What the register would refuse in a receipt; the words are fetched when there is a reason. */
  async function receiptText(problem: ReceiptProblem): Promise<string> {
    const { receiptProblemText } = await import('../common/receipt-problem-text.ts')
    return receiptProblemText(problem, words)
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
    sentence,
    receiptText,
    explain: (problem: PayProblem) => {
      trouble.value = sentence(problem)
      if (problem.kind === 'receipt') void receiptText(problem.problem).then((said) => (trouble.value = said))
    },
    forget: () => {
      trouble.value = ''
    },
  }
}
