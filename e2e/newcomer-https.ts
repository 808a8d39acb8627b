/**
 * `npx tsx e2e/newcomer-https.ts [--built]`: the way of a tablet to an installed terminal, by script: the server starts with
 * TLS=auto, the tablet fetches the authority's certificate from `/trust` over plain HTTP and trusts it in a fresh profile,
 * opens the terminal over HTTPS, may install it, and starts it with the server gone. No flag ignores a certificate. Needs
 * `certutil` (Debian: libnss3-tools). `--built` takes the app that is built already. The last line is JSON.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { chromium, type BrowserContext, type Page } from 'playwright'
import { BROWSER_ARGS, findBrowser, isRoot } from './browser.ts'

const START_LIMIT_MS = 300_000
const SCREEN_LIMIT_MS = 120_000
const root = resolve(import.meta.dirname, '..')

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer()
    probe.once('error', fail)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => done(port))
    })
  })
}

/** Starts the server and resolves with it when it says where the terminal is. */
function start(built: boolean, env: Record<string, string>): Promise<ChildProcess> {
  const [command, args] = built ? [process.execPath, ['--import', 'tsx', 'proxy/main.ts']] : ['npm', ['start']]
  return new Promise((done, fail) => {
    const server = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const timer = setTimeout(() => fail(new Error('the server said no address')), START_LIMIT_MS)
    server.once('exit', (code) => fail(new Error(`the server ended with ${String(code)}`)))
    let said = ''
    server.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text
      if (!/https:\/\/[\w.-]+:\d+/.test(said)) return
      clearTimeout(timer)
      server.removeAllListeners('exit')
      done(server)
    })
  })
}

/** The server and what npm started for it; resolves when it is gone. */
async function stop(server: ChildProcess): Promise<void> {
  if (server.pid === undefined || server.exitCode !== null) return
  const gone = new Promise<void>((done) => server.once('exit', () => done()))
  process.kill(-server.pid, 'SIGTERM')
  await gone
}

function certutil(args: readonly string[]): void {
  const { status, stderr, error } = spawnSync('certutil', args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`certutil ${args.join(' ')}: ${error?.message ?? stderr}`)
}

/** Trusts the certificate as a person does: in the profile's own store, for web sites. */
function trust(home: string, ca: string): void {
  const store = join(home, '.pki', 'nssdb')
  mkdirSync(store, { recursive: true })
  const file = join(home, 'ca.crt')
  writeFileSync(file, ca)
  certutil(['-d', `sql:${store}`, '-N', '--empty-password'])
  certutil(['-d', `sql:${store}`, '-A', '-n', 'shop', '-t', 'C,,', '-i', file])
}

function open(home: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(join(home, 'profile'), {
    executablePath: findBrowser(),
    args: BROWSER_ARGS,
    chromiumSandbox: !isRoot,
    env: { ...(process.env as Record<string, string>), HOME: home },
    locale: 'ru-RU',
    viewport: { width: 1280, height: 800 },
  })
}

async function installErrors(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page)
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors')
  return installabilityErrors.map(({ errorId }) => errorId)
}

const { values } = parseArgs({ options: { built: { type: 'boolean', default: false } } })
const home = mkdtempSync(join(tmpdir(), 'newcomer-https-'))
const [port, trustPort] = [await freePort(), await freePort()]
let server: ChildProcess | null = null
let context: BrowserContext | null = null
try {
  const env = { TLS: 'auto', PORT: String(port), TRUST_PORT: String(trustPort), STATE_DIR: join(home, 'state') }
  server = await start(values.built, env)
  const address = `https://localhost:${port}/`

  context = await open(home)
  const before = await context.newPage()
  const refused = await before.goto(address).then(
    () => false,
    (error: unknown) => String(error).includes('ERR_CERT_AUTHORITY_INVALID'),
  )
  await context.close()

  const page = await (await fetch(`http://127.0.0.1:${trustPort}/trust?lang=ru`)).text()
  const ca = await (await fetch(`http://127.0.0.1:${trustPort}/trust/ca.crt`)).text()
  const fingerprintShown = page.includes(new X509Certificate(ca).fingerprint256)
  trust(home, ca)

  context = await open(home)
  const tablet = await context.newPage()
  tablet.setDefaultTimeout(SCREEN_LIMIT_MS)
  await tablet.goto(address)
  await tablet.getByTestId('product').first().waitFor()
  await tablet.evaluate(() => navigator.serviceWorker.ready.then(() => true))
  await tablet.reload()
  await tablet.waitForFunction(() => navigator.serviceWorker.controller !== null)
  const errors = await installErrors(tablet)

  await stop(server)
  await tablet.reload()
  await tablet.getByTestId('product').first().waitFor()
  const result = { refusedBefore: refused, fingerprintShown, installErrors: errors, startsWithoutServer: true }
  console.log(JSON.stringify(result))
  if (!refused || !fingerprintShown || errors.length > 0) process.exitCode = 1
} finally {
  await context?.close()
  if (server !== null) await stop(server)
  rmSync(home, { recursive: true, force: true, maxRetries: 5 })
}
