/**
 * Through the proxy's relay (src/contract/relay.ts), where the browser can't read the device: no CORS headers, mixed
 * content, Firefox, Safari. The relay copies the reason phrase and never repeats a request.
 */
import { ofetch } from 'ofetch'
import type { DeviceAnswer, DeviceSilence, DeviceTransport } from '../../contract/device.ts'
import {
  parseRelayReply,
  RELAY_MARGIN_MS,
  RELAY_MAX_TIMEOUT_MS,
  RELAY_REFUSALS,
  relayPath,
  type RelayRequest,
} from '../../contract/relay.ts'

export interface RelayTransportOptions {
  /** Base address of the proxy without a slash at the end; empty for the page's own origin. */
  readonly base: string
  /** Id of the device in the proxy's configuration. */
  readonly deviceId: string
  /** Token of the pairing, null where the proxy asks for none. Read anew for every request. */
  readonly token: () => string | null
}

export function createRelayTransport(options: RelayTransportOptions): DeviceTransport {
  const url = `${options.base}${relayPath(options.deviceId)}`
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
        const response = await ofetch.raw(url, {
          method: 'POST',
          body: { ...request, timeoutMs: relayTimeoutMs } satisfies RelayRequest,
          headers: token === null ? {} : { authorization: `Bearer ${token}` },
          responseType: 'text',
          retry: 0,
          ignoreResponseError: true,
          cache: 'no-store',
          credentials: 'omit',
          redirect: 'error',
          signal: controller.signal,
        })
        return readRelayReply(response.status, response._data ?? '')
      } catch (error) {
        return { kind: 'silence', cause, sent: 'perhaps', detail: String(error).slice(0, 200) }
      } finally {
        clearTimeout(timer)
        signal?.removeEventListener('abort', onAbort)
      }
    },
  }
}

/** What the relay's HTTP answer says about the device. Only a documented refusal with JSON proves that nothing was sent. */
export function readRelayReply(status: number, body: string): DeviceAnswer {
  const json = parseObject(body)
  const answer = status === 200 ? parseRelayReply(json) : null
  if (answer) return answer
  const refused = RELAY_REFUSALS.includes(status) && json !== null
  return {
    kind: 'silence',
    cause: 'relay',
    sent: refused ? 'never' : 'perhaps',
    detail: `${status} ${body.slice(0, 180)}`,
  }
}

function parseObject(body: string): object | null {
  try {
    const json: unknown = JSON.parse(body)
    return typeof json === 'object' && json !== null ? json : null
  } catch {
    return null
  }
}
