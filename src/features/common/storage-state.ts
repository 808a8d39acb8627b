/** What a storage problem means for the person at the till. */
import type { MessageKey } from '../../i18n/schema.ts'

/**
 * Nothing can be sold while the ledger can't be written (`broken`), the disk is `full`, a `newer` version of the terminal
 * took the data over, the data are `gone`, or another tablet took this till's place (`replaced`).
 */
export type StorageState = 'works' | 'broken' | 'full' | 'newer' | 'gone' | 'replaced'

/** What the services' storage problem means for the person; a name of the browser decides, never its words. */
export function storageState(problem: string | null): StorageState {
  if (problem === null) return 'works'
  if (problem.startsWith('QuotaExceeded')) return 'full'
  if (problem.startsWith('VersionError')) return 'newer'
  if (problem.startsWith('TillReplaced')) return 'replaced'
  return problem.startsWith('DataGone') ? 'gone' : 'broken'
}

export const STORAGE_TEXTS = {
  broken: 'failure.storage',
  full: 'attention.storageFull',
  newer: 'attention.storageNewer',
  gone: 'attention.storageGone',
  replaced: 'attention.tillReplaced',
} as const satisfies Record<Exclude<StorageState, 'works'>, MessageKey>

/** Why nothing was stored, in a sentence instead of the browser's own words. */
export function storageSentence(problem: string, t: (key: MessageKey) => string): string {
  const state = storageState(problem)
  return t(STORAGE_TEXTS[state === 'works' ? 'broken' : state])
}
