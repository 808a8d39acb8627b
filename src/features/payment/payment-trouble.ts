/** Why a payment stored nothing, and why the device refused a receipt: sentences for the payment screens. */
import { ref, shallowRef, watch } from 'vue'
import { useText } from '../../i18n/use-text.ts'
import { describeOutcome, type ErrorTexts } from '../../ikkm/errors.ts'
import type { Entry } from '../../queue/types.ts'
import type { PayProblem } from '../../stores/payment.ts'
import { loadErrorTexts } from '../shell/device-errors.ts'
import { paymentProblemText, problemText } from '../sale/refusal-text.ts'

export function usePaymentTrouble() {
  const words = useText()
  const trouble = ref('')
  const texts = shallowRef<ErrorTexts | null>(null)

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
      case 'busy':
        return ''
    }
  }

  // Rarely needed words: fetched when something is refused, and again when the language changes.
  watch(words.locale, () => {
    texts.value = null
  })

  function reason(entry: Entry): string {
    if (entry.code === null || entry.state === 'done') return ''
    if (texts.value === null) {
      void loadErrorTexts(words.locale()).then((loaded) => {
        texts.value = loaded
      })
      return ''
    }
    const described = describeOutcome({ kind: 'code', code: entry.code, reason: entry.reason ?? '' }, texts.value)
    return `${described.title}. ${described.hint}`
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
