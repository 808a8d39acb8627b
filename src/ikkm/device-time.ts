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
  const match = /^\s*(\d{2,4})[-.](\d{2})[-.](\d{2,4})(?:[ T](\d{1,2}):\s?(\d{2})(?::\s?(\d{2}))?)?\s*$/.exec(value)
  if (!match) return null
  const first = match[1] ?? ''
  const last = match[3] ?? ''
  if (first.length + last.length !== 6) return null
  const [year, day] = first.length === 4 ? [first, last] : [last, first]
  const [month, hour, minute, second] = [match[2], match[4] ?? '0', match[5] ?? '0', match[6] ?? '0'].map(Number)
  if (month === undefined || hour === undefined || minute === undefined || second === undefined) return null
  const utc = Date.UTC(Number(year), month - 1, Number(day), hour, minute, second)
  const back = new Date(utc)
  const exists =
    back.getUTCMonth() === month - 1 && back.getUTCDate() === Number(day) && hour < 24 && minute < 60 && second < 60
  return exists ? utc - utcOffsetMinutes * MINUTE_MS : null
}

/** `dd.MM.yyyy HH:mm` in the shop's time, as printed on paper. */
export function formatDeviceDay(at: number, utcOffsetMinutes = DEVICE_UTC_OFFSET_MINUTES): string {
  const iso = new Date(at + utcOffsetMinutes * MINUTE_MS).toISOString()
  return `${iso.slice(8, 10)}.${iso.slice(5, 7)}.${iso.slice(0, 4)} ${iso.slice(11, 16)}`
}
