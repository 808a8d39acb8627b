import { readFile } from 'node:fs/promises'
import type { IkkmEmulator } from '../emulators/ikkm.ts'
import { expect, startApp, test } from '../fixtures.ts'
import { documents } from '../pages/selling.ts'
import { storedRows } from '../pages/stored.ts'
import { Terminal } from '../pages/terminal.ts'

const sales = (device: IkkmEmulator) => documents(device, 'sale')

const EXCHANGED = { seed: 2, options: { factorySerialNumber: '011700029999' } }

/** The assistant says that this is another cash register than the one before; the person means it. */
async function exchange(terminal: Terminal): Promise<void> {
  await terminal.page.goto(terminal.setupLink())
  await expect(terminal.byId('diagnosis')).toHaveAttribute('data-kind', 'otherDevice')
  await terminal.byId('step-confirmOtherDevice').click()
  await terminal.ready()
}

test('a sale that waited for a broken cash register is registered on the new one, once', async ({
  terminal: before,
  device,
  startDevice,
}) => {
  await before.setUp()
  await device.faults.add({ kind: 'down' })
  await before.sellExact(0)
  await before.expectResult('queued')
  const other = await startDevice(EXCHANGED)
  const terminal = before.over(other)
  await exchange(terminal)
  await expect(terminal.byId('queue-count')).toHaveText(/1/)
  await terminal.goto('/queue')
  await expect(terminal.byId('elsewhere').getByTestId('queue-entry')).toHaveCount(1)
  await expect(terminal.byId('elsewhere')).toContainText('011700029000')
  const beside = new Terminal(await terminal.page.context().newPage(), terminal.origin, other, terminal.watch)
  await beside.goto('/')
  await expect(beside.byId('queue-count')).toHaveText(/1/)
  await terminal.page.bringToFront()
  await terminal.byId('take-over').click()
  await expect(terminal.byId('elsewhere')).toBeHidden()
  await expect(terminal.byId('queue-count')).toBeHidden()
  // Another window that counted it hears of it.
  await expect(beside.byId('queue-count')).toBeHidden()
  expect(sales(other)).toHaveLength(1)
  expect(sales(device)).toEqual([])

  await terminal.goto('/journal')
  await expect(terminal.byId('journal-entry')).toHaveCount(2)
  await expect(terminal.byId('journal-entry').first()).toHaveAttribute('data-number', String(sales(other)[0]?.number))
  await device.faults.clear()
  await terminal.page.reload()
  await expect(terminal.byId('journal-entry')).toHaveCount(2)
  expect(sales(device)).toEqual([])
})

test('a sale that may have reached the old cash register stays until that one is asked', async ({
  terminal: before,
  device,
  startDevice,
}) => {
  await before.setUp()
  await device.faults.add({ kind: 'drop-after', match: '/api/', count: 50 })
  await before.sellExact(0)
  await expect.poll(() => sales(device).length).toBe(1)
  await before.expectResult('queued')
  const other = await startDevice(EXCHANGED)
  const terminal = before.over(other)
  await exchange(terminal)
  await terminal.goto('/queue')
  await expect(terminal.byId('elsewhere').getByTestId('queue-entry')).toHaveAttribute('data-state', 'sending')
  await expect(terminal.byId('take-over')).toHaveCount(0)
  await expect(terminal.byId('write-off')).toHaveCount(0)

  await device.faults.clear()
  await exchange(before)
  await expect.poll(() => sales(device).length, { timeout: 60_000 }).toBe(1)
  await expect(before.byId('queue-count')).toBeHidden({ timeout: 60_000 })
  expect(sales(other)).toEqual([])
})

test('what waits for the real register is counted and shown while the practice register is in use', async ({
  terminal,
  device,
  page,
}) => {
  await terminal.setUp()
  await device.faults.add({ kind: 'down' })
  await terminal.sellExact(0)
  await terminal.expectResult('queued')
  await terminal.byId('next-sale').click()
  await terminal.sellExact(1)
  await terminal.expectResult('queued')

  await page.goto(`${terminal.origin}/setup?transport=demo`)
  await expect(terminal.byId('setup-exchange')).toContainText('2')
  await terminal.byId('setup-switch').click()
  await terminal.ready()
  await expect(terminal.byId('queue-count')).toHaveText(/2/)
  await terminal.goto('/queue')
  await expect(terminal.byId('elsewhere').getByTestId('queue-entry')).toHaveCount(2)
  await expect(terminal.byId('elsewhere')).toContainText('011700029000')
  // A real receipt is finished by its own register; nothing here can send it or write it off.
  await expect(terminal.byId('take-over')).toHaveCount(0)
  await expect(terminal.byId('write-off')).toHaveCount(0)
  await terminal.goto('/settings')
  const [file] = await Promise.all([page.waitForEvent('download'), terminal.byId('backup').click()])
  const saved = await readFile(await file.path(), 'utf8')
  expect([saved.includes('"demo":false'), saved.split('"kind":"registration"').length - 1]).toEqual([true, 2])

  await device.faults.clear()
  await page.goto(terminal.setupLink())
  await terminal.byId('setup-switch').click()
  // The counter isn't there either while the page starts anew.
  await expect.poll(() => sales(device).length, { timeout: 60_000 }).toBe(2)
  await expect(terminal.byId('queue-count')).toBeHidden({ timeout: 60_000 })
})

test('a register that is set up over another way while it does not answer keeps its one record: nothing is sent twice', async ({
  device,
  watch,
  otherTablet,
}) => {
  test.setTimeout(150_000)
  const app = await startApp({ IKKM_DEVICES: `main=${device.origin}` })
  watch.allowOrigin(app.origin)
  const { terminal: till } = await otherTablet({ origin: app.origin })
  await till.setUpByLink()
  // The answer of the first sale is lost: the key is bound to it.
  await device.faults.add({ kind: 'drop-after', match: '/api/', count: 50 })
  await till.sellExact(0)
  await expect.poll(() => sales(device).length).toBe(1)
  await till.expectResult('queued')
  await device.faults.clear()
  await device.faults.add({ kind: 'down' })

  const key = device.device.currentKey()
  await till.page.goto(`${app.origin}/setup?device=main&transport=relay&lang=ru#key=${key}`)
  await till.byId('setup-insist').click({ timeout: 60_000 })
  await till.byId('setup-switch').click()
  await expect(till.byId('product').first()).toBeVisible()
  await till.sellExact(1)
  await till.expectResult('queued')
  await device.faults.clear()

  // The page starts anew over the one record meanwhile: that it shows no number yet says nothing.
  await expect.poll(() => sales(device).length, { timeout: 90_000 }).toBe(2)
  await expect(till.byId('queue-count')).toBeHidden({ timeout: 90_000 })
  const entries = await storedRows<{ number: number; state: string; deviceId: string }>(till.page, 'entries')
  expect(entries.map(({ state }) => state)).toEqual(['done', 'done'])
  expect(new Set(entries.map(({ number }) => number))).toEqual(new Set(sales(device).map(({ number }) => number)))
  const records = await storedRows<{ id: string; serial: string | null; mergedInto?: string }>(till.page, 'devices')
  expect(records.filter(({ mergedInto }) => mergedInto === undefined).map(({ serial }) => serial)).toEqual([
    '011700029000',
  ])
  await app.close()
})
