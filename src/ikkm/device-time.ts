/** Dates of the device: local time without a zone, in three formats (source 004, chapters 6.2 and 9.2). */

/** All of Kazakhstan keeps UTC+5 since 1 March 2024. */
export const DEVICE_UTC_OFFSET_MINUTES = 300

const MINUTE_MS = 60_000

/**
 * Reads `yyyy-MM-dd HH:mm:ss`, the same without seconds, and `dd-MM-yyyy HH:mm:ss` as ms since the epoch;
 * null for anything else and for dates that don't exist.
 */
export function parseDeviceTime(value: unknown, utcOffsetMinutes = DEVICE_UTC_OFFSET_MINUTES): number | null {
  if (typeof value !== 'string') return null
  const local = parseUsual(value) ?? parseUnusual(value)
  return local === null ? null : local - utcOffsetMinutes * MINUTE_MS
}

/** A date names the second that it lies in, or the minute where the seconds are left out: so many ms more. */
export const SECOND_WIDTH_MS = 999
export const MINUTE_WIDTH_MS = 59_999

/** A moment between `at` and `at + widthMs`, ms since the epoch. */
export interface DatedMoment {
  readonly at: number
  readonly widthMs: number
}

/**
 * Reads a `Date` header: `yyyy-MM-dd HH:mm` in the register's own time as the document's samples have it (chapters 5.2
 * and 11.1), the same with seconds, or the form that HTTP asks for, which is in UTC. Null for anything else.
 */
export function parseDateHeader(value: string, utcOffsetMinutes = DEVICE_UTC_OFFSET_MINUTES): DatedMoment | null {
  const text = value.trim()
  const local = parseDeviceTime(text, utcOffsetMinutes)
  if (local !== null) return { at: local, widthMs: /\d:\d\d:\d\d$/.test(text) ? SECOND_WIDTH_MS : MINUTE_WIDTH_MS }
  if (!/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text)) return null
  const at = Date.parse(text)
  return Number.isNaN(at) ? null : { at, widthMs: SECOND_WIDTH_MS }
}

const [DASH, SPACE, COLON] = [45, 32, 58]

/** The two forms of the reports, without copies: the simulation reads them millions of times. */
function parseUsual(text: string): number | null {
  if (text.length !== 19 && text.length !== 16) return null
  if (text.charCodeAt(4) !== DASH || text.charCodeAt(7) !== DASH) return null
  if (text.charCodeAt(10) !== SPACE || text.charCodeAt(13) !== COLON) return null
  if (text.length === 19 && text.charCodeAt(16) !== COLON) return null
  const second = text.length === 19 ? digits(text, 17, 2) : 0
  const day = digits(text, 8, 2)
  return utc(digits(text, 0, 4), digits(text, 5, 2), day, digits(text, 11, 2), digits(text, 14, 2), second)
}

function digits(text: string, start: number, count: number): number {
  let value = 0
  for (let index = start; index < start + count; index += 1) {
    const digit = text.charCodeAt(index) - 48
    if (!(digit >= 0 && digit <= 9)) return Number.NaN
    value = value * 10 + digit
  }
  return value
}

function parseUnusual(text: string): number | null {
  const match = /^\s*(\d{2,4})[-.](\d{2})[-.](\d{2,4})(?:[ T](\d{1,2}):\s?(\d{2})(?::\s?(\d{2}))?)?\s*$/.exec(text)
  const [, first = '', month = '', last = '', hour = '0', minute = '0', second = '0'] = match ?? []
  if (first.length + last.length !== 6) return null
  const [year, day] = first.length === 4 ? [first, last] : [last, first]
  return utc(Number(year), Number(month), Number(day), Number(hour), Number(minute), Number(second))
}

const DAYS_IN_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** NaN anywhere gives null, as do dates that don't exist. */
function utc(year: number, month: number, day: number, hour: number, minute: number, second: number): number | null {
  const lastDay =
    month === 2 && new Date(Date.UTC(year, 2, 0)).getUTCDate() === 28 ? 28 : (DAYS_IN_MONTH[month - 1] ?? 0)
  const exists = year > 0 && day >= 1 && day <= lastDay && hour < 24 && minute < 60 && second < 60
  return exists ? Date.UTC(year, month - 1, day, hour, minute, second) : null
}

/** `dd.MM.yyyy HH:mm` in the shop's time, as printed on paper. */
export function formatDeviceDay(at: number, utcOffsetMinutes = DEVICE_UTC_OFFSET_MINUTES): string {
  const iso = new Date(at + utcOffsetMinutes * MINUTE_MS).toISOString()
  return `${iso.slice(8, 10)}.${iso.slice(5, 7)}.${iso.slice(0, 4)} ${iso.slice(11, 16)}`
}
