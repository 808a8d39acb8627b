import type { useText } from '../../i18n/use-text.ts'
import type { BankStart } from '../../stores/bank.ts'

/** Why a bank operation wasn't started, in words. */
export function startTrouble(
  result: Exclude<BankStart, { readonly kind: 'enqueued' }>,
  t: ReturnType<typeof useText>['t'],
): string {
  return result.kind === 'noDevice' ? t('attention.setup') : t('bankPage.notStored', result)
}
