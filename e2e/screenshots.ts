/**
 * `npx tsx e2e/screenshots.ts`: takes the pictures that the manifest and README.md show, from the built app (`npm run
 * build`, or DIST_DIR) with a device emulator behind it. The goods and the sales are always the same; the clock is
 * the real one.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright'
import { loadSettings } from '../proxy/config.ts'
import { startProxy } from '../proxy/server.ts'
import { BROWSER_ARGS, findBrowser, isRoot } from './browser.ts'
import { hook, sell } from './bench/bench-till.ts'
import { startIkkmEmulator } from './emulators/ikkm.ts'

const FOLDER = join(import.meta.dirname, '../public/screenshots')
const LIMIT_MS = 60_000
const SIZES = { wide: { width: 1280, height: 800 }, narrow: { width: 390, height: 844 } } as const

type Form = keyof typeof SIZES

async function save(page: Page, name: string, form: Form): Promise<void> {
  // Nothing is in the middle of a movement, no field has the focus, every list begins at its beginning.
  await page.mouse.move(0, 0)
  await page.evaluate(() => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
    for (const element of document.querySelectorAll('*')) element.scrollTop = 0
  })
  await page.screenshot({ path: join(FOLDER, `${name}-${form}.png`), animations: 'disabled' })
  console.log(`${name}-${form}.png`)
}

async function tap(page: Page, ...products: readonly number[]): Promise<void> {
  for (const product of products) await page.locator(hook('product')).nth(product).click()
}

/** Sales of different goods, so that the journal has something to show. */
async function workADay(page: Page): Promise<void> {
  for (const product of [2, 8, 17, 4, 12, 3]) await sell(page, product)
  await page.locator(hook('payment-result')).and(page.locator('[data-state="registered"]')).waitFor()
}

async function takeAll(browser: Browser, form: Form, appOrigin: string): Promise<void> {
  const device = await startIkkmEmulator({ seed: 1 })
  const context = await browser.newContext({
    viewport: SIZES[form],
    locale: 'ru-RU',
    timezoneId: 'Asia/Almaty',
    reducedMotion: 'reduce',
    hasTouch: true,
  })
  try {
    const page = await context.newPage()
    page.setDefaultTimeout(LIMIT_MS)
    const query = new URLSearchParams({ device: device.origin, transport: 'direct', lang: 'ru' })
    await page.goto(`${appOrigin}/setup?${query.toString()}#key=${device.device.currentKey()}`)
    await page.locator(hook('product')).first().waitFor()
    await page.locator(`${hook('device-state')}[data-state="ready"]`).waitFor()
    if (form === 'wide') await workADay(page)
    // A phone holds fewer products at a time.
    await tap(page, ...(form === 'wide' ? [2, 2, 17, 20, 8] : [2, 2, 4, 8]))
    await save(page, 'sale', form)
    await page.locator(hook('pay')).click()
    await page.locator(hook('tender-cash-amount')).fill('5000')
    await save(page, 'payment', form)
    if (form === 'wide') {
      await page.goto(`${appOrigin}/journal`)
      await page.locator(hook('journal-entry')).first().waitFor()
      await save(page, 'journal', form)
    }
  } finally {
    await context.close()
    await device.close()
  }
}

const { DIST_DIR } = process.env
mkdirSync(FOLDER, { recursive: true })
const app = await startProxy(loadSettings({ PORT: '0', ...(DIST_DIR === undefined ? {} : { DIST_DIR }) }))
const browser = await chromium.launch({
  executablePath: findBrowser(),
  args: BROWSER_ARGS,
  chromiumSandbox: !isRoot,
})
try {
  for (const form of Object.keys(SIZES) as Form[]) await takeAll(browser, form, app.origin)
} finally {
  await browser.close()
  await app.close()
}
