/** Listens: plain HTTP or TLS, limits on slow clients, graceful stop. */
import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { networkInterfaces } from 'node:os'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import packageJson from '../package.json' with { type: 'json' }
import { createAccess, loadPairingSecret, randomCode } from './access.ts'
import { createApp } from './app.ts'
import type { ProxySettings } from './config.ts'
import { SettingsError } from './config.ts'
import type { RateLimiter } from './limits.ts'
import { silentLogger, type Logger } from './log.ts'
import { isLoopbackAddress, isLoopbackName } from './security.ts'
import { createStaticFiles } from './static-files.ts'
import { createUpstreams, type Upstreams } from './upstreams.ts'

/** A whole request, body included, must have arrived in this time: slow bodies end here. */
const REQUEST_TIMEOUT_MS = 15_000
const HEADERS_TIMEOUT_MS = 5_000
const MAX_CONNECTIONS = 512
/** How long running requests may take to end after a stop signal. */
const STOP_GRACE_MS = 5_000
const LAST_WORDS_MS = 500

export interface RunningProxy {
  readonly origin: string
  readonly port: number
  /** Code for pairing other devices. */
  readonly pairingCode: string
  /** Addresses under which other devices in the network reach it; empty on loopback. */
  readonly lanOrigins: readonly string[]
  /** Ends running requests, logs out of iiko, closes the port. */
  close(): Promise<void>
}

export interface StartOptions {
  readonly logger?: Logger
  /** API only: Vite serves the app. */
  readonly withoutApp?: boolean
  readonly requestTimeoutMs?: number
  readonly stopGraceMs?: number
  /** For measurements and tests that ask without end. */
  readonly rateLimiter?: RateLimiter
}

function listen(server: Server, port: number, host: string): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.removeListener('error', reject)
      const address = server.address()
      if (address === null || typeof address === 'string') reject(new Error('no TCP address'))
      else resolve(address)
    })
  })
}

/** Listens on every address of the machine. */
function isAnyAddress(host: string): boolean {
  return host === '0.0.0.0' || host === '::'
}

function lanOrigins(host: string, scheme: string, port: number): string[] {
  if (isLoopbackName(host)) return []
  if (!isAnyAddress(host)) return [`${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`]
  return Object.values(networkInterfaces()).flatMap((addresses) =>
    (addresses ?? [])
      .filter((address) => address.family === 'IPv4' && !isLoopbackAddress(address.address))
      .map((address) => `${scheme}://${address.address}:${port}`),
  )
}

function createHttpServer(
  settings: ProxySettings,
  listener: Parameters<typeof createServer>[1],
  requestTimeout: number,
): Server {
  const limits = {
    requestTimeout,
    headersTimeout: Math.min(HEADERS_TIMEOUT_MS, requestTimeout),
    connectionsCheckingInterval: Math.min(1_000, requestTimeout),
    maxHeaderSize: 16_384,
  }
  if (settings.tls === null) return createServer(limits, listener)
  try {
    return createTlsServer({ ...limits, ...settings.tls }, listener)
  } catch {
    throw new SettingsError(
      'TLS_CERT, TLS_KEY: the files hold no certificate and private key (PEM) that belong together',
    )
  }
}

/** Starts the proxy and resolves when it listens. Throws SettingsError when the app isn't built or TLS files are wrong. */
export async function startProxy(settings: ProxySettings, options: StartOptions = {}): Promise<RunningProxy> {
  const logger = options.logger ?? silentLogger
  const files = options.withoutApp === true ? null : createStaticFiles(settings.distDir)
  if (files?.available === false) {
    throw new SettingsError(
      `${settings.distDir}: no index.html there. Build the terminal first: npm run build (npm start does it)`,
    )
  }
  const local = isLoopbackName(settings.host)
  const { secret, kept } = loadPairingSecret(settings.stateDir)
  if (!kept && !local) logger.log('warn', 'pairing-not-kept', { stateDir: settings.stateDir })
  const pairingCode = settings.pairingCode ?? randomCode()
  for (const value of [settings.iiko?.password, settings.atol?.password, pairingCode])
    if (value !== undefined) logger.protect(value)

  const upstreams = createUpstreams(settings, logger)
  const app = createApp({
    settings,
    version: packageJson.version,
    logger,
    access: createAccess({ code: pairingCode, secret }),
    upstreams,
    files,
    ...(options.rateLimiter === undefined ? {} : { rateLimiter: options.rateLimiter }),
  })
  const server = createHttpServer(
    settings,
    getRequestListener(app.fetch),
    options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
  )
  server.maxConnections = MAX_CONNECTIONS
  // A browser repeats a POST by itself when a connection that it used before dies without an answer (measured, design
  // page "browser"). Where a POST may be a sale on its way to a device, no connection is used twice.
  server.maxRequestsPerSocket = settings.devices.length > 0 ? 1 : 0
  const address = await listen(server, settings.port, settings.host)
  const scheme = settings.tls === null ? 'http' : 'https'
  logger.log('info', 'started', { host: settings.host, port: address.port, scheme })
  return {
    origin: `${scheme}://${local || isAnyAddress(settings.host) ? 'localhost' : settings.host}:${address.port}`,
    port: address.port,
    pairingCode,
    lanOrigins: lanOrigins(settings.host, scheme, address.port),
    close: () => stop(server, upstreams, logger, options.stopGraceMs ?? STOP_GRACE_MS),
  }
}

/** No new requests, the running ones get a moment, then the upstreams are left properly (iiko: logout). */
async function stop(server: Server, upstreams: Upstreams, logger: Logger, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => {
      resolve()
    })
  })
  server.closeIdleConnections()
  const left = upstreams.close()
  const timers = [
    // A connection that ends without an answer would be taken as "try again" by a browser: answer first.
    setTimeout(() => {
      upstreams.relay.abandon()
    }, graceMs),
    setTimeout(() => {
      server.closeAllConnections()
    }, graceMs + LAST_WORDS_MS),
  ]
  await closed
  for (const timer of timers) clearTimeout(timer)
  upstreams.relay.abandon()
  const late = new Promise<'late'>((resolve) => {
    setTimeout(resolve, graceMs, 'late').unref()
  })
  const outcome = await Promise.race([left.then(() => 'left' as const), late])
  logger.log(outcome === 'left' ? 'info' : 'warn', 'stopped', { upstreams: outcome })
}
