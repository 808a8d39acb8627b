/** How each outcome of a payment looks, and what automation reads. */
import type { MessageKey } from '../../i18n/schema.ts'
import type { ResultState } from '../../stores/payment.ts'
import type { IconName } from '../../ui/icons.ts'

export interface ResultLook {
  readonly tone: 'ok' | 'warn' | 'danger'
  readonly icon: IconName
  readonly title: MessageKey
  readonly text: MessageKey | null
}

export const RESULT_LOOK: Readonly<Record<ResultState, ResultLook>> = {
  sending: { tone: 'ok', icon: 'printer', title: 'result.sending', text: null },
  registered: { tone: 'ok', icon: 'check', title: 'result.registered', text: null },
  queued: { tone: 'warn', icon: 'queue', title: 'result.queued', text: 'result.queuedText' },
  rejected: { tone: 'danger', icon: 'alert', title: 'result.rejected', text: null },
  unknown: { tone: 'warn', icon: 'unknown', title: 'result.unknown', text: 'result.unknownText' },
}

/** `data-state`: while it is being sent a receipt is exactly that, saved and waiting. */
export function hookState(state: ResultState): 'registered' | 'queued' | 'rejected' | 'unknown' {
  return state === 'sending' ? 'queued' : state
}
