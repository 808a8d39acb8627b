/**
 * One HTTP exchange with the iKKM device, as the app, the proxy's relay and the device model all see it
 * (source 004, chapters 3 to 5). Nothing here knows how the bytes travel.
 */

/** TCP port that the document fixes (chapter 3). The terminal accepts any other host and port too. */
export const DEVICE_PORT = 8080

/** Reply time-out in ms for ordinary requests (chapter 3). */
export const REPLY_TIMEOUT_MS = 30_000
/** Reply time-out in ms while a shift closes (chapter 3). */
export const SHIFT_CLOSE_TIMEOUT_MS = 90_000
/** Smallest distance in ms between two requests, counted over everything that talks to the device (chapter 3). */
export const REQUEST_SPACING_MS = 1_000

/** No request is executed later than this after it was sent, ms (assumption A2 of the queue). */
export const D_MAX_MS = 120_000

/** Longest body of a request in characters, key included: what the relay carries, and far above what paper holds. */
export const MAX_REQUEST_BODY = 256_000

export interface DeviceRequest {
  readonly method: 'GET' | 'POST'
  /** Path without query, exactly as sent: `/api/`, `/apicheck/getInfo`, `/dump/table/taxes`. */
  readonly path: string
  /** Encoded query without the question mark; empty for none. */
  readonly query: string
  /** `application/x-www-form-urlencoded` UTF-8 text; null for a GET. */
  readonly body: string | null
}

/** A whole HTTP reply came back. What it means is the codec's business (`src/ikkm`). */
export interface DeviceReply {
  readonly kind: 'reply'
  readonly status: number
  /** HTTP reason phrase; empty where the path lost it (HTTP/2, some proxies). */
  readonly reason: string
  readonly body: string
  /**
   * The `Date` header as it came (source 004, chapters 5.2 and 11.1): the register's clock. Absent where there was none
   * and where the browser hides it from the page.
   */
  readonly date?: string
}

/** No whole reply came back. */
export interface DeviceSilence {
  readonly kind: 'silence'
  /**
   * `refused`: our own relay won't ever carry this request. `held`: it lets another till write to this register.
   * `handedOn`: the register was handed to another till and back since this one looked. Nothing was sent.
   */
  readonly cause: 'timeout' | 'network' | 'cut' | 'aborted' | 'relay' | 'refused' | 'held' | 'handedOn'
  /**
   * `never`: proven that no byte reached the device (only a relay can know).
   * `perhaps`: the device may have executed the request.
   */
  readonly sent: 'never' | 'perhaps'
  /** Bounded technical text for the journal and the technician, never a basis for a decision. */
  readonly detail?: string
}

export type DeviceAnswer = DeviceReply | DeviceSilence

/** Carries one request to the device and back. Never retries, never rejects for network trouble. */
export interface DeviceTransport {
  readonly kind: 'direct' | 'relay' | 'demo'
  send(
    request: DeviceRequest,
    options: { readonly timeoutMs: number; readonly signal?: AbortSignal },
  ): Promise<DeviceAnswer>
}
