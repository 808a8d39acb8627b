/** The figures of a period, read from the totals that uploads keep. */
import type { ReportRow, ShopTotals } from '../../src/contract/shop.ts'
import { rateFromTaxName } from '../../src/domain/tax.ts'
import { blocksBetween } from './blocks.ts'
import { textOf, wholeOf, type Row, type Sql } from './database.ts'
import { dayOfNumber } from '../../src/contract/day.ts'
import { dayNumber } from './shop-time.ts'
import type { Report } from './totals.ts'

/** The best goods; the rest of a long list is in the exports of receipts. */
const MOST_PRODUCTS = 200

/** Days as numbers, both included. */
export interface Period {
  readonly first: number
  readonly last: number
}

export interface Reports {
  readonly totals: ShopTotals
  readonly previous: ShopTotals
  readonly byHour: ReportRow[]
  readonly byDay: ReportRow[]
  readonly byTill: ReportRow[]
  readonly byTender: ReportRow[]
  readonly byWay: ReportRow[]
  readonly byCashier: ReportRow[]
  readonly byProduct: ReportRow[]
  readonly byTax: ReportRow[]
}

const LISTED: readonly Report[] = ['kind', 'hour', 'till', 'tender', 'way', 'cashier', 'tax']
/** Sums are numeric in PostgreSQL unless they are told to be whole numbers. */
const SUMS = ['receipts', 'returned', 'total', 'quantity', 'tax']
  .map((name) => `CAST(SUM(${name}) AS BIGINT) AS ${name}`)
  .join(', ')

function reportRow(report: Report, key: string, row: Row): ReportRow {
  return {
    key,
    receipts: wholeOf(row, 'receipts'),
    returns: wholeOf(row, 'returned'),
    totalTiyn: wholeOf(row, 'total'),
    quantity: report === 'product' ? wholeOf(row, 'quantity') : 0,
    costTiyn: null,
    taxTiyn: report === 'tax' && rateFromTaxName(key) !== null ? wholeOf(row, 'tax') : null,
  }
}

/** A row of which every sale was taken back still says so; one that only conflicts made is none. */
const isSeen = ({ receipts, returns, totalTiyn }: ReportRow) => receipts !== 0 || returns !== 0 || totalTiyn !== 0

function totalsOf({ first, last }: Period, kinds: readonly ReportRow[]): ShopTotals {
  const of = (kind: string) => kinds.find(({ key }) => key === kind)
  const [sales, returns] = [of('sale'), of('saleReturn')]
  return {
    from: dayOfNumber(first),
    to: dayOfNumber(last),
    totalTiyn: (sales?.totalTiyn ?? 0) + (returns?.totalTiyn ?? 0),
    receipts: sales?.receipts ?? 0,
    returns: returns?.returns ?? 0,
    returnedTiyn: -(returns?.totalTiyn ?? 0) + 0,
  }
}

async function rowsOf(sql: Sql, reports: readonly Report[], period: Period): Promise<Map<Report, ReportRow[]>> {
  const rows = await sql.all(
    `SELECT report, key, ${SUMS} FROM totals
      WHERE report ${sql.oneOf(1, 'text')} AND block ${sql.oneOf(2, 'whole')} GROUP BY report, key`,
    [reports, blocksBetween(period.first, period.last)],
  )
  const found = new Map<Report, ReportRow[]>(reports.map((report) => [report, []]))
  for (const row of rows) {
    const report = reports.find((each) => each === row.report)
    if (report !== undefined) found.get(report)?.push(reportRow(report, textOf(row, 'key'), row))
  }
  return found
}

async function productsOf(sql: Sql, period: Period): Promise<ReportRow[]> {
  const rows = await sql.all(
    `SELECT key, ${SUMS} FROM totals WHERE report = 'product' AND block ${sql.oneOf(1, 'whole')}
      GROUP BY key ORDER BY SUM(total) DESC, key LIMIT ${MOST_PRODUCTS}`,
    [blocksBetween(period.first, period.last)],
  )
  return rows.map((row) => reportRow('product', textOf(row, 'key'), row)).filter(isSeen)
}

async function daysOf(sql: Sql, { first, last }: Period): Promise<ReportRow[]> {
  const rows = await sql.all(
    `SELECT block, ${SUMS} FROM totals
      WHERE block ${sql.oneOf(1, 'whole')} AND report = 'kind' AND key IN ('sale', 'saleReturn') GROUP BY block ORDER BY block`,
    // A day is a block of its own.
    [Array.from({ length: last - first + 1 }, (_, index) => first + index)],
  )
  return rows.map((row) => reportRow('kind', dayOfNumber(wholeOf(row, 'block')), row))
}

const byKey = (one: ReportRow, other: ReportRow) => (one.key < other.key ? -1 : 1)
const byTotal = (one: ReportRow, other: ReportRow) => other.totalTiyn - one.totalTiyn || byKey(one, other)

/** Every report of a period, with the totals of as many days before it. To be called inside one `read`. */
export async function reportsOf(sql: Sql, period: Period): Promise<Reports> {
  const before = { first: period.first - (period.last - period.first + 1), last: period.first - 1 }
  const [listed, earlier, byProduct, byDay] = await Promise.all([
    rowsOf(sql, LISTED, period),
    rowsOf(sql, ['kind'], before),
    productsOf(sql, period),
    daysOf(sql, period),
  ])
  const list = (report: Report) => (listed.get(report) ?? []).filter(isSeen)
  return {
    totals: totalsOf(period, list('kind')),
    previous: totalsOf(before, earlier.get('kind') ?? []),
    byHour: list('hour').sort(byKey),
    byDay: byDay.filter(isSeen),
    byTill: list('till').sort(byTotal),
    byTender: list('tender').sort(byTotal),
    byWay: list('way').sort(byTotal),
    byCashier: list('cashier').sort(byTotal),
    byProduct,
    byTax: list('tax').sort(byTotal),
  }
}

/** The days from one to the other as numbers; null where they are no days of the calendar or in the wrong order. */
export function periodOf(from: string, to: string): Period | null {
  const [first, last] = [dayNumber(from), dayNumber(to)]
  return first <= last ? { first, last } : null
}
