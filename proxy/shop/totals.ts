/**
 * What an entry adds to the reports. It counts once, from the moment when it is done. Turnover is sales less returns;
 * purchases (`buy`) stand in the report by kind alone, and as receipts of their till.
 */
import { includedTax, splitTiyn, tiyn } from '../../src/domain/money.ts'
import { keptBy } from '../../src/domain/paid-ways.ts'
import { TENDERS, type Payments } from '../../src/domain/receipt.ts'
import { rateFromTaxName } from '../../src/domain/tax.ts'
import { blocksOf } from './blocks.ts'
import { storable, type Cells, type RowWrite } from './database.ts'
import { MOST_NAME, type ReadEntry, type ReadReceipt } from './entry-record.ts'
import { dayNumber } from './shop-time.ts'
import { TABLES } from './tables.ts'

export const REPORTS = ['kind', 'hour', 'till', 'register', 'tender', 'way', 'cashier', 'product', 'tax'] as const
export type Report = (typeof REPORTS)[number]

interface Sums {
  receipts: number
  returned: number
  total: number
  quantity: number
  tax: number
}

/** Between the parts of a key in a map: no name holds it. */
const GAP = '\u0000'

/** Changes of the totals, one of each row however often it is changed. */
export class TotalsChange {
  private readonly days = new Map<string, Sums>()

  add(report: Report, day: string, key: string, sign: 1 | -1, sums: Partial<Sums>): void {
    const place = [report, day, key].join(GAP)
    const row = this.days.get(place) ?? { receipts: 0, returned: 0, total: 0, quantity: 0, tax: 0 }
    for (const name of ['receipts', 'returned', 'total', 'quantity', 'tax'] as const)
      row[name] += sign * (sums[name] ?? 0)
    this.days.set(place, row)
  }

  /** One row a day and key: what a recount is compared with. */
  byDay(): ReadonlyMap<string, Readonly<Sums>> {
    return this.days
  }

  /** Rows to add to the table, of every block that a day is in; in the order of their keys, so that writers never cross. */
  rows(): Cells[] {
    const blocks = new Map<string, Sums & { report: string; block: number; key: string }>()
    for (const [place, sums] of this.days) {
      if (Object.values(sums).every((sum) => sum === 0)) continue
      const [report = '', day = '', key = ''] = place.split(GAP)
      for (const block of blocksOf(dayNumber(day))) {
        const at = [block, report, key].join(GAP)
        const row = blocks.get(at)
        if (row === undefined) blocks.set(at, { report, block, key, ...sums })
        else for (const name of ['receipts', 'returned', 'total', 'quantity', 'tax'] as const) row[name] += sums[name]
      }
    }
    return [...blocks.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => ({ ...row }))
  }
}

export const TOTALS: RowWrite = {
  ...TABLES.totals,
  conflict: `(block, report, key) DO UPDATE SET receipts = totals.receipts + excluded.receipts,
    returned = totals.returned + excluded.returned, total = totals.total + excluded.total,
    quantity = totals.quantity + excluded.quantity, tax = totals.tax + excluded.tax`,
}

interface Line {
  readonly name: string
  readonly quantity: number
  sum: number
}

/**
 * The goods of a receipt with every discount taken off, so that they add up to its total. A discount belongs to the line
 * before it; the receipt's own, and whatever else keeps the lines from the total, is spread over them by their sums.
 */
function productLines({ rows, total }: Pick<ReadReceipt, 'rows' | 'total'>): readonly Line[] {
  const lines: Line[] = []
  let discounted = false
  for (const row of rows) {
    const last = lines.at(-1)
    if (row.kind === 'item') {
      lines.push({ name: row.name, quantity: row.quantity, sum: row.sum })
      discounted = false
    } else if (last !== undefined && row.scope !== 'receipt' && (row.scope === 'line' || !discounted)) {
      last.sum -= row.discount
      discounted = true
    }
  }
  const rest = total - lines.reduce((sum, line) => sum + line.sum, 0)
  if (rest === 0 || lines.length === 0) return lines
  const shares = splitTiyn(
    tiyn(rest),
    lines.map((line) => Math.max(0, line.sum)),
  )
  return lines.map((line, index) => ({ ...line, sum: line.sum + (shares[index] ?? 0) }))
}

function paymentsOf(receipt: ReadReceipt): Payments {
  const paid = TENDERS.flatMap((tender) => {
    const amount = receipt.payments[tender]
    return amount === undefined ? [] : [[tender, tiyn(amount)] as const]
  })
  return Object.fromEntries(paid)
}

/** Where an entry counts. */
export interface Counted {
  readonly till: string
  readonly day: string
  readonly hour: string
}

/** Adds an entry to the totals, or takes it off again (`sign` -1). One that is no receipt adds nothing. */
export function count(change: TotalsChange, entry: ReadEntry, { till, day, hour }: Counted, sign: 1 | -1): void {
  const { receipt } = entry
  if (receipt === null) return
  const back = receipt.kind === 'saleReturn' || receipt.kind === 'buyReturn'
  const direction = back ? -1 : 1
  const one = back ? { returned: 1 } : { receipts: 1 }
  const add = (report: Report, key: string, total: number, more: { quantity?: number; tax?: number } = {}) => {
    change.add(report, day, storable(key, MOST_NAME), sign, { ...one, ...more, total: direction * total })
  }
  add('kind', receipt.kind, receipt.total)
  if (receipt.kind === 'buy' || receipt.kind === 'buyReturn') return

  add('hour', hour, receipt.total)
  add('till', till, receipt.total)
  add('register', entry.deviceId, receipt.total)
  add('cashier', entry.cashier, receipt.total)
  const paid = { payments: paymentsOf(receipt), change: tiyn(receipt.change) }
  for (const tender of TENDERS) if (paid.payments[tender] !== undefined) add('tender', tender, keptBy(paid, tender))
  for (const [name, total] of sumsBy(
    entry.ways,
    ({ name }) => name,
    ({ amount }) => amount,
  ))
    add('way', name, total)
  const lines = productLines(receipt)
  const quantities = sumsBy(
    lines,
    ({ name }) => name,
    ({ quantity }) => quantity,
  )
  for (const [name, total] of sumsBy(
    lines,
    (line) => line.name,
    (line) => line.sum,
  ))
    add('product', name, total, { quantity: direction * (quantities.get(name) ?? 0) })
  const tax = receipt.taxName ?? ''
  const rate = rateFromTaxName(tax)
  add('tax', tax, receipt.total, { tax: rate === null ? 0 : direction * includedTax(tiyn(receipt.total), rate) })
}

/** A name that stands on a receipt twice is one receipt of it. */
function sumsBy<T>(list: readonly T[], nameOf: (item: T) => string, sumOf: (item: T) => number): Map<string, number> {
  const sums = new Map<string, number>()
  for (const item of list) {
    const name = storable(nameOf(item), MOST_NAME)
    sums.set(name, (sums.get(name) ?? 0) + sumOf(item))
  }
  return sums
}
