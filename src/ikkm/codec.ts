/**
 * The heart of the device protocol: a receipt becomes frozen bytes, a device answer becomes an outcome
 * (source 004, chapters 4, 5 and 11). Pure: no fetch, no timers, no clock.
 *
 * Beside it: `receipt-check.ts` (limits before encoding), `requests.ts` (every other request),
 * `info.ts`, `reports.ts`, `cheques.ts`, `bank.ts`, `directories.ts` (decoders of JSON replies),
 * `errors.ts` (what a code means and what the terminal does).
 */
import type { DeviceAnswer, DeviceReply, DeviceRequest } from '../contract/device.ts'
import { thousandthsToWire, tiynToWire } from '../domain/money.ts'
import { TENDERS, type BasisReceipt, type Receipt, type ReceiptRow } from '../domain/receipt.ts'
import { DEVICE_UTC_OFFSET_MINUTES, formatDeviceDay } from './device-time.ts'
import { checkReceipt } from './receipt-check.ts'

/** The bytes of an operation without the key, durable before the first send and never changed after it. */
export interface FrozenRequest {
  readonly method: 'POST'
  readonly path: string
  /** `application/x-www-form-urlencoded` UTF-8 text; empty where the operation has no parameter of its own. */
  readonly body: string
}

/** A read without the key. */
export interface ReadRequest {
  readonly method: 'GET'
  readonly path: string
  /** Encoded query without the question mark; empty for none. */
  readonly query: string
}

/** A web-API key is a string of eight digits and may begin with 0 (source 004, chapter 4). */
export function isKey(text: string): boolean {
  return /^\d{8}$/.test(text)
}

/**
 * The request as it goes on the wire, with `key` as the first parameter (source 004, chapter 4).
 * Throws RangeError for anything but eight digits: sending without a key is a defect.
 */
export function withKey(request: FrozenRequest | ReadRequest, key: string): DeviceRequest {
  if (!isKey(key)) throw new RangeError('the web-API key must be eight digits')
  if (request.method === 'POST') {
    const body = request.body === '' ? `key=${key}` : `key=${key}&${request.body}`
    return { method: 'POST', path: request.path, query: '', body }
  }
  const query = request.query === '' ? `key=${key}` : `key=${key}&${request.query}`
  return { method: 'GET', path: request.path, query, body: null }
}

/**
 * `name=value` pairs as form text. Spaces become %20, which strict and naive decoders read alike;
 * a half surrogate becomes U+FFFD, because UTF-8 can't carry it.
 */
export function encodeForm(parameters: readonly (readonly [name: string, value: string])[]): string {
  return parameters.map(([name, value]) => `${name}=${encodeText(value)}`).join('&')
}

const HALF_SURROGATES = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g

function encodeText(text: string): string {
  return encodeURIComponent(text.replace(HALF_SURROGATES, '\uFFFD'))
}

export interface RegistrationOptions {
  /** The terminal's own mark such as `A-0137`: the only owner mark that a person can read on paper; null for none. */
  readonly mark: string | null
  /** Language of the lines that name the basis receipt of a return. Default `ru`. */
  readonly language?: 'ru' | 'kk' | 'en'
  /** The shop's distance from UTC in minutes, for the basis receipt's date. Default: Kazakhstan, UTC+5. */
  readonly utcOffsetMinutes?: number
}

/**
 * Freezes a registration (source 004, chapter 5.1): type and total, payments, tax, print, itemdata, footer.
 * Throws RangeError for a receipt that `checkReceipt` objects to: ask it first and show what it says.
 */
export function encodeRegistration(receipt: Receipt, options: RegistrationOptions): FrozenRequest {
  const problem = checkReceipt(receipt)[0]
  if (problem) throw new RangeError(`receipt can't be registered: ${problem.kind}`)
  const parameters: [string, string][] = [[receipt.kind, tiynToWire(receipt.total)]]
  for (const tender of TENDERS) {
    const amount = receipt.payments[tender]
    if (amount) parameters.push([tender, tiynToWire(amount)])
  }
  if (receipt.taxId !== null) parameters.push(['tax', receipt.taxId])
  const print = [...(receipt.basis ? basisLines(receipt.basis, options) : []), ...textLines(receipt.printText)]
  if (print.length > 0) parameters.push(['print', print.join('\n')])
  if (receipt.rows.length > 0) parameters.push(['itemdata', JSON.stringify(receipt.rows.map(wireRow))])
  const footer = [...textLines(options.mark), ...textLines(receipt.footerText)]
  if (footer.length > 0) parameters.push(['footer', footer.join('\n')])
  return { method: 'POST', path: '/api/', body: encodeForm(parameters) }
}

function wireRow(row: ReceiptRow): Record<string, string> {
  if (row.kind === 'discount') return { name: row.name, discount: tiynToWire(row.discount) }
  return {
    name: row.name,
    price: tiynToWire(row.price),
    qty: thousandthsToWire(row.quantity),
    sum: tiynToWire(row.sum),
  }
}

function textLines(text: string | null): string[] {
  return text === null || text === '' ? [] : text.split(/\r\n|\r|\n/)
}

/** Lines of at most 24 characters: the narrowest font of the internal printer (source 004, chapter 5.1). */
function basisLines(basis: BasisReceipt, options: RegistrationOptions): string[] {
  const day = formatDeviceDay(basis.registeredAt, options.utcOffsetMinutes ?? DEVICE_UTC_OFFSET_MINUTES)
  const total = tiynToWire(basis.total)
  switch (options.language ?? 'ru') {
    case 'ru':
      return [`Возврат по чеку ${basis.number}`, `от ${day}`, `на сумму ${total}`]
    case 'kk':
      return [`Қайтару, чек ${basis.number}`, `күні ${day}`, `сомасы ${total}`]
    case 'en':
      return [`Return of ${basis.number}`, `dated ${day}`, `total ${total}`]
  }
}

/** Why nothing can be concluded from an exchange. */
export type UnknownWhy =
  'timeout' | 'network' | 'cut' | 'aborted' | 'relay' | 'html' | 'garbage' | 'empty' | 'status' | 'contradiction'

/** The device accepted and gave the next key. `number` is null where the path lost the reason phrase. */
export interface KeyOutcome {
  readonly kind: 'key'
  readonly key: string
  readonly number: number | null
}

/** The device accepted without a new key. */
export interface ZeroOutcome {
  readonly kind: 'zero'
  readonly reason: string
}

/** The device refused with a documented or undocumented negative code; `errors.ts` says what it means. */
export interface CodeOutcome {
  readonly kind: 'code'
  readonly code: number
  readonly reason: string
}

/** Neither done nor failed: ask the device, or a person. */
export interface UnknownOutcome {
  readonly kind: 'unknown'
  readonly why: UnknownWhy
  /** `never` only where no byte can have reached the device. */
  readonly sent: 'never' | 'perhaps'
  /** Bounded technical text for the journal, never a basis for a decision. */
  readonly detail: string
}

export type Outcome = KeyOutcome | ZeroOutcome | CodeOutcome | UnknownOutcome

/** A decoded JSON reply. */
export type Decoded<T> = { readonly kind: 'ok'; readonly value: T } | CodeOutcome | UnknownOutcome

const DETAIL_LENGTH = 200

/** An unknown outcome after a whole reply: the device may have executed the request. */
export function unknownReply(why: UnknownWhy, reply: DeviceReply, note = ''): UnknownOutcome {
  const text = `${note}${note === '' ? '' : ': '}${reply.status} ${reply.reason} ${reply.body.slice(0, DETAIL_LENGTH)}`
  return { kind: 'unknown', why, sent: 'perhaps', detail: boundedText(text) }
}

/** Printable text of at most 200 characters. */
export function boundedText(text: string): string {
  const printable = text.slice(0, 2 * DETAIL_LENGTH).replace(/[\u0000-\u001f\u007f]+/g, ' ')
  return printable.trim().slice(0, DETAIL_LENGTH)
}

/** What the body alone says, before status and reason are compared with it. */
export type BodyMeaning =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'zero' }
  | { readonly kind: 'code'; readonly code: number }
  | { readonly kind: 'other'; readonly why: UnknownWhy }

/** Reads the text body of a reply: exactly eight digits, `0`, a negative code, or nothing to rely on. */
export function readBody(body: string): BodyMeaning {
  const text = body.trim()
  if (isKey(text)) return { kind: 'key', key: text }
  if (text === '0') return { kind: 'zero' }
  const code = /^- ?([1-9]\d{0,2})$/.exec(text)
  if (code) return { kind: 'code', code: -Number(code[1]) }
  if (text === '') return { kind: 'other', why: 'empty' }
  if (/^\d{1,7}$/.test(text) || text === '-') return { kind: 'other', why: 'cut' }
  return { kind: 'other', why: text.startsWith('<') ? 'html' : 'garbage' }
}

/**
 * A receipt number in the reason phrase; null where there is none. `OK` is what servers and proxies put
 * where they lost the device's phrase, so it counts as lost and not as a contradiction.
 */
export function readReasonNumber(reason: string): number | null | 'contradiction' {
  const text = reason.trim()
  if (text === '' || text.toUpperCase() === 'OK') return null
  return /^\d{1,12}$/.test(text) ? Number(text) : 'contradiction'
}

/**
 * The outcome of a registration, a deposit or a withdrawal (source 004, chapters 5.2 and 5.3).
 * Success is status 200, a body of exactly eight digits after trimming, and a reason that is a number or lost.
 * The body decides, never the reason's text; what doesn't fit together is unknown.
 */
export function decodeRegistrationReply(answer: DeviceAnswer): Outcome {
  return decodeTextReply(answer, true)
}

/** The outcome of X, Z, bank start, print, status and session commands: `0` and a word in the reason phrase. */
export function decodeCommandReply(answer: DeviceAnswer): Outcome {
  return decodeTextReply(answer, false)
}

function decodeTextReply(answer: DeviceAnswer, reasonIsNumber: boolean): Outcome {
  if (answer.kind === 'silence') return silenceOutcome(answer)
  const meaning = readBody(answer.body)
  if (meaning.kind === 'other') return unknownReply(meaning.why, answer)
  if (meaning.kind === 'code') return codeReply(meaning.code, answer)
  if (answer.status !== 200) return unknownReply(answer.status === 400 ? 'contradiction' : 'status', answer)
  if (meaning.kind === 'zero') return { kind: 'zero', reason: boundedText(answer.reason) }
  const number = readReasonNumber(answer.reason)
  if (number !== 'contradiction') return { kind: 'key', key: meaning.key, number }
  return reasonIsNumber ? unknownReply('contradiction', answer) : { kind: 'key', key: meaning.key, number: null }
}

/** A negative body is a refusal only under status 400 and without a receipt number (source 004, chapter 5.2). */
export function codeReply(code: number, reply: DeviceReply): CodeOutcome | UnknownOutcome {
  if (reply.status === 200) return unknownReply('contradiction', reply)
  if (reply.status !== 400) return unknownReply('status', reply)
  if (/^\d+$/.test(reply.reason.trim())) return unknownReply('contradiction', reply)
  return { kind: 'code', code, reason: boundedText(reply.reason) }
}

/** No whole reply: unknown, with what the transport knows. */
export function silenceOutcome(answer: Exclude<DeviceAnswer, DeviceReply>): UnknownOutcome {
  return { kind: 'unknown', why: answer.cause, sent: answer.sent, detail: boundedText(answer.detail ?? answer.cause) }
}
