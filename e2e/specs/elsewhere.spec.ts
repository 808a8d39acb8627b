import type { IkkmEmulator } from '../emulators/ikkm.ts'
import { expect, test } from '../fixtures.ts'
import { documents } from '../pages/selling.ts'
import type { Terminal } from '../pages/terminal.ts'

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
  await terminal.byId('take-over').click()
  await expect(terminal.byId('elsewhere')).toBeHidden()
  await expect(terminal.byId('queue-count')).toBeHidden()
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
  await expect(before.byId('queue-count')).toBeHidden({ timeout: 60_000 })
  expect(sales(device)).toHaveLength(1)
  expect(sales(other)).toEqual([])
})
