/** Words that several parts of the shift screen share. */
import { DIFFERENCE_REASONS } from '../../domain/drawer-count.ts'
import type { ReceiptKind } from '../../domain/receipt.ts'
import { isCodeOf } from '../../ikkm/codes.ts'
import type { MessageKey } from '../../i18n/schema.ts'
import type { useText } from '../../i18n/use-text.ts'
import type { ReadTrouble } from '../../till/device-read.ts'
import type { OperationResult } from '../../stores/shift.ts'
import type { useDeviceErrors } from '../common/device-errors.ts'
import { conflictText, noRightText } from '../common/refused-text.ts'
import { storageSentence } from '../common/storage-state.ts'

export const KINDS = ['sale', 'saleReturn', 'buy', 'buyReturn'] as const satisfies readonly ReceiptKind[]

type Text = Pick<ReturnType<typeof useText>, 't'>
type Errors = Pick<ReturnType<typeof useDeviceErrors>, 'describe'>

/** Why a report isn't there; `denied` is what the page says of -16 in this place. */
export function troubleText(trouble: ReadTrouble, { t }: Text, errors: Errors, denied: MessageKey): string {
  if (trouble.kind === 'noDevice') return t('shiftPage.noDevice')
  if (trouble.kind === 'noKey') return t('device.noKey')
  if (isCodeOf('rights', trouble)) return t(denied)
  return errors.describe(trouble)
}

/** Why a count differed, by one of the reasons that this version knows; another one stands as it was kept. */
export function reasonText(reason: string, { t }: Text): string {
  const known = DIFFERENCE_REASONS.find((one) => one === reason)
  return known === undefined ? reason : t(`closing.reasons.${known}`)
}

/** Why an operation wasn't enqueued; empty when it was. */
export function refusedText(result: OperationResult, words: Text & Pick<ReturnType<typeof useText>, 'money'>): string {
  const { t } = words
  switch (result.kind) {
    case 'enqueued':
      return ''
    case 'storage':
      return t('shiftPage.storage', { detail: storageSentence(result.detail, t) })
    case 'noDevice':
      return t('shiftPage.noDevice')
    case 'noRight':
    case 'moved':
      return noRightText(result, words)
    case 'conflict':
      return conflictText(result.entry, words)
    case 'blocked':
      return t('closing.blockedText', { count: result.entries.length })
  }
}
