import { expect, test } from '../fixtures.ts'
import { typeAsPerson } from '../pages/scanner.ts'
import { addByCode, addFree, documents, tiynOf } from '../pages/selling.ts'

test.describe('with a hundred goods more', () => {
  test.use({ deviceOptions: { options: { extraGoods: 100 } } })

  test('more than 80 rows become receipts in a row, paid once', async ({ terminal, device }) => {
    await terminal.setUp()
    // Pieces only: weighed goods would ask for their weight.
    const pieces = Array.from({ length: 100 }, (_, index) => index).filter((index) => index % 41 < 29)
    await addByCode(terminal, ...pieces.map((index) => String(10_000 + index)))
    const rest = 81 - pieces.length
    for (let price = 1; price <= rest; price += 1) await addFree(terminal, String(price))
    await expect(terminal.byId('cart-line')).toHaveCount(81)
    const total = await tiynOf(terminal, 'cart-total')
    await terminal.byId('pay').click()
    await expect(terminal.byId('plan-split')).toHaveAttribute('data-receipts', '2')
    await terminal.byId('plan-split').click()
    expect(await tiynOf(terminal, 'pay-total')).toBe(total)
    await terminal.byId('tender-cash-exact').click()
    await terminal.expectResult('registered')
    const sales = documents(device, 'sale')
    expect(sales.map((sale) => sale.rows?.length)).toEqual([80, 1])
    expect(sales.reduce((sum, sale) => sum + sale.totalTiyn, 0)).toBe(total)
  })
})

test('too many rows can be refused as well: the receipt stays open and nothing is registered', async ({
  terminal,
  device,
  page,
}) => {
  await terminal.setUp()
  await addFree(terminal, '15000000')
  await addFree(terminal, '9000000')
  await terminal.byId('pay').click()
  await expect(terminal.byId('plan-split')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(terminal.byId('plan-split')).toBeHidden()
  await expect(terminal.byId('cart-line')).toHaveCount(2)
  expect(documents(device, 'sale')).toEqual([])
})

test('more than 20 000 000 is paid once and registered as two receipts', async ({ terminal, device }) => {
  await terminal.setUp()
  await addFree(terminal, '15000000')
  await addFree(terminal, '9000000')
  await terminal.byId('pay').click()
  await terminal.byId('plan-split').click()
  await terminal.byId('tender-cash-exact').click()
  await terminal.expectResult('registered')
  expect(documents(device, 'sale').map((sale) => sale.totalTiyn)).toEqual([1_500_000_000, 900_000_000])
})

test('one line above 20 000 000 is refused before anything is sent', async ({ terminal, device, page }) => {
  await terminal.setUp()
  await terminal.byId('free-price').click()
  await expect(terminal.byId('number')).toBeFocused()
  await typeAsPerson(page, '20000000,01')
  await expect(page.getByText('касса не примет')).toBeVisible()
  await expect(terminal.byId('free-add')).toBeDisabled()
  await page.keyboard.press('Escape')
  await expect(terminal.byId('cart-line')).toHaveCount(0)
  expect(documents(device, 'sale')).toEqual([])
})

test('the receipts of one sale are on the disk together, with the device away', async ({ terminal, device, page }) => {
  await terminal.setUp()
  await addFree(terminal, '15000000')
  await addFree(terminal, '9000000')
  await device.faults.add({ kind: 'down' })
  await terminal.byId('pay').click()
  await terminal.byId('plan-split').click()
  await terminal.byId('tender-cash-exact').click()
  await expect(terminal.byId('queue-count')).toContainText('2')
  await page.reload()
  await expect(terminal.byId('queue-count')).toContainText('2')
  await expect(terminal.byId('cart-line')).toHaveCount(0)
  await device.faults.add({ kind: 'up' })
  await expect(terminal.byId('queue-count')).toBeHidden({ timeout: 60_000 })
  expect(documents(device, 'sale').map((sale) => sale.totalTiyn)).toEqual([1_500_000_000, 900_000_000])
})
