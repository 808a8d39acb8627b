import type { IkkmEmulator } from '../emulators/ikkm.ts'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { withCheckDigit } from '../../src/device-model/goods.ts'
import { expect, test } from '../fixtures.ts'
import { longestTaskMs } from '../pages/main-thread.ts'
import { scan } from '../pages/scanner.ts'
import { documents } from '../pages/selling.ts'
import type { Terminal } from '../pages/terminal.ts'
import { expectStored } from '../pages/stored.ts'

const sales = (device: IkkmEmulator) => documents(device, 'sale')

async function importCsv(terminal: Terminal, name: string, content: Buffer): Promise<void> {
  await terminal.goto('/catalog')
  await terminal.byId('catalog-import').click()
  await terminal.byId('csv-file').setInputFiles({ name, mimeType: 'text/csv', buffer: content })
}

/** Encodes Russian text as Windows-1251 does. */
function windows1251(text: string): Buffer {
  return Buffer.from(
    [...text].map((char) => {
      const code = char.charCodeAt(0)
      if (code >= 0x410 && code <= 0x44f) return code - 0x410 + 0xc0
      return code < 0x80 ? code : 0x3f
    }),
  )
}

test.describe('a device with broken goods', () => {
  test.use({ deviceOptions: { options: { brokenGoods: true } } })

  test('rows of the device that cannot be read are shown with their reason, odd ones are marked', async ({
    terminal,
    page,
    app,
  }) => {
    await terminal.setUp()
    await page.goto(`${app.origin}/catalog`)
    await expect(terminal.byId('catalog-row-error').first()).toContainText('нет названия')
    await expect(terminal.byId('catalog-row-error')).toHaveCount(4)
    // Rows that could be read but can't work at the till are marked.
    await terminal.byId('catalog-odd').click()
    await expect(terminal.byId('catalog-oddity')).not.toHaveCount(0)
    expect(await page.title()).not.toBe('1')
  })
})

test('a Windows-1251 file is recognised, its errors named by row, its items sold', async ({
  terminal,
  device,
  page,
}) => {
  await terminal.setUp()
  const text = [
    'Код;Наименование;Цена;Штрихкод;Группа',
    '1;Хлеб белый;250,50;4006381333931;Хлеб',
    '2;;100;;Хлеб',
    '3;Сыр;дорого;;Молочное',
    '1;Другой хлеб;90;;Хлеб',
    '5;Вода;120;4,87E+12;Напитки',
  ].join('\r\n')
  await importCsv(terminal, 'Прайс.csv', windows1251(text))
  await expect(terminal.byId('csv-counts')).toHaveAttribute('data-items', '1')
  await expect(terminal.byId('csv-counts')).toHaveAttribute('data-errors', '4')
  await expect(terminal.byId('csv-encoding').locator('select')).toHaveValue('windows-1251')
  const errors = await terminal
    .byId('csv-counts')
    .locator('xpath=..')
    .getByTestId('catalog-row-error')
    .evaluateAll((rows) => rows.map((row) => [row.getAttribute('data-row'), row.getAttribute('data-kind')]))
  expect(errors).toEqual([
    ['3', 'nameMissing'],
    ['4', 'priceUnreadable'],
    ['5', 'codeTwice'],
    ['6', 'barcodeSpoilt'],
  ])
  await terminal.byId('csv-import').click()
  await expect(terminal.byId('catalog-item')).toHaveCount(1)
  await expect(terminal.byId('catalog-row-error')).toHaveCount(4)

  await terminal.goto('/')
  await terminal.ready()
  await page.keyboard.press('F2')
  await terminal.byId('search').fill('4006381333931')
  await terminal.byId('search').press('Enter')
  await terminal.byId('pay').click()
  await terminal.byId('tender-cash-exact').click()
  await terminal.expectResult('registered')
  expect(sales(device)).toMatchObject([{ totalTiyn: 25_050 }])
})

test('columns can be mapped by hand and the count follows', async ({ terminal }) => {
  await terminal.setUp()
  await importCsv(terminal, 'list.csv', Buffer.from('aaa;bbb;ccc\nЧай;100;7\nКофе;200;8\n'))
  await terminal.byId('csv-column-name').locator('select').selectOption('0')
  await terminal.byId('csv-column-price').locator('select').selectOption('1')
  await terminal.byId('csv-column-code').locator('select').selectOption('2')
  // The first line is no heading that anybody knows: it is a row whose price can't be read.
  await expect(terminal.byId('csv-preview-row').first()).toContainText('Чай')
  await expect(terminal.byId('csv-counts')).toHaveAttribute('data-errors', '1')
  await terminal.byId('csv-import').click()
  // The goods before the import say "Кофе" too: the new list is there once it has its two rows only.
  await expect(terminal.byId('catalog-item')).toHaveCount(2)
  await expect(terminal.byId('catalog-item').filter({ hasText: 'Кофе' })).toHaveAttribute('data-code', '8')
})

test('50 000 rows are loaded without freezing the page, the open receipt stays as it was', async ({
  terminal,
  page,
  browser,
}) => {
  await terminal.setUp()
  await terminal.tapProducts(0)
  const total = await terminal.byId('cart-total').getAttribute('data-tiyn')
  const rows = Array.from(
    { length: 50_000 },
    (_, index) =>
      `${index + 1};Тауар № ${index + 1} сыр қымыз;${100 + (index % 900)},50;487${String(index).padStart(10, '0')};Топ ${index % 40}`,
  )
  const folder = mkdtempSync(join(tmpdir(), 'catalog-'))
  const file = join(folder, 'big.csv')
  writeFileSync(file, ['Код;Наименование;Цена;Штрихкод;Группа', ...rows].join('\n'))
  await page.getByTestId('menu').click()
  await page.getByRole('link', { name: 'Каталог' }).click()
  await terminal.byId('catalog-import').click()
  const freeze = await longestTaskMs(browser, page, async () => {
    await terminal.byId('csv-file').setInputFiles(file)
    await expect(terminal.byId('csv-counts')).toHaveAttribute('data-items', '50000', { timeout: 30_000 })
    await terminal.byId('csv-import').click()
    await expect(terminal.byId('csv-import')).toBeHidden({ timeout: 30_000 })
    await terminal.byId('search').fill('50000')
    await expect(terminal.byId('catalog-item').first()).toHaveAttribute('data-code', '50000')
  })
  rmSync(folder, { recursive: true })
  test.info().annotations.push({ type: 'longest task', description: `${Math.round(freeze)} ms of processor time` })
  expect(freeze).toBeLessThan(200)
  await page.reload()
  await terminal.goto('/')
  await terminal.ready()
  await expect(terminal.byId('cart-total')).toHaveAttribute('data-tiyn', total ?? '')
  await terminal.byId('search').fill('4870000049999')
  await expect(terminal.byId('product')).toHaveCount(1)
  await expect(terminal.product('50000')).toBeVisible()
})

test('own edits outlive a load from another source and a reload, and can be taken back', async ({ terminal, page }) => {
  await terminal.setUp()
  await terminal.goto('/catalog')
  const espresso = page.locator('[data-testid="catalog-item"][data-code="101"]')
  await espresso.click()
  await terminal.byId('item-price').fill('777')
  await terminal.byId('item-save').click()
  await expect(espresso).toContainText('777')

  await page.locator('[data-testid="catalog-item"][data-code="102"]').click()
  await terminal.byId('item-hidden').getByRole('switch').click()
  await terminal.byId('item-save').click()
  await expect(page.locator('[data-testid="catalog-item"][data-code="102"]')).toHaveCount(0)

  await terminal.byId('catalog-add').click()
  await terminal.byId('item-name').fill('Наурыз көже')
  await terminal.byId('item-price').fill('450,5')
  await terminal.byId('item-code').fill('900')
  await terminal.byId('item-save').click()
  await expect(terminal.byId('item-save')).toBeHidden()

  await importCsv(
    terminal,
    'other.csv',
    Buffer.from('code;name;price\n101;Espresso;600\n102;Americano;700\n103;Cappuccino;900\n'),
  )
  await terminal.byId('csv-import').click()
  await expect(terminal.byId('csv-import')).toBeHidden()
  await page.reload()
  await expect(terminal.byId('catalog-item')).toHaveCount(3)
  await expect(espresso).toContainText('777')

  await terminal.goto('/')
  await terminal.ready()
  await terminal.product('900').click()
  await expect(terminal.byId('cart-total')).toHaveAttribute('data-tiyn', '45050')
  await expect(terminal.product('102')).toHaveCount(0)

  await terminal.goto('/catalog')
  await espresso.click()
  await terminal.byId('item-restore').click()
  await expect(espresso).toContainText('600')
})

test('an edit of an item leaves the open receipt at the old price', async ({ terminal, page }) => {
  await terminal.setUp()
  await terminal.product('101').click()
  await expect(terminal.byId('cart-total')).toHaveAttribute('data-tiyn', '65000')
  await terminal.goto('/catalog')
  await page.locator('[data-testid="catalog-item"][data-code="101"]').click()
  await terminal.byId('item-price').fill('999')
  await terminal.byId('item-save').click()
  await terminal.goto('/')
  await terminal.ready()
  await expect(terminal.byId('cart-total')).toHaveAttribute('data-tiyn', '65000')
})

test('goods come from iiko through the proxy, in the demo marked as such', async ({ terminal, page }) => {
  await terminal.setUp()
  await terminal.goto('/catalog')
  await terminal.byId('catalog-load-iiko').click()
  await expect(page.getByText('учебные данные')).toBeVisible()
  await expect(page.getByTestId('catalog-item').first()).toBeVisible()
})

test.describe('in real seconds, for keys come at a scanner’s pace', () => {
  test.use({ pace: 1 })

  test('a label with a price instead of a weight is sold for its price once its beginning is set up', async ({
    terminal,
    device,
    page,
  }) => {
    await terminal.setUp()
    await terminal.goto('/settings')
    await terminal.byId('price-prefixes').fill('2x')
    await terminal.byId('price-prefixes').blur()
    await expect(page.getByText('Каждое начало состоит из двух цифр')).toBeVisible()
    await terminal.byId('price-prefixes').fill('25 26')
    await terminal.byId('price-prefixes').blur()
    // A beginning means one of the two.
    await expect(terminal.byId('weight-prefixes')).toHaveValue('20, 21, 22, 23, 24, 27, 28, 29')
    await expectStored(page, 'settings', '["25","26"]')
    await page.reload()
    await expect(terminal.byId('price-prefixes')).toHaveValue('25, 26')
    await terminal.goto('/')
    await terminal.ready()
    // Cheese by weight, labelled with 1 234 ₸.
    await scan(page, withCheckDigit('250040701234'))
    await expect(terminal.byId('cart-total')).toHaveAttribute('data-tiyn', '123400')
    await terminal.byId('pay').click()
    await terminal.byId('tender-cash-exact').click()
    await terminal.expectResult('registered')
    expect(documents(device, 'sale')).toMatchObject([{ totalTiyn: 123_400 }])
  })
})
