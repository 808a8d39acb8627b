/** Words that several parts of the debt book share. */
import { dayOf } from '../../domain/calendar-day.ts'
import type { Debtor } from '../../domain/debts.ts'
import type { useText } from '../../i18n/use-text.ts'
import type { DebtResult } from '../../stores/debts.ts'
import { conflictText, noRightText } from '../common/refused-text.ts'
import { storageSentence } from '../common/storage-state.ts'

type Words = Pick<ReturnType<typeof useText>, 't' | 'money'>

const DAY_MS = 86_400_000

/** Whole days of the calendar between a moment and now; a clock that was set back counts as none. */
export function daysSince(atMs: number, nowMs: number): number {
  // A day of 23 or 25 hours is one all the same.
  return Math.max(0, Math.round((dayOf(nowMs).from - dayOf(atMs).from) / DAY_MS))
}

/** How old a debt is, in days of the calendar. */
export function ageText(atMs: number, nowMs: number, { t }: Pick<Words, 't'>): string {
  const count = daysSince(atMs, nowMs)
  return count === 0 ? t('debts.today') : t('debts.days', { count })
}

/** Since when the oldest of what is owed is open, ms; null for nothing. */
export const oldestOf = ({ open }: Debtor): number | null => open[0]?.record.atMs ?? null

/** Whether a debtor is meant by these words: parts of the name, the phone or a note, in whatever case. */
export function isMeant({ name, phone, records }: Debtor, query: string): boolean {
  const said = [name, phone, phone.replaceAll(/\D/g, ''), ...records.map(({ note = '' }) => note)]
    .join('\n')
    .toLowerCase()
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => said.includes(word))
}

/** Why nothing was stored; empty where it was. `owed`: what is owed now, tiyn. */
export function refusalText(result: DebtResult, owed: number, words: Words): string {
  const { t, money } = words
  switch (result.kind) {
    case 'enqueued':
      return ''
    case 'notOwed':
      return t('debts.changed', { amount: money(owed) })
    case 'storage':
      return t('debts.storage', { detail: storageSentence(result.detail, t) })
    case 'noDevice':
      return t('debts.noDevice')
    case 'noRight':
    case 'moved':
      return noRightText(result, words)
    case 'conflict':
      return conflictText(result.entry, words)
  }
}
