import { randomCatalog } from '../../src/domain/testing/random-catalog.ts'
import { seededRandom } from '../../src/domain/testing/random-cart.ts'
import { expect, test } from '../fixtures.ts'
import { documents } from '../pages/selling.ts'
import { expectStored, storeCatalog } from '../pages/stored.ts'
import type { Terminal } from '../pages/terminal.ts'

const categories = Array.from({ length: 40 }, (_, place) => ({ id: `g${place}`, name: `Тауар тобы № ${place + 1}` }))
const goods = randomCatalog(seededRandom(4), 400).map((item, place) => ({ ...item, categoryId: `g${place % 40}` }))

const tabs = (terminal: Terminal) => terminal.byId('category')

test('forty categories stand in a grid, each with its colour, and the strip fits the screen', async ({
  terminal,
  page,
}) => {
  await terminal.setUp()
  await storeCatalog(page, goods, categories)
  await page.reload()
  await terminal.ready()
  await terminal.byId('categories-open').click()
  await expect(terminal.byId('category-tile')).toHaveCount(40)
  const box = await page.locator('.categories').evaluate((strip) => [strip.scrollWidth, strip.clientWidth])
  expect(box[0]).toBeLessThanOrEqual(box[1] ?? 0)
  await terminal.byId('category-tile').nth(16).click()
  await expect(terminal.byId('category-tile')).toHaveCount(0)
  await expect(tabs(terminal).filter({ hasText: 'Тауар тобы № 17' })).toHaveAttribute('aria-pressed', 'true')
  const wanted = goods.filter(({ categoryId }) => categoryId === 'g16')
  await expect(terminal.byId('product')).toHaveCount(wanted.length)
  expect(await terminal.byId('product').evaluateAll((tiles) => tiles.map((tile) => tile.dataset.code))).toEqual(
    wanted.map(({ code }) => code),
  )
})

test('a tile that is held down becomes a favourite and adds nothing; what was sold stands beside it', async ({
  terminal,
  page,
}) => {
  await terminal.setUp()
  await expect(tabs(terminal).first()).toHaveText('Все')
  const tile = terminal.product('104')
  const { x, y } = (await tile.boundingBox()) ?? { x: 0, y: 0 }
  const finger = await page.context().newCDPSession(page)
  await finger.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x: x + 20, y: y + 20 }] })
  await expect(tabs(terminal).first()).toHaveText('Избранное')
  await finger.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  await expect(terminal.byId('cart-line')).toHaveCount(0)

  // A mouse that is slow to let go has clicked.
  await terminal.product('102').click({ delay: 900 })
  await expect(terminal.byId('cart-line')).toHaveCount(1)
  await terminal.byId('cart-line').getByRole('button', { name: 'Убрать' }).click()
  await expect(terminal.byId('cart-line')).toHaveCount(0)

  // The keyboard's key for a menu does the same.
  await terminal.product('103').focus()
  await page.keyboard.press('Shift+F10')
  await expectStored(page, 'settings', '["104","103"]')
  await terminal.sellExact(4)
  await terminal.expectResult('registered')
  const sold = documents(terminal.device, 'sale')
  expect(sold).toHaveLength(1)

  await page.reload()
  await terminal.ready()
  await expect(tabs(terminal).nth(1)).toHaveText('Недавние')
  await tabs(terminal).nth(1).click()
  await expect(terminal.byId('product')).toHaveCount(1)
  await tabs(terminal).first().click()
  await expect(terminal.byId('product')).toHaveCount(2)
  await expect(terminal.byId('product').first()).toHaveAttribute('data-code', '104')
  await terminal.byId('product').first().click()
  await expect(terminal.byId('cart-line')).toHaveCount(1)

  await terminal.goto('/catalog')
  await page.locator('[data-testid="catalog-item"][data-code="104"]').click()
  const marked = terminal.byId('item-favourite').getByRole('switch')
  await expect(marked).toHaveAttribute('aria-checked', 'true')
  await marked.click()
  await terminal.byId('item-save').click()
  await expectStored(page, 'settings', '["103"]')
})

test('goods stand in lines with room for their names once that was chosen, also after a reload', async ({
  terminal,
  page,
}) => {
  await terminal.setUp()
  const widths = () => terminal.byId('product').evaluateAll((tiles) => tiles.map((tile) => tile.clientWidth))
  const [tile = 0] = await widths()
  await terminal.byId('goods-view').click()
  await expect.poll(async () => Math.min(...(await widths()))).toBeGreaterThan(2 * tile)
  await terminal.product('103').click()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(terminal.byId('cart-line')).toHaveCount(2)
  await expectStored(page, 'settings', '"goodsView":"list"')
  await page.reload()
  await terminal.ready()
  expect(Math.min(...(await widths()))).toBeGreaterThan(2 * tile)
})

test('an arrow and Enter right after it take the product that the arrow led to, also one out of sight', async ({
  terminal,
  page,
}) => {
  await terminal.setUp()
  await terminal.product('101').focus()
  // Both keys wait already when the page comes to them: no frame is drawn in between.
  const pressed = (key: string) =>
    page.evaluate(async (name) => {
      document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true }))
      await new Promise((next) => {
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = next
        port2.postMessage(null)
      })
      const focused = document.activeElement as HTMLElement
      focused.click()
      return focused.dataset.code ?? null
    }, key)
  const second = await terminal.byId('product').nth(1).getAttribute('data-code')
  expect(await pressed('ArrowRight')).toBe(second)
  await expect(terminal.byId('cart-line')).toHaveCount(1)
  const last = await pressed('End')
  expect(last).not.toBe(second)
  expect(last).toBe(await terminal.byId('product').last().getAttribute('data-code'))
})

test.describe('goods by weight', () => {
  const open = async (terminal: Terminal) => {
    await terminal.byId('search').fill('407')
    await terminal.byId('search').press('Enter')
    await expect(terminal.byId('number')).toBeVisible()
  }

  test('345 is asked about before it is 345 kg, and is 345 g by one tap', async ({ terminal }) => {
    await terminal.setUp()
    await open(terminal)
    await terminal.byId('number').fill('345')
    await terminal.byId('ask-add').click()
    await expect(terminal.byId('cart-line')).toHaveCount(0)
    await expect(terminal.byId('weight-sure')).toHaveText('Да, 345 кг')
    await expect(terminal.byId('weight-grams')).toHaveText('0,345 кг')
    await terminal.byId('weight-grams').click()
    // 4 390 ₸ x 0.345 kg
    await expect(terminal.byId('cart-total')).toHaveAttribute('data-tiyn', '151455')
    const line = terminal.byId('cart-line').first()
    await expect(line).toContainText('0,345 кг × 4')
    // A weight has no plus and no minus: it is typed.
    await expect(line.getByRole('button', { name: /единицу/ })).toHaveCount(0)
    await line.getByRole('button', { name: 'Количество: 0,345 кг. Изменить' }).click()
    await terminal.byId('number').fill('40')
    await terminal.byId('line-apply').click()
    await terminal.byId('weight-sure').click()
    await expect(terminal.byId('cart-total')).toHaveAttribute('data-tiyn', '17560000')
  })

  test('grams are typed where the shop chose so', async ({ terminal, device }) => {
    await terminal.setUp()
    await terminal.goto('/settings')
    await terminal.byId('weight-g').click()
    await expectStored(terminal.page, 'settings', '"weightEntry":"g"')
    await terminal.goto('/')
    await terminal.ready()
    await open(terminal)
    await terminal.byId('number').fill('345')
    await terminal.byId('ask-add').click()
    await expect(terminal.byId('cart-total')).toHaveAttribute('data-tiyn', '151455')
    await terminal.byId('pay').click()
    await terminal.byId('tender-cash-exact').click()
    await terminal.expectResult('registered')
    expect(documents(device, 'sale')).toMatchObject([{ totalTiyn: 151_455 }])
  })
})

test('a category has a colour of the shop’s own, which another catalogue keeps', async ({ terminal, page }) => {
  await terminal.setUp()
  await storeCatalog(page, goods, categories.slice(0, 3))
  await terminal.goto('/catalog')
  await terminal.byId('category-colours').click()
  const row = page.locator('[data-testid="colour-row"][data-name="Тауар тобы № 2"]')
  const chosen = row.locator('[data-testid="colour"][data-mark="6"]')
  await chosen.click()
  await expect(chosen).toHaveAttribute('aria-pressed', 'true')
  await expectStored(page, 'settings', '"categoryColours":{"тауар тобы № 2":6}')
  // Another source: other ids, the same names.
  await storeCatalog(
    page,
    goods.slice(0, 5).map((item) => ({ ...item, categoryId: 'other' })),
    [{ id: 'other', name: 'Тауар тобы № 2' }],
  )
  await terminal.goto('/')
  await terminal.ready()
  await expect(terminal.byId('product').first().locator('.tile-mark')).toHaveClass(/mark-6/)
  await terminal.goto('/catalog')
  await terminal.byId('category-colours').click()
  await row.getByTestId('colour-auto').click()
  await expect(row.getByTestId('colour-auto')).toHaveAttribute('aria-pressed', 'true')
  await expectStored(page, 'settings', '"categoryColours":{}')
})
