import { read, utils, type WorkSheet } from '@e965/xlsx'
import { describe, expect, it } from 'vitest'
import { csvOf, readReceipts, russianWords, workbookOf } from './export.ts'
import { receiptsTable, reportTables } from './tables.ts'
import { fakeServer, NOON_MS, receiptOf, rowOf, summaryOf, TODAY } from './testing/shop-kit.ts'

const summary = summaryOf(
  { from: TODAY, to: TODAY },
  {
    totals: { from: TODAY, to: TODAY, totalTiyn: 900_50, receipts: 3, returns: 1, returnedTiyn: 100_00 },
    byTender: [rowOf('cash', 500_50), rowOf('bank', 400_00)],
    byProduct: [rowOf('=SUM(A1)', 900_50, { quantity: 2_500, costTiyn: 600_50 })],
    byTax: [rowOf('НДС 16%', 900_50, { taxTiyn: 124_21 })],
  },
)
const receipts = [
  receiptOf('0001', { totalTiyn: 1_000_50, number: 12 }),
  receiptOf('0002', { kind: 'saleReturn', totalTiyn: 100_00, number: 13 }),
  receiptOf('0003', { state: 'waiting', number: null, registeredAtMs: null, totalTiyn: 77_00 }),
]

describe('the file of a period', () => {
  it('is a workbook of numbers and dates', async () => {
    const t = await russianWords()
    const bytes = await workbookOf(summary, receipts, { t, wall: (ms) => ms }).arrayBuffer()
    const book = read(bytes, { cellDates: true })
    expect(book.SheetNames).toEqual(['Итоги', 'Виды оплаты', 'Товары', 'НДС', 'Чеки'])
    const sheet = (name: string) => utils.sheet_to_json<Record<string, unknown>>(book.Sheets[name] as WorkSheet)
    expect(sheet('Итоги')[0]).toMatchObject({ Показатель: 'Выручка', [TODAY]: 900.5 })
    expect(sheet('Виды оплаты').map((row) => [row['Вид оплаты'], row['Выручка']])).toEqual([
      ['Наличные', 500.5],
      ['Карта', 400],
    ])
    expect(sheet('Товары')[0]).toMatchObject({ Количество: 2.5, Себестоимость: 600.5, Наценка: 300 })
    expect(sheet('НДС')[0]).toMatchObject({ Ставка: 'НДС 16%', Налог: 124.21 })
    const rows = sheet('Чеки')
    expect(rows.map((row) => row['Выручка'])).toEqual([1_000.5, -100, undefined])
    expect(rows[2]).toMatchObject({ 'Не пробито': 77, Состояние: 'Ждёт' })
    expect(rows[0]?.['Дата и время']).toBeInstanceOf(Date)
    expect((rows[0]?.['Дата и время'] as Date).getTime()).toBeCloseTo(NOON_MS, -4)
  })

  it('as CSV has Russian headings, semicolons and a mark for Excel, and no formulas', async () => {
    const t = await russianWords()
    const words = { t, wall: (ms: number) => ms }
    const [, , products] = reportTables(summary, words)
    if (products === undefined) throw new Error('no products')
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await csvOf(products).arrayBuffer())
    const [head, row] = text.split('\r\n')
    expect(head).toBe('\ufeffТовар;Количество;Выручка;Себестоимость;Наценка;Наценка, % выручки')
    expect(row).toBe("'=SUM(A1);2,5;900,5;600,5;300;33%")
    const list = new TextDecoder().decode(await csvOf(receiptsTable(receipts, words)).arrayBuffer())
    expect(list.split('\r\n')[2]).toContain(';Возврат;13;A-0002;-100;;Пробит;A;Aya')
  })

  it('holds every page of the receipts', async () => {
    const server = fakeServer()
    server.receipts = Array.from({ length: 5 }, (_, index) => receiptOf(String(index)))
    const seen: number[] = []
    const all = await readReceipts(server.api, { from: TODAY, to: TODAY }, (count) => seen.push(count))
    expect(all?.receipts).toEqual(server.receipts)
    expect([all?.cut, seen]).toEqual([false, [2, 4, 5]])
    server.failure = 'away'
    expect(await readReceipts(server.api, { from: TODAY, to: TODAY }, () => undefined)).toBeNull()
  })
})
