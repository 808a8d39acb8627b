/** How the device reads and writes numbers, dates and forms (source 004, chapters 3 and 9). */
import type { DeviceReply, DeviceRequest } from '../contract/device.ts'

/**
 * A number as the device reads it: digits with an optional dot, rounded half up beyond `places` decimals
 * (chapter 3). Returns units of 10^-places, NaN for anything else. Commas, spaces and exponents are no numbers.
 */
export function deviceNumber(text: string, places: number): number {
  let index = text.charCodeAt(0) === 45 ? 1 : 0
  const negative = index === 1
  let value = 0
  let whole = 0
  let decimals = -1
  for (; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code === 46) {
      if (decimals >= 0 || whole === 0) return Number.NaN
      decimals = 0
      continue
    }
    const digit = code - 48
    if (digit < 0 || digit > 9) return Number.NaN
    if (decimals < 0) {
      whole += 1
      value = value * 10 + digit
    } else {
      if (decimals < places) value = value * 10 + digit
      else if (decimals === places && digit >= 5) value += 1
      decimals += 1
    }
  }
  if (whole === 0 || decimals === 0) return Number.NaN
  for (let place = Math.max(decimals, 0); place < places; place += 1) value *= 10
  return negative ? -value : value
}

/** Tiyn with exactly two decimals: `1108.00`. */
export function twoDecimals(tiyn: number): string {
  const absolute = Math.abs(tiyn)
  const cents = absolute % 100
  const text = `${(absolute - cents) / 100}.${cents < 10 ? '0' : ''}${cents}`
  return tiyn < 0 ? `-${text}` : text
}

const DAY_MS = 86_400_000
/** Dates of one day are asked for again and again: the last one's text is kept. */
const lastDay = { day: Number.NaN, text: '' }

function twoDigits(value: number): string {
  return value < 10 ? `0${value}` : String(value)
}

/** `yyyy-MM-dd HH:mm:ss` on the device's clock. */
export function deviceDate(ms: number, utcOffsetMinutes: number): string {
  const local = Math.floor(ms) + utcOffsetMinutes * 60_000
  const day = Math.floor(local / DAY_MS)
  if (day !== lastDay.day) {
    lastDay.text = new Date(day * DAY_MS).toISOString().slice(0, 10)
    lastDay.day = day
  }
  const seconds = Math.floor((local - day * DAY_MS) / 1000)
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor(seconds / 60) % 60
  return `${lastDay.text} ${twoDigits(hours)}:${twoDigits(minutes)}:${twoDigits(seconds % 60)}`
}

/** `dd-MM-yyyy HH:mm:ss`, the form of bank results alone (chapter 6.2, its sample). */
export function bankDate(ms: number, utcOffsetMinutes: number): string {
  const text = deviceDate(ms, utcOffsetMinutes)
  return `${text.slice(8, 10)}-${text.slice(5, 7)}-${text.slice(0, 4)}${text.slice(10)}`
}

function decoded(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text
  if (!spaced.includes('%')) return spaced
  try {
    return decodeURIComponent(spaced)
  } catch {
    // Broken escapes reach the parameter's own check as they are.
    return spaced
  }
}

/** Parameters of one request. The query comes before the body; the first of equal names counts. */
export class Form {
  private readonly names: string[] = []
  private readonly values: string[] = []
  private readonly bodyStart: number

  constructor(request: DeviceRequest) {
    this.read(request.query)
    this.bodyStart = this.names.length
    if (request.body !== null) this.read(request.body)
  }

  private read(text: string): void {
    let start = 0
    while (start < text.length) {
      let end = text.indexOf('&', start)
      if (end < 0) end = text.length
      if (end > start) {
        const equals = text.indexOf('=', start)
        const split = equals < 0 || equals > end ? end : equals
        this.names.push(decoded(text.slice(start, split)))
        this.values.push(decoded(text.slice(split + 1, end)))
      }
      start = end + 1
    }
  }

  /** How many parameters came. */
  get size(): number {
    return this.names.length
  }

  /** Value of a parameter; names are case-sensitive (chapter 3). null when it isn't there. */
  get(name: string): string | null {
    const index = this.names.indexOf(name)
    return index < 0 ? null : (this.values[index] ?? '')
  }

  /** True when the parameter stands in the query, where texts aren't allowed. */
  inQuery(name: string): boolean {
    const index = this.names.indexOf(name)
    return index >= 0 && index < this.bodyStart
  }

  /** True for `name=true`. */
  isSet(name: string): boolean {
    return this.get(name) === 'true'
  }
}

/** A success: status 200, the reason phrase and the body. */
export function accepted(reason: string, body: string): DeviceReply {
  return { kind: 'reply', status: 200, reason, body }
}

const refusals = new Map<string, DeviceReply>()

/** An error: status 400, its short reason of chapter 11.2 and its code of 11.1 as the body. */
export function refused(reason: string, code: number): DeviceReply {
  const name = `${reason}${code}`
  let reply = refusals.get(name)
  if (reply === undefined) {
    reply = { kind: 'reply', status: 400, reason, body: String(code) }
    refusals.set(name, reply)
  }
  return reply
}
