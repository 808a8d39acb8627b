import { readFileSync } from 'node:fs'
import { read, utils, type WorkSheet } from '@e965/xlsx'
import { withCheckDigit } from '../../src/device-model/goods.ts'
import type { Entry } from '../../src/queue/types.ts'
import { expect, test, type Page } from '../fixtures.ts'
import { scan } from '../pages/scanner.ts'
import { addByCode } from '../pages/selling.ts'
import { storedRows } from '../pages/stored.ts'
import type { Terminal } from '../pages/terminal.ts'

const WATER = withCheckDigit('487020439127')
const FILE = [
  'Код;Наименование;Штрихкод;Цена;Себестоимость;Остаток',
  `101;Вода 1 л;${WATER};250;100;3`,
  '102;Чай;;1000;;',
  '103;Сыр;;500;300;20',
].join('\n')

async function importFile(terminal: Terminal, text: string): Promise<void> {
  await terminal.goto('/catalog')
  await terminal.byId('catalog-import').click()
  const buffer = Buffer.from(text)
  await terminal.byId('csv-file').setInputFiles({ name: 'goods.csv', mimeType: 'text/csv', buffer })
  await terminal.byId('csv-import').click()
  await expect(terminal.byId('csv-import')).toBeHidden()
}

async function sell(terminal: Terminal, ...codes: readonly string[]): Promise<void> {
  for (const code of codes) await addByCode(terminal, code)
  await terminal.byId('pay').click()
  await terminal.byId('tender-cash-exact').click()
  await terminal.expectResult('registered')
}

const good = (page: Page, code: string) => page.locator(`[data-testid="stock-good"][data-code="${code}"]`)
const line = (page: Page, code: string) => page.locator(`[data-testid="sheet-line"][data-code="${code}"]`)

async function expectLeft(terminal: Terminal, code: string, thousandths: number): Promise<void> {
  await expect(good(terminal.page, code)).toHaveAttribute('data-left', String(thousandths), { timeout: 20_000 })
}

async function openView(terminal: Terminal, view: string): Promise<void> {
  await terminal.goto(`/stock?view=${view}`)
  await expect(terminal.byId('stock-page')).toBeVisible()
}

async function accept(terminal: Terminal, note = ''): Promise<void> {
  await terminal.byId('sheet-accept').click()
  if (note !== '') await terminal.byId('accept-note').fill(note)
  await terminal.byId('accept-yes').click()
  await expect(terminal.byId('accept-yes')).toBeHidden()
  await expect(terminal.byId('sheet-line')).toHaveCount(0)
}

test('a file brings quantities and costs; sales take them, and the tile says what runs out', async ({
  terminal,
  page,
}) => {
  await terminal.setUp()
  await terminal.goto('/catalog')
  await terminal.byId('catalog-import').click()
  await terminal.byId('csv-file').setInputFiles({ name: 'goods.csv', mimeType: 'text/csv', buffer: Buffer.from(FILE) })
  await expect(terminal.byId('csv-column-stock').locator('option:checked')).toContainText('Остаток')
  await expect(terminal.byId('csv-column-cost').locator('option:checked')).toContainText('Себестоимость')
  await expect(terminal.byId('csv-stocked')).toContainText('остатки 2 товаров')
  await expect(page.locator('[data-column="stock"]').first()).toHaveText('3')
  await terminal.byId('csv-import').click()
  await expect(terminal.byId('csv-import')).toBeHidden()

  await openView(terminal, 'goods')
  await expectLeft(terminal, '101', 3000)
  await expect(good(page, '102')).toContainText('Не ведётся')

  await terminal.goto('/')
  await terminal.ready()
  await expect(page.locator('.tile-left')).toHaveCount(0)
  await sell(terminal, '101', '101', '101', '103')
  await expect(terminal.product('101').locator('.tile-left')).toHaveText('Осталось 0', { timeout: 20_000 })
  // It never stops a sale.
  await sell(terminal, '101', '102')
  await expect(terminal.product('101').locator('.tile-left')).toHaveText(/Осталось.*1/, { timeout: 20_000 })

  // The journal keeps what goods cost; the register hears nothing of it.
  const stored = await storedRows<Entry>(page, 'entries')
  const entries = [...stored].sort((one, other) => one.sequence - other.sequence)
  const rows = entries.flatMap(({ receipt }) => receipt?.rows ?? [])
  expect(rows.map((row) => (row.kind === 'item' ? (row.cost ?? null) : null))).toEqual([100_00, 300_00, 100_00, null])
  for (const { request } of entries) expect(request?.body ?? '').not.toContain('cost')

  // A catalogue of another source keeps the stock by the goods' codes.
  await importFile(terminal, 'Код;Наименование;Цена\n101;Вода негазированная;300\n777;Новое;10')
  await openView(terminal, 'goods')
  await expectLeft(terminal, '101', -1000)
  await terminal.byId('stock-recount').click()
  await expect(page.getByText('Остатки сходятся с чеками и приходами')).toBeVisible()
})

test('goods are counted by scanner: a killed tablet goes on, and what differs is accepted once', async ({
  terminal,
  page,
}) => {
  await terminal.setUp()
  await importFile(terminal, FILE)
  await openView(terminal, 'count')
  await expect(page.getByText('Счёт ещё не начат')).toBeVisible()
  await scan(page, WATER)
  await expect(line(page, '101')).toHaveAttribute('data-quantity', '1000')
  await scan(page, WATER)
  await expect(line(page, '101')).toHaveAttribute('data-quantity', '2000')
  await expect(line(page, '101').getByTestId('sheet-verdict')).toHaveText('Должно быть 3. Меньше на 1')
  await terminal.byId('sheet-search').fill('Сыр')
  await terminal.byId('sheet-hit').click()
  await line(page, '103').getByTestId('sheet-quantity').fill('18,5')
  await line(page, '103').getByTestId('sheet-quantity').press('Tab')
  await expect(line(page, '103')).toHaveAttribute('data-quantity', '18500')

  // Sold in the middle of the count: what was counted before still stands for the shelf of then.
  await terminal.goto('/')
  await terminal.ready()
  await sell(terminal, '101')

  await page.close()
  const again = await terminal.page.context().newPage()
  await again.goto(`${terminal.origin}/stock?view=count`)
  await expect(line(again, '101')).toHaveAttribute('data-quantity', '2000')
  await expect(again.getByTestId('sheet-summary')).toContainText('с расхождением: 2')
  await again.getByTestId('sheet-accept').click()
  await again.getByTestId('accept-yes').click()
  await expect(again.getByTestId('sheet-line')).toHaveCount(0)
  await again.getByTestId('stock-view-goods').click()
  await expect(good(again, '101')).toHaveAttribute('data-left', '1000', { timeout: 20_000 })
  await expect(good(again, '103')).toHaveAttribute('data-left', '18500')
  await again.getByTestId('stock-view-history').click()
  await expect(again.locator('[data-testid="stock-move"][data-kind="count"]')).toHaveCount(1)
})

test('a delivery brings goods at their cost, a write-off needs a reason, and the margin stands in the reports', async ({
  terminal,
  page,
}) => {
  await terminal.setUp()
  await importFile(terminal, 'Код;Наименование;Цена\n101;Вода 1 л;250\n102;Чай;1000')
  await openView(terminal, 'delivery')
  await terminal.byId('sheet-search').fill('101')
  await terminal.byId('sheet-search').press('Enter')
  await expect(line(page, '101')).toBeVisible()
  await line(page, '101').getByTestId('sheet-quantity').fill('10')
  await line(page, '101').getByTestId('sheet-cost').fill('150')
  await line(page, '101').getByTestId('sheet-cost').press('Tab')
  await expect(terminal.byId('sheet-summary')).toContainText('1 500')
  await accept(terminal, 'Накладная 7')
  await openView(terminal, 'writeOff')
  await terminal.byId('sheet-search').fill('101')
  await terminal.byId('sheet-search').press('Enter')
  await expect(line(page, '101')).toBeVisible()
  await terminal.byId('sheet-accept').click()
  await terminal.byId('accept-yes').click()
  await expect(page.getByText('Укажите причину')).toBeVisible()
  await terminal.byId('accept-note').fill('Разбили')
  await terminal.byId('accept-yes').click()
  await expect(terminal.byId('sheet-line')).toHaveCount(0)
  await openView(terminal, 'goods')
  await expectLeft(terminal, '101', 9000)

  await terminal.goto('/')
  await terminal.ready()
  await sell(terminal, '101', '101', '102')
  await terminal.goto('/shift')
  const margin = terminal.byId('shift-margin')
  await expect(margin).toHaveAttribute('data-tiyn', String(200_00))
  await expect(margin).toHaveAttribute('data-known', String(500_00))
  await expect(margin).toHaveAttribute('data-turnover', String(1500_00))

  await terminal.goto('/journal')
  await terminal.byId('journal-xlsx').click()
  const [download] = await Promise.all([page.waitForEvent('download'), terminal.byId('export-save').click()])
  const book = read(readFileSync(await download.path()))
  const goods = utils.sheet_to_json<Record<string, unknown>>(book.Sheets['Товары'] as WorkSheet)
  expect(goods.map((row) => row['Себестоимость'])).toEqual([300, undefined])
  expect(goods.map((row) => row['Маржа'])).toEqual([200, undefined])
})

test('the stock, costs and margins are for who has the right', async ({ terminal, page }) => {
  await terminal.setUp()
  await importFile(terminal, FILE)
  await terminal.goto('/')
  await terminal.ready()
  await expect(terminal.product('101')).toBeVisible()
  await sell(terminal, '101')
  await terminal.goto('/cashiers')
  for (const [name, pin, role] of [
    ['Айгүл', '4321', null],
    ['Иван', '1111', 'cashier'],
  ] as const) {
    await terminal.byId('cashier-add').click()
    await terminal.byId('cashier-name').fill(name)
    await terminal.byId('cashier-new-pin').fill(pin)
    if (role !== null) await terminal.byId(`role-${role}`).click()
    await terminal.byId('cashier-save').click()
    await expect(page.locator(`[data-testid="cashier"][data-name="${name}"]`)).toBeVisible()
  }
  await page.goto(`${terminal.origin}/stock`)
  await page.locator('[data-testid="lock-cashier"][data-name="Иван"]').click()
  await terminal.byId('cashier-pin').fill('1111')
  await terminal.byId('lock-enter').click()
  await expect(terminal.byId('no-right')).toHaveAttribute('data-right', 'stock')
  await page.getByRole('link', { name: 'Смена' }).first().click()
  await expect(terminal.byId('shift-revenue')).toBeVisible()
  await expect(terminal.byId('shift-margin')).toHaveCount(0)
})
