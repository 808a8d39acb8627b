/** Days of the calendar on the wall, in the tablet's own time zone, like every time that its screens show. */

const two = (value: number): string => String(value).padStart(2, '0')

/** From its first moment up to but not including that of the next day, ms: 23 or 25 hours where the clock is changed. */
export interface DaySpan {
  readonly from: number
  readonly to: number
}

function dayAt(year: number, month: number, day: number): DaySpan {
  return { from: new Date(year, month, day).getTime(), to: new Date(year, month, day + 1).getTime() }
}

/** The day of a moment, or the one so many days before it. */
export function dayOf(ms: number, daysBefore = 0): DaySpan {
  const date = new Date(ms)
  return dayAt(date.getFullYear(), date.getMonth(), date.getDate() - daysBefore)
}

/** The day of a moment as `YYYY-MM-DD`. */
export function calendarDay(ms: number): string {
  const date = new Date(ms)
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** A day as `YYYY-MM-DD`; null for anything else. */
export function writtenDay(text: string): DaySpan | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)
  return match === null ? null : typedDay(`${match[3] ?? ''}.${match[2] ?? ''}.${match[1] ?? ''}`, 0)
}

/** The day that a person typed as `dd.mm.yyyy`, or as `dd.mm` of this year; null for anything else. */
export function typedDay(text: string, nowMs: number): DaySpan | null {
  const match = /^(\d{1,2})[./](\d{1,2})(?:[./](\d{4}))?$/.exec(text.trim())
  if (match === null) return null
  const [day, month, year] = [Number(match[1]), Number(match[2]), Number(match[3] ?? new Date(nowMs).getFullYear())]
  const span = dayAt(year, month - 1, day)
  const date = new Date(span.from)
  return date.getDate() === day && date.getMonth() === month - 1 ? span : null
}
