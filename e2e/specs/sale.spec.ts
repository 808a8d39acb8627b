import type { IkkmEmulator } from '../emulators/ikkm.ts'
import { expect, test } from '../fixtures.ts'
import { documents } from '../pages/selling.ts'
import { storedRows } from '../pages/stored.ts'

const sales = (device: IkkmEmulator) => documents(device, 'sale')

test('a sale takes three taps from idle to the fiscal receipt', async ({ terminal, device }) => {
  await terminal.setUp()
  await terminal.sellExact(0)
  await terminal.expectResult('registered')
  const [receipt] = sales(device)
  expect(sales(device)).toHaveLength(1)
  expect(await terminal.receiptNumber()).toBe(receipt?.number)
})

test('cash with change registers what was received and shows the change in tiyn', async ({
  terminal,
  device,
  page,
}) => {
  await terminal.setUp()
  await terminal.tapProducts(0, 1)
  const total = Number(await terminal.byId('cart-total').getAttribute('data-tiyn'))
  await terminal.byId('pay').click()
  await page.keyboard.type('5000')
  await terminal.byId('pay-confirm').click()
  await terminal.expectResult('registered')
  await expect(terminal.byId('change')).toHaveAttribute('data-tiyn', String(500_000 - total))
  expect(sales(device)).toMatchObject([{ totalTiyn: total }])
})

test('the next product tap starts the next sale, and the journal lists both', async ({ terminal, device }) => {
  await terminal.setUp()
  await terminal.sellExact(0)
  await terminal.expectResult('registered')
  await terminal.sellExact(1)
  await terminal.expectResult('registered')
  await terminal.goto('/journal')
  const entries = terminal.byId('journal-entry')
  await expect(entries).toHaveCount(2)
  const numbers = await entries.evaluateAll((rows) => rows.map((row) => Number(row.getAttribute('data-number'))))
  expect(numbers.sort()).toEqual(
    sales(device)
      .map((receipt) => receipt.number)
      .sort(),
  )
  await expect(entries.first()).toHaveAttribute('data-state', 'registered')
})

test('the record is on the disk with its bound key before the first byte leaves', async ({
  terminal,
  device,
  page,
}) => {
  await terminal.setUp()
  await device.faults.add({ kind: 'hang', execute: false, match: '/api/' })
  await terminal.sellExact(0)
  await expect.poll(() => device.log().filter((request) => request.path === '/api/').length).toBe(1)
  const stored = await storedRows<{ state: string; key: string; attempts: number; request: { body: string } }>(
    page,
    'entries',
  )
  const sent = device.log().find((request) => request.path === '/api/')
  expect(stored).toMatchObject([{ state: 'sending', attempts: 1 }])
  expect(sent?.body).toBe(`key=${stored[0]?.key ?? ''}&${stored[0]?.request.body ?? ''}`)
})
