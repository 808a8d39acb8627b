/**
 * The days that the page shows. A day is `YYYY-MM-DD` in the shop's own time zone, and today is what the server calls
 * so: the phone of the owner may stand in another country.
 */

/** Both days included. */
export interface DayPeriod {
  readonly from: string
  readonly to: string
}

export const PERIOD_NAMES = ['today', 'yesterday', 'week', 'month', 'lastMonth'] as const
export type PeriodName = (typeof PERIOD_NAMES)[number]

/** A name that moves on with the calendar, or two days that stay. */
export type ChosenPeriod = PeriodName | DayPeriod

const DAY_MS = 86_400_000
const two = (value: number): string => String(value).padStart(2, '0')

/** ms of the day's midnight in UTC, where every day has 24 hours; null for what is no day of the calendar. */
function utcOf(day: string): number | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day)
  if (match === null) return null
  const ms = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]))
  return dayOfUtc(ms) === day ? ms : null
}

function dayOfUtc(ms: number): string {
  const date = new Date(ms)
  return `${String(date.getUTCFullYear()).padStart(4, '0')}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`
}

/** Whether the text is a day of the calendar: `2026-02-30` is none. */
export function isDay(text: string): boolean {
  return utcOf(text) !== null
}

/** The day so many days later; before it where `days` is negative. Throws RangeError for what is no day. */
export function addDays(day: string, days: number): string {
  const ms = utcOf(day)
  if (ms === null) throw new RangeError(`no day: ${day}`)
  return dayOfUtc(ms + days * DAY_MS)
}

/** How many days a period has; 0 or less where it ends before it begins. */
export function daysIn({ from, to }: DayPeriod): number {
  const [first, last] = [utcOf(from), utcOf(to)]
  return first === null || last === null ? 0 : (last - first) / DAY_MS + 1
}

/** As many days, just before. */
export function daysBefore(period: DayPeriod): DayPeriod {
  return { from: addDays(period.from, -daysIn(period)), to: addDays(period.from, -1) }
}

/** Days since the Monday of the day's week. */
function sinceMonday(day: string): number {
  return (new Date(utcOf(day) ?? 0).getUTCDay() + 6) % 7
}

/** The days that a choice means while it is `today` in the shop. */
export function periodOf(chosen: ChosenPeriod, today: string): DayPeriod {
  switch (chosen) {
    case 'today':
      return { from: today, to: today }
    case 'yesterday':
      return { from: addDays(today, -1), to: addDays(today, -1) }
    case 'week':
      return { from: addDays(today, -sinceMonday(today)), to: today }
    case 'month':
      return { from: `${today.slice(0, 8)}01`, to: today }
    case 'lastMonth': {
      const to = addDays(`${today.slice(0, 8)}01`, -1)
      return { from: `${to.slice(0, 8)}01`, to }
    }
    default:
      return chosen
  }
}

/** Two typed days as a period; null where one is no day, or the second comes before the first. */
export function typedPeriod(from: string, to: string): DayPeriod | null {
  return isDay(from) && isDay(to) && from <= to ? { from, to } : null
}
