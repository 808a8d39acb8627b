import { expect, test } from '../fixtures.ts'
import { documents } from '../pages/selling.ts'

test.describe('a device with broken goods', () => {
  test.use({ deviceOptions: { options: { brokenGoods: true } } })

  test('broken catalogue rows are counted, the others are sold', async ({ terminal }) => {
    await terminal.setUp()
    await terminal.sellExact(0)
    await terminal.expectResult('registered')
    await terminal.goto('/catalog')
    await expect(terminal.byId('catalog-row-error').first()).toBeVisible()
  })
})

test('an amount over 20 000 000 is refused in words before anything is stored or sent', async ({
  terminal,
  device,
  page,
}) => {
  await terminal.setUp()
  await page.keyboard.press('F4')
  await terminal.byId('number').fill('20000000.01')
  await expect(terminal.byId('free-add')).toBeDisabled()
  await expect(page.getByText(/20.000.000/).first()).toBeVisible()
  await expect(terminal.byId('cart-line')).toHaveCount(0)

  await terminal.byId('number').fill('20000000')
  await terminal.byId('free-add').click()
  await expect(terminal.byId('cart-line')).toHaveCount(1)
  await terminal.byId('pay').click()
  await terminal.byId('tender-cash-exact').click()
  await terminal.expectResult('registered')
  expect(documents(device, 'sale')).toMatchObject([{ totalTiyn: 2_000_000_000 }])
})
