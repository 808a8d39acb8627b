/** A tablet that isn't the proxy's own machine pairs once: by the code that is shown at the start, or by its setup link. */
import { hostname } from 'node:os'
import type { Page } from '@playwright/test'
import { startApp } from '../fixtures.ts'
import { expect, PAIRING_CODE, test } from '../office.ts'
import { Terminal } from '../pages/terminal.ts'

/** As if a reverse proxy stood in between: being on the same machine then proves nothing. */
async function fromAnotherAddress(page: Page, origin: string): Promise<void> {
  await page.route(`${origin}/api/**`, (route) =>
    route.continue({ headers: { ...route.request().headers(), 'x-forwarded-for': '192.168.1.20' } }),
  )
}

test('a tablet on another address pairs once by its code', async ({ office, page }) => {
  await fromAnotherAddress(page, office.app.origin)
  await office.open('/iiko')
  await expect(office.byId('upstream-error')).toHaveAttribute('data-kind', 'not-paired')
  await office.byId('pair-open').click()
  await office.byId('pair-code').fill('00000000')
  await office.byId('pair-confirm').click()
  await expect(page.getByText('Код не подошёл')).toBeVisible()
  await office.byId('pair-code').fill(PAIRING_CODE)
  await office.byId('pair-confirm').click()
  await expect(office.byId('iiko-shift')).toHaveCount(21)
  await page.reload()
  await expect(office.byId('iiko-shift')).toHaveCount(21)
  await expect(office.byId('upstream-error')).toHaveCount(0)
})

test('the register’s page says which server the tablet is paired with, and pairs it', async ({ office, page }) => {
  await fromAnotherAddress(page, office.app.origin)
  await office.open('/device')
  await expect(office.byId('server-state')).toContainText('ещё не связан')
  await office.byId('server-pair').click()
  await office.byId('pair-code').fill(PAIRING_CODE)
  await office.byId('pair-confirm').click()
  await expect(office.byId('server-state')).toHaveAttribute('data-name', hostname())
  await expect(office.byId('server-state')).toContainText(hostname())
  await expect(office.byId('server-pair')).toHaveCount(0)
})

test('the pairing code in a setup link pairs the tablet, sells through the server, and leaves the address', async ({
  page,
  device,
  watch,
}) => {
  const app = await startApp({ IKKM_DEVICES: `main=${device.origin}`, PAIRING_CODE })
  watch.allowOrigin(app.origin)
  const terminal = new Terminal(page, app.origin, device, watch)
  await fromAnotherAddress(page, app.origin)
  const link = (pair: string) =>
    `${app.origin}/setup?device=main&transport=relay&lang=ru#key=${device.device.currentKey()}${pair}`

  await page.goto(link(''))
  await expect(terminal.byId('diagnosis')).toHaveAttribute('data-kind', 'relayRefused')
  await terminal.byId('step-pairAgain').click()
  await expect(terminal.byId('pair-code')).toBeVisible()
  await page.keyboard.press('Escape')

  await page.goto('about:blank')
  await page.goto(link(`&pair=${PAIRING_CODE}`))
  await terminal.ready()
  expect(page.url()).toBe(`${app.origin}/`)
  await terminal.sellExact(0)
  await terminal.expectResult('registered')
  expect(device.device.ledger()).toHaveLength(1)
  expect(await page.evaluate(() => JSON.stringify(performance.getEntries().map(({ name }) => name)))).not.toContain(
    PAIRING_CODE,
  )
  await app.close()
})

test('a tablet whose code does not fit is asked for the right one and goes on', async ({ page, device, watch }) => {
  const app = await startApp({ IKKM_DEVICES: `main=${device.origin}`, PAIRING_CODE })
  watch.allowOrigin(app.origin)
  const terminal = new Terminal(page, app.origin, device, watch)
  await fromAnotherAddress(page, app.origin)
  const key = device.device.currentKey()
  await page.goto(`${app.origin}/setup?device=main&transport=relay&lang=kk#key=${key}&pair=00000000`)
  await terminal.byId('step-pairAgain').click()
  await terminal.byId('pair-code').fill(PAIRING_CODE)
  await terminal.byId('pair-confirm').click()
  await terminal.ready()
  await app.close()
})

test('a name that the server does not know is said in words, and its registers are offered by name', async ({
  page,
  device,
  watch,
}) => {
  const app = await startApp({ IKKM_DEVICES: `main=${device.origin}` })
  watch.allowOrigin(app.origin)
  const terminal = new Terminal(page, app.origin, device, watch)
  await page.goto(`${app.origin}/setup?device=mian&transport=relay&lang=ru#key=${device.device.currentKey()}`)
  const diagnosis = terminal.byId('diagnosis')
  await expect(diagnosis).toHaveAttribute('data-kind', 'relayRefused')
  await expect(diagnosis).toContainText('Сервер не знает такой кассы')
  await expect(diagnosis).not.toContainText('{')
  await expect(terminal.byId('step-pairAgain')).toHaveCount(0)
  await terminal.byId('server-register').click()
  await expect(terminal.byId('device-relay')).toHaveValue('main')
  await terminal.byId('key-save').click()
  await terminal.ready()
  await app.close()
})
