/** A tablet whose clock is wrong: it is said, and what is printed and shown of the register goes by the register's clock. */
import type { IkkmEmulator } from '../emulators/ikkm.ts'
import { expect, startApp, test } from '../fixtures.ts'
import { changeTabletClock, setTabletClock } from '../pages/fast-clock.ts'
import { documents, giveBackAll, openEntry } from '../pages/selling.ts'
import { openShiftPage } from '../pages/shift.ts'
import type { Terminal } from '../pages/terminal.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const SHOP_ZONE_MS = 5 * HOUR_MS

/** `dd.MM.yyyy HH:mm` as the register prints it. */
function onPaper(atMs: number): string {
  const iso = new Date(atMs + SHOP_ZONE_MS).toISOString()
  return `${iso.slice(8, 10)}.${iso.slice(5, 7)}.${iso.slice(0, 4)} ${iso.slice(11, 16)}`
}

/** Gives the only receipt of the journal back whole; what was asked of the register says of which date it was. */
async function giveBack(terminal: Terminal, device: IkkmEmulator, number: number): Promise<string> {
  await openEntry(terminal, number)
  await terminal.byId('return').click()
  await expect(terminal.byId('return-line').first()).toBeVisible()
  await giveBackAll(terminal)
  await terminal.expectResult('registered')
  expect(documents(device, 'saleReturn')).toHaveLength(1)
  const request = device.log().findLast(({ body }) => new URLSearchParams(body).has('saleReturn'))
  return [...new URLSearchParams(request?.body).values()].join('\n')
}

test('over the relay a tablet three days behind is told both times at once, and prints the register’s', async ({
  device,
  watch,
  otherTablet,
}) => {
  test.setTimeout(150_000)
  const app = await startApp({ IKKM_DEVICES: `main=${device.origin}` })
  watch.allowOrigin(app.origin)
  const { terminal, context } = await otherTablet({ origin: app.origin })
  await setTabletClock(context, -3 * DAY_MS)
  await terminal.page.goto(`${app.origin}/setup?device=main&transport=relay&lang=ru#key=${device.device.currentKey()}`)
  await terminal.ready()
  const bar = terminal.byId('attention')
  await expect(bar).toContainText('На планшете', { timeout: 30_000 })
  const now = device.now()
  const days = [onPaper(now), onPaper(now - 3 * DAY_MS)].map((text) => text.slice(0, 10))
  for (const day of days) await expect(bar).toContainText(day)

  await terminal.sellExact()
  await terminal.expectResult('registered')
  const number = await terminal.receiptNumber()
  const [sale] = documents(device, 'sale')
  const shift = device.device.state.shifts.at(-1)
  if (shift) shift.openedMs -= 5 * HOUR_MS

  await openShiftPage(terminal, 'open')
  await expect(terminal.byId('shift-state')).toContainText(/5\sч/)
  await expect(bar).toContainText('На планшете', { timeout: 30_000 })

  const printed = await giveBack(terminal, device, number)
  expect(printed).toContain(onPaper(sale?.atMs ?? 0))
  expect(printed).not.toContain(days[1])

  // Somebody sets the clock right: the sentence goes without a reload, and doesn't come back.
  await changeTabletClock(terminal.page, 0)
  await expect(bar).toBeHidden({ timeout: 30_000 })
  const seen = device.log().length
  await expect.poll(() => device.log().length, { timeout: 30_000 }).toBeGreaterThan(seen)
  await expect(bar).toBeHidden()
  await app.close()
})

test('directly the first receipt tells, because a browser shows no date of the register', async ({
  context,
  terminal,
  device,
}) => {
  test.setTimeout(120_000)
  await setTabletClock(context, -3 * DAY_MS)
  await terminal.setUp()
  await terminal.sellExact()
  await terminal.expectResult('registered')
  const number = await terminal.receiptNumber()
  const [sale] = documents(device, 'sale')
  const bar = terminal.byId('attention')
  await expect(bar).toContainText(onPaper(device.now()).slice(0, 10), { timeout: 30_000 })

  // A new life of the page: what an earlier one learned may have been put right since. The basis is the receipt's own.
  const printed = await giveBack(terminal, device, number)
  expect(printed).toContain(onPaper(sale?.atMs ?? 0))
  await expect(bar).toContainText(onPaper(device.now()).slice(0, 10), { timeout: 30_000 })
  await changeTabletClock(terminal.page, 0)
  await expect(bar).toBeHidden({ timeout: 30_000 })
})

test('directly a tablet that is behind the shift’s opening is told so before anything is sold', async ({
  context,
  terminal,
  device,
}) => {
  await terminal.setUp()
  await terminal.sellExact()
  await terminal.expectResult('registered')
  await setTabletClock(context, -3 * DAY_MS)
  await openShiftPage(terminal, 'open')
  await expect(terminal.byId('attention')).toContainText('Часы планшета отстают', { timeout: 30_000 })
  // How old the shift is can't be known; when it was opened can.
  const opened = device.device.state.shifts.at(-1)?.openedMs ?? 0
  await expect(terminal.byId('shift-state')).toContainText(onPaper(opened).slice(11))
  await expect(terminal.byId('shift-state')).not.toContainText(/\d\s(мин|ч)/)
})

test('a clock that is right says nothing', async ({ terminal }) => {
  await terminal.setUp()
  await terminal.sellExact()
  await terminal.expectResult('registered')
  await terminal.goto('/device')
  await expect(terminal.byId('device-state')).toHaveAttribute('data-state', 'ready', { timeout: 30_000 })
  await expect(terminal.byId('attention')).toHaveCount(0)
})
