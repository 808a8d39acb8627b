import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startIkkmEmulator } from '../emulators/ikkm.ts'
import { expect, test } from '../fixtures.ts'
import { documents } from '../pages/selling.ts'
import { storedRows } from '../pages/stored.ts'
import type { Terminal } from '../pages/terminal.ts'

test('the setup link fills the first start in one go and takes the key out of the address', async ({
  terminal,
  page,
}) => {
  await terminal.setUpByLink()
  expect(page.url()).toBe(`${terminal.origin}/`)
  expect(await page.evaluate(() => history.length)).toBeLessThanOrEqual(3)
})

test('a wrong key is named, nothing is lost, and the right one goes on', async ({ terminal, device, page }) => {
  await page.goto(terminal.setupLink({ key: '00000001' }))
  await expect(terminal.byId('diagnosis')).toHaveAttribute('data-kind', 'wrongKey')
  await terminal.byId('key-input').fill(device.device.currentKey())
  await terminal.byId('key-save').click()
  await terminal.ready()
  await terminal.sellExact(0)
  await terminal.expectResult('registered')
})

test('a key that changed at the device stops the queue with one question, and the right key goes on', async ({
  terminal,
  device,
}) => {
  await terminal.setUp()
  await device.faults.add({ kind: 'wrong-key' })
  await terminal.sellExact(0)
  await expect(terminal.byId('attention')).toBeVisible({ timeout: 30_000 })
  expect(documents(device, 'sale')).toHaveLength(0)
  await terminal.byId('attention-action').click()
  await terminal.byId('key-input').fill(device.device.currentKey())
  await terminal.byId('key-save').click()
  await expect(terminal.byId('queue-count')).toBeHidden({ timeout: 40_000 })
  expect(documents(device, 'sale')).toHaveLength(1)
})

test('an address where nothing listens is named as such and can be corrected', async ({
  terminal,
  device,
  page,
  watch,
}) => {
  const gone = await startIkkmEmulator()
  const origin = gone.origin
  await gone.close()
  watch.allowOrigin(origin)
  await page.goto(terminal.setupLink({ origin }))
  await expect(terminal.byId('diagnosis')).toHaveAttribute('data-kind', 'refused')
  await terminal.byId('device-address').fill(device.origin)
  await terminal.byId('key-save').click()
  await terminal.ready()
})

test('a host that answers with a web page is not taken for a device', async ({ terminal, page, watch }) => {
  const router = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html', 'access-control-allow-origin': '*' })
    response.end('<!doctype html><title>Router</title><h1>Login</h1>')
  })
  await new Promise<void>((resolve) => router.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(router.address() as AddressInfo).port}`
  watch.allowOrigin(origin)
  await page.goto(terminal.setupLink({ origin }))
  await expect(terminal.byId('diagnosis')).toHaveAttribute('data-kind', 'wrongHost')
  await expect(terminal.byId('product')).toHaveCount(0)
  router.closeAllConnections()
  router.close()
})

test('a device without CORS headers is told apart and no registration is ever sent to it', async ({
  terminal,
  device,
  page,
  watch,
}) => {
  watch.allow(/blocked by CORS policy/)
  device.setCors(false)
  await page.goto(terminal.setupLink())
  await expect(terminal.byId('diagnosis')).toHaveAttribute('data-kind', 'noCors')
  // Any host may answer so: it isn't called a register.
  await expect(terminal.byId('diagnosis')).toContainText('что-то отвечает')
  expect(device.log().every((request) => request.path.startsWith('/apicheck'))).toBe(true)
})

test('a key that is no key is refused before anything is sent', async ({ terminal, device, page }) => {
  await page.goto(terminal.setupLink({ key: '1234' }))
  await expect(terminal.byId('key-input')).toBeVisible()
  await expect(page.getByText(/8/).first()).toBeVisible()
  expect(device.log()).toHaveLength(0)
})

/** A technician's cashier: from then on the till is locked whenever it is opened. */
async function addAdministrator(terminal: Terminal): Promise<void> {
  await terminal.goto('/cashiers')
  await terminal.byId('cashier-add').click()
  await terminal.byId('cashier-name').fill('Айгүл')
  await terminal.byId('cashier-new-pin').fill('4321')
  await terminal.byId('role-admin').click()
  await terminal.byId('cashier-save').click()
  await expect(terminal.byId('cashier')).toBeVisible()
}

test('a link does not take a till that is set up to another register: it asks and names both', async ({
  terminal,
  device,
  page,
  startDevice,
}) => {
  await terminal.setUp()
  const other = await startDevice({ seed: 2, options: { factorySerialNumber: '011700029999' } })
  const inUse = async () => {
    const rows = await storedRows<{ key: string; value: unknown }>(page, 'settings')
    return JSON.stringify(rows.find(({ key }) => key === 'settings'))
  }
  const before = await inUse()

  // The practice register by a link: the question, and nothing kept by going away.
  await page.goto(`${terminal.origin}/setup?transport=demo&lang=en`)
  await expect(terminal.byId('exchange-from')).toContainText(device.origin)
  await expect(terminal.byId('exchange-from')).toContainText('011700029000')
  await expect(page.locator('html')).toHaveAttribute('lang', 'ru')
  expect(await inUse()).toBe(before)
  await terminal.byId('setup-keep').click()
  await terminal.ready()

  // Another register, whose number is read first.
  await page.goto(terminal.setupLink({ origin: other.origin, key: other.device.currentKey(), lang: 'en' }))
  await expect(terminal.byId('diagnosis')).toHaveAttribute('data-kind', 'otherDevice')
  await expect(terminal.byId('exchange-to')).toContainText('011700029999')
  expect(await inUse()).toBe(before)

  // With cashiers nothing runs because the lock was opened, not even the look at the other register.
  await addAdministrator(terminal)
  const asked = other.log().length
  await page.goto(terminal.setupLink({ origin: other.origin, key: other.device.currentKey() }))
  await terminal.byId('cashier-pin').fill('4321')
  await terminal.byId('lock-enter').click()
  await expect(terminal.byId('exchange-to')).toContainText(other.origin)
  await expect(terminal.byId('setup-switch')).toHaveCount(0)
  await expect(terminal.byId('diagnosis')).toHaveCount(0)
  expect(other.log()).toHaveLength(asked)
  await terminal.byId('key-save').click()
  await terminal.byId('step-confirmOtherDevice').click()
  await expect(terminal.byId('cashier-pin')).toBeVisible()
  expect(await inUse()).toContain(other.origin)
})

test('a new key typed in the setup for the register in use is kept over the reload, whichever window sends', async ({
  terminal,
  device,
  page,
  context,
}) => {
  await terminal.setUp()
  // A second window, opened later, waits for its turn to send; the first one keeps it.
  const second = await context.newPage()
  await second.goto(terminal.setupLink({ key: '00000001' }))
  await expect(second.getByTestId('diagnosis')).toHaveAttribute('data-kind', 'wrongKey')
  await device.faults.add({ kind: 'wrong-key' })
  await terminal.sellExact(0)
  await expect(terminal.byId('attention')).toBeVisible({ timeout: 30_000 })
  await second.getByTestId('key-input').fill(device.device.currentKey())
  await second.getByTestId('key-save').click()
  await expect(second.getByTestId('product').first()).toBeVisible()
  await expect(terminal.byId('queue-count')).toBeHidden({ timeout: 40_000 })
  await page.reload()
  await terminal.ready()
  expect(documents(device, 'sale')).toHaveLength(1)
})
