import { readFileSync } from 'node:fs'
import { read, utils, type WorkSheet } from '@e965/xlsx'
import { expect, test } from '../fixtures.ts'
import { addByCode, addFree, documents } from '../pages/selling.ts'

const TEA = '101'

test('the journal for Excel: cash without the change, real dates, and a sheet of goods with their tax', async ({
  terminal,
  device,
  page,
}) => {
  await terminal.setUp()
  await addFree(terminal, '101')
  await terminal.byId('pay').click()
  await page.keyboard.type('5000')
  await terminal.byId('pay-confirm').click()
  await terminal.expectResult('registered')
  await addByCode(terminal, TEA)
  await terminal.byId('pay').click()
  await terminal.byId('tender-cash-exact').click()
  await terminal.expectResult('registered')
  const sold = documents(device, 'sale').reduce((sum, sale) => sum + sale.totalTiyn, 0)

  await terminal.goto('/journal')
  await terminal.byId('journal-xlsx').click()
  const [download] = await Promise.all([page.waitForEvent('download'), terminal.byId('export-save').click()])
  expect(download.suggestedFilename()).toMatch(/^journal-\d{4}-\d\d-01-\d{4}-\d\d-\d\d\.xlsx$/)
  const book = read(readFileSync(await download.path()), { cellDates: true })
  expect(book.SheetNames).toEqual(['Чеки', 'Товары'])
  const [receipts = [], lines = []] = book.SheetNames.map((name) =>
    utils.sheet_to_json<Record<string, unknown>>(book.Sheets[name] as WorkSheet),
  )
  const tiynOf = (value: unknown): number => Math.round(Number(value ?? 0) * 100)
  const sum = (rows: readonly Record<string, unknown>[], column: string): number =>
    rows.reduce((all, row) => all + tiynOf(row[column]), 0)
  expect(receipts.map((row) => tiynOf(row['Наличные']))).toEqual(receipts.map((row) => tiynOf(row['Итого'])))
  expect(receipts[0]?.['Наличные']).toBe(101)
  expect(receipts[0]?.['Дата']).toBeInstanceOf(Date)
  expect(sum(receipts, 'Итого')).toBe(sold)
  expect(sum(lines, 'К оплате')).toBe(sold)
  expect(lines[1]).toMatchObject({ Код: TEA, Единица: 'шт', Количество: 1 })
  expect(sum(lines, 'Налог')).toBe(sum(receipts, 'Налог'))
  expect(sum(lines, 'Налог')).toBeGreaterThan(0)
})
