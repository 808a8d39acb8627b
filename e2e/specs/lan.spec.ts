/**
 * The direct path as it stands in a shop: private addresses, HTTPS, the browser's permission. Network namespaces give
 * the addresses; where none can be made these tests are skipped and say why.
 */
import type { DeviceSeen } from '../lan/hosts.ts'
import type { BrowserContext, Page } from '@playwright/test'
import { test as base } from '@playwright/test'
import { DEVICE_NAME, openShop, OWN_PAGE, RELAYED_DEVICE, type Shop } from '../lan/shop.ts'
import {
  BLACK_HOLE,
  DEVICE,
  DEVICE_WITHOUT_CORS,
  HUNG_DEVICE,
  LOCKED_DEVICE,
  NOBODY,
  PUBLIC_DEVICE,
  PUBLIC_SERVER,
  ROUTER_PAGE,
  SHOP_SERVER,
  whyNoNetwork,
} from '../lan/network.ts'

const INTERNET_PAGE = `https://${PUBLIC_SERVER}:8443`
const SHOP_PAGE = `https://${SHOP_SERVER}:8443`

const impossible = whyNoNetwork()
if (impossible !== null) console.log(`Local network tests are skipped: ${impossible}`)

interface Tablet {
  /** Key now and everything seen so far of the device at this address. */
  readonly device: (address: string) => Promise<DeviceSeen>
  /** How many requests that were more than a harmless status read reached any device. */
  readonly moreThanChecks: () => Promise<number>
  /** Opens the terminal from this origin, with the permission as a person gave it. */
  readonly open: (origin: string, permission: 'given' | 'notAsked') => Promise<Page>
}

const test = base.extend<{ tablet: Tablet }, { shop: Shop }>({
  shop: [
    async ({}, use) => {
      const shop = await openShop()
      await use(shop)
      await shop.close()
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  tablet: async ({ shop }, use) => {
    const contexts: BrowserContext[] = []
    await use({
      device: async (address) => {
        const seen = (await shop.seen())[address]
        if (seen === undefined) throw new Error(`no device at ${address}`)
        return seen
      },
      moreThanChecks: async () =>
        Object.values(await shop.seen()).flatMap(({ paths }) => paths.filter((path) => !path.startsWith('/apicheck')))
          .length,
      open: async (origin, permission) => {
        const context = await shop.browser.newContext({ locale: 'ru-RU' })
        contexts.push(context)
        if (permission === 'given') await context.grantPermissions(['local-network-access'], { origin })
        const page = await context.newPage()
        await page.goto(origin)
        return page
      },
    })
    for (const context of contexts) await context.close()
  },
})
const { expect } = test

test.skip(impossible !== null, impossible ?? '')

/** The setup link of a device, as its QR code carries it. */
const link = (origin: string, device: string, key: string) =>
  `${origin}/setup?device=${encodeURIComponent(`http://${device}:8080`)}&transport=direct#key=${key}`

async function expectCause(page: Page, kind: string | RegExp): Promise<void> {
  // A request that nobody answers is given up after 30 s, and only then is its cause looked for.
  await expect(page.getByTestId('diagnosis')).toHaveAttribute('data-kind', kind, { timeout: 60_000 })
}

async function expectReady(page: Page): Promise<void> {
  await expect(page.getByTestId('product').first()).toBeVisible({ timeout: 30_000 })
  await expect(page.getByTestId('device-state')).toHaveAttribute('data-state', 'ready', { timeout: 30_000 })
}

async function expectSale(page: Page): Promise<void> {
  await page.getByTestId('product').first().click()
  await page.getByTestId('pay').click()
  await page.getByTestId('tender-cash-exact').click()
  await expect(page.getByTestId('payment-result')).toHaveAttribute('data-state', 'registered', { timeout: 30_000 })
}

for (const [words, origin, permission] of [
  ['an HTTPS page of the internet, permission given', INTERNET_PAGE, 'given'],
  ["an HTTPS page of the shop's own server, nothing asked", SHOP_PAGE, 'notAsked'],
  ['http://localhost, nothing asked', OWN_PAGE, 'notAsked'],
] as const) {
  test(`a sale reaches the device from ${words}`, async ({ tablet }) => {
    const page = await tablet.open(origin, permission)
    const { key, sales } = await tablet.device(DEVICE)
    await page.goto(link(origin, DEVICE, key))
    await expectReady(page)
    await expectSale(page)
    expect((await tablet.device(DEVICE)).sales).toHaveLength(sales.length + 1)
  })
}

test('without the permission the assistant says so, and the device sees nothing', async ({ tablet }) => {
  const { paths } = await tablet.device(DEVICE)
  const page = await tablet.open(INTERNET_PAGE, 'notAsked')
  await page.goto(link(INTERNET_PAGE, DEVICE, '12345678'))
  // Chromium without windows dismisses its own question where the one with windows denies it.
  await expectCause(page, /^permission(?:Denied|Dismissed)$/)
  expect((await tablet.device(DEVICE)).paths).toEqual(paths)
})

/** Without a screen Chromium answers its own question with No: that it is still open, it only says here. */
async function questionStaysOpen(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const open = Object.assign(new EventTarget(), { state: 'prompt', name: 'local-network-access', onchange: null })
    navigator.permissions.query = () => Promise.resolve(open as PermissionStatus)
  })
}

test('a question that somebody closed is told from one that was answered with No', async ({ tablet }) => {
  const page = await tablet.open(INTERNET_PAGE, 'notAsked')
  await questionStaysOpen(page)
  await page.goto(link(INTERNET_PAGE, DEVICE, '12345678'))
  await expectCause(page, 'permissionDismissed')
})

test('a request that waits for the answer to the question says that the question is open', async ({ tablet }) => {
  const page = await tablet.open(INTERNET_PAGE, 'given')
  await questionStaysOpen(page)
  await page.goto(link(INTERNET_PAGE, BLACK_HOLE, '12345678'))
  await expectCause(page, 'permissionPending')
})

test('an HTTP device at a public address is mixed content', async ({ tablet }) => {
  const page = await tablet.open(INTERNET_PAGE, 'given')
  await page.goto(link(INTERNET_PAGE, PUBLIC_DEVICE, '12345678'))
  await expectCause(page, 'mixedContent')
})

test('a tablet that lost its network is told so', async ({ tablet }) => {
  const page = await tablet.open(OWN_PAGE, 'notAsked')
  await page.goto(link(OWN_PAGE, NOBODY, '12345678'))
  await expectCause(page, 'noSuchHost')
  await page.context().setOffline(true)
  await page.getByTestId('key-save').click()
  await expectCause(page, 'noNetwork')
})

for (const [words, origin, address, kind] of [
  ['nothing listens', INTERNET_PAGE, SHOP_SERVER, 'refused'],
  ['nothing listens', SHOP_PAGE, SHOP_SERVER, 'refused'],
  ['nothing listens', OWN_PAGE, SHOP_SERVER, 'refused'],
  ['nobody has the address', INTERNET_PAGE, NOBODY, 'noSuchHost'],
  ['packets vanish', INTERNET_PAGE, BLACK_HOLE, 'timeout'],
  ['the device took the request and hangs', OWN_PAGE, HUNG_DEVICE, 'timeout'],
  ['no CORS headers', INTERNET_PAGE, DEVICE_WITHOUT_CORS, 'noCors'],
  ['no CORS headers', SHOP_PAGE, DEVICE_WITHOUT_CORS, 'noCors'],
  ["a router's page", INTERNET_PAGE, ROUTER_PAGE, 'wrongHost'],
  ['a key of yesterday', INTERNET_PAGE, DEVICE, 'wrongKey'],
  ['a name for the private address', INTERNET_PAGE, DEVICE_NAME, 'wrongKey'],
  ['another host holds the lock', INTERNET_PAGE, LOCKED_DEVICE, 'lockedToAnotherHost'],
] as const) {
  test(`${words}: ${kind} (${address} from ${origin})`, async ({ tablet }) => {
    const before = await tablet.moreThanChecks()
    const page = await tablet.open(origin, origin === INTERNET_PAGE ? 'given' : 'notAsked')
    await page.goto(link(origin, address, '00000001'))
    await expectCause(page, kind)
    // Where no status could be read, nothing but the harmless read was ever tried.
    expect(await tablet.moreThanChecks()).toBe(before)
  })
}

test('where the device can not be read, the relay that the assistant offers sells', async ({ tablet }) => {
  const { key } = await tablet.device(DEVICE_WITHOUT_CORS)
  const page = await tablet.open(OWN_PAGE, 'notAsked')
  await page.goto(link(OWN_PAGE, DEVICE_WITHOUT_CORS, key))
  await expectCause(page, 'noCors')
  expect((await tablet.device(DEVICE_WITHOUT_CORS)).paths.filter((path) => !path.startsWith('/apicheck'))).toEqual([])
  await page.getByTestId('step-useRelay').click()
  await page.getByTestId('device-relay').fill(RELAYED_DEVICE)
  await page.getByTestId('key-save').click()
  await expectReady(page)
  await expectSale(page)
  expect((await tablet.device(DEVICE_WITHOUT_CORS)).sales).toHaveLength(1)
})
