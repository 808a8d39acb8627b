/** The columns of a chart over time: every hour or day of a span, also those in which nothing was sold. */
import type { ReportRow } from '../contract/shop.ts'
import { addDays } from '../contract/day.ts'
import { daysIn, type DayPeriod } from './period.ts'

export interface TimeColumn {
  readonly key: string
  readonly tiyn: number
  readonly receipts: number
  readonly before: number | null
}

/** The most days that a chart shows one by one. */
const MOST_DAYS = 400

/** From the first hour in which something happened to the last one, in either period. */
export function hourColumns(rows: readonly ReportRow[], before: readonly ReportRow[] | null): readonly TimeColumn[] {
  const hours = [...rows, ...(before ?? [])].map(({ key }) => Number(key)).filter(Number.isInteger)
  if (hours.length === 0) return []
  const [first, last] = [Math.min(...hours), Math.max(...hours)]
  const now = new Map(rows.map((row) => [Number(row.key), row]))
  const then = before === null ? null : new Map(before.map((row) => [Number(row.key), row.totalTiyn]))
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const row = now.get(first + index)
    return {
      key: String(first + index).padStart(2, '0'),
      tiyn: row?.totalTiyn ?? 0,
      receipts: row?.receipts ?? 0,
      before: then === null ? null : (then.get(first + index) ?? 0),
    }
  })
}

/** Every day of the period; only those with sales where it is longer than anybody could look over. */
export function dayColumns(period: DayPeriod, rows: readonly ReportRow[]): readonly TimeColumn[] {
  const columnOf = (key: string, row: ReportRow | undefined): TimeColumn => ({
    key,
    tiyn: row?.totalTiyn ?? 0,
    receipts: row?.receipts ?? 0,
    before: null,
  })
  const days = daysIn(period)
  if (days > MOST_DAYS) return rows.map((row) => columnOf(row.key, row))
  const byDay = new Map(rows.map((row) => [row.key, row]))
  return Array.from({ length: Math.max(0, days) }, (_, index) => addDays(period.from, index)).map((day) =>
    columnOf(day, byDay.get(day)),
  )
}
