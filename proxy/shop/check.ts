/**
 * Whether the database is what it should be: every record can be read, every row says what its record says, and the
 * totals equal a recount from the entries. As of one moment, also while the server runs.
 */
import { isRecord, parseJson } from '../../src/contract/json.ts'
import { textOf, textOrNull, wholeOf, type Row, type ShopDatabase, type Sql } from './database.ts'
import { eachRow } from './each-row.ts'
import { columnsOf, readEntry } from './entry-record.ts'
import type { ShopTime } from './shop-time.ts'
import { TABLES } from './tables.ts'
import { count, TotalsChange } from './totals.ts'

export interface CheckResult {
  readonly entries: number
  readonly totals: number
  /** A sentence for each difference. */
  readonly differences: readonly string[]
}

/** The rest of a long list says nothing new. */
const MOST_DIFFERENCES = 100
const SUMS = ['receipts', 'returned', 'total', 'quantity', 'tax'] as const

class Differences {
  readonly list: string[] = []
  private more = 0

  add(sentence: string): void {
    if (this.list.length < MOST_DIFFERENCES) this.list.push(sentence)
    else this.more += 1
  }

  all(): string[] {
    return this.more === 0 ? this.list : [...this.list, `and ${this.more} more`]
  }
}

/** Columns that follow from the record; day and hour go by the time zone of then and aren't among them. */
const DERIVED = [
  'sequence',
  'mark',
  'kind',
  'state',
  'settled',
  'number',
  'amount',
  'cashier',
  'created_ms',
  'at_ms',
] as const

function checkEntry(row: Row, time: ShopTime, recount: TotalsChange, found: Differences): void {
  const place = `entry ${textOf(row, 'id')} of till ${textOf(row, 'till')}`
  const read = readEntry(parseJson(textOf(row, 'record')))
  if ('unreadable' in read) {
    found.add(`${place}: its record can't be read (${read.unreadable})`)
    return
  }
  const columns = columnsOf(read.entry, time)
  for (const name of DERIVED)
    if (columns[name] !== row[name])
      found.add(`${place}: ${name} is ${String(row[name])}, its record says ${String(columns[name])}`)
  const [day, hour] = [textOrNull(row, 'day'), textOrNull(row, 'hour')]
  if ((day !== null) !== (columns.day !== null))
    found.add(`${place}: counts ${day === null ? 'not, but is done' : 'but is not done'}`)
  if (day !== null && hour !== null) count(recount, read.entry, { till: textOf(row, 'till'), day, hour }, 1)
}

async function checkEntries(sql: Sql, time: ShopTime, found: Differences) {
  const recount = new TotalsChange()
  const tills = new Map<string, number>()
  let entries = 0
  for await (const row of eachRow(sql, TABLES.entries)) {
    entries += 1
    tills.set(textOf(row, 'till'), (tills.get(textOf(row, 'till')) ?? 0) + 1)
    checkEntry(row, time, recount, found)
  }
  for await (const row of eachRow(sql, TABLES.tills)) {
    const [till, says] = [textOf(row, 'till'), wholeOf(row, 'entries')]
    const has = tills.get(till) ?? 0
    if (says !== has) found.add(`till ${till}: says ${says} entries, has ${has}`)
    tills.delete(till)
  }
  for (const [till, has] of tills) found.add(`till ${till}: has ${has} entries and no row`)
  return { entries, recount }
}

async function checkTotals(sql: Sql, recount: TotalsChange, found: Differences): Promise<number> {
  const expected = new Map(
    recount.rows().map((row) => [`${String(row.report)} ${String(row.block)} ${String(row.key)}`, row]),
  )
  let rows = 0
  for await (const row of eachRow(sql, TABLES.totals)) {
    rows += 1
    const place = `${textOf(row, 'report')} ${wholeOf(row, 'block')} ${textOf(row, 'key')}`
    const counted = expected.get(place)
    expected.delete(place)
    for (const name of SUMS) {
      const [says, is] = [wholeOf(row, name), Number(counted?.[name] ?? 0)]
      if (says !== is) found.add(`totals ${place}: ${name} is ${says}, a recount gives ${is}`)
    }
  }
  for (const place of expected.keys()) found.add(`totals ${place}: missing`)
  return rows
}

async function checkRecords(sql: Sql, found: Differences): Promise<void> {
  for (const table of [TABLES.devices, TABLES.conflicts, TABLES.quarantine])
    for await (const row of eachRow(sql, table))
      if (!isRecord(parseJson(textOf(row, 'record'))))
        found.add(`${table.table} ${textOf(row, 'id')} of till ${textOf(row, 'till')}: its record is no JSON`)
}

/** Reads everything once. Throws DatabaseError. */
export function checkShop(database: ShopDatabase, time: ShopTime): Promise<CheckResult> {
  return database.read(async (sql) => {
    const found = new Differences()
    if (database.engine === 'sqlite')
      for (const row of await sql.all('PRAGMA quick_check'))
        if (row.quick_check !== 'ok') found.add(`file: ${String(row.quick_check)}`)
    const { entries, recount } = await checkEntries(sql, time, found)
    const totals = await checkTotals(sql, recount, found)
    await checkRecords(sql, found)
    return { entries, totals, differences: found.all() }
  })
}
