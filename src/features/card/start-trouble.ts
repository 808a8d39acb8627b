import type { useText } from '../../i18n/use-text.ts'
import type { BankStart } from '../../stores/bank.ts'
import { isRefusal } from '../../till/services.ts'
import { conflictText, noRightText } from '../common/refused-text.ts'
import { storageSentence } from '../common/storage-state.ts'

/** Why a bank operation wasn't started, in words. */
export function startTrouble(
  result: Exclude<BankStart, { readonly kind: 'enqueued' }>,
  words: Pick<ReturnType<typeof useText>, 't' | 'money'>,
): string {
  if (isRefusal(result)) return noRightText(result, words)
  if (result.kind === 'conflict') return conflictText(result.entry, words)
  return result.kind === 'noDevice'
    ? words.t('attention.setup')
    : words.t('bankPage.notStored', { detail: storageSentence(result.detail, words.t) })
}
