/** Cold start from the service worker's cache, and the speed of taps, on a tablet's processor. */
import type { CDPSession, Page } from 'playwright'
import { hook, median, quantile, round, withBench } from './bench-till.ts'

export interface SlowTablet {
  /** From the navigation to a receipt that can be paid; the proxy is away. */
  readonly coldStartMs: number
  readonly coldStartProductMs: number
  readonly interactionP95Ms: number
  readonly interactionMedianMs: number
  readonly products: number
}

/** Tablets on counters are about so many times slower than this machine. */
const SLOWER = 4
const STARTS = 5
const TAPS = 60

/** What the watchers leave in the page. */
interface Marks {
  readonly startMarks: { readonly product?: number; readonly pay?: number }
  readonly tapTimes: readonly number[]
}

/** Taps the first product as soon as it can be seen, and notes when Pay can be tapped. */
const WATCH_START = `(() => {
  const marks = globalThis.startMarks = {}
  const look = () => {
    const product = document.querySelector('[data-testid="product"]')
    if (product && marks.product === undefined) {
      requestAnimationFrame(() => {
        marks.product = performance.now()
        product.click()
      })
      marks.product = null
    }
    const pay = document.querySelector('[data-testid="pay"]')
    if (typeof marks.product === 'number' && pay && !pay.disabled) {
      marks.pay = performance.now()
      observer.disconnect()
    }
  }
  const observer = new MutationObserver(look)
  observer.observe(document, { childList: true, subtree: true, attributes: true })
})()`

/**
 * From the release of the finger to the end of the next frame's work. The page says by itself when that is: asked again
 * and again it would be kept busy by the questions.
 */
const WATCH_TAPS = `(() => {
  globalThis.tapTimes = []
  globalThis.tapped = () => undefined
  addEventListener('click', (event) => {
    if (!(event.target instanceof Element) || !event.target.closest('[data-testid="product"]')) return
    requestAnimationFrame(() => {
      const channel = new MessageChannel()
      channel.port1.onmessage = () => {
        globalThis.tapTimes.push(performance.now() - event.timeStamp)
        globalThis.tapped()
      }
      channel.port2.postMessage(0)
    })
  }, true)
})()`

async function slowDown(page: Page): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER })
  return session
}

async function tapProducts(page: Page): Promise<readonly number[]> {
  await page.evaluate(WATCH_TAPS)
  const products = page.locator(hook('product'))
  const shown = Math.min(await products.count(), 12)
  const boxes = await Promise.all(Array.from({ length: shown }, (_, place) => products.nth(place).boundingBox()))
  const places = boxes.filter((box) => box !== null && box.y + box.height < 780)
  for (let tap = 0; tap < TAPS; tap += 1) {
    const box = places[tap % places.length]
    if (box === null || box === undefined) throw new Error('no product to tap')
    const seen = page.evaluate('new Promise((done) => { globalThis.tapped = done })')
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2)
    await seen
  }
  return page.evaluate<number[]>('globalThis.tapTimes')
}

export async function measureSlowTablet(items = 10_000): Promise<SlowTablet> {
  return withBench({ seed: 3, options: { extraGoods: items } }, async ({ app, launch, setUp }) => {
    const first = await launch()
    await setUp(first.page)
    await first.page.waitForFunction(() => navigator.serviceWorker.controller !== null, undefined, { timeout: 30_000 })
    // The catalogue is written after it is shown.
    await first.page.waitForTimeout(2_000)
    await first.context.close()
    await app.close()

    const [starts, products]: [number[], number[]] = [[], []]
    let taps: readonly number[] = []
    for (let start = 0; start < STARTS; start += 1) {
      const { context, page } = await launch()
      await page.addInitScript(WATCH_START)
      await slowDown(page)
      await page.goto(app.origin)
      // A function and not a text: a text is evaluated in the page again and again, which its policy forbids.
      await page.waitForFunction(() => (globalThis as unknown as Marks).startMarks.pay !== undefined, undefined, {
        timeout: 60_000,
      })
      const marks = await page.evaluate<{ product: number; pay: number }>('globalThis.startMarks')
      starts.push(marks.pay)
      products.push(marks.product)
      if (start === STARTS - 1) taps = await tapProducts(page)
      await context.close()
    }
    return {
      coldStartMs: round(median(starts), 0),
      coldStartProductMs: round(median(products), 0),
      interactionP95Ms: round(quantile(taps, 0.95), 1),
      interactionMedianMs: round(median(taps), 1),
      products: items,
    }
  })
}
