/**
 * What every end-to-end test starts from: the built app served by the real proxy, a device emulator of its own
 * over real HTTP, and a page that fails the test on an unexpected console error, CSP violation or request
 * to any host but the app's and the device's.
 */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base, type BrowserContext, type Page, type TestInfo } from '@playwright/test'
import { loadSettings } from '../proxy/config.ts'
import { startProxy, type RunningProxy, type StartOptions } from '../proxy/server.ts'
import { startIkkmEmulator, type EmulatorClock, type IkkmEmulator, type IkkmEmulatorOptions } from './emulators/ikkm.ts'
import { runFast } from './pages/fast-clock.ts'
import { Terminal } from './pages/terminal.ts'

interface WorkerFixtures {
  readonly app: RunningProxy
}

interface Watch {
  /** Console texts that a test expects, e.g. of a refused connection. */
  allow(pattern: RegExp): void
  /** Origins that a test talks to beside the app and its device. */
  allowOrigin(origin: string): void
}

interface Options {
  /** Seconds of the terminal and its device in a real one; 1 where a test is about real time. */
  readonly pace: number
  readonly deviceOptions: IkkmEmulatorOptions
}

/** A fresh profile at the same app. It closes with the test. */
interface Tablet {
  readonly terminal: Terminal
  readonly context: BrowserContext
  readonly problems: readonly string[]
}

interface Fixtures {
  /** One clock for the pages and every device of a test. */
  readonly clock: EmulatorClock
  readonly device: IkkmEmulator
  readonly watch: Watch
  readonly terminal: Terminal
  /** A further cash register, closed with the test. */
  readonly startDevice: (options: IkkmEmulatorOptions) => Promise<IkkmEmulator>
  /** Another tablet, of this app and device unless others are named. */
  readonly otherTablet: (at?: {
    readonly origin?: string
    readonly device?: IkkmEmulator
    readonly userAgent?: string
  }) => Promise<Tablet>
}

/** Chromium reports a network failure of the page's own fetch in the console; tests with faults expect these. */
const NETWORK_NOISE = /net::ERR_|Failed to load resource/

const SHOWN_LENGTH = 1_500
const SAID_LINES = 25

/** Collects what must not happen in any page of a context. */
export function watchContext(
  context: BrowserContext,
  allowedOrigins: readonly string[],
): { readonly watch: Watch; readonly problems: string[] } {
  const problems: string[] = []
  const patterns: RegExp[] = [NETWORK_NOISE]
  const origins = new Set(allowedOrigins)
  context.on('console', (message) => {
    if (message.type() !== 'error') return
    if (!patterns.some((pattern) => pattern.test(message.text()))) problems.push(`console: ${message.text()}`)
  })
  context.on('weberror', (error) => {
    const { message } = error.error()
    // What the network does is no excuse for an error that nobody caught.
    if (!patterns.slice(1).some((pattern) => pattern.test(message))) problems.push(`page error: ${message}`)
  })
  context.on('request', (request) => {
    const url = new URL(request.url())
    if (url.protocol === 'data:' || url.protocol === 'blob:') return
    if (!origins.has(url.origin)) problems.push(`request to ${url.origin}`)
  })
  return {
    problems,
    watch: { allow: (pattern) => void patterns.push(pattern), allowOrigin: (origin) => void origins.add(origin) },
  }
}

/** What a failed test's page said and showed: where only the text of a run is kept, this is all there is to read. */
async function tellAbout(page: Page, said: readonly string[], info: TestInfo): Promise<void> {
  if (info.status === info.expectedStatus || page.isClosed()) return
  const shown = await page
    .locator('body')
    .innerText({ timeout: 5_000 })
    .catch((error: unknown) => String(error))
  const words = shown.replaceAll(/\s+/g, ' ').slice(0, SHOWN_LENGTH)
  console.log([`${info.title}: at ${page.url()}`, `shows: ${words}`, ...said.slice(-SAID_LINES)].join('\n    '))
}

/** A proxy with the built app on a free port; `env` configures it as in production. */
export function startApp(env: Record<string, string> = {}, options: StartOptions = {}): Promise<RunningProxy> {
  const built = process.env.DIST_DIR === undefined ? {} : { DIST_DIR: process.env.DIST_DIR }
  // Every server of the tests is a new one: what another one remembers of its tablets is its own.
  const STATE_DIR = mkdtempSync(join(tmpdir(), 'ikkm-e2e-'))
  return startProxy(loadSettings({ ...built, STATE_DIR, ...env, PORT: '0' }), options)
}

export const test = base.extend<Options & Fixtures, WorkerFixtures>({
  pace: [3, { option: true }],
  deviceOptions: [{}, { option: true }],
  app: [
    async ({}, use) => {
      const app = await startApp()
      await use(app)
      await app.close()
    },
    { scope: 'worker' },
  ],
  clock: async ({ pace }, use) => {
    await use({ sinceMs: Date.now(), rate: pace })
  },
  context: async ({ context, clock }, use) => {
    await runFast(context, clock)
    await use(context)
  },
  page: async ({ page }, use, info) => {
    const said: string[] = []
    page.on('console', (message) => said.push(`${message.type()}: ${message.text()} (${message.location().url})`))
    page.on('requestfailed', (request) => said.push(`failed: ${request.url()} ${request.failure()?.errorText ?? ''}`))
    await use(page)
    await tellAbout(page, said, info)
  },
  device: async ({ clock, deviceOptions }, use) => {
    const device = await startIkkmEmulator({ seed: 1, ...deviceOptions, clock })
    await use(device)
    await device.close()
  },
  watch: async ({ context, app, device }, use) => {
    const { watch, problems } = watchContext(context, [app.origin, device.origin])
    await use(watch)
    base.expect(problems, 'console errors, CSP violations, external requests').toEqual([])
  },
  terminal: async ({ page, app, device, watch, deviceOptions }, use) => {
    await use(new Terminal(page, app.origin, device, watch, JSON.stringify(deviceOptions)))
  },
  startDevice: async ({ clock, watch }, use) => {
    const started: IkkmEmulator[] = []
    await use(async (options) => {
      const device = await startIkkmEmulator({ ...options, clock })
      started.push(device)
      watch.allowOrigin(device.origin)
      return device
    })
    for (const device of started) await device.close()
  },
  otherTablet: async ({ browser, app, clock, device: usual }, use) => {
    const opened: BrowserContext[] = []
    await use(async ({ origin = app.origin, device = usual, userAgent } = {}) => {
      const context = await browser.newContext({
        acceptDownloads: true,
        ...(userAgent === undefined ? {} : { userAgent }),
      })
      opened.push(context)
      await runFast(context, clock)
      const { watch, problems } = watchContext(context, [origin, device.origin])
      return { terminal: new Terminal(await context.newPage(), origin, device, watch), context, problems }
    })
    for (const context of opened) await context.close()
  },
})

export const { expect } = test
export type { Page }
