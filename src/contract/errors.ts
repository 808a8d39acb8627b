/**
 * Everything that can go wrong between the app, the proxy and the servers behind it, as literal kinds.
 * Texts in the person's language live in `src/i18n`; `text` is what a server said, to be shown as text only
 * (it may hold markup and line breaks: source 000, errors).
 */
import * as v from 'valibot'

/** Failures that only the app can see. */
const CLIENT_FAILURE_KINDS = ['proxy-away', 'proxy-timeout', 'proxy-answer'] as const

/** Failures of the proxy itself: access, limits, bad requests. */
export const PROXY_FAILURE_KINDS = [
  'not-paired',
  'wrong-code',
  'too-many-attempts',
  'origin-refused',
  'host-refused',
  'rate-limited',
  'body-too-large',
  'bad-request',
  'not-found',
  'device-unknown',
  'device-busy',
  // Another till holds the register of the relay; it was handed on meanwhile; a request of its holder is under way.
  'register-held',
  'register-changed',
  'register-in-use',
  'path-refused',
  // The shop server: an owner's token is needed; another tablet took this till's place; the database can't be reached.
  'not-owner',
  'till-replaced',
  'no-database',
  'proxy-stopping',
  'proxy-defect',
] as const

/** Failures on the way to iikoServer or ATOL Online, whichever it was (`upstream` says). */
const UPSTREAM_FAILURE_KINDS = [
  'upstream-unreachable',
  'upstream-name',
  'upstream-refused',
  'upstream-reset',
  'upstream-no-tls',
  'upstream-old-tls',
  'upstream-needs-tls',
  'upstream-timeout',
  'upstream-certificate',
  'upstream-redirect',
  'upstream-not-api',
  'upstream-broken-answer',
  'upstream-too-large',
  'upstream-busy',
] as const

/** What iikoServer answered (source 000, "Описание ошибок"). */
const IIKO_FAILURE_KINDS = [
  'iiko-bad-request',
  'iiko-login',
  'iiko-licence-missing',
  'iiko-licence-slots',
  'iiko-no-right',
  'iiko-forbidden',
  'iiko-not-found',
  'iiko-conflict',
  'iiko-server',
  'iiko-unexpected',
] as const

/** What ATOL Online answered (source 003, chapter 3). */
const ATOL_FAILURE_KINDS = [
  'atol-validation',
  'atol-wrong-login',
  'atol-missing-token',
  'atol-expired-token',
  'atol-unauthorized',
  'atol-forbidden',
  'atol-not-found',
  'atol-server',
  'atol-unexpected',
] as const

export const FAILURE_KINDS = [
  ...CLIENT_FAILURE_KINDS,
  ...PROXY_FAILURE_KINDS,
  ...UPSTREAM_FAILURE_KINDS,
  ...IIKO_FAILURE_KINDS,
  ...ATOL_FAILURE_KINDS,
] as const

export type FailureKind = (typeof FAILURE_KINDS)[number]

/** Longest server text that is passed on, in characters: enough for a person, too little for a dump. */
export const MAX_FAILURE_TEXT = 2_000

const nullableText = v.nullable(v.string())
/** A field that a proxy of an earlier version doesn't send. */
const later = v.optional(nullableText, null)

/** A failure as the proxy answers it and as the screens store and show it. */
export const failureSchema = v.object({
  kind: v.picklist(FAILURE_KINDS),
  upstream: v.nullable(v.picklist(['iiko', 'atol', 'ikkm'])),
  /** HTTP status of the upstream's answer; null where there was none. */
  status: v.nullable(v.number()),
  /** The server's own words, shown as text with `white-space: pre-line`. */
  text: nullableText,
  /** iiko: number of the licence module that is missing or has no free slot. */
  module: nullableText,
  /** iiko: name of the licence to ask the vendor for (source 001); null when unknown. */
  licence: nullableText,
  /** ATOL: id that the support asks for (source 003, chapter 3). */
  traceId: nullableText,
  /** Field-wise errors: ATOL's `errors`, or what was wrong with the request to the proxy. */
  details: v.array(v.object({ field: v.string(), messages: v.array(v.string()) })),
  /** ATOL: address of the error's description, and of what it happened to (RFC 7807). */
  problemType: later,
  instance: later,
  /** SHA-256 fingerprint of the certificate that the server showed: what a person would pin. */
  fingerprint: nullableText,
  /** Name of the system or the library for what happened on the way, as in the log: `ECONNREFUSED`. */
  code: later,
  /** The proxy's request id, the same as in its log. */
  requestId: nullableText,
})

export type Failure = v.InferOutput<typeof failureSchema>

/** A failure with everything unknown left null. */
export function failure(kind: FailureKind, parts: Partial<Omit<Failure, 'kind'>> = {}): Failure {
  return {
    kind,
    upstream: null,
    status: null,
    text: null,
    module: null,
    licence: null,
    traceId: null,
    details: [],
    problemType: null,
    instance: null,
    fingerprint: null,
    code: null,
    requestId: null,
    ...parts,
  }
}

/** An expected failure is a value. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure }

export function success<T>(value: T): Result<T> {
  return { ok: true, value }
}

export function failed(kind: FailureKind, parts: Partial<Omit<Failure, 'kind'>> = {}): Result<never> {
  return { ok: false, failure: failure(kind, parts) }
}

/** Envelope of every failed answer of the proxy. */
export const failureReplySchema = v.object({ ok: v.literal(false), demo: v.boolean(), failure: failureSchema })

/** Envelope of every good answer of the proxy; `demo` is true where the data are invented. */
export function replySchema<T extends v.GenericSchema>(data: T) {
  return v.object({ ok: v.literal(true), demo: v.boolean(), data })
}
