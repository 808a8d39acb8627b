import { fillLedger, ledgerDevice } from '../bench/fill-ledger.ts'
import { expect, test } from '../fixtures.ts'
import { documents } from '../pages/selling.ts'

/** Seven years of forty receipts a day; `npm run bench` starts over four times as many. */
const RECORDS = 100_000
/** A start may take this much longer than with an empty journal, for the noise of a machine that does other things. */
const NOISE_MS = 1_500

// The journal's receipts are from long before: the device stands far behind their numbers.
test.use({ pace: 1, deviceOptions: { options: { lastNumber: 1_000_000, lastShift: 5_000 } } })

test('with 100 000 receipts in the journal the terminal starts, sells and finds as with none', async ({
  terminal,
  device,
  page,
}) => {
  test.setTimeout(400_000)
  // A server that takes years of receipts meanwhile is no part of this.
  await page.context().route('**/api/shop/**', (route) => route.abort())
  await terminal.setUp()
  const start = async (): Promise<number> => {
    await terminal.goto('/')
    await expect(terminal.byId('product').first()).toBeVisible()
    return page.evaluate(() => performance.now())
  }
  await start()
  const empty = await start()
  await test.step('fill the journal', async () => {
    await fillLedger(page, { deviceId: await ledgerDevice(page), records: RECORDS, numbersAfter: 0 })
  })
  await start()
  expect(await start()).toBeLessThan(empty + NOISE_MS)

  await terminal.ready()
  await terminal.sellExact(0)
  await terminal.expectResult('registered')
  const number = await terminal.receiptNumber()
  expect(documents(device, 'sale')).toMatchObject([{ number }])

  await terminal.goto('/journal')
  await expect(terminal.byId('journal-entry').first()).toHaveAttribute('data-number', String(number))
  for (const wanted of [23_456, RECORDS, 1, number]) {
    await terminal.byId('journal-search').fill(String(wanted))
    const found = page.locator(`[data-testid="journal-entry"][data-number="${wanted}"]`)
    await expect(found).toHaveCount(1, { timeout: 5_000 })
  }
  // A sum that every receipt has: the newest are shown, the others aren't read.
  await terminal.byId('journal-search').fill('800')
  await expect(terminal.byId('journal-entry').nth(40)).toHaveAttribute('data-tiyn', '80000', { timeout: 5_000 })
})
