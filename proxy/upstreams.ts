/** Everything behind the proxy: real servers where they are configured, the demo's models where not. */
import { createAtolModel } from '../src/demo/atol.ts'
import { createIikoModel } from '../src/demo/iiko.ts'
import type { UpstreamCall, UpstreamResult } from '../src/demo/upstream-wire.ts'
import { createAtolClient, type AtolClient } from './atol.ts'
import type { ProxySettings, UpstreamSettings } from './config.ts'
import { createIikoClient, iikoBaseUrl, passwordHash, type IikoClient } from './iiko.ts'
import { createRelay, type Relay } from './ikkm-relay.ts'
import type { Logger } from './log.ts'
import { createHttpTransport, type UpstreamTransport } from './upstream.ts'

/** The demo's servers know this account; nothing of it is secret. */
const DEMO_ACCOUNT = { login: 'demo', password: 'demo-account' }
const DEMO_SHIFTS = 3_000
const DEMO_SLOTS = 3
const DEMO_DEVICES = 2_500

export interface Upstreams {
  readonly iiko: IikoClient
  readonly atol: AtolClient
  readonly relay: Relay
  close(): Promise<void>
}

interface Model {
  handle(call: UpstreamCall): UpstreamResult
}

/** A transport that ends in a model instead of a socket; the model is made when it is first asked. */
export function modelTransport(create: () => Model): UpstreamTransport {
  let model: Model | null = null
  return {
    send: (request) => {
      const call = { ...request, query: new URLSearchParams(request.query), body: request.body ?? '' }
      model ??= create()
      const { status, contentType, body } = model.handle(call)
      return Promise.resolve({ kind: 'reply', status, contentType, body })
    },
    close: () => undefined,
  }
}

function iikoParts(settings: UpstreamSettings | null, now: () => number) {
  if (settings !== null)
    return { settings, transport: createHttpTransport(iikoBaseUrl(settings.url), settings.fingerprint) }
  const { login, password } = DEMO_ACCOUNT
  const create = () =>
    createIikoModel({ login, passwordHash: passwordHash(password), now, shifts: DEMO_SHIFTS, slots: DEMO_SLOTS })
  return { settings: DEMO_ACCOUNT, transport: modelTransport(create) }
}

function atolParts(settings: UpstreamSettings | null, now: () => number) {
  if (settings !== null) return { settings, transport: createHttpTransport(settings.url, settings.fingerprint) }
  const create = () => createAtolModel({ ...DEMO_ACCOUNT, now, devices: DEMO_DEVICES })
  return { settings: DEMO_ACCOUNT, transport: modelTransport(create) }
}

/** Opens nothing: connections are made when something is asked. */
export function createUpstreams(settings: ProxySettings, logger: Logger, now: () => number = Date.now): Upstreams {
  const iiko = createIikoClient({ ...iikoParts(settings.iiko, now), logger, now })
  const atol = createAtolClient({ ...atolParts(settings.atol, now), logger, now })
  const relay = createRelay(settings.devices, logger)
  return {
    iiko,
    atol,
    relay,
    async close() {
      await Promise.all([iiko.close(), atol.close(), relay.close()])
    },
  }
}
