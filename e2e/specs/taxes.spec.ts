import { expect, test } from '../fixtures.ts'
import { addByCode, chooseAction, documents, tiynOf } from '../pages/selling.ts'

/** Coffee holds VAT, the bag (code 209) doesn't. */
const COFFEE = '101'
const BAG = '209'

test('goods of two taxes: one tap takes the default tax for the whole receipt, and the next one is not asked', async ({
  terminal,
  device,
}) => {
  await terminal.setUp()
  await addByCode(terminal, COFFEE, BAG)
  await terminal.byId('pay').click()
  await terminal.byId('plan-tax-15').click()
  await expect(terminal.byId('plan-note')).toBeVisible()
  await terminal.byId('tender-cash-exact').click()
  await terminal.expectResult('registered')

  await addByCode(terminal, COFFEE, BAG)
  await terminal.byId('pay').click()
  await terminal.byId('tender-cash-exact').click()
  await terminal.expectResult('registered')
  expect(documents(device, 'sale')).toMatchObject([
    { taxId: 15, totalTiyn: 68_000 },
    { taxId: 15, totalTiyn: 68_000 },
  ])
})

test('goods of two taxes become two receipts that one payment pays, with the change at the last', async ({
  terminal,
  device,
  page,
}) => {
  await terminal.setUp()
  await addByCode(terminal, COFFEE, BAG)
  await terminal.byId('pay').click()
  await expect(terminal.byId('plan-split')).toHaveAttribute('data-receipts', '2')
  await terminal.byId('plan-split').click()
  expect(await tiynOf(terminal, 'pay-total')).toBe(68_000)
  await page.keyboard.type('1000')
  await terminal.byId('pay-confirm').click()
  await terminal.expectResult('registered')
  await expect(terminal.byId('receipt-number')).toHaveCount(2)
  await expect(terminal.byId('change')).toHaveAttribute('data-tiyn', '32000')
  expect(documents(device, 'sale')).toMatchObject([
    { taxId: 15, totalTiyn: 65_000, changeTiyn: 0 },
    { taxId: 16, totalTiyn: 3_000, changeTiyn: 32_000 },
  ])
})

test('the choice can be changed on the payment screen', async ({ terminal, device }) => {
  await terminal.setUp()
  await addByCode(terminal, COFFEE, BAG)
  await terminal.byId('pay').click()
  await terminal.byId('plan-split').click()
  await terminal.byId('plan-change').click()
  await terminal.byId('plan-tax-16').click()
  await terminal.byId('tender-cash-exact').click()
  await terminal.expectResult('registered')
  expect(documents(device, 'sale')).toMatchObject([{ taxId: 16, taxTiyn: 0, totalTiyn: 68_000 }])
})

test('a receipt may have a tax of its own, and texts before and after its rows', async ({ terminal, device }) => {
  await terminal.setUp()
  await addByCode(terminal, COFFEE)
  await chooseAction(terminal, 'texts')
  const dialog = terminal.page.getByRole('dialog')
  await dialog.locator('select').selectOption('16')
  await terminal.byId('receipt-print').fill('Заказ 17')
  await terminal.byId('receipt-footer').fill('Рахмет!\n--barcode128-ORDER17--')
  await terminal.byId('receipt-texts-apply').click()
  await terminal.byId('pay').click()
  await terminal.byId('tender-cash-exact').click()
  await terminal.expectResult('registered')
  const [sale] = documents(device, 'sale')
  expect(sale).toMatchObject({ taxId: 16, print: 'Заказ 17' })
  expect(sale?.footer).toContain('Рахмет!\n--barcode128-ORDER17--')
})

test('a barcode that the device refuses is stopped before the receipt is paid', async ({ terminal }) => {
  await terminal.setUp()
  await addByCode(terminal, COFFEE)
  await chooseAction(terminal, 'texts')
  await terminal.byId('receipt-footer').fill('--barcodeEAN13-123--')
  await expect(terminal.byId('receipt-texts-apply')).toBeDisabled()
})

test('a tax that the device does not know any more is replaced by its default one before anything is sent', async ({
  terminal,
  device,
}) => {
  await terminal.setUp()
  // A technician edits both rates: every tax id of the catalogue is stale.
  device.device.editTax(16, 'НДС 8%', 800)
  const now = device.device.editTax(15, 'НДС 20%', 2000)
  await terminal.page.reload()
  await terminal.ready()
  await addByCode(terminal, COFFEE)
  // The register answers at its own pace, Pay at once.
  const busyAtOnce = terminal.byId('pay').evaluate(async (pay: HTMLElement) => {
    pay.click()
    await new Promise(requestAnimationFrame)
    return pay.ariaBusy
  })
  expect(await busyAtOnce).toBe('true')
  await expect(terminal.page.getByRole('dialog')).toContainText('Эспрессо')
  await terminal.byId('plan-tax-default').click()
  await terminal.byId('tender-cash-exact').click()
  await terminal.expectResult('registered')

  // Asked once; the payment screen says what happens.
  await addByCode(terminal, COFFEE)
  await terminal.byId('pay').click()
  await expect(terminal.byId('plan-note')).toBeVisible()
  await terminal.byId('tender-cash-exact').click()
  await terminal.expectResult('registered')
  expect(documents(device, 'sale')).toMatchObject([
    { taxId: now, totalTiyn: 65_000 },
    { taxId: now, totalTiyn: 65_000 },
  ])
})

test('a tax edited after the catalogue was read: the refused receipt is corrected with a tax that the device knows', async ({
  terminal,
  device,
}) => {
  await terminal.setUp()
  device.device.editTax(16, 'НДС 8%', 800)
  await addByCode(terminal, BAG)
  await terminal.byId('pay').click()
  await terminal.byId('tender-cash-exact').click()
  await terminal.expectResult('rejected')
  await terminal.goto('/queue')
  await terminal.byId('correct').click()
  await terminal.byId('pay').click()
  await terminal.byId('plan-tax-default').click()
  await terminal.byId('tender-cash-exact').click()
  await terminal.expectResult('registered')
  expect(documents(device, 'sale')).toMatchObject([{ taxId: 15, totalTiyn: 3_000 }])
})
