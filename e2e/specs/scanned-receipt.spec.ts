import { expect, test } from '../fixtures.ts'
import { barcodeOf, scan } from '../pages/scanner.ts'
import { addByCode, documents, giveBackAll } from '../pages/selling.ts'
import type { Terminal } from '../pages/terminal.ts'

/** 650 ₸ and 1 200 ₸ in the device's own catalogue. */
const ESPRESSO = '101'
const CAPPUCCINO = '103'

// Real seconds: keys come at a machine's pace.
test.use({ pace: 1 })

async function sellForCash(terminal: Terminal, ...codes: readonly string[]): Promise<number> {
  await addByCode(terminal, ...codes)
  await terminal.byId('pay').click()
  await terminal.byId('tender-cash-exact').click()
  await terminal.expectResult('registered')
  const number = await terminal.receiptNumber()
  await terminal.byId('next-sale').click()
  return number
}

const two = (value: number): string => String(value).padStart(2, '0')

/** The QR code that the operator of fiscal data has on the paper, in the register's own time (UTC+5). */
function fiscalCode(totalTiyn: number, atMs: number): string {
  const date = new Date(atMs + 300 * 60_000)
  const day = `${date.getUTCFullYear()}${two(date.getUTCMonth() + 1)}${two(date.getUTCDate())}`
  const time = `${two(date.getUTCHours())}${two(date.getUTCMinutes())}${two(date.getUTCSeconds())}`
  return `http://consumer.oofd.kz/?i=1734974179&f=010100465991&s=${totalTiyn / 100}&t=${day}T${time}`
}

test('a receipt is found by its barcode, given back by a person, and says so when it is scanned again', async ({
  terminal,
  device,
  page,
}) => {
  await terminal.setUp()
  const number = await sellForCash(terminal, ESPRESSO)
  await sellForCash(terminal, CAPPUCCINO)
  const code = barcodeOf(device, number)
  expect(code).toMatch(/^CHK0\d{4,}[A-Z][A-Z0-9]*$/)

  // An open receipt stays where it is.
  await terminal.tapProducts(0)
  await scan(page, code)
  const detail = page.locator('dialog[open]')
  await expect(detail).toContainText(`№ ${number}`)
  await expect(page).toHaveURL(/\/journal$/)
  expect(documents(device, 'saleReturn')).toEqual([])
  await terminal.byId('return').click()
  await giveBackAll(terminal)
  await terminal.expectResult('registered')
  await expect(terminal.byId('give-out')).toHaveAttribute('data-tiyn', '65000')
  await terminal.byId('next-sale').click()
  await expect(terminal.byId('cart-line')).toHaveCount(1)

  // From another screen too, and on a keyboard whose Caps Lock is on.
  await terminal.byId('menu').click()
  await page.locator('.menu-page[href="/journal"]').click()
  await expect(terminal.byId('journal-entry').first()).toBeVisible()
  await scan(page, code.toLowerCase())
  await expect(terminal.byId('given-back')).toBeVisible()
  await expect(detail).toContainText('возвращено всё')
  await expect(terminal.byId('return')).toBeHidden()
  await terminal.byId('open-return').click()
  await expect(detail).toContainText('Возврат')
  expect(documents(device, 'saleReturn')).toHaveLength(1)
})

test('the QR code of the tax authority finds the receipt by its sum and time', async ({ terminal, device, page }) => {
  await terminal.setUp()
  const number = await sellForCash(terminal, ESPRESSO)
  const paper = documents(device, 'sale').at(-1)
  const at = paper?.atMs ?? 0
  await scan(page, fiscalCode(65_000, at))
  await expect(page.locator('dialog[open]')).toContainText(`№ ${number}`)
  await page.keyboard.press('Escape')
  await expect(page.locator('dialog[open]')).toHaveCount(0)

  // Two of the same sum at the same time: the person compares the number.
  await page.locator('.brand').click()
  await sellForCash(terminal, ESPRESSO)
  await scan(page, fiscalCode(65_000, at))
  await expect(terminal.byId('journal-search')).toHaveValue('650')
  await expect(terminal.byId('journal-entry')).toHaveCount(2)

  // One that this tablet never made, with what can be done about it.
  await page.locator('.brand').click()
  await scan(page, fiscalCode(123_400, at))
  await expect(terminal.byId('scanned-missing')).toHaveAttribute('data-why', 'unknown')
  await terminal.byId('scanned-search').click()
  await expect(terminal.byId('journal-search')).toHaveValue('1234')
})

test('another tablet’s receipt is named, no code of goods is taken for one, and a shop may print without', async ({
  terminal,
  device,
  page,
}) => {
  await terminal.setUp()
  const number = await sellForCash(terminal, ESPRESSO)
  const own = barcodeOf(device, number)
  await scan(page, 'CHK00137Z9Z')
  await expect(page.locator('dialog[open]')).toContainText('Z9Z-0137')
  await expect(terminal.byId('scanned-missing')).toHaveAttribute('data-why', 'otherTill')
  await terminal.byId('scanned-sale').click()
  await expect(terminal.byId('product').first()).toBeVisible()

  // Own letters, and no such receipt yet.
  await scan(page, own.replace(/^CHK0\d+/, 'CHK09999'))
  await expect(terminal.byId('scanned-missing')).toHaveAttribute('data-why', 'unknown')
  await terminal.byId('scanned-sale').click()

  await scan(page, 'CHK00137')
  await expect(page.locator('dialog[open]')).toContainText('CHK00137')
  await expect(page).not.toHaveURL(/journal/)
  await page.keyboard.press('Escape')

  await terminal.goto('/settings')
  await terminal.byId('receipt-barcode').click()
  await page.locator('.brand').click()
  await sellForCash(terminal, ESPRESSO)
  expect(documents(device, 'sale').map(({ footer }) => footer?.includes('--barcode'))).toEqual([true, false])
})
