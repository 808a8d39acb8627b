/**
 * What of the ledger isn't at the shop server yet. Every write of a record leaves a marker in the same strict transaction
 * (`ledger-store.ts`); an upload reads markers in their order and forgets exactly those that the server acknowledged. A
 * server that never had this ledger, or lost it, is filled from the journal: its entries are marked again, bit by bit.
 */
import type { DeviceRecord, Entry } from '../queue/types.ts'
import type { LedgerDatabase, OutboxMarker, UploadProgress } from './ledger-db.ts'

const PROGRESS = 'upload'
const STRICT = { durability: 'strict' } as const
/** Losing one of these writes means that something is sent once more, which the server knows how to take. */
const RELAXED = { durability: 'relaxed' } as const

export interface OutboxChange {
  /** The marker's key: it rises with every change of this ledger. */
  readonly revision: number
  readonly kind: OutboxMarker['kind']
  readonly id: string
  /** As it stands now, which may be newer than the marker. */
  readonly record: Entry | DeviceRecord
}

export interface OutboxBatch {
  /** The newest marker of each record, ascending. */
  readonly changes: readonly OutboxChange[]
  /** Markers that an acknowledged revision stands for: its own, and older ones of the same record. */
  readonly standsFor: ReadonlyMap<number, readonly number[]>
}

export interface Outbox {
  progress(): Promise<UploadProgress | null>
  /** Markers that wait, entries of the journal that have none yet, and since when the oldest marker waits (ms). */
  waiting(): Promise<{ readonly waiting: number; readonly unfilled: number; readonly sinceMs: number | null }>
  batch(limit: number): Promise<OutboxBatch>
  /** Forgets the markers with these keys, and notes that the server was heard. */
  forget(revisions: readonly number[], heardAtMs: number): Promise<void>
  /**
   * The server that answers, and the highest revision of this ledger that it has (0: none). One that isn't the server
   * of before, or has less than it acknowledged, is filled from the first entry.
   */
  meet(server: string, revision: number, heardAtMs: number): Promise<void>
  /** Marks the next entries of the journal that aren't marked yet, and the devices with the first ones; false at the end. */
  fill(limit: number): Promise<boolean>
  /** A till that no server ever took anything of keeps no markers: the first server is filled from the journal anyway. */
  clearUnlessMet(): Promise<void>
  /** Another tablet took this till's place: kept for good. */
  replaced(atMs: number): Promise<void>
}

export function createOutbox(database: LedgerDatabase): Outbox {
  async function progress(): Promise<UploadProgress | null> {
    return (await database.get('counters', PROGRESS))?.upload ?? null
  }

  /** Changes what is known of the server in one transaction. */
  async function change(
    update: (before: UploadProgress | null) => UploadProgress | null,
  ): Promise<UploadProgress | null> {
    const transaction = database.transaction('counters', 'readwrite', STRICT)
    const before = (await transaction.store.get(PROGRESS))?.upload ?? null
    const after = update(before)
    if (after !== null && after !== before) await transaction.store.put({ name: PROGRESS, next: 0, upload: after })
    await transaction.done
    return after
  }

  return {
    progress,

    async waiting() {
      const transaction = database.transaction(['outbox', 'entries', 'counters'])
      const entries = transaction.objectStore('entries').index('sequence')
      const outbox = transaction.objectStore('outbox')
      // Sequences ascend without gaps: to count years of entries one by one takes longer than to send some.
      const [waiting, first, counter, newest] = await Promise.all([
        outbox.count(),
        outbox.openCursor(),
        transaction.objectStore('counters').get(PROGRESS),
        entries.openKeyCursor(null, 'prev'),
        transaction.done,
      ])
      const unfilled = Math.max(0, (newest?.key ?? 0) - (counter?.upload?.filled ?? 0))
      return { waiting, unfilled, sinceMs: first?.value.atMs ?? null }
    },

    async batch(limit) {
      const transaction = database.transaction(['outbox', 'entries', 'devices'])
      const outbox = transaction.objectStore('outbox')
      const [keys, markers] = await Promise.all([outbox.getAllKeys(null, limit), outbox.getAll(null, limit)])
      const newest = new Map<string, { revision: number; marker: OutboxMarker; keys: number[] }>()
      markers.forEach((marker, index) => {
        const revision = keys[index] ?? 0
        const name = `${marker.kind} ${marker.id}`
        const known = newest.get(name)
        newest.delete(name)
        newest.set(name, { revision, marker, keys: [...(known?.keys ?? []), revision] })
      })
      const found = await Promise.all(
        [...newest.values()].map(async ({ revision, marker, keys: mine }) => {
          const store = transaction.objectStore(marker.kind === 'entry' ? 'entries' : 'devices')
          const record: Entry | DeviceRecord | undefined = await store.get(marker.id)
          // The ledger deletes nothing, and a marker is written with its record.
          return record === undefined ? null : { revision, kind: marker.kind, id: marker.id, record, mine }
        }),
      )
      await transaction.done
      const changes = found.filter((each) => each !== null)
      return {
        changes: changes.map(({ mine: _mine, ...each }) => each),
        standsFor: new Map(changes.map(({ revision, mine }) => [revision, mine])),
      }
    },

    async forget(revisions, heardAtMs) {
      const transaction = database.transaction(['outbox', 'counters'], 'readwrite', RELAXED)
      const outbox = transaction.objectStore('outbox')
      const counters = transaction.objectStore('counters')
      const counter = await counters.get(PROGRESS)
      await Promise.all(revisions.map((revision) => outbox.delete(revision)))
      const upload = counter?.upload
      if (counter !== undefined && upload !== undefined) {
        const acknowledged = Math.max(upload.acknowledged, ...revisions)
        await counters.put({ ...counter, upload: { ...upload, acknowledged, heardAtMs } })
      }
      await transaction.done
    },

    async meet(server, revision, heardAtMs) {
      await change((before): UploadProgress => {
        const same = before?.server === server && revision >= before.acknowledged
        return {
          filled: 0,
          acknowledged: 0,
          tenure: 0,
          ...before,
          server,
          heardAtMs,
          ...(same ? {} : { filled: 0, acknowledged: 0 }),
        }
      })
    },

    async fill(limit) {
      const transaction = database.transaction(['outbox', 'entries', 'devices', 'counters'], 'readwrite', STRICT)
      const counters = transaction.objectStore('counters')
      const counter = await counters.get(PROGRESS)
      const upload = counter?.upload
      if (counter === undefined || upload === undefined) {
        await transaction.done
        return false
      }
      const range = IDBKeyRange.lowerBound(upload.filled, true)
      const [entries, all] = await Promise.all([
        transaction.objectStore('entries').index('sequence').getAll(range, limit),
        transaction.objectStore('devices').getAll(),
      ])
      const devices = upload.filled === 0 && entries.length > 0 ? all : []
      const outbox = transaction.objectStore('outbox')
      const last = entries.at(-1)
      const atMs = upload.heardAtMs
      await Promise.all([
        ...devices.map(({ id }) => outbox.add({ kind: 'device', id, atMs })),
        ...entries.map(({ id }) => outbox.add({ kind: 'entry', id, atMs })),
        ...(last === undefined ? [] : [counters.put({ ...counter, upload: { ...upload, filled: last.sequence } })]),
      ])
      await transaction.done
      return last !== undefined
    },

    async clearUnlessMet() {
      const transaction = database.transaction(['outbox', 'counters'], 'readwrite', RELAXED)
      const counter = await transaction.objectStore('counters').get(PROGRESS)
      if (counter?.upload === undefined) await transaction.objectStore('outbox').clear()
      await transaction.done
    },

    async replaced(atMs) {
      await change((before) =>
        before?.replacedAtMs === undefined
          ? { server: '', filled: 0, acknowledged: 0, tenure: 0, heardAtMs: atMs, ...before, replacedAtMs: atMs }
          : before,
      )
    },
  }
}
