import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startIkkmEmulator } from '../emulators/ikkm.ts'
import { expect, test } from '../fixtures.ts'
import { documents } from '../pages/selling.ts'

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
  expect(device.log().every((request) => request.path.startsWith('/apicheck'))).toBe(true)
})

test('a key that is no key is refused before anything is sent', async ({ terminal, device, page }) => {
  await page.goto(terminal.setupLink({ key: '1234' }))
  await expect(terminal.byId('key-input')).toBeVisible()
  await expect(page.getByText(/8/).first()).toBeVisible()
  expect(device.log()).toHaveLength(0)
})
