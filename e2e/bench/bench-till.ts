/** A terminal to measure: the built app from the real proxy, a device emulator over HTTP, a Chromium profile. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type BrowserContext, type Page } from 'playwright'
import { loadSettings } from '../../proxy/config.ts'
import { startProxy, type RunningProxy } from '../../proxy/server.ts'
import { BROWSER_ARGS, findBrowser, isRoot } from '../browser.ts'
import { startIkkmEmulator, type IkkmEmulator, type IkkmEmulatorOptions } from '../emulators/ikkm.ts'

const LIMIT_MS = 60_000

/** Selector of a stable hook. */
export const hook = (id: string): string => `[data-testid="${id}"]`

export interface Bench {
  readonly app: RunningProxy
  readonly device: IkkmEmulator
  /** Starts a browser process over the same profile; the one before it must be closed. */
  launch(): Promise<{ readonly context: BrowserContext; readonly page: Page }>
  /** The setup link, until the first product and a ready device are on the screen. */
  setUp(page: Page): Promise<void>
}

/** Everything that a measurement in the page needs; cleaned up afterwards. DIST_DIR chooses another build. */
export async function withBench<T>(options: IkkmEmulatorOptions, work: (bench: Bench) => Promise<T>): Promise<T> {
  const { DIST_DIR } = process.env
  const app = await startProxy(loadSettings({ PORT: '0', ...(DIST_DIR === undefined ? {} : { DIST_DIR }) }))
  const device = await startIkkmEmulator(options)
  const profile = mkdtempSync(join(tmpdir(), 'bench-'))
  let open: BrowserContext | null = null
  try {
    return await work({
      app,
      device,
      async launch() {
        open = await chromium.launchPersistentContext(profile, {
          executablePath: findBrowser(),
          args: BROWSER_ARGS,
          chromiumSandbox: !isRoot,
          locale: 'ru-RU',
          viewport: { width: 1280, height: 800 },
        })
        return { context: open, page: open.pages()[0] ?? (await open.newPage()) }
      },
      async setUp(page) {
        const query = new URLSearchParams({ device: device.origin, transport: 'direct', lang: 'ru' })
        await page.goto(`${app.origin}/setup?${query.toString()}#key=${device.device.currentKey()}`)
        await page.locator(hook('product')).first().waitFor({ timeout: LIMIT_MS })
        await page.locator(`${hook('device-state')}[data-state="ready"]`).waitFor({ timeout: LIMIT_MS })
      },
    })
  } finally {
    await (open as BrowserContext | null)?.close().catch(() => undefined)
    await Promise.all([app.close(), device.close()])
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Looks every few ms until `done`; throws an Error after `limitMs`. */
export async function until(what: string, limitMs: number, done: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + limitMs
  while (!(await done())) {
    if (performance.now() > end) throw new Error(`${what}: not within ${limitMs} ms`)
    await pause(10)
  }
}

/** No request has arrived for so long: the next one leaves at once. */
export function quiet(device: IkkmEmulator, ms: number): Promise<void> {
  return until('a quiet line', LIMIT_MS, () => {
    const last = device.log().at(-1)
    return last === undefined || (last.answeredMs !== null && Date.now() - last.atMs > ms)
  })
}

export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)

export const round = (value: number, digits = 2): number => Math.round(value * 10 ** digits) / 10 ** digits

/** Product, Pay, Exact, until the result is on the screen. */
export async function sell(page: Page, product = 0): Promise<void> {
  await page.locator(hook('product')).nth(product).click()
  await page.locator(hook('pay')).click()
  await page.locator(hook('tender-cash-exact')).click()
  await page.locator(hook('payment-result')).waitFor()
}
