import { expect, test } from '../fixtures.ts'
import { typeAsPerson } from '../pages/scanner.ts'
import { addByCode, addFree, chooseAction, documents, giveBackAll, openEntry } from '../pages/selling.ts'
import type { Terminal } from '../pages/terminal.ts'
import { storedRows } from '../pages/stored.ts'

/** 650 ₸ and 1 200 ₸ in the device's own catalogue. */
const ESPRESSO = '101'
const CAPPUCCINO = '103'

async function sellForCash(terminal: Terminal, ...codes: readonly string[]): Promise<number> {
  await addByCode(terminal, ...codes)
  await terminal.byId('pay').click()
  await terminal.byId('tender-cash-exact').click()
  await terminal.expectResult('registered')
  return terminal.receiptNumber()
}

/** What the journal keeps of the basis of a return. */
async function storedBasis(terminal: Terminal): Promise<unknown> {
  const entries = await storedRows<{ sequence: number; receipt: { basis: unknown } | null }>(terminal.page, 'entries')
  return [...entries].sort((a, b) => a.sequence - b.sequence).at(-1)?.receipt?.basis
}

async function openReturn(terminal: Terminal, number: number): Promise<void> {
  await openEntry(terminal, number)
  await terminal.byId('return').click()
  await expect(terminal.byId('return-line').first()).toBeVisible()
}

test('a receipt is given back whole, the way it was paid, and names the receipt that it reverses', async ({
  terminal,
  device,
}) => {
  await terminal.setUp()
  const number = await sellForCash(terminal, ESPRESSO, CAPPUCCINO, CAPPUCCINO)
  await openReturn(terminal, number)
  // Nothing is chosen for the cashier.
  await expect(terminal.byId('return-confirm')).toBeDisabled()
  for (const count of await terminal.byId('return-count').all()) await expect(count).toHaveValue('0')
  await giveBackAll(terminal)
  await terminal.expectResult('registered')
  await expect(terminal.byId('give-out')).toHaveAttribute('data-tiyn', '305000')
  await expect(terminal.byId('payment-result')).toContainText('Выдайте наличными')
  expect(documents(device, 'sale', 'saleReturn')).toMatchObject([
    { kind: 'sale', totalTiyn: 305_000 },
    { kind: 'saleReturn', totalTiyn: 305_000, payments: [305_000, 0, 0, 0], changeTiyn: 0 },
  ])
  expect(device.device.state.cashTiyn).toBe(0)
  const basis = await storedBasis(terminal)
  expect(basis).toMatchObject({ number, total: 305_000 })
  expect(Math.abs((basis as { registeredAt: number }).registeredAt - Date.now())).toBeLessThan(120_000)

  // Nothing of it is left, and it says so instead of offering another one.
  await openEntry(terminal, number)
  await expect(terminal.byId('given-back')).toBeVisible()
  await expect(terminal.byId('return')).toBeHidden()
})

test('a receipt that is looked at while it waits can be given back there once the device has it', async ({
  terminal,
  device,
}) => {
  await terminal.setUp()
  await device.faults.add({ kind: 'down' })
  await terminal.sellExact(0)
  await terminal.expectResult('queued')
  await terminal.byId('menu').click()
  await terminal.page.locator('.menu-page[href="/journal"]').click()
  await terminal.byId('journal-entry').click()
  await expect(terminal.byId('return')).toBeDisabled()
  await device.faults.add({ kind: 'up' })
  await terminal.byId('return').click({ timeout: 60_000 })
  await giveBackAll(terminal)
  await terminal.expectResult('registered')
  expect(documents(device, 'sale', 'saleReturn').map(({ kind }) => kind)).toEqual(['sale', 'saleReturn'])
})

test('lines are given back in parts, never more than what is left, and the parts add up to the receipt', async ({
  terminal,
  device,
  page,
}) => {
  await terminal.setUp()
  await addByCode(terminal, CAPPUCCINO, CAPPUCCINO, CAPPUCCINO)
  // A discount that doesn't divide by three.
  await chooseAction(terminal, 'discount')
  await page.getByRole('dialog').getByRole('radio').last().click()
  await typeAsPerson(page, '100')
  await terminal.byId('discount-apply').click()
  await terminal.byId('pay').click()
  await terminal.byId('tender-cash-exact').click()
  await terminal.expectResult('registered')
  const number = await terminal.receiptNumber()
  expect(documents(device, 'sale')).toMatchObject([{ totalTiyn: 350_000 }])

  const count = terminal.byId('return-count')
  for (const left of ['3', '2', '1']) {
    await openReturn(terminal, number)
    await expect(count).toHaveValue('0')
    await count.fill('9')
    await count.press('Enter')
    await expect(count).toHaveValue(left)
    await count.fill('1')
    await count.press('Tab')
    await terminal.byId('return-confirm').click()
    await terminal.expectResult('registered')
  }
  const returns = documents(device, 'saleReturn')
  expect(returns).toHaveLength(3)
  expect(returns.reduce((sum, one) => sum + one.totalTiyn, 0)).toBe(350_000)
  for (const one of returns) {
    const rows = (one.rows ?? []).reduce((sum, row) => sum + row.sum - (row.discount ?? 0), 0)
    expect(rows).toBe(one.totalTiyn)
  }
})

test('a receipt paid by card goes back by card; cash is refused while the drawer lacks it', async ({
  terminal,
  device,
}) => {
  await terminal.setUp()
  await addByCode(terminal, ESPRESSO)
  await terminal.byId('pay').click()
  await terminal.byId('tender-external-card').click()
  await terminal.byId('pay-confirm').click()
  await terminal.expectResult('registered')
  const number = await terminal.receiptNumber()

  await openReturn(terminal, number)
  await terminal.byId('return-take').click()
  await expect(terminal.byId('return-bank')).toHaveAttribute('aria-checked', 'true')
  await expect(terminal.byId('return-cash')).toBeDisabled()
  await expect(terminal.byId('return-drawer')).toBeVisible()
  await terminal.byId('return-confirm').click()
  await terminal.expectResult('registered')
  await expect(terminal.byId('payment-result')).toContainText('Вернётся на карту')
  expect(documents(device, 'saleReturn', 'bank')).toMatchObject([
    { kind: 'saleReturn', totalTiyn: 65_000, payments: [0, 65_000, 0, 0] },
  ])
})

test('a purchase and its return', async ({ terminal, device }) => {
  await terminal.setUp()
  await sellForCash(terminal, CAPPUCCINO)
  await chooseAction(terminal, 'buy')
  await addFree(terminal, '500', 'Бутылки')
  await terminal.byId('pay').click()
  await terminal.byId('tender-cash-exact').click()
  await terminal.expectResult('registered')
  const number = await terminal.receiptNumber()

  await openReturn(terminal, number)
  await giveBackAll(terminal)
  await terminal.expectResult('registered')
  await expect(terminal.byId('payment-result')).toContainText('Примите наличными')
  expect(documents(device, 'buy', 'buyReturn')).toMatchObject([
    { kind: 'buy', totalTiyn: 50_000 },
    { kind: 'buyReturn', totalTiyn: 50_000, payments: [50_000, 0, 0, 0] },
  ])
  expect(device.device.state.cashTiyn).toBe(120_000)
  expect(await storedBasis(terminal)).toMatchObject({ number, total: 50_000 })
})

test('a return without a receipt needs a confirmation that points to the journal', async ({ terminal, device }) => {
  await terminal.setUp()
  await sellForCash(terminal, CAPPUCCINO)
  await chooseAction(terminal, 'saleReturn')
  await terminal.byId('no-receipt-journal').click()
  await expect(terminal.page).toHaveURL(/\/journal$/)

  await terminal.goto('/')
  await chooseAction(terminal, 'saleReturn')
  await terminal.byId('no-receipt-confirm').click()
  await addByCode(terminal, ESPRESSO)
  await terminal.byId('pay').click()
  await terminal.byId('tender-cash-exact').click()
  await terminal.expectResult('registered')
  expect(documents(device, 'saleReturn')).toMatchObject([{ totalTiyn: 65_000, payments: [65_000, 0, 0, 0] }])
  expect(await storedBasis(terminal)).toBeNull()

  // The next receipt is a sale again.
  await sellForCash(terminal, ESPRESSO)
  expect(documents(device, 'sale')).toHaveLength(2)
})

test('a return that waits for the device counts: it can not be made twice', async ({ terminal, device }) => {
  await terminal.setUp()
  const number = await sellForCash(terminal, CAPPUCCINO)
  await openReturn(terminal, number)
  await device.faults.add({ kind: 'down' })
  await giveBackAll(terminal)
  await expect(terminal.byId('queue-count')).toContainText('1')
  await openEntry(terminal, number)
  await expect(terminal.byId('given-back')).toBeVisible()
  await expect(terminal.byId('return')).toBeHidden()
  await device.faults.add({ kind: 'up' })
  await expect(terminal.byId('queue-count')).toBeHidden({ timeout: 60_000 })
  expect(documents(device, 'saleReturn')).toMatchObject([{ totalTiyn: 120_000 }])
})

test('a receipt whose tax the device has no more is given back with its default tax, and the cashier is told', async ({
  terminal,
  device,
}) => {
  await terminal.setUp()
  // A bag holds no VAT; then a technician edits that tax, and its id changes.
  const number = await sellForCash(terminal, '209')
  device.device.editTax(16, 'НДС 8%', 800)
  await openReturn(terminal, number)
  await expect(terminal.byId('return-tax')).toBeVisible()
  await giveBackAll(terminal)
  await terminal.expectResult('registered')
  expect(documents(device, 'sale', 'saleReturn')).toMatchObject([
    { kind: 'sale', taxId: 16, totalTiyn: 3_000 },
    { kind: 'saleReturn', taxId: 15, totalTiyn: 3_000 },
  ])
})

test('a return that another window made meanwhile is seen in every figure of this one', async ({
  terminal,
  page,
  device,
}) => {
  await terminal.setUp()
  const number = await sellForCash(terminal, ESPRESSO, ESPRESSO, ESPRESSO)
  await openReturn(terminal, number)
  const other = await page.context().newPage()
  const window2 = Object.create(terminal, { page: { value: other } }) as Terminal
  await openReturn(window2, number)
  await window2.byId('return-count').fill('1')
  await window2.byId('return-count').blur()
  await window2.byId('return-confirm').click()
  await window2.expectResult('registered')

  await terminal.byId('return-all').click()
  await terminal.byId('return-confirm').click()
  await expect(page.getByText('можно вернуть 2 из 3')).toBeVisible()
  await expect(terminal.byId('return-count')).toHaveValue('2')
  await terminal.byId('return-confirm').click()
  await terminal.expectResult('registered')
  expect(documents(device, 'saleReturn').map(({ totalTiyn }) => totalTiyn)).toEqual([65_000, 130_000])
})

test('a count that is being typed stays when the dialog is drawn anew', async ({ terminal, device, page }) => {
  await terminal.setUp()
  const number = await sellForCash(terminal, CAPPUCCINO, CAPPUCCINO, ESPRESSO)
  await openReturn(terminal, number)
  const count = terminal.byId('return-count').first()
  await count.focus()
  await page.keyboard.press('Control+a')
  await page.keyboard.type('1')
  // Another line changes without taking the focus, as the drawer's figure does when it comes.
  await page.evaluate(() => document.querySelectorAll<HTMLElement>('.return-line')[1]?.querySelector('button')?.click())
  await expect(terminal.byId('return-count').last()).toHaveValue('1')
  await expect(count).toHaveValue('1')
  await terminal.byId('return-confirm').click()
  await terminal.expectResult('registered')
  expect(documents(device, 'saleReturn')).toMatchObject([{ totalTiyn: 185_000 }])
})
