import { expect, test } from '../fixtures.ts'
import { typeAsPerson } from '../pages/scanner.ts'
import { addByCode, addFree, chooseAction, documents, payBy, tiynOf } from '../pages/selling.ts'
import { expectStored } from '../pages/stored.ts'

/** 650 ₸ and 1 200 ₸ in the device's own catalogue. */
const ESPRESSO = '101'
const CAPPUCCINO = '103'

test('banknotes that make sense are offered, one tap takes one, and its change is given', async ({
  terminal,
  device,
}) => {
  await terminal.setUp()
  await addByCode(terminal, CAPPUCCINO)
  await terminal.byId('pay').click()
  const offered = await terminal
    .byId('tender-cash-suggestion')
    .evaluateAll((notes) => notes.map((note) => Number(note.getAttribute('data-tiyn'))))
  expect(offered).toEqual([150_000, 200_000, 500_000, 1_000_000, 2_000_000])
  await terminal.page.locator('[data-testid="tender-cash-suggestion"][data-tiyn="500000"]').click()
  await terminal.expectResult('registered')
  await expect(terminal.byId('change')).toHaveAttribute('data-tiyn', '380000')
  expect(documents(device, 'sale')).toMatchObject([
    { totalTiyn: 120_000, payments: [500_000, 0, 0, 0], changeTiyn: 380_000 },
  ])
})

test.describe('in real seconds, so that the payment is open before the answer comes', () => {
  test.use({ pace: 1 })

  test('news that comes while money is counted moves nothing under the finger, and is said right after', async ({
    terminal,
    device,
  }) => {
    await terminal.setUp()
    await device.faults.add({ kind: 'delay', ms: 15_000, match: '/api/' })
    await terminal.sellExact(0)
    await expect.poll(() => device.log().filter(({ path }) => path === '/api/').length).toBe(1)
    await terminal.tapProducts(1)
    await terminal.byId('pay').click()
    const exact = terminal.byId('tender-cash-exact')
    const before = await exact.boundingBox()
    // What the terminal reads after the answer finds that the key was changed at the device.
    await device.faults.add({ kind: 'wrong-key' })
    // Elsewhere the bar asks it in the same moment, for no hand moves.
    await expectStored(terminal.page, 'devices', '"question":{"id"')
    await expect(terminal.byId('device-state')).toHaveAttribute('data-state', 'attention')
    expect(await exact.boundingBox()).toEqual(before)
    await expect(terminal.byId('attention')).toHaveCount(0)
    await terminal.byId('pay-back').click()
    await expect(terminal.byId('attention')).toBeVisible()
  })
})

test('less cash than the total can not be registered, and what is missing is said', async ({
  terminal,
  device,
  page,
}) => {
  await terminal.setUp()
  await addByCode(terminal, CAPPUCCINO)
  await terminal.byId('pay').click()
  await expect(terminal.byId('tender-cash-amount')).toBeFocused()
  await typeAsPerson(page, '1199,99')
  await expect(terminal.byId('pay-confirm')).toBeDisabled()
  await expect(page.getByText('Не хватает')).toBeVisible()
  await page.keyboard.press('Enter')
  await terminal.byId('tender-cash-exact').click()
  await terminal.expectResult('registered')
  expect(documents(device, 'sale')).toMatchObject([{ totalTiyn: 120_000, payments: [120_000, 0, 0, 0], changeTiyn: 0 }])
})

test('a card on a terminal of its own is registered as a card payment, and the device is not asked for a bank', async ({
  terminal,
  device,
}) => {
  await terminal.setUp()
  await addByCode(terminal, ESPRESSO)
  await payBy(terminal, 'tender-external-card')
  await terminal.expectResult('registered')
  expect(documents(device, 'sale', 'bank')).toMatchObject([{ kind: 'sale', payments: [0, 65_000, 0, 0] }])
})

test('mixed: the typed part by card, the rest in cash', async ({ terminal, device, page }) => {
  await terminal.setUp()
  await addByCode(terminal, ESPRESSO, CAPPUCCINO)
  await terminal.byId('pay').click()
  await terminal.byId('tender-mixed').click()
  await expect(terminal.byId('pay-confirm')).toBeDisabled()
  await typeAsPerson(page, '1000,50')
  await terminal.byId('pay-confirm').click()
  await terminal.expectResult('registered')
  expect(documents(device, 'sale')).toMatchObject([
    { totalTiyn: 185_000, payments: [84_950, 100_050, 0, 0], changeTiyn: 0 },
  ])
})

test('mixed: a note for the rest beside the card gets its change, and another card part forgets the note', async ({
  terminal,
  device,
  page,
}) => {
  await terminal.setUp()
  await addByCode(terminal, ESPRESSO, CAPPUCCINO)
  await terminal.byId('pay').click()
  await terminal.byId('tender-mixed').click()
  await expect(terminal.byId('mixed-cash')).toHaveCount(0)
  await typeAsPerson(page, '1000')
  const note = page.locator('[data-testid="mixed-cash"][data-tiyn="200000"]')
  await note.click()
  await expect(terminal.byId('change-preview')).toHaveAttribute('data-tiyn', '115000')
  await typeAsPerson(page, ',50')
  await expect(terminal.byId('change-preview')).toBeHidden()
  await note.click()
  await terminal.byId('pay-confirm').click()
  await expect(terminal.byId('change')).toHaveAttribute('data-tiyn', '115050')
  await terminal.expectResult('registered')
  expect(documents(device, 'sale')).toMatchObject([
    { totalTiyn: 185_000, payments: [200_000, 100_050, 0, 0], changeTiyn: 115_050 },
  ])
})

test('mixed: a card part above the total is said and can not be confirmed', async ({ terminal, device, page }) => {
  await terminal.setUp()
  await addByCode(terminal, ESPRESSO)
  await terminal.byId('pay').click()
  await terminal.byId('tender-mixed').click()
  await typeAsPerson(page, '700')
  await expect(page.getByText('Картой больше суммы чека')).toBeVisible()
  await expect(terminal.byId('pay-confirm')).toBeDisabled()
  await page.keyboard.press('Backspace')
  await page.keyboard.press('Backspace')
  await typeAsPerson(page, '00')
  await expect(page.getByText('Картой больше суммы чека')).toBeVisible()
  for (const key of ['Backspace', 'Backspace', 'Backspace']) await page.keyboard.press(key)
  await typeAsPerson(page, '650')
  await terminal.byId('pay-confirm').click()
  await terminal.expectResult('registered')
  expect(documents(device, 'sale')).toMatchObject([{ totalTiyn: 65_000, payments: [0, 65_000, 0, 0], changeTiyn: 0 }])
})

test('credit and tare are registered exactly, without change', async ({ terminal, device }) => {
  await terminal.setUp()
  for (const tender of ['tender-credit', 'tender-tare']) {
    await addByCode(terminal, ESPRESSO)
    await terminal.byId('pay').click()
    await terminal.byId('tender-more').click()
    await terminal.byId(tender).click()
    if (tender === 'tender-credit') await terminal.byId('debtor-name').fill('Айгуль')
    await terminal.byId('pay-confirm').click()
    await terminal.expectResult('registered')
  }
  expect(documents(device, 'sale')).toMatchObject([
    { payments: [0, 0, 0, 65_000], changeTiyn: 0 },
    { payments: [0, 0, 65_000, 0], changeTiyn: 0 },
  ])
})

test('a purchase is paid exactly, and never more cash than the drawer holds', async ({ terminal, device }) => {
  await terminal.setUp()
  // What the drawer holds: this sale.
  await addFree(terminal, '5000')
  await terminal.byId('pay').click()
  await terminal.byId('tender-cash-exact').click()
  await terminal.expectResult('registered')

  await chooseAction(terminal, 'buy')
  await addFree(terminal, '5000,01')
  await terminal.byId('pay').click()
  await expect(terminal.byId('tender-cash-suggestion')).toHaveCount(0)
  await expect(terminal.byId('tender-mixed')).toHaveCount(0)
  await expect(terminal.page.getByText('В денежном ящике только')).toBeVisible()
  await expect(terminal.byId('pay-confirm')).toBeDisabled()
  await terminal.byId('pay-back').click()

  await chooseAction(terminal, 'clear')
  await addFree(terminal, '4000')
  await terminal.byId('pay').click()
  await terminal.byId('tender-cash-exact').click()
  await terminal.expectResult('registered')
  expect(documents(device, 'sale', 'buy')).toMatchObject([
    { kind: 'sale', totalTiyn: 500_000 },
    { kind: 'buy', totalTiyn: 400_000, payments: [400_000, 0, 0, 0], changeTiyn: 0 },
  ])
})

test.describe('where payments can not be mixed', () => {
  test.use({ deviceOptions: { options: { mixedPaymentAllowed: false } } })

  test('a refused receipt is corrected into a new one: paid otherwise, registered once, both in the journal', async ({
    terminal,
    device,
    page,
  }) => {
    await terminal.setUp()
    await addByCode(terminal, ESPRESSO)
    await terminal.byId('pay').click()
    await terminal.byId('tender-mixed').click()
    await typeAsPerson(page, '300')
    await terminal.byId('pay-confirm').click()
    await terminal.expectResult('rejected')
    expect(documents(device, 'sale')).toEqual([])

    await terminal.goto('/queue')
    await terminal.byId('correct').click()
    await expect(terminal.byId('cart-line')).toHaveCount(1)
    // The note that this receipt corrects another outlives a reload.
    await expectStored(page, 'carts', '"corrects"')
    await page.reload()
    await expect(terminal.byId('cart-line')).toHaveCount(1)
    await terminal.byId('pay').click()
    await terminal.byId('tender-cash-exact').click()
    await terminal.expectResult('registered')
    await expect(terminal.byId('queue-count')).toBeHidden()
    expect(documents(device, 'sale')).toMatchObject([{ totalTiyn: 65_000, payments: [65_000, 0, 0, 0] }])
    await terminal.goto('/journal')
    await expect(terminal.byId('journal-entry')).toHaveCount(2)
    const states = await terminal
      .byId('journal-entry')
      .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-state')))
    expect(states).toEqual(['registered', 'corrected'])
    await terminal.byId('journal-entry').last().click()
    await expect(page.getByRole('dialog')).toContainText('Исправлен записью')
    await expect(page.getByRole('dialog')).toContainText(/[A-Z][A-Z0-9]-0002/)
  })
})

test('a receipt below 1 ₸ is refused before anything is sent', async ({ terminal, device }) => {
  await terminal.setUp()
  await addFree(terminal, '0,99')
  await expect(terminal.byId('pay')).toBeVisible()
  await terminal.byId('pay').click()
  await expect(terminal.byId('tender-cash-exact')).toBeHidden()
  expect(documents(device, 'sale')).toEqual([])
  expect(await tiynOf(terminal, 'cart-total')).toBe(99)
})
