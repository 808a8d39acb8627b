/** iiko's error answers, told apart (source 000, "Описание ошибок"; licences: source 001). */
import { failure, MAX_FAILURE_TEXT, type Failure, type FailureKind } from '../src/contract/errors.ts'
import { IIKO_SERVER_MODULE } from '../src/contract/iiko.ts'
import { looksLikeHtml } from './wire.ts'
import type { UpstreamReply, UpstreamSilence } from './upstream.ts'

/** Everything below `/resto/api` belongs to the server API's licence (source 001, "iikoServer"). */
const SERVER_LICENCE = 'iikoAPIServer'

/** Modules whose licence the sources name; every other module of this API is the server API's. */
const LICENCES: Readonly<Record<string, string>> = {
  [IIKO_SERVER_MODULE]: SERVER_LICENCE,
  '21016318': 'iikoAPIFront',
}
const LICENCE_NAMES = [
  'iikoAPIFront Web',
  'iikoAPIFront',
  'iikoAPIPayment',
  'iikoAPI Delivery',
  'iikoDelivery',
  'iikoAPI Cloud',
]

/** Licence to ask the vendor for, from the module's number or name in the error. */
export function licenceOf(module: string): string {
  const known = LICENCES[module] ?? LICENCE_NAMES.find((name) => module.toLowerCase().includes(name.toLowerCase()))
  return known ?? SERVER_LICENCE
}

const BLOCKED = /Module\s+(.{1,120}?)\s+is blocked within current license/i
const NO_SLOTS = /no connections available for module\s+([^\s<]{1,120}(?:[ \t]+[^\s<]{1,60}){0,3})/i
const NO_RIGHT = /Permission denied/i

function forbidden(text: string): Failure {
  const blocked = BLOCKED.exec(text)?.[1]?.trim()
  if (blocked !== undefined) return failure('iiko-licence-missing', { module: blocked, licence: licenceOf(blocked) })
  const full = NO_SLOTS.exec(text)?.[1]
    ?.trim()
    .replace(/[).,;]+$/, '')
  if (full !== undefined) return failure('iiko-licence-slots', { module: full, licence: licenceOf(full) })
  return failure(NO_RIGHT.test(text) ? 'iiko-no-right' : 'iiko-forbidden')
}

const BY_STATUS: Readonly<Record<number, FailureKind>> = {
  400: 'iiko-bad-request',
  401: 'iiko-login',
  404: 'iiko-not-found',
  409: 'iiko-conflict',
}

/** A failure for an answer that isn't a success. `clean` takes our own secrets out of the server's text. */
export function iikoFailure(reply: UpstreamReply, clean: (text: string) => string): Failure {
  const common = { upstream: 'iiko', status: reply.status } as const
  // An HTML page is written by Tomcat or a box in between: its text says nothing to a person.
  if (looksLikeHtml(reply.contentType, reply.body)) return failure('upstream-not-api', common)
  const text = clean(reply.body.trim()).slice(0, MAX_FAILURE_TEXT)
  const shown = { ...common, text: text === '' ? null : text }
  if (reply.status === 403) return { ...forbidden(text), ...shown }
  const kind = BY_STATUS[reply.status] ?? (reply.status >= 500 ? 'iiko-server' : 'iiko-unexpected')
  return failure(kind, shown)
}

export function silenceFailure(silence: UpstreamSilence, upstream: 'iiko' | 'atol'): Failure {
  return failure(silence.failure, { upstream, fingerprint: silence.fingerprint })
}
