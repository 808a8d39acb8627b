/** iikoServer wants data for at most one month a request (source 000, limits): the terminal cuts, its server asks piece by piece. */
import { dayNumber, dayOfNumber } from './day.ts'

export interface Period {
  /** `YYYY-MM-DD`, both included. */
  readonly from: string
  readonly to: string
}

const DAY_MS = 86_400_000
/** Three years: more is a typing error, and it would keep the one request line to iiko busy for minutes. */
export const MAX_PIECES = 36

/** Last day of the month-long piece that starts at `day`: 15 March to 14 April, 31 January to 28 February. */
function lastDayOfPiece(day: number): number {
  const date = new Date(day * DAY_MS)
  const [year, month, dayOfMonth] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()]
  const lastOfNextMonth = Date.UTC(year, month + 2, 0) / DAY_MS
  const sameDayNextMonth = Date.UTC(year, month + 1, dayOfMonth) / DAY_MS
  return sameDayNextMonth > lastOfNextMonth ? lastOfNextMonth : sameDayNextMonth - 1
}

/**
 * Cuts a period into pieces of at most a month that touch and don't overlap, oldest first.
 * Null when a date doesn't exist, `to` is before `from`, or there would be more than `MAX_PIECES`.
 */
export function cutPeriod(period: Period): readonly Period[] | null {
  const first = dayNumber(period.from)
  const last = dayNumber(period.to)
  if (first === null || last === null || last < first) return null
  const pieces: Period[] = []
  for (let day = first; day <= last;) {
    if (pieces.length === MAX_PIECES) return null
    const end = Math.min(last, lastDayOfPiece(day))
    pieces.push({ from: dayOfNumber(day), to: dayOfNumber(end) })
    day = end + 1
  }
  return pieces
}

/** Whether a period is one piece: all that one request may ask for. */
export function isOnePiece(period: Period): boolean {
  return cutPeriod(period)?.length === 1
}
