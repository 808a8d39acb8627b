/**
 * Straight from the page to the device. Only from a window: workers are barred from the local
 * network. Every failure is silence that may have reached the device: a refused connection and a lost answer look alike.
 */
import type { DeviceAnswer, DeviceRequest, DeviceTransport } from '../../contract/device.ts'
import { targetAddressSpace } from '../address.ts'

export interface DirectTransportOptions {
  /** Origin of the device: `http://192.168.1.50:8080`. */
  readonly origin: string
  /** Protocol of the page with its colon, `location.protocol`. */
  readonly pageProtocol: string
  /** `no-cors` sees no reply at all; it only tells a dead device from one without CORS headers. */
  readonly mode?: 'cors' | 'no-cors'
  readonly fetch?: typeof fetch
  /** Default: whether this browser knows `targetAddressSpace`. */
  readonly knowsAddressSpaces?: boolean
}

/** `targetAddressSpace` is newer than TypeScript's library. */
type DeviceRequestInit = RequestInit & { targetAddressSpace?: 'loopback' | 'local' }

/** Whether the browser can name the address space of a request, and with it cross from HTTPS to the device's HTTP. */
export function browserKnowsAddressSpaces(): boolean {
  return typeof Request !== 'undefined' && 'targetAddressSpace' in Request.prototype
}

export function createDirectTransport(options: DirectTransportOptions): DeviceTransport {
  const { origin, mode = 'cors' } = options
  const send: typeof fetch = options.fetch ?? ((input, init) => fetch(input, init))
  const knows = options.knowsAddressSpaces ?? browserKnowsAddressSpaces()
  const space = knows ? targetAddressSpace(new URL(origin).hostname, options.pageProtocol) : null

  function initOf(request: DeviceRequest, signal: AbortSignal): DeviceRequestInit {
    return {
      method: request.method,
      mode,
      cache: 'no-store',
      credentials: 'omit',
      redirect: mode === 'no-cors' ? 'follow' : 'error',
      referrerPolicy: 'no-referrer',
      signal,
      // The one content type with parameters that needs no preflight; any other header would cause one.
      ...(request.body === null
        ? {}
        : { body: request.body, headers: { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' } }),
      ...(space === null ? {} : { targetAddressSpace: space }),
    }
  }

  return {
    kind: 'direct',
    async send(request, { timeoutMs, signal }): Promise<DeviceAnswer> {
      if (signal?.aborted === true) return { kind: 'silence', cause: 'aborted', sent: 'never' }
      const controller = new AbortController()
      let cause: 'network' | 'cut' | 'timeout' | 'aborted' = 'network'
      const stop = (why: 'timeout' | 'aborted'): void => {
        cause = why
        controller.abort()
      }
      const timer = setTimeout(() => stop('timeout'), timeoutMs)
      const onAbort = (): void => stop('aborted')
      signal?.addEventListener('abort', onAbort, { once: true })
      try {
        const url = `${origin}${request.path}${request.query === '' ? '' : `?${request.query}`}`
        const response = await send(url, initOf(request, controller.signal))
        cause = 'cut'
        const body = await response.text()
        // Hidden from the page unless the register exposes it: no header of the simple ones.
        const date = response.headers.get('date')
        return {
          kind: 'reply',
          status: response.status,
          reason: decodeReason(response.statusText),
          body,
          ...(date === null ? {} : { date }),
        }
      } catch (error) {
        return { kind: 'silence', cause, sent: 'perhaps', detail: String(error).slice(0, 200) }
      } finally {
        clearTimeout(timer)
        signal?.removeEventListener('abort', onAbort)
      }
    },
  }
}

/** Browsers read the reason phrase as latin1; bytes that are UTF-8 become letters again. */
export function decodeReason(statusText: string): string {
  if (!/[\u0080-\u00ff]/.test(statusText) || /[^\u0000-\u00ff]/.test(statusText)) return statusText
  try {
    const bytes = Uint8Array.from(statusText, (letter) => letter.charCodeAt(0))
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return statusText
  }
}
