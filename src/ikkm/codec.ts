/**
 * The heart of the device protocol: a receipt becomes frozen bytes, a device answer becomes an outcome
 * (source 004, chapters 4, 5 and 11). Pure: no fetch, no timers, no clock.
 *
 * Beside it: `receipt-check.ts` (limits before encoding), `requests.ts` (every other request),
 * `info.ts`, `reports.ts`, `cheques.ts`, `bank-replies.ts`, `directories.ts` (decoders of JSON replies),
 * `codes.ts` (what a code means and what the terminal does), `errors.ts` (its sentences).
 */
import { MAX_REQUEST_BODY, type DeviceAnswer, type DeviceReply, type DeviceRequest } from '../contract/device.ts'
import { withBarcode } from '../domain/mark.ts'
import { thousandthsToWire, tiynToWire } from '../domain/money.ts'
import { TENDERS, type BasisReceipt, type Receipt, type ReceiptRow } from '../domain/receipt.ts'
import { HANDED_ON, HELD_BY_TILL, NOT_CARRIED } from './codes.ts'
import { DEVICE_UTC_OFFSET_MINUTES, formatDeviceDay } from './device-time.ts'
import { linesOf } from './print-text.ts'
import { checkReceipt, type ReceiptProblem } from './receipt-check.ts'

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
  /** A barcode under the mark, by which a scanner finds the receipt again. Default: none. */
  readonly barcode?: boolean
  /** Language of the lines that name the basis receipt of a return. Default `ru`. */
  readonly language?: 'ru' | 'kk' | 'en'
  /** The shop's distance from UTC in minutes, for the basis receipt's date. Default: Kazakhstan, UTC+5. */
  readonly utcOffsetMinutes?: number
}

/** Room for the key and a mark of any length that a terminal gives, with its barcode. */
const KEY_AND_MARK_ROOM = 200

/** Bytes that lack nothing but the mark, or why there are none. */
export type Frozen =
  | {
      readonly kind: 'frozen'
      /** Puts the mark in. Only joins text: it can't fail inside the transaction that gives the mark. */
      readonly withMark: (mark: string | null) => FrozenRequest
    }
  | { readonly kind: 'refused'; readonly problem: ReceiptProblem }

/**
 * Freezes a registration (source 004, chapter 5.1) before its mark is known: type and total, payments, tax, print,
 * itemdata, footer. Refuses what `checkReceipt` objects to and what no relay would carry (`MAX_REQUEST_BODY`).
 */
export function freezeRegistration(receipt: Receipt, options: Omit<RegistrationOptions, 'mark'>): Frozen {
  const problem = checkReceipt(receipt)[0]
  if (problem) return { kind: 'refused', problem }
  const parameters: [string, string][] = [[receipt.kind, tiynToWire(receipt.total)]]
  for (const tender of TENDERS) {
    const amount = receipt.payments[tender]
    if (amount) parameters.push([tender, tiynToWire(amount)])
  }
  if (receipt.taxId !== null) parameters.push(['tax', receipt.taxId])
  const print = [...(receipt.basis ? basisLines(receipt.basis, options) : []), ...linesOf(receipt.printText)]
  if (print.length > 0) parameters.push(['print', print.join('\n')])
  if (receipt.rows.length > 0) parameters.push(['itemdata', JSON.stringify(receipt.rows.map(wireRow))])
  const head = encodeForm(parameters)
  const footer = linesOf(receipt.footerText).map(encodeText)
  const length = head.length + footer.join(LINE_END).length + KEY_AND_MARK_ROOM
  if (length > MAX_REQUEST_BODY) {
    return { kind: 'refused', problem: { kind: 'requestTooLong', length, limit: MAX_REQUEST_BODY } }
  }
  return {
    kind: 'frozen',
    withMark(mark) {
      const lines = [...linesOf(options.barcode && mark ? withBarcode(mark) : mark).map(encodeText), ...footer]
      const body = lines.length === 0 ? head : `${head}&footer=${lines.join(LINE_END)}`
      return { method: 'POST', path: '/api/', body }
    },
  }
}

/** A line break as the form carries it. */
const LINE_END = '%0A'

/** The same with its mark. Throws RangeError for a receipt that can't be frozen. */
export function encodeRegistration(receipt: Receipt, options: RegistrationOptions): FrozenRequest {
  const frozen = freezeRegistration(receipt, options)
  if (frozen.kind === 'refused') throw new RangeError(`receipt can't be registered: ${frozen.problem.kind}`)
  return frozen.withMark(options.mark)
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

/** Lines of at most 19 characters (`NARROWEST_PAPER`) as long as the number has six digits: no printer breaks them. */
function basisLines(basis: BasisReceipt, options: Omit<RegistrationOptions, 'mark'>): string[] {
  const day = formatDeviceDay(basis.registeredAt, options.utcOffsetMinutes ?? DEVICE_UTC_OFFSET_MINUTES)
  const total = tiynToWire(basis.total)
  switch (options.language ?? 'ru') {
    case 'ru':
      return [`Возврат, чек ${basis.number}`, `от ${day}`, `сумма ${total}`]
    case 'kk':
      return [`Қайтару, чек ${basis.number}`, day, `сомасы ${total}`]
    case 'en':
      return [`Return of ${basis.number}`, `of ${day}`, `total ${total}`]
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

/** The device refused with a documented or undocumented negative code; `codes.ts` says what it means. */
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
function boundedText(text: string): string {
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

const RELAY_CODES = { refused: NOT_CARRIED, held: HELD_BY_TILL, handedOn: HANDED_ON } as const

/** No whole reply: unknown, with what the transport knows; a code only where our relay says why it sent nothing. */
export function silenceOutcome(answer: Exclude<DeviceAnswer, DeviceReply>): UnknownOutcome | CodeOutcome {
  const { cause } = answer
  if (cause === 'refused' || cause === 'held' || cause === 'handedOn') {
    return { kind: 'code', code: RELAY_CODES[cause], reason: boundedText(answer.detail ?? '') }
  }
  return { kind: 'unknown', why: cause, sent: answer.sent, detail: boundedText(answer.detail ?? cause) }
}
