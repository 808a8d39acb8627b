/** ATOL Online's answers in, our shapes out (source 003). */
import { isRecord, parseJson } from '../src/contract/json.ts'
import type { AtolDevice, AtolPage } from '../src/contract/atol.ts'
import { failure, MAX_FAILURE_TEXT, type Failure, type FailureKind } from '../src/contract/errors.ts'
import type { UpstreamReply } from './upstream.ts'
import {
  asList,
  booleanOf,
  excerpt,
  hundredthsOf,
  integerOf,
  looksLikeHtml,
  pick,
  readRows,
  textOf,
  type WireObject,
} from './wire.ts'

/** One device; null without a serial number. `Timestamp` is the tables' spelling, `firstUnsetDocTimestamp` the wire's. */
export function readAtolDevice(value: unknown): AtolDevice | null {
  if (!isRecord(value)) return null
  const serialNumber = textOf(value.serialNumber)
  if (serialNumber === null) return null
  return {
    serialNumber,
    registrationNumber: textOf(value.registrationNumber),
    deviceNumber: textOf(value.deviceNumber),
    fiscalizationDate: textOf(value.fiscalizationDate),
    fiscalStorageExpiration: textOf(value.fiscalStorageExpiration),
    signedDocuments: integerOf(value.signedDocuments),
    fiscalStorageUse: hundredthsOf(value.fiscalStoragePercentageUse),
    fiscalStorageInn: textOf(value.fiscalStorageINN),
    fiscalStorageSerialNumber: textOf(value.fiscalStorageSerialNumber),
    fiscalStoragePaymentAddress: textOf(value.fiscalStoragePaymentAddress),
    groupCode: textOf(value.groupCode),
    timestamp: textOf(pick(value, 'timestamp', 'Timestamp')),
    isShiftOpened: booleanOf(value.isShiftOpened),
    shiftNumber: integerOf(value.shiftNumber),
    shiftReceipt: integerOf(value.shiftReceipt),
    unsentDocs: integerOf(value.unsentDocs) ?? 0,
    firstUnsentDocTimestamp: textOf(pick(value, 'firstUnsetDocTimestamp', 'firstUnsentDocTimestamp')),
    networkErrorCode: integerOf(value.networkErrorCode),
  }
}

/**
 * Limit and offset of the `next` link. Its host is never looked at: the next page is asked for at our own base
 * address. A link without readable numbers means the page after this one.
 */
function readNext(links: unknown, asked: { limit: number; offset: number }): AtolPage['next'] {
  const next = isRecord(links) ? links.next : null
  if (!isRecord(next)) return null
  const href = textOf(next.href) ?? ''
  const query = new URLSearchParams(href.includes('?') ? href.slice(href.indexOf('?') + 1) : '')
  const limit = integerOf(query.get('limit') ?? '') ?? asked.limit
  const offset = integerOf(query.get('offset') ?? '') ?? asked.offset + asked.limit
  // A link that leads back would page for ever.
  if (limit < 1 || offset <= asked.offset) return null
  return { limit, offset }
}

/** A page of devices: `_embedded` is a list of `{ _links, data }`, or the only one of them. Null when it's neither. */
export function readAtolPage(value: unknown, asked: { limit: number; offset: number }): AtolPage | null {
  if (!isRecord(value)) return null
  const embedded = value._embedded
  if (!Array.isArray(embedded) && !isRecord(embedded)) return null
  const { good, unreadable } = readRows(asList(embedded), (row: WireObject) => readAtolDevice(row.data))
  return {
    devices: good,
    total: integerOf(value.total),
    limit: integerOf(value.limit) ?? asked.limit,
    offset: integerOf(value.offset) ?? asked.offset,
    next: readNext(value._links, asked),
    unreadable,
  }
}

export interface AtolToken {
  readonly token: string
  /** ms since 1970; null when the answer didn't say. */
  readonly expiresAt: number | null
}

/** `expiresIn` counts MINUTES from `issued` (source 003, chapter 2.1). */
export function readAtolToken(value: unknown): AtolToken | null {
  if (!isRecord(value)) return null
  const token = textOf(value.token)
  if (token === null || token.length > 1_000 || !/^[\x21-\x7e]+$/.test(token)) return null
  const issued = Date.parse((textOf(value.issued) ?? '').replace(/(\.\d{3})\d+/, '$1'))
  const minutes = integerOf(value.expiresIn)
  return { token, expiresAt: Number.isNaN(issued) || minutes === null ? null : issued + minutes * 60_000 }
}

const BY_CODE: Readonly<Record<string, FailureKind>> = {
  WrongLoginOrPassword: 'atol-wrong-login',
  MissingToken: 'atol-missing-token',
  ExpiredToken: 'atol-expired-token',
}
const BY_STATUS: Readonly<Record<number, FailureKind>> = {
  400: 'atol-validation',
  401: 'atol-unauthorized',
  403: 'atol-forbidden',
  404: 'atol-not-found',
}

const PROBLEM_FIELDS = ['type', 'title', 'detail', 'instance', 'traceId', 'errorCode']
/** A problem is short; what comes behind is no part of it. */
const MAX_PROBLEM = 20_000

/** The document's own samples of errors aren't all valid JSON (a trailing comma): the fields are then read one by one. */
function problemOf(body: string): WireObject {
  const parsed = parseJson(body)
  if (isRecord(parsed)) return parsed
  const beginning = body.slice(0, MAX_PROBLEM)
  const field = (name: string) => {
    const at = beginning.indexOf(`"${name}"`)
    const value = at < 0 ? '' : beginning.slice(at + name.length + 2).trimStart()
    return /^:\s{0,20}"([^"\\]{1,500})"/.exec(value)?.[1]
  }
  return Object.fromEntries(PROBLEM_FIELDS.map((name) => [name, field(name)]))
}

function messagesOf(value: unknown): string[] {
  return asList(value)
    .slice(0, 20)
    .flatMap((message) => (isRecord(message) ? excerpt(message) : (textOf(message)?.slice(0, 500) ?? [])))
}

/** `errors`: an object of lists, as the chapter's samples have it, or the text or list that its table allows. */
function detailsOf(errors: unknown): Failure['details'] {
  if (!isRecord(errors)) {
    const messages = messagesOf(errors)
    return messages.length === 0 ? [] : [{ field: 'errors', messages }]
  }
  return Object.entries(errors)
    .slice(0, 50)
    .map(([field, messages]) => ({ field: field.slice(0, 200), messages: messagesOf(messages) }))
}

/**
 * RFC 7807 (source 003, chapter 3) as a failure. The HTTP status alone is enough; the rest is help for the person.
 * `asked` is what it was about: a token can't be unknown to the service that gives it.
 */
export function atolFailure(
  reply: UpstreamReply,
  clean: (text: string) => string,
  asked: 'token' | 'devices' = 'devices',
): Failure {
  const common = { upstream: 'atol', status: reply.status } as const
  if (looksLikeHtml(reply.contentType, reply.body)) return failure('upstream-not-api', common)
  const problem = problemOf(clean(reply.body))
  const known = textOf(problem.title) !== null || textOf(problem.traceId) !== null
  // The service would say so in words of its own: somebody else answers, or the address has a path too many.
  if (reply.status === 404 && (asked === 'token' || !known)) return failure('upstream-not-api', common)
  const title = textOf(problem.title)
  const detail = textOf(problem.detail)
  const words = [title, detail === title ? null : detail].filter((text) => text !== null).join('\n')
  const byStatus = BY_STATUS[reply.status] ?? (reply.status >= 500 ? 'atol-server' : 'atol-unexpected')
  const byCode = reply.status === 401 ? BY_CODE[textOf(problem.errorCode) ?? ''] : undefined
  return failure(byCode ?? byStatus, {
    ...common,
    text: words === '' ? null : words.slice(0, MAX_FAILURE_TEXT),
    traceId: textOf(problem.traceId)?.slice(0, 200) ?? null,
    details: detailsOf(problem.errors),
    problemType: textOf(problem.type)?.slice(0, 500) ?? null,
    instance: textOf(problem.instance)?.slice(0, 500) ?? null,
  })
}
