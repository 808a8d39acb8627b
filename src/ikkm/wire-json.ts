/**
 * Tolerant reading of the device's JSON (source 004, chapters 6 to 9): numbers come quoted or bare, fields are
 * missing, unknown fields appear. Written by hand because the queue's audit and the simulation read replies
 * millions of times; everything behind these functions is strictly typed.
 */
import type { DeviceAnswer, DeviceReply } from '../contract/device.ts'
import { thousandthsFromWire, tiynFromWire, type Thousandths, type Tiyn } from '../domain/money.ts'
import {
  codeReply,
  readBody,
  silenceOutcome,
  unknownReply,
  type CodeOutcome,
  type Decoded,
  type UnknownOutcome,
} from './codec.ts'

/** A JSON object of the device. */
export type WireObject = Readonly<Record<string, unknown>>

/** A row that couldn't be decoded: kept and shown, never dropped. */
export interface BrokenRow {
  /** Place in the reply, counted from 0. */
  readonly index: number
  /** The row as it came, at most 500 characters. */
  readonly raw: string
  /** The field that was missing or unreadable. */
  readonly field: string
}

export interface Rows<T> {
  readonly rows: readonly T[]
  readonly broken: readonly BrokenRow[]
}

const RAW_LENGTH = 500

/** JSON of a reply with status 200, with the reply for the case that the JSON turns out to be something else. */
export interface ReadReply {
  readonly kind: 'json'
  readonly json: unknown
  readonly reply: DeviceReply
}

/** The JSON of an answer, or why there is none. */
export function readJson(answer: DeviceAnswer): ReadReply | CodeOutcome | UnknownOutcome {
  if (answer.kind === 'silence') return silenceOutcome(answer)
  const body = answer.body.trim()
  const first = body[0]
  if (first !== '{' && first !== '[') {
    const meaning = readBody(body)
    if (meaning.kind === 'code') return codeReply(meaning.code, answer)
    return unknownReply(meaning.kind === 'other' ? meaning.why : 'garbage', answer)
  }
  if (answer.status !== 200) return unknownReply('status', answer)
  const json = parseJson(body)
  if (json !== undefined) return { kind: 'json', json, reply: answer }
  const last = body.at(-1)
  return unknownReply(last === '}' || last === ']' ? 'garbage' : 'cut', answer)
}

/** The document's own samples end lists with a comma (chapters 6.2, 9.2): a strict parse first, then without them. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    try {
      return JSON.parse(text.replace(/("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])/g, (_, quoted?: string) => quoted ?? ''))
    } catch {
      return undefined
    }
  }
}

/** Decodes one JSON object; `decode` names the field that failed where it can't give a value. */
export function decodeObject<T extends object>(
  answer: DeviceAnswer,
  decode: (object: WireObject) => T | string,
): Decoded<T> {
  const read = readJson(answer)
  if (read.kind !== 'json') return read
  const value = isObject(read.json) ? decode(read.json) : 'object'
  return typeof value === 'string' ? unknownReply('garbage', read.reply, `no ${value}`) : { kind: 'ok', value }
}

/** Decodes a JSON array row by row; `decode` names the field that failed where it can't give a row. */
export function decodeRows<T extends object>(
  answer: DeviceAnswer,
  decode: (object: WireObject) => T | string,
): Decoded<Rows<T>> {
  const list = readList(answer)
  return list.kind === 'ok' ? { kind: 'ok', value: readRows(list.value, decode) } : list
}

/** The JSON array of an answer. An empty table may come as {} where a server can't tell it from []. */
export function readList(answer: DeviceAnswer): Decoded<readonly unknown[]> {
  const read = readJson(answer)
  if (read.kind !== 'json') return read
  if (Array.isArray(read.json)) return { kind: 'ok', value: read.json }
  if (isObject(read.json) && Object.keys(read.json).length === 0) return { kind: 'ok', value: [] }
  return unknownReply('garbage', read.reply, 'no list')
}

/** Splits a JSON list into decoded and broken rows. */
export function readRows<T extends object>(
  list: readonly unknown[],
  decode: (object: WireObject) => T | string,
): Rows<T> {
  const rows: T[] = []
  const broken: BrokenRow[] = []
  list.forEach((item, index) => {
    const row = isObject(item) ? decode(item) : 'object'
    if (typeof row === 'string') broken.push(brokenRow(index, item, row))
    else rows.push(row)
  })
  return { rows, broken }
}

/** A row that is kept as text because it can't be read. */
export function brokenRow(index: number, item: unknown, field: string): BrokenRow {
  return { index, raw: (JSON.stringify(item) ?? 'undefined').slice(0, RAW_LENGTH), field }
}

export function isObject(value: unknown): value is WireObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Text of a string or number; null for anything else and for blank text. */
export function text(value: unknown): string | null {
  if (typeof value === 'number') return String(value)
  if (typeof value !== 'string') return null
  const trimmed = value.trim()
  return trimmed === '' ? null : trimmed
}

/** A whole number of at most 15 digits, quoted or bare; null for anything else. */
export function integer(value: unknown): number | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : null
  if (typeof value !== 'string') return null
  const plain = plainDecimal(value, 0)
  if (plain !== null) return plain
  return /^\s*-?\d{1,15}(?:\.0*)?\s*$/.test(value) ? Number(value) : null
}

/** Tiyn of an amount in tenge, quoted or bare, surplus decimals rounded; null for anything else. */
export function amount(value: unknown): Tiyn | null {
  return (quickly(value, 2, 100) as Tiyn | null) ?? tiynFromWire(value)
}

/** Thousandths of a quantity, quoted or bare, surplus decimals rounded; null for anything else. */
export function quantity(value: unknown): Thousandths | null {
  return (quickly(value, 3, 1000) as Thousandths | null) ?? thousandthsFromWire(value)
}

/** What nearly every number on the wire is: a decimal with few enough places. Null leaves it to the money module. */
function quickly(value: unknown, places: number, units: number): number | null {
  if (typeof value === 'string') return plainDecimal(value, places)
  if (typeof value !== 'number') return null
  const whole = Math.round(value * units)
  // Adding 0 turns a negative zero into zero.
  return Number.isSafeInteger(whole) && whole / units === value ? whole + 0 : null
}

/** Digits with an optional minus and at most `places` decimals, read without a copy. */
function plainDecimal(digits: string, places: number): number | null {
  const negative = digits.charCodeAt(0) === 45
  const start = negative ? 1 : 0
  let value = 0
  let decimals = -1
  let index = start
  for (; index < digits.length; index += 1) {
    const code = digits.charCodeAt(index)
    if (code === 46 && decimals < 0 && index > start) decimals = 0
    else if (code < 48 || code > 57 || decimals === places) return null
    else {
      value = value * 10 + code - 48
      if (decimals >= 0) decimals += 1
    }
  }
  if (index === start || index - start > 12 || decimals === 0) return null
  for (let place = Math.max(decimals, 0); place < places; place += 1) value *= 10
  return negative && value !== 0 ? -value : value
}

/** `true`, `1`, `"true"`, `"1"` and their opposites; null for anything else. */
export function truth(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value
  const word = text(value)?.toLowerCase()
  if (word === 'true' || word === '1') return true
  return word === 'false' || word === '0' ? false : null
}

/** `opened`, `open`, `closed` and the numbers 1 and 0 of the shift list; null for anything else. */
export function shiftOpen(value: unknown): boolean | null {
  const word = text(value)?.toLowerCase()
  if (word === 'opened' || word === 'open') return true
  return word === 'closed' || word === 'close' ? false : truth(value)
}
