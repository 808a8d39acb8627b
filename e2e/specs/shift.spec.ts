import { expect, startApp, test } from '../fixtures.ts'
import { documents } from '../pages/selling.ts'
import { moveCash, openShiftPage, operation } from '../pages/shift.ts'
import { Terminal } from '../pages/terminal.ts'

// A device whose Z takes seconds instead of the document's forty.
test.use({ deviceOptions: { options: { zNormalMs: 3_000, zFastMs: [1_000, 1_500] } } })

async function sellOne(terminal: Terminal): Promise<void> {
  await terminal.setUp()
  await terminal.sellExact(0)
  await terminal.expectResult('registered')
}

test('cash put in and taken out stands in the ledger, the drawer and the totals to the tiyn', async ({
  terminal,
  device,
  page,
}) => {
  await terminal.setUp()
  await openShiftPage(terminal, 'closed')
  await moveCash(terminal, 'cash-in', '5000,50')
  await expect(operation(terminal, 'deposit')).toHaveAttribute('data-state', 'done', { timeout: 30_000 })
  await moveCash(terminal, 'cash-out', '1200')
  await expect(operation(terminal, 'withdrawal')).toHaveAttribute('data-state', 'done', { timeout: 30_000 })
  expect(documents(device, 'deposit')).toMatchObject([{ totalTiyn: 500_050 }])
  expect(documents(device, 'withdrawal')).toMatchObject([{ totalTiyn: 120_000 }])
  await expect(terminal.byId('drawer')).toHaveAttribute('data-tiyn', '380050', { timeout: 30_000 })
  for (const side of ['device', 'terminal']) {
    const total = (kind: string) =>
      page.locator(`[data-testid="shift-total"][data-kind="${kind}"][data-side="${side}"]`)
    await expect(total('deposit')).toHaveAttribute('data-tiyn', '500050')
    await expect(total('withdrawal')).toHaveAttribute('data-tiyn', '120000')
  }
})

test('more than the drawer holds is refused before anything is stored', async ({ terminal, device }) => {
  await sellOne(terminal)
  await openShiftPage(terminal, 'open')
  await expect(terminal.byId('drawer')).toHaveAttribute('data-tiyn', String(device.device.state.cashTiyn), {
    timeout: 30_000,
  })
  await terminal.byId('cash-out').click()
  await terminal.page.keyboard.type('999999')
  await expect(terminal.byId('cash-save')).toBeDisabled()
  await terminal.page.keyboard.press('Enter')
  expect(documents(device, 'withdrawal')).toEqual([])
})

test('a deposit whose answer got lost is made exactly once', async ({ page, device, watch }) => {
  // Over the relay, which never repeats: the browser's own repeat on the direct way is the next test.
  const app = await startApp({ IKKM_DEVICES: `main=${device.origin}` })
  watch.allowOrigin(app.origin)
  const terminal = new Terminal(page, app.origin, device, watch)
  await page.goto(`${app.origin}/setup?device=main&transport=relay&lang=ru#key=${device.device.currentKey()}`)
  await terminal.ready()
  await openShiftPage(terminal, 'closed')
  await device.faults.add({ kind: 'drop-after', match: '/apideposit' })
  await moveCash(terminal, 'cash-in', '3000')
  await expect(operation(terminal, 'deposit')).toHaveAttribute('data-state', 'done', { timeout: 60_000 })
  expect(documents(device, 'deposit')).toMatchObject([{ totalTiyn: 300_000 }])
  await expect(terminal.byId('drawer')).toHaveAttribute('data-tiyn', '300000', { timeout: 30_000 })
  await app.close()
})

test('a deposit that was executed without an answer in time is never sent again', async ({ terminal, device }) => {
  await terminal.setUp()
  await openShiftPage(terminal, 'closed')
  await device.faults.add({ kind: 'hang', execute: true, match: '/apideposit' })
  await moveCash(terminal, 'cash-in', '3000')
  await expect(operation(terminal, 'deposit')).toHaveAttribute('data-state', 'done', { timeout: 75_000 })
  expect(documents(device, 'deposit')).toMatchObject([{ totalTiyn: 300_000 }])
})

test('a deposit that the browser itself repeated is never called done: a person is asked on the page', async ({
  terminal,
  device,
}) => {
  await terminal.setUp()
  await openShiftPage(terminal, 'closed')
  await device.faults.add({ kind: 'drop-after', match: '/apideposit' })
  await moveCash(terminal, 'cash-in', '3000')
  // Chromium sends a request again when a reused connection closes: the device made two deposits of one.
  await expect(terminal.byId('shift-question')).toHaveAttribute('data-kind', 'depositDone', { timeout: 60_000 })
  expect(documents(device, 'deposit')).toHaveLength(2)
  await expect(operation(terminal, 'deposit')).not.toHaveAttribute('data-state', 'done')
  await terminal.byId('shift-answer-yes').click()
  await expect(operation(terminal, 'deposit')).toHaveAttribute('data-state', 'done', { timeout: 30_000 })
})

test('an X report is printed once and leaves the shift open', async ({ terminal, device }) => {
  await sellOne(terminal)
  await openShiftPage(terminal, 'open')
  await terminal.byId('shift-x').click()
  await expect(operation(terminal, 'xReport')).toHaveAttribute('data-state', 'done', { timeout: 30_000 })
  expect(documents(device, 'x')).toHaveLength(1)
  await expect(terminal.byId('shift-state')).toHaveAttribute('data-state', 'open')
})

test('a Z closes the shift that was seen, and its report and receipts stay readable', async ({
  terminal,
  device,
  page,
}) => {
  await sellOne(terminal)
  const [sale] = documents(device, 'sale')
  await openShiftPage(terminal, 'open')
  await terminal.byId('shift-z').click()
  await expect(terminal.byId('z-expected')).toHaveAttribute('data-tiyn', String(sale?.totalTiyn), { timeout: 30_000 })
  await page.keyboard.type('100')
  await expect(terminal.byId('z-difference')).toHaveAttribute('data-tiyn', String(10_000 - (sale?.totalTiyn ?? 0)))
  await terminal.byId('z-confirm').click()
  await expect(terminal.byId('z-progress')).toBeVisible()
  await expect(terminal.byId('z-result')).toHaveAttribute('data-state', 'closed', { timeout: 60_000 })
  expect(documents(device, 'z')).toHaveLength(1)
  expect(device.log().some((request) => request.body.includes('timersFast'))).toBe(false)
  await terminal.byId('z-done').click()
  await expect(terminal.byId('shift-state')).toHaveAttribute('data-state', 'closed', { timeout: 30_000 })
  await page.locator(`[data-testid="past-shift"][data-shift="${sale?.shift ?? 0}"]`).click()
  await expect(page.locator('[data-testid="shift-total"][data-kind="sale"][data-side="device"]')).toHaveAttribute(
    'data-tiyn',
    String(sale?.totalTiyn),
    { timeout: 30_000 },
  )
  await expect(terminal.byId('shift-tax')).toHaveAttribute('data-tiyn', String(sale?.taxTiyn))
  await terminal.byId('shift-view-receipts').click()
  await expect(terminal.byId('device-receipt')).toHaveAttribute('data-number', String(sale?.number))
})

test('the count before a Z is compared with the drawer of this moment, not with the figures of a minute ago', async ({
  terminal,
  device,
}) => {
  await sellOne(terminal)
  const before = device.device.state.cashTiyn
  await openShiftPage(terminal, 'open')
  await expect(terminal.byId('drawer')).toHaveAttribute('data-tiyn', String(before), { timeout: 30_000 })
  await moveCash(terminal, 'cash-in', '500')
  await expect.poll(() => documents(device, 'deposit').length).toBe(1)
  await terminal.byId('shift-z').click()
  await terminal.byId('number').fill('1000')
  // Whatever is shown first: what the count is compared with holds the deposit.
  await terminal.byId('z-confirm').click()
  await expect(terminal.byId('z-result')).toHaveAttribute('data-state', 'closed', { timeout: 60_000 })
  await terminal.page.locator('.close-link').click()
  const words = terminal.byId('shift-report')
  await expect(words).toContainText(/при\s1\s150\s₸/, { timeout: 30_000 })
  expect(device.device.state.cashTiyn).toBe(before + 50_000)
})

test('cash taken out before the Z leaves first and lets the device use its quick timers', async ({
  terminal,
  device,
}) => {
  await sellOne(terminal)
  const cash = device.device.state.cashTiyn
  await openShiftPage(terminal, 'open')
  await terminal.byId('shift-z').click()
  await expect(terminal.byId('z-expected')).toHaveAttribute('data-tiyn', String(cash), { timeout: 30_000 })
  await terminal.byId('z-withdraw').getByRole('switch').click()
  await terminal.byId('z-confirm').click()
  await expect(terminal.byId('z-result')).toHaveAttribute('data-state', 'closed', { timeout: 60_000 })
  const order = device.device.ledger().flatMap(({ kind }) => (kind === 'sale' ? [] : [kind]))
  expect(order).toEqual(['withdrawal', 'z'])
  expect(documents(device, 'withdrawal')).toMatchObject([{ totalTiyn: cash }])
  expect(device.device.state.cashTiyn).toBe(0)
  const sent = device.log().flatMap(({ path, body }) => {
    if (path.startsWith('/apiwithdraw')) return ['withdraw']
    if (path.startsWith('/apizreport')) return ['z']
    return body.includes('timersFast') ? ['fast'] : []
  })
  expect(sent).toEqual(['withdraw', 'fast', 'z'])
})

test('a Z is blocked while a receipt waits, names it, and can be done when it got through', async ({
  terminal,
  device,
}) => {
  await sellOne(terminal)
  await openShiftPage(terminal, 'open')
  await device.faults.add({ kind: 'hang', execute: false, match: '/api/' })
  await terminal.byId('shift-state').waitFor()
  await terminal.page.getByRole('link', { name: 'Продажа' }).first().click()
  await terminal.sellExact(1)
  await terminal.expectResult('queued')
  await terminal.page.locator('a.shift-link').click()
  await terminal.byId('shift-z').click()
  await expect(terminal.byId('z-blocker')).toHaveCount(1)
  await expect(terminal.byId('z-blocker')).toHaveAttribute('data-kind', 'registration')
  await expect(terminal.byId('z-confirm')).toHaveCount(0)
  expect(documents(device, 'z')).toEqual([])
  await expect(terminal.byId('z-confirm')).toBeVisible({ timeout: 60_000 })
  await terminal.byId('z-confirm').click()
  await expect(terminal.byId('z-result')).toHaveAttribute('data-state', 'closed', { timeout: 60_000 })
  expect(device.device.ledger().map(({ kind }) => kind)).toEqual(['sale', 'sale', 'z'])
})

test('a Z whose answer got lost closes exactly one shift', async ({ terminal, device }) => {
  // The terminal waits two minutes before it trusts that no second Z is under way.
  test.setTimeout(240_000)
  await sellOne(terminal)
  await openShiftPage(terminal, 'open')
  await device.faults.add({ kind: 'drop-after', match: '/apizreport' })
  await terminal.byId('shift-z').click()
  await terminal.byId('z-confirm').click()
  await expect(terminal.byId('z-result')).toHaveAttribute('data-state', 'closed', { timeout: 180_000 })
  expect(documents(device, 'z')).toHaveLength(1)
  // On the wire there may be two: the browser's own repeat meets a busy device.
  expect(device.device.state.shifts).toHaveLength(1)
})

test('a shift of 23 hours is warned of here and in the bar, one over 24 hours says that nothing can be sold', async ({
  terminal,
  device,
  page,
}) => {
  await sellOne(terminal)
  const opened = device.now()
  await page.clock.install({ time: opened + 23.1 * 3_600_000 })
  device.setClockOffset(23.1 * 3_600_000)
  await openShiftPage(terminal, 'open')
  await expect(terminal.byId('attention')).toContainText('23 ч')
  await expect(page.locator('.hero-warning')).toContainText('24')
})

test('a cashier without the right to reports sees the reason in words and what the terminal knows', async ({
  terminal,
  device,
  page,
}) => {
  await sellOne(terminal)
  device.device.foreignOperation({ kind: 'cashier', cashierId: 100 }, device.now())
  await openShiftPage(terminal, 'open')
  await expect(terminal.byId('shift-trouble')).toContainText('старшему кассиру', { timeout: 30_000 })
  const [sale] = documents(device, 'sale')
  await expect(page.locator('[data-testid="shift-total"][data-kind="sale"][data-side="terminal"]')).toHaveAttribute(
    'data-tiyn',
    String(sale?.totalTiyn),
  )
  await expect(terminal.byId('past-shifts')).toContainText('старшему кассиру', { timeout: 30_000 })
})
