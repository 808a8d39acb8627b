import { expect, test } from '../fixtures.ts'
import { addByCode, documents } from '../pages/selling.ts'
import { openShiftPage } from '../pages/shift.ts'
import { storedRows } from '../pages/stored.ts'
import { countTaps } from '../pages/tap-counter.ts'

/** 650 ₸ and 1 200 ₸ in the device's own catalogue; the third is sold by weight. */
const ESPRESSO = '101'
const CAPPUCCINO = '103'
const QURT = '405'

/** Each task is done from the idle sale screen, unless its name says from where. */
test.describe('taps of a task', () => {
  test('exact cash: 3', async ({ terminal, device }) => {
    await terminal.setUp()
    const hand = countTaps(terminal)
    await hand.tap(terminal.product(ESPRESSO))
    await hand.tap('pay')
    await hand.tap('tender-cash-exact')
    await terminal.expectResult('registered')
    expect(documents(device, 'sale')).toMatchObject([{ totalTiyn: 65_000, payments: [65_000, 0, 0, 0] }])
    expect(hand.count()).toBeLessThanOrEqual(3)
  })

  test('cash with change: 3', async ({ terminal, device, page }) => {
    await terminal.setUp()
    const hand = countTaps(terminal)
    await hand.tap(terminal.product(ESPRESSO))
    await hand.tap('pay')
    await hand.tap(page.locator('[data-testid="tender-cash-suggestion"][data-tiyn="200000"]'))
    await terminal.expectResult('registered')
    await expect(terminal.byId('change')).toHaveAttribute('data-tiyn', '135000')
    expect(documents(device, 'sale')).toMatchObject([{ payments: [200_000, 0, 0, 0], changeTiyn: 135_000 }])
    expect(hand.count()).toBeLessThanOrEqual(3)
  })

  test('a card at the register: 3', async ({ terminal, device }) => {
    await terminal.setUp()
    const hand = countTaps(terminal)
    await hand.tap(terminal.product(ESPRESSO))
    await hand.tap('pay-card')
    await hand.tap('pay-confirm')
    await terminal.expectResult('registered')
    expect(documents(device, 'sale')).toMatchObject([{ payments: [0, 65_000, 0, 0] }])
    expect(hand.count()).toBeLessThanOrEqual(3)
  })

  test('a card on a terminal of its own, once it was used: 3', async ({ terminal, device }) => {
    await terminal.setUp()
    await addByCode(terminal, CAPPUCCINO)
    await terminal.byId('pay').click()
    await terminal.byId('tender-external-card').click()
    await terminal.byId('pay-confirm').click()
    await terminal.expectResult('registered')
    await terminal.byId('next-sale').click()
    const hand = countTaps(terminal)
    await hand.tap(terminal.product(ESPRESSO))
    await hand.tap('pay-card')
    await expect(terminal.byId('tender-external-card')).toHaveAttribute('aria-checked', 'true')
    await hand.tap('pay-confirm')
    await expect.poll(() => documents(device, 'sale').length).toBe(2)
    expect(documents(device, 'bank')).toEqual([])
    expect(hand.count()).toBeLessThanOrEqual(3)
  })

  test('a discount on the receipt: 3, the product among them', async ({ terminal, page }) => {
    await terminal.setUp()
    const hand = countTaps(terminal)
    await hand.tap(terminal.product(CAPPUCCINO))
    await hand.tap('receipt-discount')
    await hand.tap(page.locator('[data-testid="discount-quick"][data-hundredths="1000"]'))
    await expect(page.locator('dialog[open]')).toHaveCount(0)
    await expect(terminal.byId('cart-total')).toHaveAttribute('data-tiyn', '108000')
    expect(hand.count()).toBeLessThanOrEqual(3)
    // The payment screen names what is between its lines and what is due.
    await terminal.byId('pay').click()
    await expect(terminal.byId('digest-discount')).toContainText('120')
    await expect(terminal.byId('pay-total')).toHaveAttribute('data-tiyn', '108000')
  })

  test('twelve pieces of a line: 4 on the screen, 4 with the keyboard from nothing', async ({ terminal, page }) => {
    await terminal.setUp()
    await terminal.product(ESPRESSO).click()
    const onScreen = countTaps(terminal)
    await onScreen.tap(terminal.byId('cart-line').getByRole('button', { name: /^Количество/ }))
    await onScreen.keys('12')
    await onScreen.tap('line-apply')
    await expect(terminal.byId('cart-total')).toHaveAttribute('data-tiyn', '780000')
    expect(onScreen.count()).toBeLessThanOrEqual(4)

    await terminal.byId('park').click()
    const typed = countTaps(terminal)
    await typed.type('12*')
    await expect(terminal.byId('times')).toContainText('12')
    await typed.tap(terminal.product(CAPPUCCINO))
    await expect(terminal.byId('cart-total')).toHaveAttribute('data-tiyn', '1440000')
    await expect(terminal.byId('times')).toBeHidden()
    await expect(page.getByTestId('cart-line')).toHaveCount(1)
    expect(typed.count()).toBeLessThanOrEqual(4)
  })

  test('half a kilogram of a weighed product: 5', async ({ terminal }) => {
    await terminal.setUp()
    await terminal.byId('search').fill('Құрт')
    const hand = countTaps(terminal)
    await hand.tap(terminal.product(QURT))
    await hand.keys('0,5')
    await hand.tap('ask-add')
    await expect(terminal.byId('cart-total')).toHaveAttribute('data-tiyn', '260000')
    expect(hand.count()).toBeLessThanOrEqual(5)
  })

  test('an open receipt put aside and taken back: 3', async ({ terminal }) => {
    await terminal.setUp()
    await terminal.tapProducts(0)
    const hand = countTaps(terminal)
    await hand.tap('park')
    await expect(terminal.byId('cart-line')).toHaveCount(0)
    await hand.tap('parked')
    await hand.tap('parked-cart')
    await expect(terminal.byId('cart-line')).toHaveCount(1)
    expect(hand.count()).toBeLessThanOrEqual(3)
  })

  test('one line of four given back: 6', async ({ terminal, device, page }) => {
    await terminal.setUp()
    await addByCode(terminal, ESPRESSO, '102', CAPPUCCINO, '104')
    await terminal.byId('pay').click()
    await terminal.byId('tender-cash-exact').click()
    await terminal.expectResult('registered')
    await terminal.byId('next-sale').click()
    const hand = countTaps(terminal)
    await hand.tap('menu')
    await hand.tap(page.locator('.menu-page[href="/journal"]'))
    await hand.tap('journal-entry')
    await hand.tap('return')
    await hand.tap(terminal.byId('return-take').nth(2))
    await hand.tap('return-confirm')
    await terminal.expectResult('registered')
    await expect(terminal.byId('give-out')).toHaveAttribute('data-tiyn', '120000')
    expect(documents(device, 'saleReturn')).toMatchObject([{ totalTiyn: 120_000 }])
    expect(hand.count()).toBeLessThanOrEqual(6)
  })

  test('a shift closed: 3', async ({ terminal, device }) => {
    await terminal.setUp()
    await terminal.sellExact(0)
    await terminal.expectResult('registered')
    await terminal.byId('next-sale').click()
    const hand = countTaps(terminal)
    await hand.tap('shift-link')
    await hand.tap('shift-z')
    await hand.tap('z-confirm')
    await expect(terminal.byId('z-result')).toHaveAttribute('data-state', 'closed', { timeout: 60_000 })
    expect(documents(device, 'z')).toHaveLength(1)
    expect(hand.count()).toBeLessThanOrEqual(3)
    await terminal.byId('z-done').click()
    await openShiftPage(terminal, 'closed')
  })
})

test('keys on the chosen line: + − arrows and Delete, with an undo', async ({ terminal, page }) => {
  await terminal.setUp()
  await terminal.product(ESPRESSO).click()
  await terminal.product(CAPPUCCINO).click()
  await page.keyboard.press('+')
  await expect(terminal.byId('cart-total')).toHaveAttribute('data-tiyn', '305000')
  await page.keyboard.press('-')
  await expect(terminal.byId('cart-total')).toHaveAttribute('data-tiyn', '185000')
  // Arrows are the receipt's while the focus is there; among the products they are theirs.
  await terminal.byId('cart-line').last().getByRole('button').first().focus()
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('+')
  await expect(terminal.byId('cart-total')).toHaveAttribute('data-tiyn', '250000')
  await page.keyboard.press('Delete')
  await expect(terminal.byId('cart-line')).toHaveCount(1)
  await expect(terminal.byId('cart-total')).toHaveAttribute('data-tiyn', '120000')
  await page.keyboard.press('Control+z')
  await expect(terminal.byId('cart-total')).toHaveAttribute('data-tiyn', '250000')
  // What is typed into the search is typed there.
  await terminal.byId('search').fill('a+b')
  await page.keyboard.press('Delete')
  await expect(terminal.byId('cart-line')).toHaveCount(2)
})

test('receipts put aside are told apart by table, name and sum', async ({ terminal, page }) => {
  await terminal.setUp()
  await terminal.product(ESPRESSO).click()
  await terminal.byId('park').click()
  await page.getByRole('button', { name: 'Назвать', exact: true }).click()
  await terminal.byId('park-table').nth(3).click()
  await terminal.product(CAPPUCCINO).click()
  await terminal.byId('park').click()
  await terminal.byId('parked').click()
  const rows = terminal.byId('parked-cart')
  await expect(rows).toHaveCount(2)
  await expect(rows.first()).toHaveAttribute('data-label', 'Стол 4')
  await expect(rows.first()).toContainText('650')
  await terminal.byId('parked-name').last().click()
  await terminal.byId('park-name').fill('  Айгүл  ')
  await terminal.byId('park-name-save').click()
  await expect(rows.last()).toHaveAttribute('data-label', 'Айгүл')
  await expect(rows.last()).toHaveAttribute('data-tiyn', '120000')
  // Taken back and put aside again, and after a reload, it keeps its name.
  await rows.last().click()
  await expect(terminal.byId('cart-line')).toHaveCount(1)
  await terminal.byId('park').click()
  const putAside = async () =>
    (await storedRows<{ id: string }>(page, 'carts')).filter(({ id }) => id.includes('parked:'))
  await expect.poll(async () => (await putAside()).length).toBe(2)
  await page.reload()
  await terminal.ready()
  await terminal.byId('parked').click()
  await expect(rows.last()).toHaveAttribute('data-label', 'Айгүл')
})

test('a screen reader hears what was added and the total; the focus stays on the sale', async ({ terminal, page }) => {
  await terminal.setUp()
  await terminal.product(ESPRESSO).click()
  await expect(terminal.byId('sale-voice')).toHaveText(/Эспрессо, 1 × 650\s₸\. Итого 650\s₸/)
  await terminal.product(ESPRESSO).click()
  await expect(terminal.byId('sale-voice')).toHaveText(/Эспрессо, 2 × 650\s₸\. Итого 1\s300\s₸/)
  await terminal.byId('pay').click()
  // Nothing alarms on the way: an empty receipt is never shown as something to pay.
  await page.evaluate(() => {
    const seen: string[] = []
    Object.assign(window, { alarms: seen })
    new MutationObserver(() => {
      for (const alert of document.querySelectorAll('.payment-problem, .amount-box.invalid'))
        seen.push(alert.textContent ?? '')
    }).observe(document.body, { subtree: true, childList: true, attributes: true })
  })
  await terminal.byId('tender-cash-exact').click()
  await terminal.expectResult('registered')
  expect(await page.evaluate(() => (window as unknown as { alarms: string[] }).alarms)).toEqual([])
  await expect(terminal.byId('next-sale')).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(terminal.byId('payment-result')).toBeHidden()
  await expect(page.locator('#content')).toBeFocused()
})
