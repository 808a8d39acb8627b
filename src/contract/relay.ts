/**
 * What the page and the proxy's relay say to each other: `POST {base}/api/ikkm/{deviceId}/send`.
 * The relay sends the request to the device once, with `Connection: close`, and never repeats it.
 */
import * as v from 'valibot'
import type { DeviceAnswer } from './device.ts'

/** Path of the relay for one configured device, appended to the proxy's base address. */
export function relayPath(deviceId: string): string {
  return `/api/ikkm/${encodeURIComponent(deviceId)}/send`
}

/** Longest that a relay waits for the device, in ms: a Z report and a little. */
export const RELAY_MAX_TIMEOUT_MS = 100_000
/** How much longer than the relay the page waits, in ms, so that the relay's own verdict arrives first. */
export const RELAY_MARGIN_MS = 5_000

/** Only paths that the document names (source 004) go through; no dots, no scheme, no query inside. */
const DEVICE_PATH =
  /^\/(?:api|apiwithdraw|apideposit|apixreport|apizreport|apibank|apicheck|apiprint|apimanage|dump)(?:\/[A-Za-z0-9]+)*\/?$/

/** Request body, JSON. `timeoutMs` is how long the relay waits for the device's whole reply. */
export const RelayRequestSchema = v.object({
  method: v.picklist(['GET', 'POST']),
  path: v.pipe(v.string(), v.maxLength(200), v.regex(DEVICE_PATH)),
  query: v.pipe(v.string(), v.maxLength(2_000), v.regex(/^[\x21-\x22\x24-\x7e]*$/)),
  body: v.nullable(v.pipe(v.string(), v.maxLength(256_000))),
  timeoutMs: v.pipe(v.number(), v.integer(), v.minValue(100), v.maxValue(RELAY_MAX_TIMEOUT_MS)),
})
export type RelayRequest = v.InferOutput<typeof RelayRequestSchema>

/** Reply body with HTTP status 200, JSON: what the device answered, or that it didn't. */
export const RelayReplySchema = v.variant('kind', [
  v.object({ kind: v.literal('reply'), status: v.number(), reason: v.string(), body: v.string() }),
  v.object({
    kind: v.literal('silence'),
    cause: v.picklist(['timeout', 'network', 'cut', 'aborted', 'relay']),
    sent: v.picklist(['never', 'perhaps']),
    detail: v.optional(v.string()),
  }),
])

/** Reads a relay's reply; null when it is none. */
export function parseRelayReply(value: unknown): DeviceAnswer | null {
  const parsed = v.safeParse(RelayReplySchema, value)
  if (!parsed.success) return null
  const answer = parsed.output
  if (answer.kind === 'reply') return answer
  const { kind, cause, sent, detail } = answer
  return detail === undefined ? { kind, cause, sent } : { kind, cause, sent, detail }
}

/**
 * HTTP statuses with which the relay refuses BEFORE it opens a connection to the device, always with a JSON object
 * as body (`FailureReply` of `errors.ts`). Only these prove that nothing was sent; any other status proves nothing.
 */
export const RELAY_REFUSALS: readonly number[] = [400, 401, 403, 404, 413, 429, 503]
