/** Why an operation wasn't stored, where the reason lies in this till and not at the device. */
import type { useText } from '../../i18n/use-text.ts'
import type { Entry } from '../../queue/types.ts'
import type { Refusal } from '../../till/services.ts'

type Words = Pick<ReturnType<typeof useText>, 't' | 'money'>

/** Its id belongs to another operation: which one, so that it can be looked at in the journal. */
export function conflictText(entry: Entry, { t, money }: Words): string {
  const named = { mark: entry.mark, amount: money(entry.amount) }
  return t(entry.receipt === null ? 'windows.otherOperation' : 'windows.otherReceipt', named)
}

/** What whoever is at the till may not do, and who may. */
export function noRightText(refusal: Refusal, { t }: Pick<Words, 't'>): string {
  if (refusal.kind === 'moved') return t('windows.moved')
  const { right, name, who } = refusal
  const named = { what: t(`rights.${right}`), name, who: who.join(', ') }
  return t(name === '' ? 'rights.nobody' : 'rights.sentence', named)
}
