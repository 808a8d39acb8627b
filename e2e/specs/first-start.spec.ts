import { encode } from 'uqr'
import type { Page } from '@playwright/test'
import { expect, startApp, test } from '../fixtures.ts'
import { storedRows } from '../pages/stored.ts'
import type { Terminal } from '../pages/terminal.ts'

/** The browser throws away what it has of the app's origin; the page that runs is gone before that. */
async function loseStorage(page: Page, storageTypes: string): Promise<void> {
  const { origin } = new URL(page.url())
  await page.goto('about:blank')
  const session = await page.context().newCDPSession(page)
  await session.send('Storage.clearDataForOrigin', { origin, storageTypes })
}

/** A tablet with a camera that looks at this code: a stream of real pictures, read by the real reader. */
async function cameraSees(page: Page, code: string): Promise<void> {
  const { data } = encode(code, { border: 4 })
  await page.addInitScript((rows: boolean[][]) => {
    const canvas = document.createElement('canvas')
    const cell = 8
    canvas.width = canvas.height = rows.length * cell
    const context = canvas.getContext('2d')
    const draw = () => {
      if (context === null) return
      context.fillStyle = '#fff'
      context.fillRect(0, 0, canvas.width, canvas.height)
      context.fillStyle = '#000'
      rows.forEach((row, y) => row.forEach((dark, x) => dark && context.fillRect(x * cell, y * cell, cell, cell)))
    }
    const devices = Object.assign(new EventTarget(), {
      enumerateDevices: () => Promise.resolve([{ kind: 'videoinput' }]),
      getUserMedia: () => {
        const stream = canvas.captureStream(20)
        // A picture that never changes sends no frames.
        setInterval(draw, 50)
        return Promise.resolve(stream)
      },
    })
    Object.defineProperty(Navigator.prototype, 'mediaDevices', { get: () => devices })
  }, data)
}

test('three steps by hand: language, address and key, the first receipt', async ({ terminal, device, page, app }) => {
  // A server with something configured sends nobody to the practice register.
  await page.goto(`${app.origin}/setup`)
  await terminal.byId('language-kk').click()
  await expect(page.locator('html')).toHaveAttribute('lang', 'kk')
  await expect(page).toHaveTitle(/Терминалды баптау/)
  await terminal.byId('device-address').fill(device.origin)
  await terminal.byId('key-input').fill(device.device.currentKey())
  await terminal.byId('key-save').click()
  await terminal.ready()
  await terminal.sellExact(0)
  await terminal.expectResult('registered')
})

test('the ways to the device are one group for the keyboard: arrows choose, Tab passes by', async ({ page, app }) => {
  await page.goto(`${app.origin}/setup`)
  await page.getByTestId('language-ru').click()
  const direct = page.getByTestId('way-direct')
  await direct.focus()
  await page.keyboard.press('ArrowDown')
  await expect(page.getByTestId('way-relay')).toBeFocused()
  await expect(page.getByTestId('way-relay')).toHaveAttribute('aria-checked', 'true')
  await page.keyboard.press('ArrowDown')
  await expect(page.getByTestId('way-demo')).toBeFocused()
  await page.keyboard.press('ArrowRight')
  await expect(direct).toBeFocused()
  await page.keyboard.press('Tab')
  await expect(page.getByTestId('device-address')).toBeFocused()
  await page.keyboard.press('Shift+Tab')
  await expect(direct).toBeFocused()
})

test('the key is read from the device’s screen by the camera', async ({ terminal, device, page, app }) => {
  await cameraSees(page, device.device.currentKey())
  await page.goto(`${app.origin}/setup`)
  await terminal.byId('language-ru').click()
  await terminal.byId('device-address').fill(device.origin)
  await terminal.byId('key-camera').click()
  await expect(terminal.byId('key-input')).toHaveValue(device.device.currentKey())
  await expect(page.locator('dialog[open]')).toHaveCount(0)
  await terminal.byId('key-save').click()
  await terminal.ready()
})

test('the code on one tablet’s settings sets up the next one, all but the key', async ({
  terminal,
  device,
  page,
  otherTablet,
}) => {
  await terminal.setUp()
  await terminal.goto('/settings')
  const link = (await terminal.byId('setup-link').textContent())?.trim() ?? ''
  await expect(terminal.byId('setup-code')).toBeVisible()
  expect(link).not.toContain(device.device.currentKey())
  expect(await page.content()).not.toContain(device.device.currentKey())

  const { terminal: next, problems } = await otherTablet()
  await cameraSees(next.page, link)
  // By the camera of the terminal itself, as in an installed app that a link wouldn't open.
  await next.goto('/setup')
  await next.byId('language-ru').click()
  await next.byId('key-camera').click()
  await expect(next.byId('device-address')).toHaveValue(device.origin)
  await next.page.goto(link)
  await expect(next.byId('device-address')).toHaveValue(device.origin)
  await next.byId('key-input').fill(device.device.currentKey())
  await next.byId('key-save').click()
  await next.ready()
  expect(problems).toEqual([])
})

test('the camera reads codes without a network', async ({ otherTablet }) => {
  const app = await startApp()
  const { terminal, problems } = await otherTablet({ origin: app.origin })
  await terminal.setUp()
  await terminal.page.evaluate(async () => (await navigator.serviceWorker.ready).active?.state)
  await terminal.page.waitForFunction(() => navigator.serviceWorker.controller !== null)
  await app.close()
  await cameraSees(terminal.page, '04917623')
  await terminal.goto('/device')
  await terminal.byId('key-camera').click()
  await expect(terminal.byId('key-input')).toHaveValue('04917623')
  expect(problems).toEqual([])
})

test('the catalogue that the device didn’t give at first comes by itself', async ({ terminal, device, page }) => {
  await device.faults.add({ kind: 'html', match: '/dump/table/items', count: 2 })
  await page.goto(terminal.setupLink())
  await expect(terminal.byId('load-catalog')).toBeVisible({ timeout: 60_000 })
  await expect(page.getByText(/Не получилось загрузить товары/)).toBeVisible({ timeout: 60_000 })
  await expect(terminal.byId('product').first()).toBeVisible({ timeout: 60_000 })
})

test('the title, the language of the page and the focus follow where the person goes', async ({ terminal, page }) => {
  await terminal.setUp()
  await expect(page).toHaveTitle('Продажа · Терминал')
  await terminal.byId('menu').click()
  await page.locator('.menu-page[href="/journal"]').click()
  await expect(page).toHaveTitle('Журнал чеков · Терминал')
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused()
  await page.keyboard.press('Alt+Digit0')
  await page.keyboard.press('Alt+Digit4')
  await expect(page).toHaveTitle('Смена · Терминал')
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused()
  await terminal.byId('menu').click()
  await page.getByRole('radio', { name: 'English' }).click()
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  await expect(page).toHaveTitle(/^Shift · /)
  await page.keyboard.press('Escape')
  await terminal.goto('/settings')
  await terminal.byId('shop-name').fill('Kofe & Nan')
  await expect(page).toHaveTitle('Settings · Kofe & Nan')
})

test('with cashiers, settings, setup and catalogue are an administrator’s; the key stays everybody’s', async ({
  terminal,
  page,
}) => {
  await terminal.setUp()
  await terminal.goto('/cashiers')
  for (const [name, pin, role] of [
    ['Айгүл', '4321', 'admin'],
    ['Иван', '1111', 'cashier'],
  ] as const) {
    await terminal.byId('cashier-add').click()
    await terminal.byId('cashier-name').fill(name)
    await terminal.byId('cashier-new-pin').fill(pin)
    await terminal.byId(`role-${role}`).click()
    await terminal.byId('cashier-save').click()
    await expect(page.locator(`[data-testid="cashier"][data-name="${name}"]`)).toBeVisible()
  }
  const signIn = async (name: string, pin: string) => {
    await page.locator(`[data-testid="lock-cashier"][data-name="${name}"]`).click()
    await terminal.byId('cashier-pin').fill(pin)
    await terminal.byId('lock-enter').click()
    await expect(terminal.byId('lock')).toBeHidden()
  }
  for (const path of ['/settings', '/setup', '/catalog']) {
    await terminal.goto(path)
    await signIn('Иван', '1111')
    await expect(terminal.byId('no-right')).toBeVisible()
    await expect(page.locator('#content :is(input, textarea, select)')).toHaveCount(0)
  }
  // A link with another device changes nothing either.
  await page.goto(terminal.setupLink({ origin: 'http://127.0.0.1:9' }))
  await signIn('Иван', '1111')
  await expect(terminal.byId('no-right')).toBeVisible()
  await expect(terminal.byId('diagnosis')).toHaveCount(0)
  await terminal.goto('/device')
  await signIn('Иван', '1111')
  await expect(terminal.byId('key-input')).toBeVisible()
  await expect(terminal.byId('device-reboot')).toHaveCount(0)

  await terminal.goto('/settings')
  await signIn('Иван', '1111')
  await terminal.byId('no-right-change').click()
  await signIn('Айгүл', '4321')
  await expect(terminal.byId('shop-name')).toBeVisible()
})

test('at a server with nothing configured the practice register opens by itself, is said to be one, and is chosen', async ({
  otherTablet,
}) => {
  const app = await startApp()
  const { terminal, problems } = await otherTablet({ origin: app.origin })
  await terminal.goto('/')
  await terminal.ready()
  await expect(terminal.byId('attention')).toContainText('учебная касса')
  await terminal.byId('attention-action').click()
  await expect(terminal.byId('way-demo')).toHaveAttribute('aria-checked', 'true')
  await terminal.byId('setup-demo').click()
  await terminal.ready()
  await expect(terminal.byId('attention')).toBeHidden()
  expect(problems).toEqual([])
  await app.close()
})

test('two tablets of one server print marks of their own, and one that lost its storage prints another than before', async ({
  terminal,
  page,
  otherTablet,
}) => {
  const prefixOn = async (tablet: Terminal) => {
    await tablet.sellExact(0)
    await tablet.expectResult('registered')
    const [entry] = (await storedRows<{ sequence: number; mark: string }>(tablet.page, 'entries')).slice(-1)
    expect(entry?.mark).toMatch(/^[A-Z][A-Z0-9]-\d{4}$/)
    return entry?.mark.split('-')[0] ?? ''
  }
  await terminal.setUpByLink()
  const first = await prefixOn(terminal)
  const { terminal: other } = await otherTablet()
  await other.setUpByLink()
  const second = await prefixOn(other)

  await loseStorage(page, 'indexeddb')
  await terminal.setUpByLink()
  const third = await prefixOn(terminal)
  expect(new Set([first, second, third]).size).toBe(3)
})

for (const types of ['indexeddb', 'indexeddb,local_storage,cache_storage,service_workers']) {
  test(`a till that lost its storage says so and never opens the practice register: ${types}`, async ({
    device,
    otherTablet,
  }) => {
    const app = await startApp()
    const { terminal: till } = await otherTablet({ origin: app.origin })
    await till.setUpByLink()
    await loseStorage(till.page, types)
    await till.goto('/')
    await expect(till.byId('storage-lost')).toContainText('011700029000')
    await expect(till.page).toHaveURL(/\/setup$/)
    await expect(till.byId('product')).toHaveCount(0)
    await till.byId('language-ru').click()
    await expect(till.byId('storage-lost')).toBeVisible()
    await expect(till.byId('device-address')).toHaveValue(device.origin)
    await app.close()
  })
}
