/**
 * Taking in what tills upload: one transaction for all uploads that came meanwhile, each of them whole. Idempotent by
 * till, record and revision; nothing is ever deleted, and nothing that was settled is written over.
 */
import { parseJson } from '../../src/contract/json.ts'
import type { ShopChange, Upload, UploadReply } from '../../src/contract/shop.ts'
import { storable, textOf, wholeOf, type Cells, type RowWrite, type Sql } from './database.ts'
import { columnsOf, isSameEntry, readEntry, type ReadEntry } from './entry-record.ts'
import type { ShopTime } from './shop-time.ts'
import { TABLES } from './tables.ts'
import { count, TOTALS, TotalsChange } from './totals.ts'

/** A change whose record is text already, its names in order. */
export interface WrittenChange extends ShopChange {
  readonly text: string
}

/** An upload and who brought it. */
export interface Brought {
  readonly upload: Omit<Upload, 'changes'> & { readonly changes: readonly WrittenChange[] }
  /** Id of the pairing's token, or `local`. */
  readonly token: string
  /** The shop that this server stands in; empty where it has no name. */
  readonly shop: string
  readonly receivedAtMs: number
}

export type UploadOutcome =
  { readonly kind: 'taken'; readonly reply: Omit<UploadReply, 'server'> } | { readonly kind: 'replaced' }

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
const TILL_TOKENS: RowWrite = {
  ...TABLES.till_tokens,
  conflict: '(till, token) DO NOTHING',
}
const TILLS: RowWrite = {
  ...TABLES.tills,
  conflict: '(till) DO NOTHING',
}

/** What an upload changes in a till's row. */
const TILLS_NOW: RowWrite = {
  ...TABLES.tills,
  conflict: `(till) DO UPDATE SET letter = excluded.letter, shop = excluded.shop, tenure = excluded.tenure,
    token = excluded.token, register = excluded.register, last_contact_ms = excluded.last_contact_ms,
    waiting = excluded.waiting, entries = excluded.entries, revision = excluded.revision, changes = excluded.changes`,
}

/** An entry as the database has it. */
interface StoredEntry {
  readonly revision: number
  readonly settled: boolean
  readonly record: string
  readonly day: string | null
  readonly hour: string | null
}

/** A till's row while uploads change it. */
interface TillState {
  tenure: number
  letter: string
  shop: string
  token: string
  lastContactMs: number
  waiting: number
  entries: number
  revision: number
  changes: number
  register: string | null
}

function rowOf(till: string, state: TillState): Cells {
  return {
    till,
    letter: state.letter,
    name: '',
    shop: state.shop,
    tenure: state.tenure,
    token: state.token,
    register: state.register,
    first_contact_ms: state.lastContactMs,
    last_contact_ms: state.lastContactMs,
    waiting: state.waiting,
    entries: state.entries,
    revision: state.revision,
    changes: state.changes,
    became: null,
  }
}

/** Of a till that was never heard of. */
function newTill({ upload, token, shop, receivedAtMs }: Brought): TillState {
  return {
    tenure: upload.tenure,
    letter: upload.letter,
    shop,
    token,
    lastContactMs: receivedAtMs,
    waiting: upload.waiting,
    entries: 0,
    revision: 0,
    changes: 0,
    register: null,
  }
}

/** Locks the tills of these uploads in the order of their ids, so that two servers never wait for each other. */
async function lockTills(sql: Sql, brought: readonly Brought[]): Promise<Map<string, TillState>> {
  const first = new Map<string, Brought>()
  for (const one of brought) if (!first.has(one.upload.till)) first.set(one.upload.till, one)
  const ids = [...first.keys()].sort()
  await sql.write(
    TILLS,
    ids.flatMap((till) => {
      const one = first.get(till)
      return one === undefined ? [] : [rowOf(till, newTill(one))]
    }),
  )
  const rows = await sql.all(`SELECT * FROM tills WHERE till ${sql.oneOf(1, 'text')} ORDER BY till${sql.locked}`, [ids])
  return new Map(
    rows.map((row) => [
      textOf(row, 'till'),
      {
        tenure: wholeOf(row, 'tenure'),
        letter: textOf(row, 'letter'),
        shop: textOf(row, 'shop'),
        token: textOf(row, 'token'),
        lastContactMs: wholeOf(row, 'last_contact_ms'),
        waiting: wholeOf(row, 'waiting'),
        entries: wholeOf(row, 'entries'),
        revision: wholeOf(row, 'revision'),
        changes: wholeOf(row, 'changes'),
        register: typeof row.register === 'string' ? row.register : null,
      },
    ]),
  )
}

const placeOf = (till: string, id: string) => `${till} ${id}`

async function loadEntries(sql: Sql, brought: readonly Brought[]): Promise<Map<string, StoredEntry>> {
  const wanted = new Map<string, readonly [till: string, id: string]>()
  for (const { upload } of brought)
    for (const { kind, id } of upload.changes)
      if (kind === 'entry') wanted.set(placeOf(upload.till, id), [upload.till, id])
  if (wanted.size === 0) return new Map()
  const rows = await sql.all(
    `SELECT e.till, e.id, e.revision, e.settled, e.day, e.hour, e.record
      FROM (SELECT value->>0 AS till, value->>1 AS id FROM ${sql.pairs(1)}) AS wanted
      JOIN entries AS e ON e.till = wanted.till AND e.id = wanted.id`,
    [JSON.stringify([...wanted.values()])],
  )
  return new Map(rows.map((row) => [placeOf(textOf(row, 'till'), textOf(row, 'id')), storedOf(row)]))
}

function storedOf(row: Readonly<Record<string, unknown>>): StoredEntry {
  return {
    revision: wholeOf(row, 'revision'),
    settled: wholeOf(row, 'settled') === 1,
    record: textOf(row, 'record'),
    day: typeof row.day === 'string' ? row.day : null,
    hour: typeof row.hour === 'string' ? row.hour : null,
  }
}

/** Rows in the order of their keys: two servers that write the same ones never wait for each other. */
function inOrder<T>(rows: ReadonlyMap<string, T>): T[] {
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
class Intake {
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

/** Takes uploads in, in their order. To be called inside a transaction; an outcome holds once that is committed. */
export async function takeUploads(sql: Sql, time: ShopTime, brought: readonly Brought[]): Promise<UploadOutcome[]> {
  const tills = await lockTills(sql, brought)
  const intake = new Intake(time, await loadEntries(sql, brought))
  const spoke = new Map<string, Cells>()
  const outcomes = brought.map((one): UploadOutcome => {
    const { upload, token, shop, receivedAtMs } = one
    const till = tills.get(upload.till)
    if (till === undefined) throw new Error('a till that was just written is gone')
    if (upload.tenure < till.tenure) return { kind: 'replaced' }
    const reply = intake.take(one, till)
    Object.assign(till, {
      tenure: upload.tenure,
      letter: upload.letter,
      shop: shop === '' ? till.shop : shop,
      token,
      lastContactMs: Math.max(till.lastContactMs, receivedAtMs),
      waiting: upload.waiting,
      changes: till.changes + 1,
    })
    spoke.set(`${upload.till} ${token}`, { till: upload.till, token, since_ms: receivedAtMs })
    return { kind: 'taken', reply }
  })
  await Promise.all([
    intake.writes.to(sql),
    sql.write(TILL_TOKENS, inOrder(spoke)),
    sql.write(TILLS_NOW, inOrder(new Map([...tills].map(([till, state]) => [till, rowOf(till, state)])))),
  ])
  return outcomes
}
