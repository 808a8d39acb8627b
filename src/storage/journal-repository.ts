/** Reading the journal: newest first, page by page, by index only, so that its length never slows a screen. */
import type { Entry } from '../queue/types.ts'
import type { LedgerDatabase, QuarantinedRecord } from './ledger-db.ts'

export interface JournalPage {
  readonly entries: readonly Entry[]
  /** Hand it in as `before` for the next page; null at the end. */
  readonly next: number | null
}

export interface JournalRepository {
  /** Whether an operation with this id was ever enqueued. */
  has(id: string): Promise<boolean>
  entry(id: string): Promise<Entry | null>
  /** At most `limit` entries with a sequence below `before`, newest first. */
  page(options: { readonly before?: number; readonly limit: number }): Promise<JournalPage>
  /** Entries with this fiscal number, newest first. */
  byNumber(number: number, limit: number): Promise<readonly Entry[]>
  /** Entries with this amount in tiyn, newest first. */
  byAmount(amount: number, limit: number): Promise<readonly Entry[]>
  bySequence(sequence: number): Promise<Entry | null>
  /** Entries created from `from` up to but not including `to` (ms), newest first, at most `limit`. */
  between(from: number, to: number, limit: number): Promise<readonly Entry[]>
  /**
   * Entries with a number in this shift of the device, ascending by number; an entry whose answer was lost may have
   * none and is found only by its time.
   */
  inShift(deviceId: string, shift: number): Promise<readonly Entry[]>
  count(): Promise<number>
  quarantined(): Promise<readonly QuarantinedRecord[]>
  /** The whole journal in batches, oldest first, for an export. */
  batches(size: number): AsyncGenerator<readonly Entry[]>
}

export function createJournalRepository(database: LedgerDatabase): JournalRepository {
  async function byIndex(index: 'number' | 'amount', value: number, limit: number): Promise<Entry[]> {
    const found: Entry[] = []
    const range = IDBKeyRange.bound([value], [value, []])
    let cursor = await database.transaction('entries').store.index(index).openCursor(range, 'prev')
    while (cursor !== null && found.length < limit) {
      found.push(cursor.value)
      cursor = await cursor.continue()
    }
    return found
  }

  async function walk(range: IDBKeyRange | null, limit: number, stopAt: (entry: Entry) => boolean): Promise<Entry[]> {
    const found: Entry[] = []
    let cursor = await database.transaction('entries').store.index('sequence').openCursor(range, 'prev')
    while (cursor !== null && found.length < limit && !stopAt(cursor.value)) {
      found.push(cursor.value)
      cursor = await cursor.continue()
    }
    return found
  }

  const atSequence = (sequence: number) => database.getFromIndex('entries', 'sequence', sequence)

  /** First sequence that was created at or after `ms`: sequences ascend with time, so halving finds it. */
  async function firstSequenceAt(ms: number): Promise<number> {
    const newest = await walk(null, 1, () => false)
    let low = 1
    let high = (newest[0]?.sequence ?? 0) + 1
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      const entry = await atSequence(middle)
      if (entry !== undefined && entry.createdAtMs < ms) low = middle + 1
      else high = middle
    }
    return low
  }

  return {
    async has(id) {
      return (await database.getKey('entries', id)) !== undefined
    },
    async entry(id) {
      return (await database.get('entries', id)) ?? null
    },
    async page({ before, limit }) {
      const range = before === undefined ? null : IDBKeyRange.upperBound(before, true)
      const entries = await walk(range, limit, () => false)
      const last = entries.at(-1)
      return { entries, next: entries.length < limit || last === undefined ? null : last.sequence }
    },
    byNumber: (number, limit) => byIndex('number', number, limit),
    byAmount: (amount, limit) => byIndex('amount', amount, limit),
    async bySequence(sequence) {
      return (await atSequence(sequence)) ?? null
    },
    async between(from, to, limit) {
      const [first, end] = [await firstSequenceAt(from), await firstSequenceAt(to)]
      if (end <= first) return []
      return walk(IDBKeyRange.bound(first, end, false, true), limit, () => false)
    },
    inShift: (deviceId, shift) =>
      database.getAllFromIndex('entries', 'shift', IDBKeyRange.bound([deviceId, shift], [deviceId, shift, []])),
    count: () => database.count('entries'),
    quarantined: () => database.getAll('quarantine'),
    async *batches(size) {
      let from = 0
      for (;;) {
        const batch = await database.getAllFromIndex('entries', 'sequence', IDBKeyRange.lowerBound(from, true), size)
        if (batch.length > 0) yield batch
        const last = batch.at(-1)
        if (last === undefined || batch.length < size) return
        from = last.sequence
      }
    },
  }
}
