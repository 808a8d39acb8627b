/** Two versions of the built terminal, one browser, one database: the update of a till in use. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Page } from '@playwright/test'
import packageJson from '../../package.json' with { type: 'json' }
import { expect, startApp, test, watchContext } from '../fixtures.ts'
import { runFast } from '../pages/fast-clock.ts'
import { documents } from '../pages/selling.ts'
import { Terminal } from '../pages/terminal.ts'

const NEXT_VERSION = `${packageJson.version}-next`

/** Puts a build into the served folder. The server reads it anew when `index.html` changed, so that comes last. */
function deploy(from: string, into: string): void {
  for (const old of ['assets', 'sw.js', 'index.html']) rmSync(join(into, old), { recursive: true, force: true })
  cpSync(from, into, { recursive: true, filter: (path) => !path.endsWith('index.html') })
  cpSync(join(from, 'index.html'), join(into, 'index.html'))
}

function buildNext(into: string): void {
  const run = spawnSync('npx', ['vite', 'build', '--outDir', into, '--emptyOutDir', '--logLevel', 'error'], {
    env: { ...process.env, APP_VERSION: NEXT_VERSION },
    encoding: 'utf8',
    timeout: 120_000,
  })
  if (run.status !== 0) throw new Error(`vite build: ${run.stderr}`)
}

/** Waits until this page is served by the worker, so that what it hasn't fetched can only come from the cache. */
async function controlled(page: Page): Promise<void> {
  await expect
    .poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null), { timeout: 30_000 })
    .toBe(true)
}

const waiting = (page: Page) =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready
    await registration.update()
    return registration.waiting !== null
  })

/** A mark that is gone once the page was loaded anew. */
const mark = (page: Page) => page.evaluate(() => document.documentElement.setAttribute('data-mark', 'kept'))
const isMarked = (page: Page) => page.evaluate(() => document.documentElement.getAttribute('data-mark') === 'kept')

test('an update waits for the end of the sale, leaves the other tab alone, and both versions keep one queue', async ({
  browser,
  device,
  clock,
}) => {
  test.setTimeout(240_000)
  const folder = mkdtempSync(join(tmpdir(), 'terminal-update-'))
  const [served, next] = [join(folder, 'served'), join(folder, 'next')]
  deploy(resolve(process.env.DIST_DIR ?? 'dist'), served)
  buildNext(next)
  const app = await startApp({ DIST_DIR: served })
  const context = await browser.newContext()
  await runFast(context, clock)
  const { watch, problems } = watchContext(context, [app.origin, device.origin])
  // The old page asks for a part that only the new version has: the router then loads the screen there.
  watch.allow(/dynamically imported module|Unable to preload/)
  const open = async () => new Terminal(await context.newPage(), app.origin, device, watch)
  try {
    const terminal = await open()
    await terminal.setUp()
    await controlled(terminal.page)
    await device.faults.add({ kind: 'down' })
    await terminal.sellExact(0)
    await terminal.expectResult('queued')
    await terminal.tapProducts(1)
    await expect(terminal.byId('cart-line')).toHaveCount(1)

    const other = await open()
    await other.goto('/')
    await other.tapProducts(2)
    await expect(other.byId('cart-line')).toHaveCount(1)
    await mark(other.page)

    deploy(next, served)
    await expect.poll(() => waiting(terminal.page), { timeout: 60_000 }).toBe(true)
    await expect(terminal.byId('update')).toHaveCount(0)
    await mark(terminal.page)

    // The sale ends: now it is offered, and nothing happens before somebody taps.
    await terminal.byId('pay').click()
    await terminal.byId('tender-cash-exact').click()
    await terminal.expectResult('queued')
    await expect(terminal.byId('update')).toBeVisible()
    expect(await isMarked(terminal.page)).toBe(true)
    await terminal.byId('update-apply').click()
    await expect.poll(() => isMarked(terminal.page).catch(() => true), { timeout: 30_000 }).toBe(false)
    await expect(terminal.byId('queue-count')).toHaveAttribute('data-count', '2', { timeout: 30_000 })
    await expect(terminal.byId('cart-line')).toHaveCount(0)

    // The other tab was in the middle of a receipt: it is as it was, and goes on selling.
    expect(await isMarked(other.page)).toBe(true)
    await expect(other.byId('cart-line')).toHaveCount(1)
    await expect(other.byId('update')).toHaveCount(0)
    // A screen that it never fetched opens too: unchanged from the new cache, changed by loading the page anew.
    await other.page.keyboard.press('Alt+9')
    await expect(other.page).toHaveURL(/\/catalog$/)
    await expect(other.page.getByRole('heading', { level: 1 })).toBeVisible({ timeout: 30_000 })

    await terminal.goto('/settings')
    await expect(terminal.page.getByText(NEXT_VERSION)).toBeVisible()
    await device.faults.add({ kind: 'up' })
    await expect.poll(() => documents(device, 'sale').length, { timeout: 60_000 }).toBe(2)
    await expect(terminal.byId('queue-count')).toBeHidden({ timeout: 60_000 })
    const sales = documents(device, 'sale')
    expect(sales).toHaveLength(2)
    await terminal.goto('/journal')
    await expect(terminal.byId('journal-entry')).toHaveCount(2)
    expect(problems).toEqual([])
  } finally {
    await context.close()
    await app.close()
    rmSync(folder, { recursive: true, force: true })
  }
})

test('an open receipt survives the update of its own tab', async ({ browser, device, clock }) => {
  test.setTimeout(240_000)
  const folder = mkdtempSync(join(tmpdir(), 'terminal-update-'))
  const [served, next] = [join(folder, 'served'), join(folder, 'next')]
  deploy(resolve(process.env.DIST_DIR ?? 'dist'), served)
  buildNext(next)
  const app = await startApp({ DIST_DIR: served })
  const context = await browser.newContext()
  await runFast(context, clock)
  const { watch } = watchContext(context, [app.origin, device.origin])
  try {
    const terminal = new Terminal(await context.newPage(), app.origin, device, watch)
    await terminal.setUp()
    await controlled(terminal.page)
    await terminal.tapProducts(0, 1)
    const total = (await terminal.byId('cart-total').getAttribute('data-tiyn')) ?? ''
    deploy(next, served)
    await expect.poll(() => waiting(terminal.page), { timeout: 60_000 }).toBe(true)
    // The tablet is restarted in the middle of the receipt, and the new version is what starts.
    await terminal.page.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready
      const taken = new Promise((done) => navigator.serviceWorker.addEventListener('controllerchange', done))
      registration.waiting?.postMessage({ type: 'SKIP_WAITING' })
      await taken
    })
    await terminal.page.reload()
    await terminal.ready()
    await expect(terminal.byId('cart-total')).toHaveAttribute('data-tiyn', total)
    await terminal.goto('/settings')
    await expect(terminal.page.getByText(NEXT_VERSION)).toBeVisible()
  } finally {
    await context.close()
    await app.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
