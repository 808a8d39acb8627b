import { expect, test } from '../fixtures.ts'
import { documents } from '../pages/selling.ts'
import { plugInScale, put, unplugScale, withoutSerial } from '../pages/scale.ts'
import { countTaps } from '../pages/tap-counter.ts'

/** Sold by weight, 5 200 ₸ a kilogram, in the device's own catalogue. */
const QURT = '405'

// The scale speaks at its own pace.
test.use({ pace: 1 })

test('the weight of a scale goes into the receipt by one tap, once it has come to rest', async ({
  terminal,
  device,
  page,
}) => {
  await plugInScale(page)
  await terminal.setUp()
  await terminal.goto('/settings')
  await put(page, 'S  0.000kg')
  await terminal.byId('scale-choose').click()
  await expect(terminal.byId('scale-kept')).toContainText('CAS', { timeout: 30_000 })
  await expect(terminal.byId('scale')).toContainText('Положите товар')

  await terminal.goto('/')
  await put(page, 'U  0.412kg')
  await terminal.byId('search').fill('Құрт')
  const hand = countTaps(terminal)
  await hand.tap(terminal.product(QURT))
  const scale = terminal.byId('scale')
  await expect(scale).toHaveAttribute('data-grams', '412')
  await expect(terminal.byId('scale-take')).toBeDisabled()
  await put(page, 'SF 0.000kg')
  await expect(scale).toHaveAttribute('data-state', 'overload')
  await put(page, 'S- 0.010kg')
  await expect(scale).toContainText('обнулите')
  await expect(terminal.byId('scale-take')).toBeDisabled()
  await put(page, 'S  0.435kg')
  await hand.tap('scale-take')
  expect(hand.count()).toBe(2)
  await expect(terminal.byId('cart-total')).toHaveAttribute('data-tiyn', '226200')

  // A line's weight is weighed anew; the number that was typed stays typed while the scale goes away.
  await put(page, 'S  0.500kg')
  await terminal
    .byId('cart-line')
    .getByRole('button', { name: /^Количество/ })
    .click()
  await terminal.byId('scale-take').click()
  await expect(terminal.byId('cart-total')).toHaveAttribute('data-tiyn', '260000')

  await terminal.product(QURT).click()
  await expect(scale).toHaveAttribute('data-grams', '500')
  await terminal.byId('number').fill('0,2')
  await unplugScale(page)
  await expect(scale).toContainText('отключены')
  await expect(terminal.byId('scale-take')).toBeHidden()
  await expect(terminal.byId('number')).toHaveValue('0,2')
  await terminal.byId('ask-add').click()
  await expect(terminal.byId('cart-total')).toHaveAttribute('data-tiyn', '364000')
  await terminal.byId('pay').click()
  await terminal.byId('tender-cash-exact').click()
  await terminal.expectResult('registered')
  expect(documents(device, 'sale')).toMatchObject([{ totalTiyn: 364_000 }])
})

test('a scale is forgotten; a browser without serial lines says so and asks for the weight as ever', async ({
  terminal,
  page,
}) => {
  await plugInScale(page)
  await terminal.setUp()
  await terminal.goto('/settings')
  await terminal.byId('scale-choose').click()
  await expect(terminal.byId('scale-kept')).toBeVisible({ timeout: 30_000 })
  await terminal.byId('scale-forget').click()
  await expect(terminal.byId('scale-kept')).toBeHidden()
  await withoutSerial(page)
  await page.addInitScript(() => {
    Reflect.deleteProperty(navigator, 'serial')
  })
  await terminal.goto('/settings')
  await expect(terminal.byId('scale-none')).toBeVisible()
  await terminal.goto('/')
  await terminal.byId('search').fill('Құрт')
  await terminal.product(QURT).click()
  await expect(terminal.byId('number')).toBeVisible()
  await expect(terminal.byId('scale')).toHaveCount(0)
})
