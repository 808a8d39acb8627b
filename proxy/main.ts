/** `npm start`: serves the built terminal and its API. */
import { renderUnicodeCompact } from 'uqr'
import { loopbackIsProof } from './access.ts'
import { loadSettings, SettingsError, type ProxySettings } from './config.ts'
import { createLogger } from './log.ts'
import { startProxy, type RunningProxy } from './server.ts'

const PARENT_CHECK_MS = 500

/** Words for a port that can't be opened; null when it was something else. */
function listenError(error: unknown, settings: ProxySettings): string | null {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'EADDRINUSE') return `PORT: ${settings.port} is in use. Stop the other program or set another PORT`
  if (code === 'EACCES') return `PORT: no right to open ${settings.port}. Use a port from 1024 up`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return `HOST: ${settings.host} is no address of this machine`
  return null
}

/** How a tablet comes to trust the certificate: an address, the same as a QR code, and what to compare. */
function announceTrust({ trust }: RunningProxy): void {
  const [first] = trust?.lan ?? []
  if (trust === null || first === undefined) return
  console.log(`Once on every tablet, open: ${trust.lan.join('  ')}`)
  console.log(renderUnicodeCompact(first, { border: 2 }))
  console.log(`SHA-256 fingerprint of the certificate there: ${trust.fingerprint}`)
}

function announce(proxy: RunningProxy, settings: ProxySettings): void {
  console.log(`Terminal: ${proxy.origin}`)
  for (const origin of proxy.lanOrigins) console.log(`In the network: ${origin}`)
  const reachable = proxy.lanOrigins.length > 0 || !loopbackIsProof(settings)
  if (reachable) console.log(`Pairing code: ${proxy.pairingCode}`)
  console.log(`The shop’s figures: ${proxy.lanOrigins[0] ?? proxy.origin}/shop, owner’s code: ${proxy.ownerCode}`)
  if (proxy.lanOrigins.length > 0 && settings.tls === null && proxy.trust === null)
    console.log('Tablets install the terminal over HTTPS only: start with TLS=auto')
  announceTrust(proxy)
  const state = (configured: boolean) => (configured ? 'configured' : 'demo data')
  console.log(
    `iiko: ${state(settings.iiko !== null)}, ATOL: ${state(settings.atol !== null)}, devices for the relay: ${settings.devices.length}`,
  )
}

async function main(): Promise<void> {
  const settings = loadSettings(process.env)
  const logger = createLogger(
    (line) => process.stderr.write(`${line}\n`),
    () => new Date(),
    settings.logLevel,
  )
  let proxy: RunningProxy
  try {
    proxy = await startProxy(settings, { logger })
  } catch (error) {
    const words = listenError(error, settings)
    throw words === null ? error : new SettingsError(words)
  }
  announce(proxy, settings)
  let stopping = false
  const stop = () => {
    if (stopping) return
    stopping = true
    void proxy.close().then(() => process.exit(0))
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  stopWithNpm(stop)
}

/**
 * npm stops the shell that it started, and the shell passes no signal on: a proxy whose shell is gone would keep the
 * port and iiko's licence slot.
 */
function stopWithNpm(stop: () => void): void {
  if (process.env.npm_lifecycle_event === undefined) return
  const shell = process.ppid
  setInterval(() => {
    if (process.ppid !== shell) stop()
  }, PARENT_CHECK_MS).unref()
}

try {
  await main()
} catch (error) {
  if (!(error instanceof SettingsError)) throw error
  console.error(`The terminal did not start.\n${error.message}`)
  process.exitCode = 1
}
