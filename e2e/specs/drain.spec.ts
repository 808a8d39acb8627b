import { expect, test } from '../fixtures.ts'
import { documents } from '../pages/selling.ts'

const RECEIPTS = 30
/** One a second, with five per cent for clocks and the way there. */
const LEAST_GAP_MS = 950
/** The device's clock for an arrival is this busy test process: single stamps come late, a row of them can't. */
const WINDOW = 10

const gapsOf = (times: readonly number[], apart = 1): number[] =>
  times.slice(apart).map((at, place) => at - (times[place] ?? at))

// Real seconds: the spacing on the wire is what is measured.
test.use({ pace: 1 })

test('thirty receipts from an outage drain in order, at most one request a second', async ({
  terminal,
  device,
  page,
}) => {
  test.setTimeout(480_000)
  await terminal.setUp()
  await device.faults.add({ kind: 'down' })
  for (let sale = 0; sale < RECEIPTS; sale += 1) {
    await terminal.sellExact(sale % 6)
    await expect(terminal.byId('payment-result')).toBeVisible()
  }
  await expect(terminal.byId('queue-count')).toHaveAttribute('data-count', String(RECEIPTS))
  expect(documents(device, 'sale')).toEqual([])

  device.clearLog()
  await page.evaluate(() => {
    performance.clearResourceTimings()
    performance.setResourceTimingBufferSize(2_000)
  })
  await device.faults.add({ kind: 'up' })
  await page.evaluate(() => window.dispatchEvent(new Event('online')))
  await expect(terminal.byId('queue-count')).toBeHidden({ timeout: 360_000 })

  const receipts = documents(device, 'sale')
  const marks = receipts.map((receipt) => receipt.footer?.split('\n')[0])
  // The letters are this tablet's own; the numbers under them are without a gap.
  const prefix = marks[0]?.split('-')[0] ?? ''
  expect(prefix).toMatch(/^[A-Z][A-Z0-9]$/)
  expect(marks).toEqual(Array.from({ length: RECEIPTS }, (_, n) => `${prefix}-${String(n + 1).padStart(4, '0')}`))
  const numbers = receipts.map((receipt) => receipt.number)
  expect(Math.min(...gapsOf(numbers))).toBeGreaterThan(0)

  const arrivals = device.log().map((request) => request.atMs)
  expect(arrivals.length).toBeGreaterThanOrEqual(RECEIPTS)
  expect(Math.min(...gapsOf(arrivals, WINDOW))).toBeGreaterThanOrEqual(WINDOW * LEAST_GAP_MS)
  const starts = await page.evaluate(
    (origin) =>
      performance
        .getEntriesByType('resource')
        .filter((entry) => entry.name.startsWith(origin))
        .map((entry) => entry.startTime),
    device.origin,
  )
  expect(starts.length).toBeGreaterThanOrEqual(arrivals.length)
  expect(Math.min(...gapsOf(starts))).toBeGreaterThanOrEqual(LEAST_GAP_MS)
  // Nobody was asked anything, and no receipt was sent twice.
  expect(device.log().filter((request) => request.path === '/api/')).toHaveLength(RECEIPTS)
  await expect(terminal.byId('attention')).toHaveCount(0)
})
