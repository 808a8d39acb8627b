/**
 * What the page and the proxy's relay say to each other: `POST {base}/api/ikkm/{deviceId}/send`.
 * The relay sends the request to the device once, with `Connection: close`, and never repeats it.
 */
import * as v from 'valibot'
import { prefixSchema, tillIdSchema } from './config.ts'
import { MAX_REQUEST_BODY, type DeviceAnswer } from './device.ts'

/** Path of the relay for one configured device, appended to the proxy's base address. */
export function relayPath(deviceId: string): string {
  return `/api/ikkm/${encodeURIComponent(deviceId)}/send`
}

/** Path of who holds that device (GET, `?till=`), and of handing it on (POST). */
export function leasePath(deviceId: string): string {
  return `/api/ikkm/${encodeURIComponent(deviceId)}/lease`
}

/** Longest that a relay waits for the device, in ms: a Z report and a little. */
export const RELAY_MAX_TIMEOUT_MS = 100_000
/** How much longer than the relay the page waits, in ms, so that the relay's own verdict arrives first. */
export const RELAY_MARGIN_MS = 5_000

/** Only paths that the document names (source 004) go through; no dots, no scheme, no query inside. */
const DEVICE_PATH =
  /^\/(?:api|apiwithdraw|apideposit|apixreport|apizreport|apibank|apicheck|apiprint|apimanage|dump)(?:\/[A-Za-z0-9]+)*\/?$/

/**
 * Who asks and what for. `work` needs the register for this till, and takes a free one; `look` doesn't where the request
 * changes nothing. `term` is the holding under which the caller read what it goes by; null where it read nothing yet.
 */
const leaseAskSchema = v.object({
  till: tillIdSchema,
  letters: v.nullable(prefixSchema),
  use: v.picklist(['work', 'look']),
  term: v.nullable(v.pipe(v.string(), v.maxLength(64))),
})
export type LeaseAsk = v.InferOutput<typeof leaseAskSchema>

/** Request body, JSON. `timeoutMs` is how long the relay waits for the device's whole reply. */
export const RelayRequestSchema = v.object({
  method: v.picklist(['GET', 'POST']),
  path: v.pipe(v.string(), v.maxLength(200), v.regex(DEVICE_PATH)),
  query: v.pipe(v.string(), v.maxLength(2_000), v.regex(/^[\x21-\x22\x24-\x7e]*$/)),
  body: v.nullable(v.pipe(v.string(), v.maxLength(MAX_REQUEST_BODY))),
  timeoutMs: v.pipe(v.number(), v.integer(), v.minValue(100), v.maxValue(RELAY_MAX_TIMEOUT_MS)),
  lease: v.optional(leaseAskSchema),
})
export type RelayRequest = v.InferOutput<typeof RelayRequestSchema>

/** Longest `Date` header that is carried on; both its forms are shorter. */
export const MAX_DATE = 64

/** Reply body with HTTP status 200, JSON: what the device answered, or that it didn't. */
const RelayReplySchema = v.variant('kind', [
  v.object({
    kind: v.literal('reply'),
    status: v.number(),
    reason: v.string(),
    body: v.string(),
    date: v.optional(v.pipe(v.string(), v.maxLength(MAX_DATE))),
  }),
  v.object({
    kind: v.literal('silence'),
    cause: v.picklist(['timeout', 'network', 'cut', 'aborted', 'relay']),
    sent: v.picklist(['never', 'perhaps']),
    detail: v.optional(v.string()),
  }),
])

const LOOK_PATH = /^\/(?:apicheck(?:\/getInfo)?\/?|dump\/.+)$/
const LOOK_PARAMETERS: readonly string[] = ['key', 'show', 'getPrintMode']

/**
 * Whether a request changes nothing at the register, whoever sends it and however late it is executed: its state, its
 * lists and its reports by GET, with no parameter that switches something (source 004, chapters 7 and 9). No key is used
 * up by them.
 */
export function onlyLooks({ method, path, query }: Pick<RelayRequest, 'method' | 'path' | 'query'>): boolean {
  const names = [...new URLSearchParams(query).keys()]
  return method === 'GET' && LOOK_PATH.test(path) && names.every((name) => LOOK_PARAMETERS.includes(name))
}

/** Who holds a register, as a till is told. Times in ms since 1970, by the server's clock, which stands in `atMs`. */
export const leaseViewSchema = v.object({
  holder: v.nullable(
    v.object({
      /** Letters in the marks of the till that holds it; null where it didn't tell them. */
      letters: v.nullable(v.string()),
      sinceMs: v.number(),
      lastUseMs: v.number(),
      term: v.string(),
    }),
  ),
  /** The till that asks is the one. */
  mine: v.boolean(),
  /** Ms until no request of the holder can be executed any more; 0: it may be handed on now. */
  busyMs: v.number(),
  atMs: v.number(),
})
export type LeaseView = v.InferOutput<typeof leaseViewSchema>

/** A person at `till` takes the register over from the holding that they saw; null: they saw it free. */
export const takeOverSchema = v.strictObject({
  till: tillIdSchema,
  letters: v.nullable(prefixSchema),
  seenTerm: v.nullable(v.pipe(v.string(), v.maxLength(64))),
})
export type TakeOverRequest = v.InferOutput<typeof takeOverSchema>

/** Body of an answer about a lease; the refusals of the relay carry `lease` beside their failure too. */
export const leaseReplySchema = v.object({ lease: leaseViewSchema })

/** Reads a relay's reply; null when it is none. */
export function parseRelayReply(value: unknown): DeviceAnswer | null {
  const parsed = v.safeParse(RelayReplySchema, value)
  if (!parsed.success) return null
  const answer = parsed.output
  if (answer.kind === 'reply') {
    const { date, ...reply } = answer
    return date === undefined ? reply : { ...reply, date }
  }
  const { kind, cause, sent, detail } = answer
  return detail === undefined ? { kind, cause, sent } : { kind, cause, sent, detail }
}

/**
 * HTTP statuses with which the relay refuses BEFORE it opens a connection to the device, always with a JSON object
 * as body (`FailureReply` of `errors.ts`). Only these prove that nothing was sent; any other status proves nothing.
 */
export const RELAY_REFUSALS: readonly number[] = [400, 401, 403, 404, 409, 413, 429, 503]
