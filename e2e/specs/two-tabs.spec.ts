import type { Page } from '@playwright/test'
import type { IkkmEmulator } from '../emulators/ikkm.ts'
import { expect, test } from '../fixtures.ts'
import { documents } from '../pages/selling.ts'
import { Terminal } from '../pages/terminal.ts'
import { storedRows } from '../pages/stored.ts'

const sales = (device: IkkmEmulator) => documents(device, 'sale')

/** Registrations that a page sent itself. */
function countSent(page: Page): () => number {
  let sent = 0
  page.on('request', (request) => {
    if (request.method() === 'POST' && new URL(request.url()).pathname === '/api/') sent += 1
  })
  return () => sent
}

/** Who holds the lease of the queue, by the ledger itself. */
async function leaseHolder(page: Page): Promise<string> {
  const [lease] = await storedRows<{ holder: string }>(page, 'leases')
  return lease?.holder ?? ''
}

async function secondTab(terminal: Terminal): Promise<Terminal> {
  const page = await terminal.page.context().newPage()
  const second = new Terminal(page, terminal.origin, terminal.device, terminal.watch)
  await second.goto('/')
  await second.ready()
  return second
}

test('a sale in the second tab is sent by the first, and both see it settled', async ({ terminal, device }) => {
  await terminal.setUp()
  const second = await secondTab(terminal)
  const [first, other] = [countSent(terminal.page), countSent(second.page)]
  await second.sellExact(0)
  await second.expectResult('registered')
  expect([first(), other()]).toEqual([1, 0])
  expect(sales(device).map((receipt) => receipt.number)).toEqual([await second.receiptNumber()])
  await expect(terminal.byId('queue-count')).toBeHidden()
  await expect(second.byId('queue-count')).toBeHidden()
})

test('quick sales in both tabs become one receipt each', async ({ terminal, device }) => {
  test.setTimeout(120_000)
  await terminal.setUp()
  const second = await secondTab(terminal)
  for (let round = 0; round < 3; round += 1) {
    for (const tab of [terminal, second]) {
      await tab.page.bringToFront()
      await tab.sellExact(round)
      await expect(tab.byId('payment-result')).toBeVisible()
    }
  }
  await expect(terminal.byId('queue-count')).toBeHidden({ timeout: 60_000 })
  await expect(second.byId('queue-count')).toBeHidden()
  const marks = sales(device).map((receipt) => receipt.footer?.split('\n')[0])
  const prefix = marks[0]?.split('-')[0] ?? ''
  expect(prefix).toMatch(/^[A-Z][A-Z0-9]$/)
  expect(marks).toEqual([1, 2, 3, 4, 5, 6].map((number) => `${prefix}-000${number}`))
})

test('the other tab takes over within two seconds when the sender is closed in the middle of a receipt', async ({
  terminal,
  device,
}) => {
  await terminal.setUp()
  const second = await secondTab(terminal)
  const [holder, other] = [await leaseHolder(second.page), countSent(second.page)]
  // The device registers and never answers: what became of the receipt is in doubt when its tab goes.
  await device.faults.add({ kind: 'hang', match: '/api/' })
  await terminal.page.bringToFront()
  await terminal.sellExact(0)
  await expect.poll(() => device.log().filter((request) => request.path === '/api/').length).toBe(1)
  await terminal.page.close()
  await expect.poll(() => leaseHolder(second.page), { timeout: 2_000, intervals: [20] }).not.toBe(holder)
  await expect.poll(other, { timeout: 60_000 }).toBeGreaterThan(0)
  await expect(second.byId('queue-count')).toBeHidden({ timeout: 60_000 })
  expect(sales(device)).toHaveLength(1)
  await second.goto('/journal')
  await expect(second.byId('journal-entry')).toHaveAttribute('data-number', String(sales(device)[0]?.number))
  await expect(second.byId('journal-entry')).toHaveAttribute('data-state', 'registered')
})

/** Pays the open receipt of a window with exact cash; its number is what the window calls it. */
async function payExact(tab: Terminal): Promise<number> {
  await tab.page.bringToFront()
  await tab.byId('pay').click()
  await tab.byId('tender-cash-exact').click()
  await tab.expectResult('registered')
  return tab.receiptNumber()
}

test('each window has a receipt of its own: two sales are two documents, each with its own number and sum', async ({
  terminal,
  device,
}) => {
  await terminal.setUp()
  await terminal.sellExact(2)
  await terminal.expectResult('registered')
  await terminal.page.reload()
  await terminal.ready()
  const second = await secondTab(terminal)
  await terminal.tapProducts(0)
  await second.page.bringToFront()
  await second.tapProducts(1, 1)
  const sums = await Promise.all(
    [terminal, second].map(async (tab) => Number(await tab.byId('cart-total').getAttribute('data-tiyn'))),
  )
  const numbers = [await payExact(terminal), await payExact(second)]
  const registered = sales(device).map(({ number, totalTiyn }) => [number, totalTiyn])
  expect(registered.slice(1)).toEqual([
    [numbers[0], sums[0]],
    [numbers[1], sums[1]],
  ])
  expect(numbers[0]).not.toBe(numbers[1])
})

test('a parked receipt is opened by one of two windows, and the receipt of a closed one is found again', async ({
  terminal,
}) => {
  await terminal.setUp()
  const second = await secondTab(terminal)
  const tabs = [terminal, second]
  await terminal.page.bringToFront()
  await terminal.tapProducts(0)
  await terminal.byId('park').click()
  for (const tab of tabs) {
    await tab.byId('parked').click()
    await expect(tab.byId('parked-cart')).toHaveCount(1)
  }
  // The list of the window that is slower may be empty by now.
  await Promise.all(
    tabs.map((tab) => tab.page.evaluate(`document.querySelector('[data-testid="parked-cart"]')?.click()`)),
  )
  const lines = async () => (await Promise.all(tabs.map((tab) => tab.byId('cart-line').count()))).sort()
  await expect.poll(lines).toEqual([0, 1])
  const holder = (await terminal.byId('cart-line').count()) === 1 ? terminal : second
  const other = holder === terminal ? second : terminal
  await holder.page.close()
  // What was open there is put aside for the window that goes on.
  await other.page.bringToFront()
  await other.page.evaluate(() => window.dispatchEvent(new Event('focus')))
  // The list is still open there where it was empty before the tap.
  await other.page.keyboard.press('Escape')
  await expect(other.page.locator('dialog[open]')).toHaveCount(0)
  await other.byId('parked').click()
  await other.byId('parked-cart').click()
  await expect(other.byId('cart-line')).toHaveCount(1)
  // A reload finds the receipt of its own window.
  await other.page.reload()
  await expect(other.byId('cart-line')).toHaveCount(1)
})

test('a window that began in the demo leaves the till on the register that another one set up', async ({
  terminal,
  device,
}) => {
  await terminal.page.goto(`${terminal.origin}/setup?transport=demo&lang=ru`)
  await expect(terminal.byId('product').first()).toBeVisible({ timeout: 30_000 })
  const second = new Terminal(await terminal.page.context().newPage(), terminal.origin, device, terminal.watch)
  await second.goto('/')
  await expect(second.byId('product').first()).toBeVisible({ timeout: 30_000 })
  await second.tapProducts(0)
  await terminal.page.bringToFront()
  await terminal.page.goto(terminal.setupLink())
  await terminal.byId('setup-switch').click()
  await terminal.ready()
  await second.page.bringToFront()
  await expect(second.byId('attention')).toContainText('другой кассе')
  await second.byId('menu').click()
  await second.page.getByRole('radio', { name: 'Тёмное' }).click()
  await second.page.keyboard.press('Escape')
  // Nothing is sold on the demo any more.
  await second.byId('pay').click()
  await expect(second.byId('tender-cash-exact')).toBeHidden()
  await second.byId('attention-action').click()
  await second.ready()
  await expect(second.byId('cart-line')).toHaveCount(0)
  await second.sellExact(0)
  await second.expectResult('registered')
  expect(sales(device)).toHaveLength(1)
  await expect(second.page.locator('html')).toHaveAttribute('data-theme', 'dark')
})

test('a window that still works with the register of before counts what another one saves for the new register', async ({
  terminal,
  startDevice,
}) => {
  await terminal.setUp()
  const before = await secondTab(terminal)
  await before.goto('/journal')
  await expect(before.byId('journal-csv')).toBeVisible()
  const exchanged = await startDevice({ seed: 2, options: { factorySerialNumber: '011700029999' } })
  const now = terminal.over(exchanged)
  await now.page.bringToFront()
  await now.page.goto(now.setupLink())
  await now.byId('step-confirmOtherDevice').click()
  await now.ready()
  await exchanged.faults.add({ kind: 'down' })
  await now.sellExact(0)
  await now.expectResult('queued')
  // Without a reload, and without anybody touching that window.
  await expect(before.byId('queue-count')).toHaveAttribute('data-count', '1')
  await exchanged.faults.clear()
  await now.byId('next-sale').click()
  await expect.poll(() => sales(exchanged).length, { timeout: 60_000 }).toBe(1)
  await expect(now.byId('queue-count')).toBeHidden({ timeout: 60_000 })
  await expect(before.byId('queue-count')).toBeHidden()
})
