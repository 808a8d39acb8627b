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
  expect(marks).toEqual(['A-0001', 'A-0002', 'A-0003', 'A-0004', 'A-0005', 'A-0006'])
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
  await expect(second.byId('queue-count')).toBeHidden({ timeout: 60_000 })
  expect(other()).toBeGreaterThan(0)
  expect(sales(device)).toHaveLength(1)
  await second.goto('/journal')
  await expect(second.byId('journal-entry')).toHaveAttribute('data-number', String(sales(device)[0]?.number))
  await expect(second.byId('journal-entry')).toHaveAttribute('data-state', 'registered')
})
