/** The journal outlives the tablet: uploads, a server that was away, and a lost till that goes on elsewhere. */
import type { RunningProxy } from '../../proxy/server.ts'
import { expect, startApp, test } from '../fixtures.ts'
import { addFree, documents } from '../pages/selling.ts'
import { Terminal } from '../pages/terminal.ts'

const OWNER_CODE = 'the-owner-4711'

interface ServerReceipt {
  readonly till: string
  readonly mark: string
  readonly number: number | null
  readonly totalTiyn: number
  readonly state: string
}

/** What an owner's token reads of the server. */
async function ownerOf(app: RunningProxy) {
  const paired = await fetch(`${app.origin}/api/pair`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code: OWNER_CODE }),
  })
  const { token } = (await paired.json()) as { token: string }
  return async (): Promise<readonly ServerReceipt[]> => {
    const reply = await fetch(`${app.origin}/api/shop/receipts?from=2020-01-01&to=2099-12-31&limit=500`, {
      headers: { authorization: `Bearer ${token}` },
    })
    const { receipts } = (await reply.json()) as { receipts: readonly ServerReceipt[] }
    return receipts
  }
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

test('a sale is at the shop server within seconds, and the till says so', async ({ page, device, watch }) => {
  const app = await startApp({ OWNER_CODE })
  watch.allowOrigin(app.origin)
  const till = new Terminal(page, app.origin, device, watch)
  await till.setUp()
  await till.sellExact()
  await till.expectResult('registered')
  await till.byId('next-sale').click()
  const receipts = await ownerOf(app)
  const [sold] = documents(device, 'sale')
  await expect
    .poll(async () => (await receipts()).map(({ number, totalTiyn, state }) => [number, totalTiyn, state]))
    .toEqual([[sold?.number, sold?.totalTiyn, 'done']])

  await page.goto(`${app.origin}/device`)
  await expect(till.byId('outbox-state')).toHaveAttribute('data-waiting', '0')
  await app.close()
})

test('a browser profile is deleted with five receipts waiting and three in the register: on a new one all eight are registered, once', async ({
  page,
  device,
  watch,
  otherTablet,
  context,
}) => {
  test.setTimeout(300_000)
  const app = await startApp({ OWNER_CODE })
  watch.allowOrigin(app.origin)
  const till = new Terminal(page, app.origin, device, watch)
  await till.setUp()
  for (let n = 0; n < 3; n += 1) {
    await till.sellExact()
    await till.expectResult('registered')
    await till.byId('next-sale').click()
  }
  await device.faults.add({ kind: 'down' })
  for (let n = 0; n < 5; n += 1) {
    await till.sellExact()
    await till.expectResult('queued')
    await till.byId('next-sale').click()
  }
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
  expect(problems).toEqual([])
  await app.close()
})

test('the tablet that was replaced is told so, sends nothing more and sells nothing more', async ({
  page,
  device,
  watch,
  otherTablet,
}) => {
  test.setTimeout(300_000)
  const app = await startApp({ OWNER_CODE })
  watch.allowOrigin(app.origin)
  const old = new Terminal(page, app.origin, device, watch)
  await old.setUp()
  await old.sellExact()
  await old.expectResult('registered')
  await old.byId('next-sale').click()
  await device.faults.add({ kind: 'down' })
  await old.sellExact()
  await old.expectResult('queued')
  await old.byId('next-sale').click()
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
  await app.close()
})
