import { utils, write, type BookType } from '@e965/xlsx'
import { withCheckDigit } from '../../src/device-model/goods.ts'
import { expect, test } from '../fixtures.ts'
import { scan } from '../pages/scanner.ts'
import { addByCode, documents } from '../pages/selling.ts'
import type { Terminal } from '../pages/terminal.ts'

/** The register of the demo shop knows the taxes 15, of 16 %, and 16, without VAT. */
const WITH_VAT = 15
const WITHOUT_VAT = 16
const WATER = withCheckDigit('487020439127')

async function choose(terminal: Terminal, name: string, buffer: Buffer): Promise<void> {
  await terminal.goto('/catalog')
  await terminal.byId('catalog-import').click()
  await terminal.byId('csv-file').setInputFiles({ name, mimeType: 'application/octet-stream', buffer })
}

async function replace(terminal: Terminal): Promise<void> {
  await terminal.byId('csv-import').click()
  await expect(terminal.byId('csv-import')).toBeHidden()
  await terminal.goto('/')
  await terminal.ready()
}

async function pay(terminal: Terminal): Promise<void> {
  await terminal.byId('pay').click()
  await terminal.byId('tender-cash-exact').click()
  await terminal.expectResult('registered')
}

const chosen = (terminal: Terminal, field: string) => terminal.byId(`csv-column-${field}`).locator('option:checked')
const count = (terminal: Terminal, name: string) => terminal.byId('csv-counts').locator(`[data-count="${name}"] dd`)

function workbook(bookType: BookType): Buffer {
  const rows = [
    ['Код', 'Наименование', 'Штрихкод', 'Цена закупочная', 'Цена розничная', 'НДС', 'Ед.'],
    ['101', 'Вода 1 л', Number(WATER), 90, 1250.5, 0.16, 'бут'],
    ['102', 'Сыр', '', 2000, 4390, 0.16, '166'],
  ]
  const sheet = utils.aoa_to_sheet(rows)
  for (const at of ['F2', 'F3']) Object.assign(sheet[at] as object, { z: '0%' })
  const book = utils.book_new()
  utils.book_append_sheet(book, sheet, 'Прайс')
  return Buffer.from(write(book, { type: 'array', bookType }) as ArrayBuffer)
}

test('a CSV file: prices and taxes are read as they are meant, what is unclear is asked once, the rest is seen before', async ({
  terminal,
  device,
}) => {
  await terminal.setUp()
  const text = [
    'Код группы;Код;Наименование;Цена закупочная;Цена розничная;НДС;Ед. изм.;Штрихкод',
    `7;101;Кофе зерно;900;"1,500";16;упаковка;'${WATER}`,
    '7;102;Кофе мешок;9,000;"12,500";16;мешок;',
    '7;209;Пакет;1;50;без НДС;бобина;',
    '7;210;Мёд;1;70;льготная;кг;',
    '7;211;Чай;1;80;льготная;796;"4870204391234"',
  ].join('\n')
  await choose(terminal, 'прайс.csv', Buffer.from(text))
  await expect(chosen(terminal, 'price')).toHaveText('5. Цена розничная')
  await expect(chosen(terminal, 'code')).toHaveText('2. Код')
  await expect(terminal.byId('csv-decimal').locator('select')).toHaveValue('dot')
  await expect(terminal.byId('csv-tax')).toHaveCount(3)
  await expect(terminal.byId('csv-units')).toContainText('бобина')
  await expect(terminal.byId('csv-odd')).toContainText('4870204391234')
  // The demo shop's espresso costs 650 ₸ and its bag 30 ₸.
  await expect(count(terminal, 'jumps')).toHaveText(/^[1-9]/)
  await expect(count(terminal, 'added')).toHaveText(/\d/)
  await expect(terminal.byId('csv-import')).toBeDisabled()
  await terminal
    .byId('csv-tax')
    .and(terminal.page.locator('[data-text="льготная"]'))
    .locator('select')
    .selectOption('16')
  await expect(terminal.byId('csv-import')).toBeEnabled()
  await replace(terminal)

  await addByCode(terminal, WATER, '102')
  await pay(terminal)
  await terminal.byId('next-sale').click()
  await addByCode(terminal, '209', '211')
  await pay(terminal)
  expect(documents(device, 'sale')).toMatchObject([
    { taxId: WITH_VAT, totalTiyn: 1_400_000 },
    { taxId: WITHOUT_VAT, totalTiyn: 13_000 },
  ])
})

for (const [name, bookType] of [
  ['goods.xlsx', 'xlsx'],
  ['goods.xls', 'biff8'],
] as const) {
  test(`${name} is sold at its retail price with its tax`, async ({ terminal, device }) => {
    await terminal.setUp()
    await choose(terminal, name, workbook(bookType))
    await expect(terminal.byId('csv-counts')).toHaveAttribute('data-items', '2')
    await replace(terminal)
    await addByCode(terminal, WATER)
    await pay(terminal)
    expect(documents(device, 'sale')).toMatchObject([{ taxId: WITH_VAT, totalTiyn: 125_050 }])
  })
}

test('a page saved as .xls is read, a PDF is named, and nothing is replaced before it is confirmed', async ({
  terminal,
  device,
}) => {
  await terminal.setUp()
  await choose(terminal, 'отчёт.xls', Buffer.from('%PDF-1.7\n%\u00e2\u00e3'))
  await expect(terminal.byId('csv-problem')).toContainText('PDF')
  const page =
    '<html><head><meta charset="utf-8"></head><body><table><tr><td>Код</td><td>Товар</td><td>Цена</td></tr>' +
    '<tr><td>00101</td><td>Қымыз</td><td>12&nbsp;500,50</td></tr></table></body></html>'
  await terminal.byId('csv-file').setInputFiles({ name: '1c.xls', mimeType: 'text/html', buffer: Buffer.from(page) })
  await expect(count(terminal, 'added')).toHaveText('1')
  await terminal.goto('/')
  await terminal.ready()
  await expect(terminal.product('101')).toBeVisible()

  await choose(terminal, '1c.xls', Buffer.from(page))
  await replace(terminal)
  await addByCode(terminal, '00101')
  await pay(terminal)
  expect(documents(device, 'sale')).toMatchObject([{ totalTiyn: 1_250_050 }])
})

test.describe('in real seconds, for keys come at a scanner’s pace', () => {
  test.use({ pace: 1 })

  test('a DataMatrix finds its goods by the number inside, and pieces on a label are pieces', async ({
    terminal,
    device,
    page,
  }) => {
    await terminal.setUp()
    const text = `Код;Наименование;Цена;Штрихкод\n54321;Яйцо;120;\n101;Вода;250;${WATER}\n`
    await choose(terminal, 'list.csv', Buffer.from(text))
    await replace(terminal)
    await scan(page, withCheckDigit('205432100003'))
    await expect(terminal.byId('cart-total')).toHaveAttribute('data-tiyn', '36000')
    await scan(page, `010${WATER}215Ab<cd`)
    await expect(terminal.byId('cart-total')).toHaveAttribute('data-tiyn', '61000')
    await pay(terminal)
    expect(documents(device, 'sale')).toMatchObject([{ totalTiyn: 61_000 }])
  })
})
