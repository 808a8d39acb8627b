import { describe, expect, it } from 'vitest'
import { MAX_CSV_ROWS, guessMapping, importCsv, readCsvPrice, readCsvTable } from './csv-import.ts'
import type { CsvImport } from './csv-import.ts'
import { decodeText, detectEncoding } from './text-encoding.ts'

function imported(text: string): CsvImport {
  const read = readCsvTable(text)
  if (read.kind !== 'table') throw new Error(read.kind)
  return importCsv(read.table, read.mapping)
}

describe('a price list', () => {
  it('as a Russian spreadsheet writes it', () => {
    const { items, categories, errors } = imported(
      'Код;Наименование;Штрихкод;Цена;Категория;Весовой\r\n' +
        '101;Кофе «Арабика»;4870001234567;1 200,50;Напитки;\r\n' +
        '102;"Сыр; ""Маасдам""";;4890,5;НАПИТКИ;да\r\n',
    )
    expect(errors).toEqual([])
    expect(categories).toEqual([{ id: 'csv:напитки', name: 'Напитки' }])
    expect(items).toMatchObject([
      {
        id: 'csv:101',
        code: '101',
        name: 'Кофе «Арабика»',
        barcodes: ['4870001234567'],
        price: 120050,
        categoryId: 'csv:напитки',
        weighed: false,
      },
      { code: '102', name: 'Сыр; "Маасдам"', barcodes: [], price: 489050, categoryId: 'csv:напитки', weighed: true },
    ])
  })
  it('with commas and English headings, or tabs and Kazakh ones', () => {
    expect(imported('name,price,code\nTea,200,1\n').items).toMatchObject([{ name: 'Tea', price: 20000, code: '1' }])
    expect(imported('атауы\tбағасы\tштрихкод\nҚымыз\t1250\t4870001234567\n').items).toMatchObject([
      { name: 'Қымыз', price: 125000, code: '4870001234567' },
    ])
  })
  it('without headings is read by what its cells look like', () => {
    expect(imported('101;Чай;200\n102;Кофе;350,5\n').items).toMatchObject([
      { code: '101', name: 'Чай', price: 20000 },
      { code: '102', name: 'Кофе', price: 35050 },
    ])
  })
  it('is not misled by decimal commas, commas in names or a single row', () => {
    expect(imported('1;Кофе;1 200,50').items).toMatchObject([{ name: 'Кофе', price: 120050 }])
    expect(imported('Название\nЧай, чёрный\n').items).toMatchObject([{ name: 'Чай, чёрный' }])
    expect(imported('Код\tНазвание\tЦена\n1\tЧай, чёрный; 100 г\t5,50\n').items).toMatchObject([
      { name: 'Чай, чёрный; 100 г', price: 550 },
    ])
  })
  it('may begin with titles', () => {
    const { items, errors } = imported('Прайс-лист на 22.11.2026\n\nКод;Наименование;Цена\n1;Чай;200\n2;Кофе;300\n')
    expect(errors).toEqual([])
    expect(items.map((item) => item.name)).toEqual(['Чай', 'Кофе'])
  })
  it('says which delimiter Excel declared', () => {
    const read = readCsvTable('sep=|\nНазвание|Цена\nЧай|5\n')
    expect(read).toMatchObject({ kind: 'table', table: { delimiter: '|', rows: [{ number: 3 }] } })
  })
  it('keeps items without a price for asking', () => {
    expect(imported('Название;Цена\nУслуга;\nПодарок;0\n').items.map((item) => item.price)).toEqual([null, null])
  })
  it('takes several barcodes in one cell, and names one that a spreadsheet spoilt', () => {
    const { items, errors } = imported('Название;Штрихкод;Цена\nA1;"4870001234567, 96385074";1\nB2;4,87E+12;1\n')
    expect(items).toMatchObject([{ barcodes: ['4870001234567', '96385074'] }])
    expect(errors).toEqual([{ row: 3, field: 'barcode', kind: 'barcodeSpoilt', value: '4,87E+12' }])
  })
})

describe('errors', () => {
  it('name row, field and value, and leave the row out', () => {
    const { items, errors } = imported(
      'Код;Название;Цена;Штрихкод;Весовой;Налог\n' +
        '1;Чай;200;4870001234567;;\n' +
        '2;;200;;;\n' +
        '\n' +
        '3;Кофе;дорого;;;\n' +
        '1;Вода;-5;4870001234567;;\n' +
        '4;Сок;20000000,01;;наверное;НДС\n',
    )
    expect(items.map((item) => item.code)).toEqual(['1'])
    expect(errors).toEqual([
      { row: 3, field: 'name', kind: 'nameMissing', value: '' },
      { row: 5, field: 'price', kind: 'priceUnreadable', value: 'дорого' },
      { row: 6, field: 'price', kind: 'priceNegative', value: '-5' },
      { row: 6, field: 'barcode', kind: 'barcodeTwice', value: '4870001234567' },
      { row: 6, field: 'code', kind: 'codeTwice', value: '1' },
      { row: 7, field: 'price', kind: 'priceAboveLimit', value: '20000000,01' },
      { row: 7, field: 'weighed', kind: 'weighedUnreadable', value: 'наверное' },
      { row: 7, field: 'taxId', kind: 'taxUnreadable', value: 'НДС' },
    ])
  })
  it('of the whole file are told apart', () => {
    expect(readCsvTable('')).toEqual({ kind: 'empty' })
    expect(readCsvTable(' \n;;\n')).toEqual({ kind: 'empty' })
    expect(readCsvTable('Название;Цена\n"Чай;200\nКофе;1\n')).toEqual({ kind: 'openQuote', row: 2 })
  })
  it('limit the number of rows, and 50 000 are read in moments', () => {
    const lines = Array.from({ length: MAX_CSV_ROWS }, (_, index) => `${index};Товар ${index};${index},50`)
    const text = `Код;Название;Цена\n${lines.join('\n')}`
    const { items, errors } = imported(text)
    expect(errors).toEqual([])
    expect(items).toHaveLength(MAX_CSV_ROWS)
    expect(items.at(-1)).toMatchObject({ code: '49999', price: 4999950 })
    expect(readCsvTable(`${text}\n50000;Ещё;1`)).toEqual({ kind: 'tooManyRows', rows: 50_001, limit: MAX_CSV_ROWS })
  })
})

describe('headings', () => {
  it('are recognised whatever their case, and each column serves one field', () => {
    expect(guessMapping(['ШТРИХ-КОД', 'Код товара', 'Наименование товара', 'Цена, тг', 'Группа'])).toEqual({
      barcode: 0,
      code: 1,
      name: 2,
      price: 3,
      category: 4,
    })
    expect(guessMapping(['foo', 'bar'])).toEqual({})
  })
})

describe('prices', () => {
  it.each([
    ['1 200,50', 120050],
    ['1200.5', 120050],
    ['1 200 ₸', 120000],
    ['350тг.', 35000],
    ['350 теңге', 35000],
    ['1.234,56', 123456],
    ['1,234.56', 123456],
    ['0', 0],
    ['', null],
    ['12,345', null],
    ['abc', null],
  ])('%j is %j', (text, expected) => {
    expect(readCsvPrice(text)).toBe(expected)
  })
})

describe('encodings', () => {
  const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)
  it('of UTF-8 files, with or without a mark', () => {
    expect(detectEncoding(new TextEncoder().encode('Қымыз;1'))).toBe('utf-8')
    expect(decodeText(bytes(0xef, 0xbb, 0xbf, 0x41))).toBe('A')
    expect(detectEncoding(bytes())).toBe('utf-8')
  })
  it('of Windows-1251 files', () => {
    const tea = bytes(0xd7, 0xe0, 0xe9, 0x3b, 0xb8)
    expect(detectEncoding(tea)).toBe('windows-1251')
    expect(decodeText(tea)).toBe('Чай;ё')
  })
  it('of the Kazakh code page', () => {
    const kumis = bytes(0x8d, 0xfb, 0xec, 0xfb, 0xe7, 0x20, 0xbc, 0x9d, 0xb4, 0xbf, 0xa2, 0xbe, 0xba, 0x9f, 0xb3)
    expect(detectEncoding(kumis)).toBe('kz-1048')
    expect(decodeText(kumis)).toBe('Қымыз әқөүұңғһі')
  })
  it('of UTF-16 as spreadsheets export it', () => {
    expect(decodeText(bytes(0xff, 0xfe, 0x27, 0x04))).toBe('Ч')
    expect(decodeText(bytes(0xfe, 0xff, 0x04, 0x27))).toBe('Ч')
  })
})
