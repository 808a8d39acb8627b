/** Starting, selling and searching with years of receipts in the journal against an empty one. */
import type { Page } from 'playwright'
import { hook, median, round, sell, withBench, type Bench } from './bench-till.ts'
import { fillLedger, ledgerDevice } from './fill-ledger.ts'

export interface Growth {
  /** Geometric mean of the three below. */
  readonly start400kRatio: number
  readonly startRatio: number
  readonly sellRatio: number
  readonly searchRatio: number
  readonly records: number
  readonly startMs: number
  readonly sellMs: number
  readonly searchMs: number
}

interface Figures {
  readonly start: number
  readonly sell: number
  readonly search: number
}

const STARTS = 7
const SALES = 11
const SEARCHES = 11

const NOTE_START = `new MutationObserver((_, observer) => {
  if (!document.querySelector('[data-testid="product"]')) return
  globalThis.startedAt = performance.now()
  observer.disconnect()
}).observe(document, { childList: true, subtree: true })`

async function timeStart(page: Page, origin: string): Promise<number> {
  await page.goto(origin)
  // A function, not a text: the page's policy forbids texts that are evaluated.
  await page.waitForFunction(() => 'startedAt' in globalThis)
  return page.evaluate<number>('globalThis.startedAt')
}

/** From Exact to the result: the durable record is the work in between. */
async function timeSale(page: Page): Promise<number> {
  await page.locator(hook('product')).first().click()
  await page.locator(hook('pay')).click()
  // A script's click doesn't wait until the button takes a tap.
  await page.locator(`${hook('tender-cash-exact')}:not([aria-disabled])`).waitFor()
  return page.evaluate<number>(`new Promise((resolve) => {
    const from = performance.now()
    new MutationObserver((_, observer) => {
      if (!document.querySelector('[data-testid="payment-result"]')) return
      observer.disconnect()
      resolve(performance.now() - from)
    }).observe(document, { childList: true, subtree: true })
    document.querySelector('[data-testid="tender-cash-exact"]').click()
  })`)
}

/**
 * From the typed number to its row alone: the journal's own pause for typing is in both figures. An operation that has
 * another number stands there before, so that what was shown already is not taken for what was found.
 */
async function timeSearch(page: Page, number: number): Promise<number> {
  await page.locator(hook('journal-search')).fill('')
  await page
    .locator(`${hook('journal-entry')}:not([data-number="${number}"])`)
    .first()
    .waitFor()
  const started = performance.now()
  await page.locator(hook('journal-search')).fill(String(number))
  await page.waitForFunction((wanted) => {
    const rows = [...document.querySelectorAll('[data-testid="journal-entry"]')]
    return rows.length > 0 && rows.every((row) => row.getAttribute('data-number') === wanted)
  }, String(number))
  return performance.now() - started
}

async function repeat(times: number, work: (round: number) => Promise<number>): Promise<number> {
  const values: number[] = []
  for (let round = 0; round < times; round += 1) values.push(await work(round))
  return median(values.slice(1))
}

async function measure({ app, device, launch }: Bench): Promise<Figures> {
  const { context, page } = await launch()
  await page.addInitScript(NOTE_START)
  const start = await repeat(STARTS, () => timeStart(page, app.origin))
  const sale = await repeat(SALES, () => timeSale(page))
  await page.locator(hook('queue-count')).waitFor({ state: 'hidden', timeout: 120_000 })
  await page.goto(`${app.origin}/journal`)
  const sold = device.device.ledger().flatMap((document) => (document.kind === 'sale' ? [document.number] : []))
  const search = await repeat(SEARCHES, (round) => timeSearch(page, sold[round % sold.length] ?? 0))
  await context.close()
  return { start, sell: sale, search }
}

export async function measureGrowth(records = 400_000): Promise<Growth> {
  const options = { seed: 4, options: { lastNumber: 1_000_000, lastShift: 5_000 } }
  return withBench(options, async (bench) => {
    const first = await bench.launch()
    await bench.setUp(first.page)
    await sell(first.page)
    await first.page.locator(hook('queue-count')).waitFor({ state: 'hidden', timeout: 60_000 })
    const deviceId = await ledgerDevice(first.page)
    await first.context.close()
    const empty = await measure(bench)

    const filling = await bench.launch()
    await filling.page.goto(bench.app.origin)
    await filling.page.locator(hook('product')).first().waitFor()
    await fillLedger(filling.page, { deviceId, records, numbersAfter: 0 })
    await filling.context.close()
    const full = await measure(bench)

    const [start, sale, search] = [full.start / empty.start, full.sell / empty.sell, full.search / empty.search]
    return {
      start400kRatio: round((start * sale * search) ** (1 / 3)),
      startRatio: round(start),
      sellRatio: round(sale),
      searchRatio: round(search),
      records,
      startMs: round(full.start, 1),
      sellMs: round(full.sell, 1),
      searchMs: round(full.search, 1),
    }
  })
}
