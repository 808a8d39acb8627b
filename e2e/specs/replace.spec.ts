/** The journal outlives the tablet: uploads, a server that was away, and a lost till that goes on elsewhere. */
import type { RunningProxy } from '../../proxy/server.ts'
import { PAIR_PATH } from '../../src/contract/config.ts'
import { CONFIGURATION_PATH, RECEIPTS_PATH, TILLS_PATH } from '../../src/contract/shop.ts'
import { expect, startApp, test as base } from '../fixtures.ts'
import { addFree, documents } from '../pages/selling.ts'
import { Terminal } from '../pages/terminal.ts'
import { OWNER_CODE, post } from '../shop.ts'

interface ServerReceipt {
  readonly till: string
  readonly mark: string
  readonly number: number | null
  readonly totalTiyn: number
  readonly state: string
}

/** A shop server of its own, and a till that is set up at it. */
const test = base.extend<{ shop: { readonly app: RunningProxy; readonly till: Terminal } }>({
  shop: async ({ page, device, watch }, use) => {
    const app = await startApp({ OWNER_CODE })
    watch.allowOrigin(app.origin)
    const till = new Terminal(page, app.origin, device, watch)
    await till.setUp()
    await use({ app, till })
    await app.close()
  },
})

/** One receipt, and its result put away. */
async function sell(till: Terminal, state: 'registered' | 'queued'): Promise<void> {
  await till.sellExact()
  await till.expectResult(state)
  await till.byId('next-sale').click()
}

/** What an owner's token reads of the server. */
async function asOwner(app: RunningProxy): Promise<(path: string) => Promise<unknown>> {
  const { token } = (await post(app.origin, PAIR_PATH, { code: OWNER_CODE })) as { token: string }
  return async (path) => (await fetch(app.origin + path, { headers: { authorization: `Bearer ${token}` } })).json()
}

/** All receipts that the server has. */
async function ownerOf(app: RunningProxy): Promise<() => Promise<readonly ServerReceipt[]>> {
  const ask = await asOwner(app)
  const path = `${RECEIPTS_PATH}?from=2020-01-01&to=2099-12-31&limit=500`
  return async () => ((await ask(path)) as { receipts: readonly ServerReceipt[] }).receipts
}

/** Gives the product 101 another price, and waits until the server has a copy of how this till is set up. */
async function changePrice(till: Terminal, app: RunningProxy, price: string): Promise<void> {
  await till.goto('/catalog')
  await till.page.locator('[data-testid="catalog-item"][data-code="101"]').click()
  await till.byId('item-price').fill(price)
  await till.byId('item-save').click()
  await expect(till.byId('item-save')).toBeHidden()
  const ask = await asOwner(app)
  const { tills } = (await ask(TILLS_PATH)) as { tills: readonly { readonly till: string }[] }
  const path = `${CONFIGURATION_PATH}?till=${tills[0]?.till ?? ''}`
  // The till looks once a minute on its own clock.
  await expect
    .poll(async () => JSON.stringify(await ask(path)), { timeout: 90_000 })
    .toMatch(new RegExp(String.raw`price[^a-z]{1,6}${price}00.*goods/list`))
}

/** A new tablet goes on with the only till of this server. */
async function takeTheTill(next: Terminal, app: RunningProxy): Promise<void> {
  await next.page.goto(`${app.origin}/setup`)
  await next.byId('language-ru').click()
  await next.byId('replace-till').click()
  await next.byId('owner-code').fill(OWNER_CODE)
  await next.byId('owner-code-confirm').click()
  await next.byId('lost-till').click()
  await next.byId('replace-confirm').click()
  await next.page.waitForURL(`${app.origin}/`)
}

test('a sale is at the shop server within seconds, and the till says so', async ({ shop, page, device }) => {
  const { app, till } = shop
  await sell(till, 'registered')
  const receipts = await ownerOf(app)
  const [sold] = documents(device, 'sale')
  await expect
    .poll(async () => (await receipts()).map(({ number, totalTiyn, state }) => [number, totalTiyn, state]))
    .toEqual([[sold?.number, sold?.totalTiyn, 'done']])

  await page.goto(`${app.origin}/device`)
  await expect(till.byId('outbox-state')).toHaveAttribute('data-waiting', '0')
})

test('a browser profile is deleted with five receipts waiting and three in the register: on a new one all eight are registered, once', async ({
  shop,
  device,
  otherTablet,
  context,
}) => {
  test.setTimeout(300_000)
  const { app, till } = shop
  for (let n = 0; n < 3; n += 1) {
    await sell(till, 'registered')
  }
  await device.faults.add({ kind: 'down' })
  for (let n = 0; n < 5; n += 1) {
    await sell(till, 'queued')
  }
  await changePrice(till, app, '777')
  const receipts = await ownerOf(app)
  const states = async () => (await receipts()).map(({ state }) => state).sort()
  await expect.poll(states, { timeout: 60_000 }).toEqual([...Array(3).fill('done'), ...Array(5).fill('waiting')])
  const marks = (await receipts()).map(({ mark }) => mark).sort()
  await context.close()
  await device.faults.add({ kind: 'up' })

  const { terminal: next, problems } = await otherTablet({ origin: app.origin })
  await takeTheTill(next, app)
  await expect.poll(() => documents(device, 'sale').length, { timeout: 120_000 }).toBe(8)
  await expect.poll(states, { timeout: 60_000 }).toEqual(Array(8).fill('done'))
  const after = await receipts()
  expect(after.map(({ mark }) => mark).sort()).toEqual(marks)
  expect(new Set(after.map(({ number }) => number)).size).toBe(8)
  expect(new Set(documents(device, 'sale').map(({ number }) => number))).toEqual(
    new Set(after.map(({ number }) => number)),
  )
  // Settings, cashiers and goods came along.
  await expect(next.product('101')).toContainText('777')
  expect(problems).toEqual([])
})

test('a second tablet of the shop gets the settings of the first, and keeps its register and its letters', async ({
  shop,
  device,
  otherTablet,
  startDevice,
}) => {
  test.setTimeout(240_000)
  const { app, till: first } = shop
  await sell(first, 'registered')
  const receipts = await ownerOf(app)
  await expect.poll(async () => (await receipts()).length).toBe(1)
  await changePrice(first, app, '888')

  const other = await startDevice({ seed: 2, options: { factorySerialNumber: 'SECOND-REGISTER' } })
  const { terminal: second, problems } = await otherTablet({ origin: app.origin, device: other })
  await second.setUp()
  await expect(second.product('101')).not.toContainText('888')
  await second.goto('/setup')
  await second.byId('copy-till').click()
  await second.byId('owner-code').fill(OWNER_CODE)
  await second.byId('owner-code-confirm').click()
  // Not itself.
  await expect(second.byId('lost-till')).toHaveCount(1)
  await second.byId('lost-till').click()
  await second.byId('copy-confirm').click()
  await second.page.waitForURL(`${app.origin}/catalog`)
  await second.goto('/')
  await second.ready()
  await expect(second.product('101')).toContainText('888')
  await second.product('101').click()
  await second.byId('pay').click()
  await second.byId('tender-cash-exact').click()
  await second.expectResult('registered')
  expect(documents(other, 'sale')).toMatchObject([{ totalTiyn: 888_00 }])
  expect(documents(device, 'sale')).toHaveLength(1)
  await expect.poll(async () => new Set((await receipts()).map(({ mark }) => mark.split('-')[0])).size).toBe(2)
  expect(problems).toEqual([])
})

test('the tablet that was replaced is told so, sends nothing more and sells nothing more', async ({
  shop,
  device,
  otherTablet,
}) => {
  test.setTimeout(300_000)
  const { app, till: old } = shop
  await sell(old, 'registered')
  await device.faults.add({ kind: 'down' })
  await sell(old, 'queued')
  const receipts = await ownerOf(app)
  await expect.poll(async () => (await receipts()).length, { timeout: 60_000 }).toBe(2)

  const { terminal: next } = await otherTablet({ origin: app.origin })
  await takeTheTill(next, app)
  await expect(next.byId('queue-count')).toContainText('1')

  // It says that it lives now and then, and so it hears of it.
  await expect(old.byId('attention')).toContainText('другой планшет', { timeout: 60_000 })
  await device.faults.add({ kind: 'up' })
  await expect(next.byId('queue-count')).toBeHidden({ timeout: 60_000 })
  expect(documents(device, 'sale')).toHaveLength(2)

  await old.goto('/')
  await expect(old.byId('attention')).toContainText('другой планшет')
  await old.tapProducts(0)
  await old.byId('pay').click()
  await expect(old.byId('tender-cash-exact')).toHaveCount(0)
  await addFree(next, '500')
  await next.byId('pay').click()
  await next.byId('tender-cash-exact').click()
  await next.expectResult('registered')
  expect(documents(device, 'sale')).toHaveLength(3)
})
