/** Days of the calendar as `YYYY-MM-DD`, and as numbers to count with: whole days since 1 January 1970. */

const DAY_MS = 86_400_000

/** Null for what is no day of the calendar: `2026-02-30` is none. */
export function dayNumber(day: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return null
  const number = Date.parse(`${day}T00:00:00Z`) / DAY_MS
  return Number.isNaN(number) || dayOfNumber(number) !== day ? null : number
}

export function dayOfNumber(number: number): string {
  return new Date(number * DAY_MS).toISOString().slice(0, 10)
}

/** The day so many days later; before it where `days` is negative. Throws RangeError for what is no day. */
export function addDays(day: string, days: number): string {
  const number = dayNumber(day)
  if (number === null) throw new RangeError(`no day: ${day}`)
  return dayOfNumber(number + days)
}
