/** From the finger that leaves "Exact" to the registration's arrival at the device, strict transactions included. */
import { hook, median, pause, quantile, quiet, round, until, withBench } from './bench-till.ts'

export interface PayToWire {
  readonly payToWireMs: number
  readonly payToWireP95Ms: number
  readonly payToWireSales: number
}

/** Remembers on the page when the button was released, on the clock that the device's emulator uses too. */
const WATCH_TAPS = `addEventListener('pointerup', (event) => {
  if (event.target instanceof Element && event.target.closest('[data-testid="tender-cash-exact"]'))
    globalThis.tappedAt = performance.timeOrigin + event.timeStamp
}, true)`

/** The device allows one request a second: the line must be free, as it is when a cashier has counted the money. */
const SPACING_MS = 1_150

export async function measurePayToWire(sales = 30): Promise<PayToWire> {
  return withBench({ seed: 1 }, async ({ device, launch, setUp }) => {
    const { page } = await launch()
    await page.addInitScript(WATCH_TAPS)
    await setUp(page)
    const times: number[] = []
    for (let sale = -2; sale < sales; sale += 1) {
      await page.locator(hook('product')).first().click()
      await page.locator(hook('pay')).click()
      await page.locator(hook('tender-cash-exact')).waitFor()
      await pause(50)
      await quiet(device, SPACING_MS)
      const before = device.log().length
      await page.locator(hook('tender-cash-exact')).click()
      const arrived = () =>
        device
          .log()
          .slice(before)
          .find((request) => request.path === '/api/')
      await until('the registration', 10_000, () => arrived() !== undefined)
      const tappedAt = await page.evaluate<number>('globalThis.tappedAt')
      if (sale >= 0) times.push((arrived()?.atMs ?? Number.NaN) - tappedAt)
      await page.locator(`${hook('payment-result')}[data-state="registered"]`).waitFor({ timeout: 30_000 })
    }
    return {
      payToWireMs: round(median(times)),
      payToWireP95Ms: round(quantile(times, 0.95)),
      payToWireSales: times.length,
    }
  })
}
