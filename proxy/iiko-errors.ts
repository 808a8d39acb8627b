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

const BLOCKED_BEFORE = 'module '
const BLOCKED_AFTER = ' is blocked within current license'
const NO_SLOTS = 'no connections available for module '
const NO_RIGHT = 'permission denied'
const MAX_MODULE = 120
/** A module's name is a number or a few words. */
const MAX_MODULE_WORDS = 4

/** The module of "Module %s is blocked within current license"; null when the text says something else. */
function blockedModule(text: string, lower: string): string | null {
  const end = lower.indexOf(BLOCKED_AFTER)
  const start = end < 0 ? -1 : lower.lastIndexOf(BLOCKED_BEFORE, end)
  if (start < 0) return null
  const module = text.slice(start + BLOCKED_BEFORE.length, end).trim()
  return module === '' || module.length > MAX_MODULE ? null : module
}

/** The module of "no connections available for module %s"; null when the text says something else. */
function fullModule(text: string, lower: string): string | null {
  const at = lower.indexOf(NO_SLOTS)
  if (at < 0) return null
  const rest = text.slice(at + NO_SLOTS.length).split('<', 1)[0] ?? ''
  const words =
    rest.split('\n', 1)[0]?.trim().split(' ').slice(0, MAX_MODULE_WORDS).join(' ').slice(0, MAX_MODULE) ?? ''
  const module = words.replace(/[).,;]{1,3}$/, '')
  return module === '' ? null : module
}

function forbidden(body: string): Failure {
  // Runs of blanks become one, line by line: the rest is looked for as plain text, in one pass however long it is.
  const lines = body.split('\n').map((line) =>
    line
      .split(/[ \t\r]/)
      .filter((word) => word !== '')
      .join(' '),
  )
  const text = lines.join('\n')
  const lower = text.toLowerCase()
  const blocked = blockedModule(text, lower)
  if (blocked !== null) return failure('iiko-licence-missing', { module: blocked, licence: licenceOf(blocked) })
  const full = fullModule(text, lower)
  if (full !== null) return failure('iiko-licence-slots', { module: full, licence: licenceOf(full) })
  return failure(lower.includes(NO_RIGHT) ? 'iiko-no-right' : 'iiko-forbidden')
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

/** `clean` takes our own secrets out of what the server said. */
export function silenceFailure(
  silence: UpstreamSilence,
  upstream: 'iiko' | 'atol',
  clean: (text: string) => string,
): Failure {
  return failure(silence.failure, {
    upstream,
    fingerprint: silence.fingerprint,
    code: silence.code ?? null,
    text: silence.text === undefined ? null : clean(silence.text),
  })
}
