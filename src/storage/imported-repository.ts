/**
 * Entries that came in a backup: history beside the journal. They are never in the store that the queue reads, so
 * nothing of them is ever sent; an import only adds, and what is known here already stays as it is.
 */
import type { Entry } from '../queue/types.ts'
import type { ImportedEntry, LedgerDatabase } from './ledger-db.ts'

/** Where a page ended: [createdAtMs, id] of its last entry. */
export type ImportedPlace = readonly [createdAtMs: number, id: string]

export interface ImportedPage {
  readonly entries: readonly Entry[]
  /** Hand it in as `before` for the next page; null at the end. */
  readonly next: ImportedPlace | null
}

export interface ImportedRepository {
  count(): Promise<number>
  /** At most `limit` entries before the place, newest first. */
  page(options: { readonly before?: ImportedPlace; readonly limit: number }): Promise<ImportedPage>
  /** Entries with this fiscal number, newest first. */
  byNumber(number: number, limit: number): Promise<readonly Entry[]>
  /** Entries with this amount in tiyn, newest first. */
  byAmount(amount: number, limit: number): Promise<readonly Entry[]>
  /** Entries with this mark, in whatever case it was typed. */
  byMark(mark: string, limit: number): Promise<readonly Entry[]>
  /** Entries created from `from` up to but not including `to` (ms), newest first. */
  between(from: number, to: number, limit: number): Promise<readonly Entry[]>
  /** Which of these ids the journal or an earlier import has. */
  known(ids: readonly string[]): Promise<ReadonlySet<string>>
  /** Adds entries in one strict transaction; known ones are left alone. Resolves to how many are new. */
  add(entries: readonly Entry[], importedAtMs: number): Promise<number>
  /** Everything that was imported, in batches by id. */
  batches(size: number): AsyncGenerator<readonly Entry[]>
}

type IndexName = 'created' | 'number' | 'amount' | 'mark'

const AFTER_ALL: readonly never[] = []

export function createImportedRepository(database: LedgerDatabase): ImportedRepository {
  async function walk(index: IndexName, range: IDBKeyRange | null, limit: number): Promise<ImportedEntry[]> {
    const found: ImportedEntry[] = []
    let cursor = await database.transaction('imported').store.index(index).openCursor(range, 'prev')
    while (cursor !== null && found.length < limit) {
      found.push(cursor.value)
      cursor = await cursor.continue()
    }
    return found
  }

  const entriesOf = (rows: readonly ImportedEntry[]): Entry[] => rows.map((row) => row.entry)
  const equal = async (index: IndexName, value: number | string, limit: number): Promise<readonly Entry[]> =>
    entriesOf(await walk(index, IDBKeyRange.bound([value], [value, AFTER_ALL]), limit))

  return {
    count: () => database.count('imported'),
    async page({ before, limit }) {
      const range = before === undefined ? null : IDBKeyRange.upperBound([...before], true)
      const rows = await walk('created', range, limit)
      const last = rows.at(-1)
      const next = rows.length < limit || last === undefined ? null : ([last.entry.createdAtMs, last.id] as const)
      return { entries: entriesOf(rows), next }
    },
    byNumber: (number, limit) => equal('number', number, limit),
    byAmount: (amount, limit) => equal('amount', amount, limit),
    byMark: (mark, limit) => equal('mark', mark.toUpperCase(), limit),
    async between(from, to, limit) {
      return entriesOf(await walk('created', IDBKeyRange.bound([from], [to], false, true), limit))
    },
    async known(ids) {
      const transaction = database.transaction(['entries', 'imported'])
      const [journal, imported] = [transaction.objectStore('entries'), transaction.objectStore('imported')]
      const keys = await Promise.all(ids.flatMap((id) => [journal.getKey(id), imported.getKey(id)]))
      await transaction.done
      return new Set(keys.filter((key) => key !== undefined))
    },
    async add(entries, importedAtMs) {
      const transaction = database.transaction(['entries', 'imported'], 'readwrite', { durability: 'strict' })
      const [journal, imported] = [transaction.objectStore('entries'), transaction.objectStore('imported')]
      const known = await Promise.all(
        entries.map(async ({ id }) => {
          const keys = await Promise.all([journal.getKey(id), imported.getKey(id)])
          return keys.some((key) => key !== undefined)
        }),
      )
      const taken = new Set<string>()
      const writes = entries
        .filter(({ id }, place) => {
          const fresh = known[place] === false && !taken.has(id)
          taken.add(id)
          return fresh
        })
        .map((entry) => imported.add({ id: entry.id, importedAtMs, entry }))
      await Promise.all([...writes, transaction.done])
      return writes.length
    },
    async *batches(size) {
      let from = ''
      for (;;) {
        const batch = await database.getAll('imported', IDBKeyRange.lowerBound(from, true), size)
        if (batch.length > 0) yield entriesOf(batch)
        const last = batch.at(-1)
        if (last === undefined || batch.length < size) return
        from = last.id
      }
    },
  }
}
