import type { Locator, Page } from '@playwright/test'
import { expect, test } from '../fixtures.ts'
import { documents } from '../pages/selling.ts'

/** ms from the first tap: too late for one tap, too early for a second one that is meant. */
const SECOND_TAP_MS = 350

// Fingers have no other pace than their own.
test.use({ pace: 1 })

/**
 * Two taps in one place: the second comes whatever stands there by then. Each carries the moment of the finger, as a
 * touch screen's does: a machine that is busy delivers it later, and no earlier tap becomes a later one by that.
 */
async function tapTwice(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeEnabled()
  const box = await target.boundingBox()
  if (box === null) throw new Error('nothing to tap')
  const place = { x: box.x + box.width / 2, y: box.y + box.height / 2, button: 'left', clickCount: 1 } as const
  const session = await page.context().newCDPSession(page)
  const { now, epochMs } = await page.evaluate(() => ({ now: performance.now(), epochMs: Date.now() }))
  const tap = async (afterMs: number) => {
    const timestamp = (epochMs + afterMs) / 1000
    for (const type of ['mousePressed', 'mouseReleased'] as const)
      await session.send('Input.dispatchMouseEvent', { ...place, type, timestamp })
  }
  await tap(0)
  await page.waitForFunction((from) => performance.now() >= from, now + SECOND_TAP_MS, { polling: 'raf' })
  await tap(SECOND_TAP_MS)
  await session.detach()
}

for (const [form, width, height] of [
  ['tablet', 1280, 800],
  ['portrait', 800, 1280],
  ['phone', 390, 844],
] as const) {
  test(`a second tap neither pays nor takes the change away, on a ${form}`, async ({ terminal, device, page }) => {
    await page.setViewportSize({ width, height })
    await terminal.setUp()
    await terminal.tapProducts(0)
    await tapTwice(page, terminal.byId('pay'))
    // The button that stands where Pay stood takes a tap by now, and nothing was registered.
    await expect(terminal.byId('pay-confirm')).toBeEnabled()
    expect(documents(device, 'sale')).toEqual([])
    await page.keyboard.type('20000')
    const change = '1935000'
    await expect(terminal.byId('change-preview')).toHaveAttribute('data-tiyn', change)
    await tapTwice(page, terminal.byId('pay-confirm'))
    await expect(terminal.byId('next-sale')).toBeEnabled()
    await expect(terminal.byId('change')).toHaveAttribute('data-tiyn', change)
    await terminal.byId('next-sale').click()
    await expect(terminal.byId('payment-result')).toBeHidden()

    // Where Exact and the notes stood lie products afterwards: the second tap begins no sale for the next customer.
    for (const note of ['tender-cash-exact', 'tender-cash-suggestion']) {
      await terminal.tapProducts(0)
      await terminal.byId('pay').click()
      await tapTwice(page, terminal.byId(note).first())
      await expect(terminal.byId('next-sale')).toBeEnabled()
      await expect(terminal.byId('payment-result')).toBeVisible()
      await terminal.expectResult('registered')
    }
    expect(documents(device, 'sale')).toHaveLength(3)
  })
}

test('a key that is held down pays nothing, and confirms nothing after it', async ({ terminal, device, page }) => {
  await terminal.setUp()
  await terminal.tapProducts(0)
  await terminal.byId('pay').focus()
  const hold = async (until: Locator): Promise<void> => {
    // Each further `down` of a key that is down already is a repetition, as the keyboard sends it.
    await page.keyboard.down('Enter')
    await expect(async () => {
      await page.keyboard.down('Enter')
      await expect(until).toBeEnabled({ timeout: 1 })
    }).toPass({ intervals: [30] })
    for (let again = 0; again < 5; again += 1) await page.keyboard.down('Enter')
    await page.keyboard.up('Enter')
  }
  await hold(terminal.byId('pay-confirm'))
  await expect(terminal.byId('pay-confirm')).toBeVisible()
  expect(documents(device, 'sale')).toEqual([])
  await hold(terminal.byId('next-sale'))
  await terminal.expectResult('registered')
  await expect(terminal.byId('next-sale')).toBeFocused()
  expect(documents(device, 'sale')).toHaveLength(1)
})
