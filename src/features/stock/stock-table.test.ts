import { describe, expect, it } from 'vitest'
import { importCsv, readCsvTable } from '../../domain/csv-import.ts'
import type { CatalogItem } from '../../domain/catalog.ts'
import { tiyn } from '../../domain/money.ts'
import { tableCsv } from '../../domain/table.ts'
import { catalog as kk } from '../../i18n/kk/catalog.ts'
import { catalog as ru } from '../../i18n/ru/catalog.ts'
import { stockTable } from './stock-table.ts'

const item = (code: string, more: Partial<CatalogItem> = {}): CatalogItem => ({
  id: `device:${code}`,
  source: 'device',
  code,
  barcodes: [],
  name: `Товар ${code}`,
  price: tiyn(1_250_50),
  taxId: null,
  categoryId: 'c',
  weighed: false,
  ntin: null,
  gtin: null,
  markCode: null,
  ...more,
})
const ITEMS = [
  item('101', { barcodes: ['4870203912745'], taxId: '15' }),
  item('102', { weighed: true, price: null }),
  item('103', { unit: 'бут' }),
]
const LEFT = new Map([
  ['101', -2_000],
  ['102', 12_250],
])

describe('the stock as a table', () => {
  it.each([
    ['Russian', ru.csv],
    ['Kazakh', kk.csv],
  ])('is read back as it is, in %s', (_language, words: Readonly<Record<string, unknown>>) => {
    const table = stockTable(ITEMS, {
      t: (key) => {
        if (key === 'common.kilogram') return 'кг'
        if (key === 'common.piece') return 'шт'
        return String(words[key.replace('csv.', '')] ?? key)
      },
      category: () => 'Чай',
      tax: (id) => (id === null ? '' : 'НДС 16%'),
      quantity: ({ code }) => LEFT.get(code) ?? null,
      cost: ({ code }) => (code === '101' ? tiyn(900_05) : null),
    })
    const read = readCsvTable(tableCsv(table))
    if (read.kind !== 'table') throw new Error(read.kind)
    const { items, errors } = importCsv(read.table, read.mapping, [{ id: '15', name: 'НДС 16%' }])
    expect(errors).toEqual([])
    expect(
      items.map(({ code, name, price, weighed, taxId, cost, stock }) => [
        code,
        name,
        price,
        weighed,
        taxId,
        cost,
        stock,
      ]),
    ).toEqual([
      ['101', 'Товар 101', 1_250_50, false, '15', 900_05, -2_000],
      ['102', 'Товар 102', null, true, null, undefined, 12_250],
      ['103', 'Товар 103', 1_250_50, false, null, undefined, undefined],
    ])
    expect(items[0]?.barcodes).toEqual(['4870203912745'])
    expect(items[2]?.unit).toBe('бут')
  })
})
