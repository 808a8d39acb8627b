/**
 * The days that the page shows. A day is `YYYY-MM-DD` in the shop's own time zone, and today is what the server calls
 * so: the phone of the owner may stand in another country.
 */
import { addDays, dayNumber } from '../contract/day.ts'

/** Both days included. */
export interface DayPeriod {
  readonly from: string
  readonly to: string
}

export const PERIOD_NAMES = ['today', 'yesterday', 'week', 'month', 'lastMonth'] as const
export type PeriodName = (typeof PERIOD_NAMES)[number]

/** A name that moves on with the calendar, or two days that stay. */
export type ChosenPeriod = PeriodName | DayPeriod

/** Whether the text is a day of the calendar: `2026-02-30` is none. */
export function isDay(text: string): boolean {
  return dayNumber(text) !== null
}

/** How many days a period has; 0 or less where it ends before it begins. */
export function daysIn({ from, to }: DayPeriod): number {
  const [first, last] = [dayNumber(from), dayNumber(to)]
  return first === null || last === null ? 0 : last - first + 1
}

/** As many days, just before. */
export function daysBefore(period: DayPeriod): DayPeriod {
  return { from: addDays(period.from, -daysIn(period)), to: addDays(period.from, -1) }
}

/** Days since the Monday of the day's week; 1 January 1970 was a Thursday. */
function sinceMonday(day: string): number {
  return ((dayNumber(day) ?? 0) + 3) % 7
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
