/** Listens: plain HTTP or TLS, limits on slow clients, graceful stop. */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { networkInterfaces } from 'node:os'
import type { AddressInfo, Socket } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import packageJson from '../package.json' with { type: 'json' }
import { createAccess, loadPairingSecret, randomCode } from './access.ts'
import { createApp } from './app.ts'
import type { ProxySettings } from './config.ts'
import { SettingsError } from './config.ts'
import { createHealth } from './health.ts'
import type { RateLimiter } from './limits.ts'
import { silentLogger, type Logger } from './log.ts'
import { isLoopbackAddress, isLoopbackName } from './security.ts'
import { createStaticFiles } from './static-files.ts'
import { createTills } from './till-registry.ts'
import { createMarks } from './marks.ts'
import { createShop } from './shop/shop.ts'
import { createUpstreams, type Upstreams } from './upstreams.ts'

/** A whole request, body included, must have arrived in this time: slow bodies end here. */
const REQUEST_TIMEOUT_MS = 15_000
const HEADERS_TIMEOUT_MS = 5_000
const MAX_CONNECTIONS = 512
/** A browser opens six to one server; behind one address there may be several. */
const MAX_CONNECTIONS_PER_ADDRESS = 128
/** A client that takes nothing of its answer for this long is gone, or holds a place for nothing. */
const WRITE_STALL_MS = 15_000
/** How long running requests may take to end after a stop signal. */
const STOP_GRACE_MS = 5_000
const LAST_WORDS_MS = 500
const CERTIFICATE_CHECK_MS = 86_400_000

/** Hono's listener answers for its own failures: nobody waits for it. */
function listenerOf(fetch: Parameters<typeof getRequestListener>[0]): RequestListener {
  const listener = getRequestListener(fetch)
  return (request, response) => void listener(request, response)
}

export interface RunningProxy {
  readonly origin: string
  readonly port: number
  /** Code for pairing other devices. */
  readonly pairingCode: string
  /** Code that opens the shop's figures. */
  readonly ownerCode: string
  /** Addresses under which other devices in the network reach it; empty on loopback. */
  readonly lanOrigins: readonly string[]
  /** Where tablets fetch the certificate authority, and its SHA-256 fingerprint; null without `TLS=auto`. */
  readonly trust: { readonly port: number; readonly lan: readonly string[]; readonly fingerprint: string } | null
  /** Ends running requests, logs out of iiko, closes the port. */
  close(): Promise<void>
}

export interface StartOptions {
  readonly logger?: Logger
  /** API only: Vite serves the app. */
  readonly withoutApp?: boolean
  readonly requestTimeoutMs?: number
  readonly stopGraceMs?: number
  readonly writeStallMs?: number
  /** How often the certificate of TLS=auto is looked at; once a day where it is left out. */
  readonly certificateCheckMs?: number
  /** Ms between two requests to a register of the relay, for tests whose register's clock runs faster. */
  readonly relaySpacingMs?: number
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
    return createTlsServer({ ...limits, ...settings.tls, handshakeTimeout: HEADERS_TIMEOUT_MS }, listener)
  } catch {
    throw new SettingsError(
      'TLS_CERT, TLS_KEY: the files hold no certificate and private key (PEM) that belong together',
    )
  }
}

/**
 * Nobody shuts the others out: an address has a number of connections, of which the oldest that waits for nothing makes
 * room, and who takes nothing of its answer is cut off. A request that still waits for its answer is left alone: it may
 * be a sale on its way to a device.
 */
function guardConnections(server: Server, writeStallMs: number, logger: Logger): void {
  const byAddress = new Map<string, Set<Socket>>()
  /** Answers under way, by the other end's address and port: with TLS the socket of a request is another object. */
  const responses = new Map<string, ServerResponse>()
  const endOf = (socket: Socket) => `${socket.remoteAddress ?? ''} ${String(socket.remotePort)}`
  const expendable = (socket: Socket) => responses.get(endOf(socket))?.headersSent !== false
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    const end = endOf(socket)
    responses.set(end, response)
    response.once('close', () => {
      if (responses.get(end) === response) responses.delete(end)
    })
  })
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? ''
    const sockets = byAddress.get(address) ?? new Set()
    if (sockets.size >= MAX_CONNECTIONS_PER_ADDRESS) {
      const victim = [...sockets].find(expendable) ?? socket
      victim.destroy()
      sockets.delete(victim)
      logger.log('debug', 'connection-limit', { address })
      if (victim === socket) return
    }
    sockets.add(socket)
    byAddress.set(address, sockets)
    socket.once('close', () => {
      sockets.delete(socket)
      if (sockets.size === 0) byAddress.delete(address)
    })
  })
  // Without a listener Node would cut also those that wait for a slow answer of ours.
  server.setTimeout(writeStallMs, (socket) => {
    if (expendable(socket)) socket.destroy()
  })
}

/** @peculiar/x509 and what it brings are loaded only where a certificate is made: they cost the start a fifth of a second. */
const certificates = () => import('./certificates.ts')

async function ownCertificate(stateDir: string) {
  const { CertificateError, ensureCertificate, ownNames } = await certificates()
  const names = ownNames()
  try {
    const files = await ensureCertificate(join(stateDir, 'certificates'), names)
    const tls = { cert: readFileSync(files.certificate, 'utf8'), key: readFileSync(files.key, 'utf8') }
    return { files, names, tls }
  } catch (error) {
    if (error instanceof CertificateError) throw new SettingsError(`TLS=auto: ${error.message}`)
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    throw new SettingsError(`TLS=auto: cannot write the certificate to ${stateDir} (${code})`)
  }
}

/** Looks every `everyMs` whether the certificate ends soon or this computer got another address, and takes the new one up. */
function keepCertificate(server: Server, stateDir: string, logger: Logger, everyMs: number): NodeJS.Timeout {
  const look = async () => {
    const { ensureCertificate, ownNames } = await certificates()
    const files = await ensureCertificate(join(stateDir, 'certificates'), ownNames())
    if (!files.renewed || !('setSecureContext' in server)) return
    ;(server as TlsServer).setSecureContext({ cert: readFileSync(files.certificate), key: readFileSync(files.key) })
    logger.log('info', 'certificate-renewed')
  }
  return setInterval(() => {
    look().catch((error: unknown) => {
      logger.log('error', 'certificate-not-renewed', { error: String(error) })
    })
  }, everyMs).unref()
}

/** The page `/trust` on a plain HTTP port of its own; its routes serve the HTTPS side too. */
async function startTrust(settings: ProxySettings, authority: string) {
  const { createTrustApp, trustRoutes, TRUST_PATH } = await import('./trust-page.ts')
  const terminal = { origin: '/', port: settings.port }
  const app = createTrustApp(authority, terminal)
  const limits = { requestTimeout: HEADERS_TIMEOUT_MS, headersTimeout: HEADERS_TIMEOUT_MS, maxHeaderSize: 8_192 }
  const server = createServer(limits, listenerOf(app.fetch))
  server.maxConnections = MAX_CONNECTIONS_PER_ADDRESS
  guardConnections(server, HEADERS_TIMEOUT_MS, silentLogger)
  const { port } = await listen(server, settings.tlsAuto?.trustPort ?? 0, settings.host)
  return {
    routes: trustRoutes(authority, terminal),
    addresses: { port, lan: lanOrigins(settings.host, 'http', port).map((origin) => origin + TRUST_PATH) },
    terminalAt(terminalPort: number) {
      terminal.port = terminalPort
    },
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** Starts the proxy and resolves when it listens. Throws SettingsError when the app isn't built or TLS files are wrong. */
export async function startProxy(given: ProxySettings, options: StartOptions = {}): Promise<RunningProxy> {
  const logger = options.logger ?? silentLogger
  const own = given.tlsAuto === null ? null : await ownCertificate(given.stateDir)
  const settings = own === null ? given : { ...given, tls: own.tls }
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
  const ownerCode = settings.ownerCode ?? randomCode()
  const databasePassword = settings.databaseUrl === null ? undefined : new URL(settings.databaseUrl).password
  for (const value of [settings.iiko?.password, settings.atol?.password, databasePassword, pairingCode, ownerCode])
    if (value !== undefined) logger.protect(value)

  const health = createHealth()
  const trust = own === null ? null : await startTrust(settings, own.files.authority)
  const upstreams = createUpstreams(settings, logger, Date.now, health, options.relaySpacingMs)
  const shop = createShop(settings, logger)
  const app = createApp({
    settings,
    version: packageJson.version,
    logger,
    access: createAccess({ code: pairingCode, ownerCode, secret, tills: createTills(settings.stateDir) }),
    upstreams,
    health,
    marks: createMarks({ stateDir: settings.stateDir }),
    shop,
    files,
    ...(own === null || trust === null ? {} : { ownHostNames: own.names, trust: trust.routes }),
    ...(options.rateLimiter === undefined ? {} : { rateLimiter: options.rateLimiter }),
  })
  const server = createHttpServer(settings, listenerOf(app.fetch), options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS)
  server.maxConnections = MAX_CONNECTIONS
  guardConnections(server, options.writeStallMs ?? WRITE_STALL_MS, logger)
  // A browser repeats a POST by itself when a connection that it used before dies without an answer (measured, design
  // page "browser"). Where a POST may be a sale on its way to a device, no connection is used twice.
  server.maxRequestsPerSocket = settings.devices.length > 0 ? 1 : 0
  const address = await listen(server, settings.port, settings.host)
  const scheme = settings.tls === null ? 'http' : 'https'
  trust?.terminalAt(address.port)
  const renewal =
    own === null
      ? null
      : keepCertificate(server, settings.stateDir, logger, options.certificateCheckMs ?? CERTIFICATE_CHECK_MS)
  logger.log('info', 'started', { host: settings.host, port: address.port, scheme })
  return {
    origin: `${scheme}://${local || isAnyAddress(settings.host) ? 'localhost' : settings.host}:${address.port}`,
    port: address.port,
    pairingCode,
    ownerCode,
    lanOrigins: lanOrigins(settings.host, scheme, address.port),
    trust:
      trust === null || own === null
        ? null
        : { ...trust.addresses, fingerprint: (await certificates()).fingerprintOf(own.files.authority) },
    close: async () => {
      if (renewal !== null) clearInterval(renewal)
      trust?.close()
      await stop(server, upstreams, logger, options.stopGraceMs ?? STOP_GRACE_MS)
      await shop.close()
    },
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
