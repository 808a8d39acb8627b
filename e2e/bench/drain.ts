/** How long a full queue takes against what one request a second allows: in real time, requests counted as well. */
import type { Page } from 'playwright'
import { hook, round, sell, until, withBench } from './bench-till.ts'

export interface Drain {
  readonly receipts: number
  /** Wall time over receipts times one second. */
  readonly ratio: number
  readonly requestsPerReceipt: number
  readonly seconds: number
}

/** The switch that the device's record carries; read by the queue when the page starts. */
const LOCK_OFF = `(async () => {
  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
  const database = await done(indexedDB.open('ledger'))
  const store = database.transaction('devices', 'readwrite').objectStore('devices')
  for (const device of await done(store.getAll())) await done(store.put({ ...device, hostLockOff: true }))
  database.close()
})()`

async function openCount(page: Page): Promise<number> {
  const counter = page.locator(hook('queue-count'))
  return (await counter.count()) === 0
    ? 0
    : Number(
        await counter
          .first()
          .getAttribute('data-count', { timeout: 1_000 })
          .catch(() => '1'),
      )
}

/** Queues receipts by tapping while the device is away, brings it back and waits until all are proven. */
export async function measureDrain(receipts: number, hostLock: boolean): Promise<Drain> {
  return withBench({ seed: 2 }, async ({ app, device, launch, setUp }) => {
    const { page } = await launch()
    await setUp(page)
    if (!hostLock) {
      await page.evaluate(LOCK_OFF)
      await page.goto(app.origin)
      await page.locator(hook('product')).first().waitFor()
    }
    await device.faults.add({ kind: 'down' })
    for (let sale = 0; sale < receipts; sale += 1) await sell(page, sale % 6)
    if ((await openCount(page)) !== receipts) throw new Error('not every sale was queued')
    device.clearLog()
    await device.faults.add({ kind: 'up' })
    await page.evaluate('dispatchEvent(new Event("online"))')
    await until('drained', receipts * 8_000, async () => (await openCount(page)) === 0)
    const log = device.log()
    const [first, last] = [log[0], log.at(-1)]
    const registered = device.device.ledger().filter((document) => document.kind === 'sale').length
    if (first === undefined || last === undefined || registered !== receipts)
      throw new Error(`${registered} of ${receipts} receipts at the device`)
    // The first request needs no second before it; the last one takes its own.
    const seconds = (last.atMs - first.atMs) / 1_000 + 1
    return {
      receipts,
      ratio: round(seconds / receipts, 3),
      requestsPerReceipt: round(log.length / receipts, 3),
      seconds: round(seconds, 1),
    }
  })
}
