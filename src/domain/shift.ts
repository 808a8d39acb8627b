/** What the shift page shows: age, totals by type and tender, the drawer, sales by hour. Times in ms since the epoch. */
import { sumTiyn, tiyn } from './money.ts'
import type { Tiyn } from './money.ts'
import { wayTotals } from './paid-ways.ts'
import type { PaidWay, WayTotal } from './paid-ways.ts'
import { takesCashOut } from './payment.ts'
import { NO_MARGIN, sumMargins } from './stock.ts'
import type { Margin } from './stock.ts'
import { TENDERS } from './receipt.ts'
import type { Payments, ReceiptKind, Tender } from './receipt.ts'

const HOUR_MS = 3_600_000
/** The device refuses registrations in a shift older than this (-3, source 004, chapter 11). */
const SHIFT_LIMIT_MS = 24 * HOUR_MS
/** From this age on the cashier is warned. */
const SHIFT_WARNING_MS = 23 * HOUR_MS
/** Beyond this the device calls it `shift-gt-7days`. */
const SHIFT_WEEK_MS = 7 * 24 * HOUR_MS

export interface ShiftAge {
  /** 0 when the clock says that the shift opens in the future. */
  readonly ageMs: number
  /** Until the device refuses; 0 when it does. */
  readonly leftMs: number
  /** `soon`: from 23 h. `over`: from 24 h, nothing can be registered. `week`: over 7 days. */
  readonly level: 'fresh' | 'soon' | 'over' | 'week'
}

/** Age of an open shift. */
export function shiftAge(openedAt: number, now: number): ShiftAge {
  const ageMs = Math.max(0, now - openedAt)
  const level =
    ageMs >= SHIFT_WEEK_MS ? 'week' : ageMs >= SHIFT_LIMIT_MS ? 'over' : ageMs >= SHIFT_WARNING_MS ? 'soon' : 'fresh'
  return { ageMs, leftMs: Math.max(0, SHIFT_LIMIT_MS - ageMs), level }
}

/** What a shift consists of, as the journal knows it: only what took place. */
export type ShiftEntry =
  | {
      readonly kind: ReceiptKind
      readonly total: Tiyn
      readonly payments: Payments
      readonly change: Tiyn
      readonly ways?: readonly PaidWay[]
      /** What its goods had cost; absent where nobody reads it. */
      readonly margin?: Margin
      readonly at: number
    }
  | { readonly kind: 'deposit' | 'withdrawal'; readonly total: Tiyn; readonly at: number }

export interface KindTotals {
  readonly count: number
  readonly total: Tiyn
  /** What was kept or paid by each tender: cash without the change. Adds up to `total`. */
  readonly byTender: Readonly<Record<Tender, Tiyn>>
}

export interface ShiftTotals {
  readonly byKind: Readonly<Record<ReceiptKind, KindTotals>>
  readonly deposits: { readonly count: number; readonly total: Tiyn }
  readonly withdrawals: { readonly count: number; readonly total: Tiyn }
  /** Cash that came into the drawer minus cash that left it. */
  readonly cashFlow: Tiyn
  /** Sales minus their returns. */
  readonly revenue: Tiyn
}

const RECEIPT_KINDS = ['sale', 'buy', 'saleReturn', 'buyReturn'] as const satisfies readonly ReceiptKind[]

interface ReceiptEntry {
  readonly kind: ReceiptKind
  readonly total: Tiyn
  readonly payments: Payments
  readonly change: Tiyn
  readonly ways?: readonly PaidWay[]
  readonly margin?: Margin
  readonly at: number
}

function isReceipt(entry: ShiftEntry): entry is ReceiptEntry {
  return entry.kind !== 'deposit' && entry.kind !== 'withdrawal'
}

function kindTotals(entries: readonly ReceiptEntry[]): KindTotals {
  const paid = (tender: Tender): Tiyn => sumTiyn(entries.map((entry) => entry.payments[tender] ?? tiyn(0)))
  const change = sumTiyn(entries.map((entry) => entry.change))
  return {
    count: entries.length,
    total: sumTiyn(entries.map((entry) => entry.total)),
    byTender: { cash: tiyn(paid('cash') - change), bank: paid('bank'), tara: paid('tara'), credit: paid('credit') },
  }
}

/** What the shift's goods were sold for and had cost, returns taken off. */
export function shiftMargin(entries: readonly ShiftEntry[]): Margin {
  return sumMargins(entries.filter(isReceipt).map(({ margin = NO_MARGIN }) => margin))
}

/** Totals of a shift by type and tender. */
export function shiftTotals(entries: readonly ShiftEntry[]): ShiftTotals {
  const receipts = entries.filter(isReceipt)
  const ofKind = (kind: ReceiptKind): KindTotals => kindTotals(receipts.filter((entry) => entry.kind === kind))
  const byKind = {
    sale: ofKind('sale'),
    buy: ofKind('buy'),
    saleReturn: ofKind('saleReturn'),
    buyReturn: ofKind('buyReturn'),
  }
  const cashOf = (kind: 'deposit' | 'withdrawal'): { count: number; total: Tiyn } => {
    const same = entries.filter((entry) => entry.kind === kind)
    return { count: same.length, total: sumTiyn(same.map((entry) => entry.total)) }
  }
  const deposits = cashOf('deposit')
  const withdrawals = cashOf('withdrawal')
  let flow = deposits.total - withdrawals.total
  for (const kind of RECEIPT_KINDS) flow += (takesCashOut(kind) ? -1 : 1) * byKind[kind].byTender.cash
  return {
    byKind,
    deposits,
    withdrawals,
    cashFlow: tiyn(flow),
    revenue: tiyn(byKind.sale.total - byKind.saleReturn.total),
  }
}

/** Sums of one tender over a whole shift: in by sales and purchase returns, out by returns and purchases. */
export function tenderFlow(totals: ShiftTotals, tender: Tender): Tiyn {
  let flow = 0
  for (const kind of RECEIPT_KINDS) flow += (takesCashOut(kind) ? -1 : 1) * totals.byKind[kind].byTender[tender]
  return tiyn(flow)
}

/** What the shop's own names brought in a whole shift, returns taken off. */
export function shiftWays(entries: readonly ShiftEntry[]): readonly WayTotal[] {
  return wayTotals(entries.filter(isReceipt))
}

/** Notes and coins of Kazakhstan in tiyn, largest first: what a drawer is counted in. */
export const DENOMINATIONS = [20_000, 10_000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1].map((tenge) =>
  tiyn(tenge * 100),
)

/** Sum of counted notes and coins (pieces by denomination in tiyn). Throws RangeError for anything but whole pieces. */
export function countDrawer(pieces: ReadonlyMap<Tiyn, number>): Tiyn {
  let sum = 0
  for (const [denomination, count] of pieces) {
    if (!Number.isSafeInteger(count) || count < 0) throw new RangeError(`not a number of pieces: ${count}`)
    sum += denomination * count
  }
  return tiyn(sum)
}

export interface DrawerDifference {
  readonly expected: Tiyn
  readonly counted: Tiyn
  /** counted - expected: positive is too much. */
  readonly difference: Tiyn
  readonly kind: 'agrees' | 'surplus' | 'shortage'
}

/** Compares the counted drawer with what should be in it (the device's `cashWeHave`, or opening cash plus cash flow). */
export function drawerDifference(expected: Tiyn, counted: Tiyn): DrawerDifference {
  const difference = tiyn(counted - expected)
  return { expected, counted, difference, kind: difference === 0 ? 'agrees' : difference > 0 ? 'surplus' : 'shortage' }
}

export interface HourBar {
  /** Start of the hour. */
  readonly from: number
  /** 0 to 23 on the shop's clock. */
  readonly hour: number
  readonly sales: Tiyn
  readonly saleCount: number
  readonly returns: Tiyn
}

/** A chart never has more bars than a shift of the longest kind has hours. */
const MOST_BARS = SHIFT_WEEK_MS / HOUR_MS

/**
 * Sales and returns hour by hour, from the first to the last hour with any, without gaps between.
 * @param offsetMinutes the shop's distance from UTC: 300 in Kazakhstan. Hours begin where the shop's clock says.
 */
export function salesByHour(entries: readonly ShiftEntry[], offsetMinutes: number): HourBar[] {
  const shop = (at: number): number => Math.floor((at + offsetMinutes * 60_000) / HOUR_MS)
  const counted = entries.filter((entry) => entry.kind === 'sale' || entry.kind === 'saleReturn')
  if (counted.length === 0) return []
  const hours = counted.map((entry) => shop(entry.at))
  const first = hours.reduce((least, hour) => Math.min(least, hour))
  const last = hours.reduce((most, hour) => Math.max(most, hour))
  const bars = Array.from({ length: Math.min(last - first + 1, MOST_BARS) }, () => ({
    sales: 0,
    saleCount: 0,
    returns: 0,
  }))
  counted.forEach((entry, index) => {
    // What a wrong clock put beyond the chart is counted in its last bar rather than lost.
    const bar = bars[Math.min((hours[index] ?? first) - first, bars.length - 1)]
    if (bar === undefined) return
    if (entry.kind === 'sale') {
      bar.sales += entry.total
      bar.saleCount++
    } else bar.returns += entry.total
  })
  return bars.map((bar, index) => ({
    from: (first + index) * HOUR_MS - offsetMinutes * 60_000,
    hour: (first + index) % 24,
    sales: tiyn(bar.sales),
    saleCount: bar.saleCount,
    returns: tiyn(bar.returns),
  }))
}

/** Whether the payments of every receipt in a list use a tender at all: a column that is all zero can stay away. */
export function tendersInUse(entries: readonly ShiftEntry[]): Tender[] {
  const receipts = entries.filter(isReceipt)
  return TENDERS.filter((tender) => receipts.some((entry) => (entry.payments[tender] ?? 0) !== 0))
}
