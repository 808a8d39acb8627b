/** A person's answer to a question of the queue, and what else has to happen with it. */
import { useRouter } from 'vue-router'
import { useText } from '../../i18n/use-text.ts'
import type { Answer, AskedQuestion, Entry } from '../../queue/types.ts'
import { useQueueStore } from '../../stores/queue.ts'
import { showToast } from '../../ui/toasts.ts'

/**
 * Answers; a declined card sale that is given up is opened again on the sale screen, to be paid otherwise. `entry` is
 * the one that is asked about, null for a question about the device.
 */
export function useQuestionAnswer(): (asked: AskedQuestion, entry: Entry | null, answer: Answer) => Promise<void> {
  const { t } = useText()
  const router = useRouter()
  const queue = useQueueStore()
  return async (asked, entry, answer) => {
    const reopens =
      asked.question.kind === 'cardDeclined' && answer.kind === 'giveUp' && entry?.receipt?.kind === 'sale'
    if (!reopens) {
      void queue.answer(asked.id, answer)
      return
    }
    const { useReceiptsStore } = await import('../../stores/receipts.ts')
    const end = await useReceiptsStore().giveUpCard(entry, true)
    if (end === 'charged') showToast(t('cardPay.nowPaid'), { key: 'card', icon: 'card' })
    if (end === 'asked') showToast(t('cardPay.notAsked'), { key: 'card', icon: 'alert' })
    if (end === 'gaveUp') await router.push('/')
  }
}
