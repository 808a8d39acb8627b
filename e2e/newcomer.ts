/**
 * `npx tsx e2e/newcomer.ts [--from <folder or address of the repository>]`: the way of somebody who sees this project for
 * the first time, timed: clone, `npm ci`, `npm start`, open the address in a browser, the first receipt. The last line is
 * JSON with the seconds of each part. It uses what is committed, in a folder of its own that is removed afterwards.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { chromium } from 'playwright'
import { BROWSER_ARGS, findBrowser, isRoot } from './browser.ts'

const INSTALL_LIMIT_MS = 600_000
const START_LIMIT_MS = 180_000
const SCREEN_LIMIT_MS = 60_000

const seconds: Record<string, number> = {}

async function timed<T>(part: string, work: () => T | Promise<T>): Promise<T> {
  const startedAt = performance.now()
  const result = await work()
  seconds[part] = Math.round((performance.now() - startedAt) / 100) / 10
  console.log(`${part}: ${seconds[part]} s`)
  return result
}

function run(folder: string, command: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8', timeout: INSTALL_LIMIT_MS })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${String(status)}:\n${stderr}`)
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
}

/** Runs `npm start` until it says where the terminal is. */
function start(folder: string, port: number): Promise<{ readonly server: ChildProcess; readonly address: string }> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, PORT: String(port) }
    // A group of its own: npm doesn't pass a stop on to what it started.
    const server = spawn('npm', ['start'], { cwd: folder, env, detached: true, stdio: ['ignore', 'pipe', 'inherit'] })
    let said = ''
    const timer = setTimeout(
      () => reject(new Error(`npm start said no address within its time:\n${said}`)),
      START_LIMIT_MS,
    )
    server.once('exit', (code) => reject(new Error(`npm start ended with ${String(code)}:\n${said}`)))
    server.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text
      const address = /https?:\/\/[\w.-]+:\d+/.exec(said)?.[0]
      if (address === undefined) return
      clearTimeout(timer)
      resolve({ server, address })
    })
  })
}

function stop({ pid }: ChildProcess): void {
  if (pid !== undefined) process.kill(-pid, 'SIGTERM')
}

/** Opens the address as it is printed and sells: product, Pay, Exact. Returns the number of the receipt. */
async function firstReceipt(address: string): Promise<string> {
  const browser = await timed('browser', () =>
    chromium.launch({ executablePath: findBrowser(), args: BROWSER_ARGS, chromiumSandbox: !isRoot }),
  )
  try {
    const page = await browser.newPage({ locale: 'ru-RU', viewport: { width: 1280, height: 800 } })
    page.setDefaultTimeout(SCREEN_LIMIT_MS)
    await timed('open', async () => {
      await page.goto(address)
      await page.getByTestId('product').first().waitFor()
    })
    return await timed('receipt', async () => {
      await page.getByTestId('product').first().click()
      await page.getByTestId('pay').click()
      await page.getByTestId('tender-cash-exact').click()
      await page.locator('[data-testid="payment-result"][data-state="registered"]').waitFor()
      return (await page.getByTestId('receipt-number').first().textContent())?.trim() ?? ''
    })
  } finally {
    await browser.close()
  }
}

const { values } = parseArgs({ options: { from: { type: 'string', default: join(import.meta.dirname, '..') } } })
const parent = mkdtempSync(join(tmpdir(), 'newcomer-'))
const folder = join(parent, 'terminal')
let running: ChildProcess | null = null
let receipt = ''
try {
  await timed('clone', () => run(parent, 'git', ['clone', '--quiet', values.from, folder]))
  await timed('install', () => run(folder, 'npm', ['ci', '--no-audit', '--no-fund']))
  const port = await freePort()
  const { server, address } = await timed('start', () => start(folder, port))
  running = server
  receipt = await firstReceipt(address)
} finally {
  if (running !== null) stop(running)
  rmSync(parent, { recursive: true, force: true, maxRetries: 5 })
}
const total = Math.round(Object.values(seconds).reduce((sum, part) => sum + part, 0) * 10) / 10
console.log(JSON.stringify({ ...seconds, total, receipt }))
