/** Lists and search over all entries of all tills, newest first; one entry as its till stored it. */
import { isRecord, parseJson } from '../../src/contract/json.ts'
import { RECEIPT_STATES, type ReceiptState, type ShopEntry, type ShopReceipt } from '../../src/contract/shop.ts'
import { markOf, typedMark } from '../../src/domain/mark.ts'
import { parseTiyn } from '../../src/domain/money.ts'
import { textOf, wholeOf, wholeOrNull, type Parameter, type Row, type Sql } from './database.ts'

/** Where a page of the list ends: the next one begins below it. */
export interface ListPlace {
  readonly atMs: number
  readonly till: string
  readonly id: string
}

export interface ReceiptQuery {
  /** From this moment up to but not including the other, ms; null for no bound. */
  readonly fromMs: number | null
  readonly toMs: number | null
  /** A number, a mark, a sum in tenge or a part of a cashier's name; empty for all. */
  readonly search: string
  readonly till: string | null
  readonly state: ReceiptState | null
  readonly before: ListPlace | null
  readonly limit: number
}

/** Cashiers whose name holds what was searched for; more of them say nothing. */
const MOST_CASHIERS = 20

const COLUMNS = `e.till, e.id, e.mark, e.number, e.kind, e.state, e.amount, e.cashier, e.created_ms, e.registered_ms,
  e.at_ms, t.letter, t.name`
const SOURCE = 'entries e JOIN tills t ON t.till = e.till'

function receiptOf(row: Row): ShopReceipt {
  return {
    till: textOf(row, 'till'),
    letter: textOf(row, 'letter'),
    tillName: textOf(row, 'name'),
    id: textOf(row, 'id'),
    mark: textOf(row, 'mark'),
    number: wholeOrNull(row, 'number'),
    kind: textOf(row, 'kind'),
    state: RECEIPT_STATES.find((state) => state === row.state) ?? 'waiting',
    totalTiyn: wholeOf(row, 'amount'),
    cashier: textOf(row, 'cashier'),
    createdAtMs: wholeOf(row, 'created_ms'),
    registeredAtMs: wholeOrNull(row, 'registered_ms'),
  }
}

/** A condition of its own for each thing that the words may mean: each is found by an index. */
async function meanings(
  sql: Sql,
  search: string,
): Promise<readonly (readonly [column: string, value: string | number])[]> {
  const found: [string, string | number][] = []
  if (/^\d{1,15}$/.test(search)) found.push(['e.number', Number(search)])
  const sum = parseTiyn(search)
  if (sum !== null) found.push(['e.amount', sum])
  const mark = typedMark(search)
  if (mark !== null) found.push(['e.mark', markOf(mark.prefix, mark.number)])
  const wanted = search.toLocaleLowerCase('ru')
  // The database's own comparison knows capitals of Latin letters only.
  const names = (await sql.all('SELECT name FROM cashiers')).map((row) => textOf(row, 'name'))
  const cashiers = names.filter((name) => name.toLocaleLowerCase('ru').includes(wanted)).slice(0, MOST_CASHIERS)
  return [...found, ...cashiers.map((name) => ['e.cashier', name] as const)]
}

type Found = ShopReceipt & { readonly atMs: number }

async function select(
  sql: Sql,
  query: ReceiptQuery,
  meaning: readonly [string, string | number] | null,
): Promise<Found[]> {
  const parameters: Parameter[] = []
  const place = (value: Parameter) => `?${parameters.push(value)}`
  const conditions: string[] = []
  if (meaning !== null) conditions.push(`${meaning[0]} = ${place(meaning[1])}`)
  if (query.till !== null) conditions.push(`e.till = ${place(query.till)}`)
  // The words of the index that holds the few others.
  if (query.state !== null) conditions.push(`e.state = '${query.state}'`)
  if (query.fromMs !== null) conditions.push(`e.at_ms >= ${place(query.fromMs)}`)
  if (query.toMs !== null) conditions.push(`e.at_ms < ${place(query.toMs)}`)
  if (query.before !== null) {
    const { atMs, till, id } = query.before
    conditions.push(`(e.at_ms, e.till, e.id) < (${place(atMs)}, ${place(till)}, ${place(id)})`)
  }
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`
  const rows = await sql.all(
    `SELECT ${COLUMNS} FROM ${SOURCE} ${where} ORDER BY e.at_ms DESC, e.till DESC, e.id DESC LIMIT ${place(query.limit + 1)}`,
    parameters,
  )
  return rows.map((row) => ({ ...receiptOf(row), atMs: wholeOf(row, 'at_ms') }))
}

const newestFirst = (a: Found, b: Found) =>
  b.atMs - a.atMs || (a.till < b.till ? 1 : a.till > b.till ? -1 : 0) || (a.id < b.id ? 1 : -1)

/** One page of the list. `next` is where the next one begins; null at the end. */
export async function receiptsOf(
  sql: Sql,
  query: ReceiptQuery,
): Promise<{ readonly receipts: ShopReceipt[]; readonly next: ListPlace | null }> {
  const search = query.search.trim()
  const wanted = search === '' ? [null] : await meanings(sql, search)
  const lists = await Promise.all(wanted.map((meaning) => select(sql, query, meaning)))
  const found = new Map(lists.flat().map((receipt) => [`${receipt.till} ${receipt.id}`, receipt]))
  const all = [...found.values()].sort(newestFirst)
  const page = all.slice(0, query.limit)
  const last = page.at(-1)
  return {
    receipts: page.map(({ atMs: _atMs, ...receipt }) => receipt),
    next: all.length > page.length && last !== undefined ? { atMs: last.atMs, till: last.till, id: last.id } : null,
  }
}

function recordOf(row: Row): Record<string, unknown> {
  const record = parseJson(textOf(row, 'record'))
  return isRecord(record) ? record : {}
}

/** An entry with what differs from it; null where nobody uploaded it. */
export async function entryOf(sql: Sql, till: string, id: string): Promise<ShopEntry | null> {
  const [row] = await sql.all(`SELECT ${COLUMNS}, e.record FROM ${SOURCE} WHERE e.till = ?1 AND e.id = ?2`, [till, id])
  if (row === undefined) return null
  const others = await sql.all(
    `SELECT received_ms, record FROM conflicts WHERE till = ?1 AND id = ?2
      UNION ALL SELECT received_ms, record FROM quarantine WHERE till = ?1 AND id = ?2 AND kind = 'entry'
      ORDER BY received_ms`,
    [till, id],
  )
  return {
    receipt: receiptOf(row),
    record: recordOf(row),
    conflicts: others.map((other) => ({ receivedAtMs: wholeOf(other, 'received_ms'), record: recordOf(other) })),
  }
}
