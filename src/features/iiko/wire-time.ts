/** iiko's times are the server's local time without zone (source 002): shown with the digits that it wrote. */

const WIRE_TIME = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2}))?)?/

/** Moment that shows the same digits on this tablet's clock, in ms; null for a text that is no time. */
export function wireMs(text: string | null): number | null {
  const match = text === null ? null : WIRE_TIME.exec(text)
  if (!match) return null
  const [year, month, day, hour, minute, second] = match.slice(1).map((part) => Number(part ?? 0))
  return new Date(year ?? 0, (month ?? 1) - 1, day, hour, minute, second).getTime()
}

/** `YYYY-MM-DD` of a wire time; empty where there is none. */
export function wireDay(text: string | null): string {
  return text === null || !WIRE_TIME.test(text) ? '' : text.slice(0, 10)
}
