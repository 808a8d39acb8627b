/**
 * Through the proxy's relay (src/contract/relay.ts), where the browser can't read the device: no CORS headers, mixed
 * content, Firefox, Safari. The relay copies the reason phrase and never repeats a request.
 */
import * as v from 'valibot'
import type { DeviceAnswer, DeviceSilence, DeviceTransport } from '../../contract/device.ts'
import type { FailureKind } from '../../contract/errors.ts'
import {
  leaseReplySchema,
  parseRelayReply,
  RELAY_MARGIN_MS,
  RELAY_MAX_TIMEOUT_MS,
  RELAY_REFUSALS,
  relayPath,
  type LeaseAsk,
  type LeaseView,
  type RelayRequest,
} from '../../contract/relay.ts'
import { http } from '../../http/client.ts'

export interface RelayTransportOptions {
  /** Base address of the proxy without a slash at the end; empty for the page's own origin. */
  readonly base: string
  /** Id of the device in the proxy's configuration. */
  readonly deviceId: string
  /** Token of the pairing, null where the proxy asks for none. Read anew for every request. */
  readonly token: () => string | null
  /** Which till asks, for the relay that lets one till write to a register; null names none. Read anew every time. */
  readonly lease?: () => Omit<LeaseAsk, 'term'> | null
  /**
   * Whether what was read through this transport is gone by later: it then names the holding under which it read, and a
   * register that was handed to another till and back takes nothing more before a new look.
   */
  readonly fenced?: boolean
  /** The relay refused because of who holds the register. */
  readonly onHolder?: (lease: LeaseView) => void
}

export function createRelayTransport(options: RelayTransportOptions): DeviceTransport {
  const url = `${options.base}${relayPath(options.deviceId)}`
  /** The holding under which the last answer came; null before the first one. */
  let term: string | null = null

  function asked(): Pick<RelayRequest, 'lease'> {
    const who = options.lease?.() ?? null
    return who === null ? {} : { lease: { ...who, term: options.fenced === true ? term : null } }
  }

  function learn(status: number, json: object | null): void {
    const parsed = v.safeParse(status === 409 ? leaseReplySchema : sentSchema, json)
    if (!parsed.success) return
    if ('term' in parsed.output) term = parsed.output.term
    else {
      // What it refused for another holding is looked at again under this one.
      if (parsed.output.lease.mine) term = parsed.output.lease.holder?.term ?? null
      options.onHolder?.(parsed.output.lease)
    }
  }

  return {
    kind: 'relay',
    async send(request, { timeoutMs, signal }): Promise<DeviceAnswer> {
      if (signal?.aborted === true) return { kind: 'silence', cause: 'aborted', sent: 'never' }
      const relayTimeoutMs = Math.min(timeoutMs, RELAY_MAX_TIMEOUT_MS)
      const controller = new AbortController()
      let cause: DeviceSilence['cause'] = 'relay'
      const stop = (why: 'timeout' | 'aborted'): void => {
        cause = why
        controller.abort()
      }
      const timer = setTimeout(() => stop('timeout'), relayTimeoutMs + RELAY_MARGIN_MS)
      const onAbort = (): void => stop('aborted')
      signal?.addEventListener('abort', onAbort, { once: true })
      const token = options.token()
      try {
        const response = await http.raw<string>(url, {
          method: 'POST',
          body: { ...request, timeoutMs: relayTimeoutMs, ...asked() } satisfies RelayRequest,
          headers: token === null ? {} : { authorization: `Bearer ${token}` },
          credentials: 'omit',
          signal: controller.signal,
        })
        const body = response._data ?? ''
        learn(response.status, parseObject(body))
        return readRelayReply(response.status, body)
      } catch (error) {
        return { kind: 'silence', cause, sent: 'perhaps', detail: String(error).slice(0, 200) }
      } finally {
        clearTimeout(timer)
        signal?.removeEventListener('abort', onAbort)
      }
    },
  }
}

const sentSchema = v.object({ term: v.string() })

/** What the relay's HTTP answer says about the device. Only a documented refusal with JSON proves that nothing was sent. */
export function readRelayReply(status: number, body: string): DeviceAnswer {
  const json = parseObject(body)
  const answer = status === 200 ? parseRelayReply(json) : null
  if (answer) return answer
  const refused = RELAY_REFUSALS.includes(status) && json !== null
  return {
    kind: 'silence',
    cause: refused ? causeOf(failureKind(json)) : 'relay',
    sent: refused ? 'never' : 'perhaps',
    detail: `${status} ${body.slice(0, 180)}`,
  }
}

/** What is wrong with the request itself: it is refused however often it comes. */
const FOR_GOOD: readonly unknown[] = ['bad-request', 'body-too-large'] satisfies FailureKind[]

function causeOf(kind: unknown): DeviceSilence['cause'] {
  if (kind === ('register-held' satisfies FailureKind)) return 'held'
  if (kind === ('register-changed' satisfies FailureKind)) return 'handedOn'
  return FOR_GOOD.includes(kind) ? 'refused' : 'relay'
}

function failureKind(json: object): unknown {
  const failure: unknown = 'failure' in json ? json.failure : null
  return typeof failure === 'object' && failure !== null && 'kind' in failure ? failure.kind : null
}

function parseObject(body: string): object | null {
  try {
    const json: unknown = JSON.parse(body)
    return typeof json === 'object' && json !== null ? json : null
  } catch {
    return null
  }
}
