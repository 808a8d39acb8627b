/**
 * A lost till's journal goes on in this tablet's empty ledger: its history as it was, what was unsettled in doubt
 * (`queue/takeover.ts`). Page by page, so that years fit; a tablet that dies in between begins anew with the same pages,
 * and until `finish` nothing of it is in use.
 */
import { newestKnown, takeOverDevice, takeOverEntry } from '../queue/takeover.ts'
import { isSettled, withOpenMarker, type DeviceRecord, type Entry } from '../queue/types.ts'
import { readEntry } from './entry-schema.ts'
import type { LedgerDatabase, LedgerMark } from './ledger-db.ts'
import { pointDebtor } from './ledger-store.ts'

const STRICT = { durability: 'strict' } as const

/** The ledger has receipts of its own, so it can't become another till's. Nothing was written. */
export class LedgerInUse extends Error {}

export interface Adoption {
  /** Stores a page of the journal, ascending by sequence. A record that can't be read is kept in quarantine. */
  page(records: readonly unknown[], nowMs: number): Promise<void>
  /** Everything that was unsettled is in doubt from now on, and the till is this tablet's. */
  finish(till: AdoptedTill): Promise<void>
}

export interface AdoptedTill {
  readonly mark: LedgerMark
  readonly devices: readonly DeviceRecord[]
  /** 1 to 998, another than the lost tablet's. */
  readonly trackPrefix: number
  /** Id of the server's database, and what it has: changes from here on are counted above `revision`. */
  readonly server: string
  readonly tenure: number
  readonly revision: number
  /** ms since the epoch. */
  readonly nowMs: number
}

/** Rejects with `LedgerInUse` where this ledger has entries that aren't of the till `id`. */
export async function adoptTill(database: LedgerDatabase, id: string): Promise<Adoption> {
  const [mark, count] = await Promise.all([database.get('counters', 'adopting'), database.count('entries')])
  if (count > 0 && mark?.mark?.till !== id) throw new LedgerInUse(`the ledger has ${String(count)} entries of its own`)
  await database.put('counters', {
    name: 'adopting',
    next: 0,
    mark: { till: id, prefix: '', place: '', confirmed: false },
  })

  return {
    async page(records, nowMs) {
      const transaction = database.transaction(['entries', 'quarantine', 'debtors'], 'readwrite', STRICT)
      const entries = transaction.objectStore('entries')
      const quarantine = transaction.objectStore('quarantine')
      const debtors = transaction.objectStore('debtors')
      const writes = records.flatMap((record) => {
        const read = readEntry(record)
        if (read.kind === 'ok') return [entries.put(withOpenMarker(read.entry)), ...pointDebtor(debtors, read.entry)]
        return [quarantine.put({ id: read.id, foundAtMs: nowMs, problem: read.problem, record })]
      })
      await Promise.all([...writes, transaction.done])
    },

    async finish({ mark: next, devices, trackPrefix, server, tenure, revision, nowMs }) {
      const stores = ['entries', 'devices', 'counters', 'outbox'] as const
      const transaction = database.transaction(stores, 'readwrite', STRICT)
      const entries = transaction.objectStore('entries')
      const outbox = transaction.objectStore('outbox')
      const counters = transaction.objectStore('counters')
      const newest = await entries.index('sequence').openCursor(null, 'prev')
      const last = newest?.value.sequence ?? 0
      const open = await entries.index('open').getAll()
      const recent = await newestEntries(newest)
      const writes: Promise<unknown>[] = []
      // Numbers go on above what the server has of the lost tablet: its own last changes may still be on their way there.
      let at = revision
      const changed = (kind: 'entry' | 'device', changedId: string) => {
        at += 1
        writes.push(outbox.add({ kind, id: changedId, atMs: nowMs }, at))
      }
      for (const entry of open) {
        const device = devices.find((one) => one.id === entry.deviceId)
        if (device === undefined || isSettled(entry)) continue
        const taken = { atMs: nowMs, ...newestKnown(recent, device.id) }
        writes.push(entries.put(withOpenMarker(takeOverEntry(entry, device, taken))))
        changed('entry', entry.id)
      }
      for (const device of devices) {
        writes.push(transaction.objectStore('devices').put(takeOverDevice(device, trackPrefix)))
        changed('device', device.id)
      }
      const progress = { server, tenure, filled: last, acknowledged: revision, heardAtMs: nowMs }
      writes.push(
        counters.put({ name: 'sequence', next: last + 1 }),
        counters.put({ name: 'mark', next: 0, mark: next }),
        counters.put({ name: 'upload', next: 0, upload: progress }),
        counters.delete('adopting'),
      )
      await Promise.all([...writes, transaction.done])
    },
  }
}

/** How far back the register's newest receipt is looked for: cash in and out and reports stand between receipts. */
const LOOKED_AT = 2_000

type NewestFirst = { readonly value: Entry; continue(): Promise<NewestFirst | null> } | null

async function newestEntries(cursor: NewestFirst): Promise<readonly Entry[]> {
  const looked: Entry[] = []
  for (let at = cursor; at !== null && looked.length < LOOKED_AT; at = await at.continue()) looked.push(at.value)
  return looked
}
