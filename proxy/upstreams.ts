/** Everything behind the proxy: real servers where they are configured, the demo's models where not. */
import { join } from 'node:path'
import { createAtolModel } from './models/atol.ts'
import { createIikoModel } from './models/iiko.ts'
import type { UpstreamCall, UpstreamResult } from './models/wire.ts'
import { atolBaseUrl, createAtolClient, type AtolClient } from './atol.ts'
import type { ProxySettings, UpstreamSettings } from './config.ts'
import { createIikoClient, iikoBaseUrl, passwordHash, type IikoClient } from './iiko.ts'
import { createHealth, type Health } from './health.ts'
import { createRelay, type Relay } from './ikkm-relay.ts'
import { createKeptToken } from './kept-token.ts'
import type { Logger } from './log.ts'
import { createRegisterLeases } from './register-lease.ts'
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
function modelTransport(create: () => Model): UpstreamTransport {
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

function iikoParts(settings: UpstreamSettings | null, stateDir: string, now: () => number) {
  if (settings !== null) {
    const url = iikoBaseUrl(settings.url)
    const kept = createKeptToken(join(stateDir, 'iiko-token.json'), { url, login: settings.login })
    return {
      settings,
      transport: createHttpTransport(url, settings.fingerprint, { ...settings.limits, connections: 1 }),
      kept,
    }
  }
  const { login, password } = DEMO_ACCOUNT
  const create = () =>
    createIikoModel({ login, passwordHash: passwordHash(password), now, shifts: DEMO_SHIFTS, slots: DEMO_SLOTS })
  return { settings: DEMO_ACCOUNT, transport: modelTransport(create) }
}

function atolParts(settings: UpstreamSettings | null, now: () => number) {
  if (settings !== null) {
    const transport = createHttpTransport(atolBaseUrl(settings.url), settings.fingerprint, settings.limits)
    return { settings, transport }
  }
  const create = () => createAtolModel({ ...DEMO_ACCOUNT, now, devices: DEMO_DEVICES })
  return { settings: DEMO_ACCOUNT, transport: modelTransport(create) }
}

/** Opens nothing: connections are made when something is asked. */
export function createUpstreams(
  settings: ProxySettings,
  logger: Logger,
  now: () => number = Date.now,
  health: Health = createHealth(now),
  relaySpacingMs?: number,
): Upstreams {
  const iiko = createIikoClient({
    ...iikoParts(settings.iiko, settings.stateDir, now),
    logger,
    now,
    health: health.notesOf('iiko'),
  })
  const atol = createAtolClient({ ...atolParts(settings.atol, now), logger, now, health: health.notesOf('atol') })
  const leases = createRegisterLeases({ stateDir: settings.stateDir, logger, now })
  const relay = createRelay(settings.devices, logger, leases, health, relaySpacingMs)
  return {
    iiko,
    atol,
    relay,
    async close() {
      await Promise.all([iiko.close(), atol.close(), relay.close()])
    },
  }
}
