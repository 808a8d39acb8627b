/** Days and hours on the shop's clock, and days as numbers (since 1 January 1970). */
import { dayNumber as calendarNumber } from '../../src/contract/day.ts'

const DAY_MS = 86_400_000
/** Every time zone changes its clock at a multiple of this. */
const SLOT_MS = 900_000
/** Slots remembered: some weeks of a busy shop. */
const MOST_SLOTS = 4_000

export interface ShopMoment {
  /** `YYYY-MM-DD`. */
  readonly day: string
  /** `00` to `23`. */
  readonly hour: string
}

export interface ShopTime {
  readonly timeZone: string
  at(ms: number): ShopMoment
  /** The first moment of a day, ms. */
  startOf(day: string): number
}

/** Whole days since 1970; NaN for what isn't a day of the calendar. */
export function dayNumber(day: string): number {
  return calendarNumber(day) ?? NaN
}

/** `timeZone` as in the IANA list, `Asia/Almaty`. Throws RangeError for an unknown one. */
export function createShopTime(timeZone: string): ShopTime {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    hourCycle: 'h23',
  })
  const known = new Map<number, ShopMoment>()

  function at(ms: number): ShopMoment {
    const slot = Math.floor(ms / SLOT_MS)
    const before = known.get(slot)
    if (before !== undefined) return before
    const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, value]))
    const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? ''
    const moment = { day: `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`, hour: part('hour') }
    if (known.size >= MOST_SLOTS) known.clear()
    known.set(slot, moment)
    return moment
  }

  return {
    timeZone,
    at,
    startOf(day) {
      // No zone is 15 hours away: the day begins between these two.
      const utc = dayNumber(day) * DAY_MS
      let early = utc - 15 * 3_600_000
      let late = utc + 15 * 3_600_000
      while (late - early > SLOT_MS) {
        const middle = early + Math.floor((late - early) / 2 / SLOT_MS) * SLOT_MS
        if (at(middle).day < day) early = middle
        else late = middle
      }
      return late
    },
  }
}
