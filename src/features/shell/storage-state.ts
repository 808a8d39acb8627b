/** What a storage problem means for the person at the till. */

/** Nothing can be sold while the ledger can't be written (`broken`) or the disk is `full`. */
export type StorageState = 'works' | 'broken' | 'full'

/** What the services' storage problem means for the person: a full disk can be helped, a broken one not from here. */
export function storageState(problem: string | null): StorageState {
  if (problem === null) return 'works'
  return problem.startsWith('QuotaExceeded') ? 'full' : 'broken'
}

export const STORAGE_TEXTS = { broken: 'failure.storage', full: 'attention.storageFull' } as const
