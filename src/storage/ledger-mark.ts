/** The till's own marks as the ledger keeps them: with the running number, so that neither is lost without the other. */
import type { LedgerDatabase, LedgerMark } from './ledger-db.ts'

const MARK = 'mark'

/** What the ledger has; null for one that is new, or of a version that kept none. */
export async function readLedgerMark(database: LedgerDatabase): Promise<LedgerMark | null> {
  return (await database.get('counters', MARK))?.mark ?? null
}

/** The prefix of the newest entry; null while there is none. */
export async function newestPrefix(database: LedgerDatabase): Promise<string | null> {
  const cursor = await database.transaction('entries').store.index('sequence').openCursor(null, 'prev')
  return cursor?.value.mark.split('-')[0] ?? null
}

/** Writes it; of two windows that draw at once the first one's till counts for both. Resolves to what is kept. */
export async function keepLedgerMark(database: LedgerDatabase, mark: LedgerMark): Promise<LedgerMark> {
  const transaction = database.transaction('counters', 'readwrite', { durability: 'strict' })
  const there = (await transaction.store.get(MARK))?.mark
  const kept = there === undefined || there.till === mark.till ? mark : there
  await transaction.store.put({ name: MARK, next: 0, mark: kept })
  await transaction.done
  return kept
}
