/**
 * What becomes of each change that a till uploads. Older versions change nothing, a waiting entry goes on, and what differs
 * from a settled one, or can't be read, is kept beside it.
 */
import { parseJson } from '../../src/contract/json.ts'
import type { UploadReply } from '../../src/contract/shop.ts'
import { storable, type Cells, type RowWrite, type Sql } from './database.ts'
import { columnsOf, isSameEntry, readEntry, type ReadEntry } from './entry-record.ts'
import type { ShopTime } from './shop-time.ts'
import { TABLES } from './tables.ts'
import type { Brought, TillState, WrittenChange } from './till-state.ts'
import { count, TOTALS, TotalsChange } from './totals.ts'

const ENTRIES: RowWrite = {
  ...TABLES.entries,
  // What an entry keeps all its life isn't set again.
  conflict: `(till, id) DO UPDATE SET revision = excluded.revision, state = excluded.state, settled = excluded.settled,
    number = excluded.number, amount = excluded.amount, cashier = excluded.cashier, register = excluded.register,
    created_ms = excluded.created_ms, registered_ms = excluded.registered_ms, at_ms = excluded.at_ms,
    received_ms = excluded.received_ms, day = excluded.day, hour = excluded.hour, record = excluded.record`,
}
const REVISIONS: RowWrite = {
  ...TABLES.entries,
  conflict: '(till, id) DO UPDATE SET revision = excluded.revision',
}
const DEVICES: RowWrite = {
  ...TABLES.devices,
  conflict: `(till, id) DO UPDATE SET revision = excluded.revision, serial = excluded.serial,
    received_ms = excluded.received_ms, record = excluded.record WHERE excluded.revision > devices.revision`,
}
const CONFLICTS: RowWrite = {
  ...TABLES.conflicts,
  conflict: '(till, id, revision) DO NOTHING',
}
const QUARANTINE: RowWrite = {
  ...TABLES.quarantine,
  conflict: '(till, id, revision, kind) DO NOTHING',
}
const CASHIERS: RowWrite = { ...TABLES.cashiers, conflict: '(name) DO NOTHING' }

/** An entry as the database has it. */
export interface StoredEntry {
  readonly revision: number
  readonly settled: boolean
  readonly record: string
  readonly day: string | null
  readonly hour: string | null
}

export const placeOf = (till: string, id: string) => `${till} ${id}`

/** Rows in the order of their keys: two servers that write the same ones never wait for each other. */
export function inOrder<T>(rows: ReadonlyMap<string, T>): T[] {
  return [...rows].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row)
}

/** All that one transaction writes, in the order in which it came. */
class Writes {
  readonly entries = new Map<string, Cells>()
  readonly revisions = new Map<string, Cells>()
  readonly devices = new Map<string, Cells>()
  readonly conflicts = new Map<string, Cells>()
  readonly quarantine = new Map<string, Cells>()
  readonly cashiers = new Set<string>()
  readonly totals = new TotalsChange()

  /** One after the other, without waiting for each answer. */
  to(sql: Sql): Promise<unknown> {
    return Promise.all([
      sql.write(ENTRIES, inOrder(this.entries)),
      sql.write(REVISIONS, inOrder(this.revisions)),
      sql.write(DEVICES, inOrder(this.devices)),
      sql.write(CONFLICTS, inOrder(this.conflicts)),
      sql.write(QUARANTINE, inOrder(this.quarantine)),
      sql.write(
        CASHIERS,
        [...this.cashiers].sort().map((name) => ({ name })),
      ),
      sql.write(TOTALS, this.totals.rows()),
    ])
  }
}

function serialOf(record: Readonly<Record<string, unknown>>): string | null {
  return typeof record.serial === 'string' && record.serial !== '' ? storable(record.serial, 100) : null
}

/** Entries go through here one by one; `stored` is what the database has, with what was taken before in this transaction. */
export class Intake {
  readonly writes = new Writes()

  constructor(
    private readonly time: ShopTime,
    private readonly stored: Map<string, StoredEntry>,
  ) {}

  take({ upload, receivedAtMs }: Brought, till: TillState): Omit<UploadReply, 'server'> {
    const conflicts = new Set<string>()
    const changes = [...upload.changes].sort((a, b) => a.revision - b.revision)
    for (const change of changes) {
      const taken =
        change.kind === 'entry'
          ? this.entry(upload.till, change, receivedAtMs, till)
          : this.device(upload.till, change, receivedAtMs, till)
      if (!taken) conflicts.add(change.id)
      till.revision = Math.max(till.revision, change.revision)
    }
    return { acknowledged: changes.map(({ revision }) => revision), conflicts: [...conflicts] }
  }

  /** False where the record is kept beside the entry instead. */
  private entry(till: string, change: WrittenChange, receivedAtMs: number, state: TillState): boolean {
    const { id, revision, text: record } = change
    const place = placeOf(till, id)
    const before = this.stored.get(place)
    if (before !== undefined && before.revision >= revision) return true
    const read = readEntry(change.record)
    const kept = { till, id, revision, received_ms: receivedAtMs, record }
    if ('unreadable' in read || read.entry.id !== id) {
      const reason = 'unreadable' in read ? read.unreadable : 'id: another one than its change names'
      this.writes.quarantine.set(`entry ${place} ${revision}`, { ...kept, kind: 'entry', reason })
      return false
    }
    if (before?.record === record) {
      this.revise(kept, read.entry, before)
      return true
    }
    if (before !== undefined && (before.settled || !isSameEntry(before.record, record))) {
      this.writes.conflicts.set(`${place} ${revision}`, kept)
      return false
    }
    if (before === undefined) state.entries += 1
    else this.uncount(till, before)
    const columns = this.store(kept, read.entry)
    if (columns.day !== null && columns.hour !== null)
      count(this.writes.totals, read.entry, { till, day: columns.day, hour: columns.hour }, 1)
    return true
  }

  private uncount(till: string, { record, day, hour }: StoredEntry): void {
    if (day === null || hour === null) return
    const read = readEntry(parseJson(record))
    if ('entry' in read) count(this.writes.totals, read.entry, { till, day, hour }, -1)
  }

  private store(kept: Cells & { till: string; id: string; revision: number; record: string }, entry: ReadEntry) {
    const columns = columnsOf(entry, this.time)
    const place = placeOf(kept.till, kept.id)
    this.writes.entries.set(place, { ...kept, ...columns })
    this.writes.revisions.delete(place)
    this.writes.cashiers.add(columns.cashier)
    this.stored.set(place, {
      revision: kept.revision,
      settled: columns.settled === 1,
      record: kept.record,
      day: columns.day,
      hour: columns.hour,
    })
    return columns
  }

  /** The same content under a newer revision: nothing but the revision changes. */
  private revise(
    kept: Cells & { till: string; id: string; revision: number },
    entry: ReadEntry,
    before: StoredEntry,
  ): void {
    const place = placeOf(kept.till, kept.id)
    const waiting = this.writes.entries.get(place)
    if (waiting === undefined) this.writes.revisions.set(place, { ...kept, ...columnsOf(entry, this.time) })
    else this.writes.entries.set(place, { ...waiting, revision: kept.revision })
    this.stored.set(place, { ...before, revision: kept.revision })
  }

  private device(till: string, change: WrittenChange, receivedAtMs: number, state: TillState): boolean {
    const { id, revision, text: record } = change
    const kept = { till, id, revision, received_ms: receivedAtMs, record }
    if (change.record.id !== id) {
      const reason = 'id: another one than its change names'
      this.writes.quarantine.set(`device ${till} ${id} ${revision}`, { ...kept, kind: 'device', reason })
      return false
    }
    const place = placeOf(till, id)
    if (Number(this.writes.devices.get(place)?.revision ?? 0) >= revision) return true
    const serial = serialOf(change.record)
    this.writes.devices.set(place, { ...kept, serial })
    if (serial !== null && revision >= state.revision) state.register = serial
    return true
  }
}
