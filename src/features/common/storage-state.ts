/** What a storage problem means for the person at the till. */
import type { MessageKey } from '../../i18n/schema.ts'

/**
 * Nothing can be sold while the ledger can't be written (`broken`), the disk is `full`, a `newer` version of the terminal
 * took the data over, or the data are `gone`.
 */
export type StorageState = 'works' | 'broken' | 'full' | 'newer' | 'gone'

/** What the services' storage problem means for the person; a name of the browser decides, never its words. */
export function storageState(problem: string | null): StorageState {
  if (problem === null) return 'works'
  if (problem.startsWith('QuotaExceeded')) return 'full'
  if (problem.startsWith('VersionError')) return 'newer'
  return problem.startsWith('DataGone') ? 'gone' : 'broken'
}

export const STORAGE_TEXTS = {
  broken: 'failure.storage',
  full: 'attention.storageFull',
  newer: 'attention.storageNewer',
  gone: 'attention.storageGone',
} as const satisfies Record<Exclude<StorageState, 'works'>, MessageKey>

/** Why nothing was stored, in a sentence instead of the browser's own words. */
export function storageSentence(problem: string, t: (key: MessageKey) => string): string {
  const state = storageState(problem)
  return t(STORAGE_TEXTS[state === 'works' ? 'broken' : state])
}
