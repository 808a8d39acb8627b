import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { guessMapping } from './csv-import-columns.ts'
import { compareWithToday, type TodayItem } from './csv-import-diff.ts'
import { declaredEncoding, fileKind } from './csv-import-file.ts'
import { DECIMAL_SIGNS, guessReading, readNumber } from './csv-import-numbers.ts'
import { taxesLike } from './csv-import-taxes.ts'
import { MAX_CSV_ROWS, importCsv, readCsvTable } from './csv-import.ts'
import type { CsvImport, CsvReading } from './csv-import.ts'
import { readUnit } from './catalog-units.ts'
import { tiyn } from './money.ts'
import { decodeText, detectEncoding } from './text-encoding.ts'

const TAXES = [
  { id: '17', name: 'НДС 16%' },
  { id: '16', name: 'НДС 5%' },
  { id: '3', name: 'без НДС' },
  { id: '9', name: 'VAT 13%' },
]

function imported(text: string, reading: CsvReading = {}): CsvImport {
  const read = readCsvTable(text)
  if (read.kind !== 'table') throw new Error(read.kind)
  return importCsv(read.table, read.mapping, TAXES, reading)
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
        '4;Сок;20000000,01;;наверное;НДС\n' +
        '5;Мёд;12,5;4,87E+12;;\n',
    )
    expect(items.map((item) => item.code)).toEqual(['1'])
    expect(errors).toEqual([
      { row: 3, field: 'name', kind: 'nameMissing', value: '' },
      { row: 5, field: 'price', kind: 'priceUnreadable', value: 'дорого' },
      { row: 6, field: 'price', kind: 'priceNegative', value: '-5' },
      { row: 6, field: 'barcode', kind: 'barcodeTwice', value: '4870001234567' },
      { row: 6, field: 'code', kind: 'codeTwice', value: '1' },
      { row: 7, field: 'price', kind: 'priceAboveLimit', value: '20000000,01' },
      { row: 8, field: 'barcode', kind: 'barcodeSpoilt', value: '4,87E+12' },
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
  it.each([
    [['Наименование', 'Цена закупочная', 'Цена розничная'], { name: 0, cost: 1, price: 2 }],
    [['Наименование', 'Сумма', 'Цена'], { name: 0, price: 2 }],
    [['Код группы', 'Код', 'Наименование', 'Группа'], { category: 3, code: 1, name: 2 }],
    [['Код группы', 'Код', 'Товар'], { category: 0, code: 1, name: 2 }],
    [['Цена с НДС', 'НДС', 'Сумма НДС', 'Номенклатура', 'Ед. изм.'], { price: 0, taxId: 1, name: 3, unit: 4 }],
    [['Цена без НДС', 'Цена с НДС', 'Ставка НДС'], { price: 1, taxId: 2 }],
    [['Артикул', 'Код товара', 'Наименование товара', 'Количество', 'Остаток'], { code: 1, name: 2, stock: 4 }],
    [['Группа товаров', 'Полное наименование', 'Наименование'], { category: 0, name: 2 }],
    [
      ['Атауы', 'Сату бағасы', 'Сатып алу бағасы', 'Санаты', 'Өлшем бірлігі', 'ҚҚС'],
      { name: 0, price: 1, cost: 2, category: 3, unit: 4, taxId: 5 },
    ],
    [['Item name', 'Cost', 'Retail price', 'Barcode', 'Unit'], { name: 0, cost: 1, price: 2, barcode: 3, unit: 4 }],
  ])('%j are %j', (headings, mapping) => {
    expect(guessMapping(headings)).toEqual(mapping)
  })
})

describe('a column of prices', () => {
  const read = (cells: readonly string[]) => {
    const { decimal } = guessReading(cells)
    return cells.map((cell) => {
      const number = readNumber(cell, decimal)
      return number.kind === 'number' ? number.amount : number.kind
    })
  }
  it.each([
    [
      ['1,500', '12,500'],
      [150000, 1250000],
    ],
    [
      ['12,500', '1,500.50'],
      [1250000, 150050],
    ],
    [
      ['12.500', '1.500'],
      [1250000, 150000],
    ],
    [
      ['1,500', '12,50'],
      [150, 1250],
    ],
    [
      ['1.500', '12,5'],
      [150000, 1250],
    ],
    [
      ['1500', '990'],
      [150000, 99000],
    ],
    [
      ['0,500', '1,250'],
      [50, 125],
    ],
    [
      ['1 200,50', '1200.5'],
      [120050, 120050],
    ],
    [
      ['1\u202f200,50', '12\u00a0500,00', '1\u2009000'],
      [120050, 1250000, 100000],
    ],
    [
      ['1 200 ₸', '350тг.', '₸ 350', '350 теңге', 'KZT 12'],
      [120000, 35000, 35000, 35000, 1200],
    ],
    [
      ['1.234,56', '7'],
      [123456, 700],
    ],
    [
      ['1,234.56', '1,234,567'],
      [123456, 123456700],
    ],
    [
      ["1'234.50", '12’000'],
      [123450, 1200000],
    ],
    [
      ['99.99', '129.99999', '0.125'],
      [9999, 13000, 'unreadable'],
    ],
    [
      ['-5,00', '−5,5'],
      [-500, -550],
    ],
    [
      ['', '-', '—'],
      ['none', 'none', 'none'],
    ],
    [
      ['abc', '12 34', '1,2,3', '1..5', '12-50'],
      ['unreadable', 'unreadable', 'unreadable', 'unreadable', 'unreadable'],
    ],
  ])('%j is %j', (cells, expected) => {
    expect(read(cells)).toEqual(expected)
  })
  it('says which cells would be another number if it were read otherwise', () => {
    expect(guessReading(['1,500', '12,500', '7'])).toEqual({ decimal: 'dot', ambiguous: ['1,500', '12,500'] })
    expect(guessReading(['1 500', '12,50'])).toEqual({ decimal: 'comma', ambiguous: [] })
  })
  it('is read as a person chooses', () => {
    const text = 'Название;Цена\nЧай;1,500\nКофе;12,500\n'
    expect(imported(text).items.map(({ price }) => price)).toEqual([150000, 1250000])
    expect(imported(text, { decimal: 'comma' }).items.map(({ price }) => price)).toEqual([150, 1250])
  })
  it('marks cells that may be thousands where both signs stand before decimals', () => {
    const { items, odd, numbers } = imported('Название;Цена\nA1;12,50\nB2;12.50\nC3;1,500\n')
    expect(numbers?.decimal).toBe('either')
    expect(items.map(({ price }) => price)).toEqual([1250, 1250, 150])
    expect(odd).toEqual([{ row: 4, field: 'price', kind: 'priceDoubtful', value: '1,500' }])
  })
  it('is read whatever stands in it, in little time', () => {
    const signs = fc.constantFrom(...'0123456789,.- \u00a0\u202f₸тг’e+')
    const cell = fc.oneof(fc.string({ unit: signs, maxLength: 24 }), fc.string({ unit: 'binary' }))
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 8 }), fc.constantFrom(...DECIMAL_SIGNS), (cells, chosen) => {
        for (const decimal of [guessReading(cells).decimal, chosen]) {
          for (const text of cells) {
            const number = readNumber(text, decimal)
            if (number.kind === 'number') expect(Number.isSafeInteger(number.amount)).toBe(true)
          }
        }
      }),
      { numRuns: 400 },
    )
    const started = performance.now()
    for (const sign of ['1', ' 1', '1,', '₸', '1_', ' 100']) {
      guessReading([sign.repeat(200_000)])
      readNumber(sign.repeat(200_000), 'comma')
    }
    expect(performance.now() - started).toBeLessThan(2_000)
  })
  it('gives every amount back however it is written', () => {
    const written = fc.record({ whole: fc.nat(9_999_999), cents: fc.nat(99), style: fc.nat(3) })
    fc.assert(
      fc.property(fc.array(written, { minLength: 1, maxLength: 6 }), fc.boolean(), (amounts, comma) => {
        const [decimal, thousands] = comma ? [',', '.'] : ['.', ',']
        const text = ({ whole, cents, style }: (typeof amounts)[number]): string => {
          const grouped = String(whole).replace(/\B(?=(?:\d{3})+$)/g, ['', ' ', '\u202f', thousands][style] ?? '')
          return `${grouped}${decimal}${String(cents).padStart(2, '0')}`
        }
        expect(read(amounts.map(text))).toEqual(amounts.map(({ whole, cents }) => whole * 100 + cents))
      }),
    )
  })
})

describe('taxes', () => {
  it.each([
    ['16', '17'],
    ['16%', '17'],
    ['16,00', '17'],
    ['0.16', '17'],
    ['НДС 16 %', '17'],
    ['ндс 5%', '16'],
    ['13', '9'],
    ['Без НДС', '3'],
    ['не облагается', '3'],
    ['ҚҚС-сыз', '3'],
    ['нет', '3'],
  ])('%j is the tax with the id %s, whatever other ids there are', (cell, id) => {
    expect(taxesLike(cell, TAXES).map((tax) => tax.id)).toEqual([id])
  })
  it.each(['12', '0%', '17%', 'льготная', '2024'])('%j is none of the device', (cell) => {
    expect(taxesLike(cell, TAXES)).toEqual([])
  })
  it('are several where two have one rate, and one of them by its name', () => {
    const twins = [...TAXES, { id: '5', name: 'VAT 16%' }]
    expect(taxesLike('16', twins)).toHaveLength(2)
    expect(taxesLike('VAT 16%', twins)).toMatchObject([{ id: '5' }])
  })
  it('are asked again when the device no longer has the tax that was chosen', () => {
    const text = 'Название;Цена;НДС\nA1;1;12%\n'
    expect(imported(text, { taxChoices: { '12%': '44' } }).taxes).toMatchObject([{ key: '12%', taxId: undefined }])
  })
  it('are asked once a value for the whole file, and answered for all its rows', () => {
    const text = 'Название;Цена;НДС\nA1;1;16\nB2;1;12%\nC3;1;12%\nD4;1;\n'
    expect(imported(text).taxes).toEqual([
      { key: '16', text: '16', rows: 1, taxId: '17' },
      { key: '12%', text: '12%', rows: 2, taxId: undefined },
    ])
    const answered = imported(text, { taxChoices: { '12%': '9' } })
    expect(answered.items.map(({ taxId }) => taxId)).toEqual(['17', '9', '9', null])
    expect(imported(text, { taxChoices: { '12%': null, '16': '16' } }).items.map(({ taxId }) => taxId)).toEqual([
      '16',
      null,
      null,
      null,
    ])
  })
})

describe('units', () => {
  it.each([
    ['упаковка', { weighed: false, text: 'уп', known: true }],
    ['набор', { weighed: false, text: 'набор', known: true }],
    ['Ящ.', { weighed: false, text: 'ящ', known: true }],
    ['м2', { weighed: true, text: 'м²', known: true }],
    ['кв. м', { weighed: true, text: 'м²', known: true }],
    ['мл', { weighed: true, text: 'мл', known: true }],
    ['796', { weighed: false, text: null, known: true }],
    ['166', { weighed: true, text: null, known: true }],
    ['006', { weighed: true, text: 'м', known: true }],
    ['Килограмм', { weighed: true, text: null, known: true }],
    ['келі', { weighed: true, text: null, known: true }],
    ['қорап', { weighed: false, text: 'кор', known: true }],
    ['pcs', { weighed: false, text: null, known: true }],
    ['', { weighed: false, text: null, known: true }],
    ['Да', { weighed: true, text: null, known: true }],
    ['бобина', { weighed: false, text: 'бобина', known: false }],
  ])('%j is %j', (cell, unit) => {
    expect(readUnit(cell)).toEqual(unit)
  })
  it('that nobody knows stay with their goods and are counted', () => {
    const { items, errors, units } = imported('Название;Цена;Ед. изм.\nA1;1;бобина\nB2;1;бобина\nC3;1;кг\n')
    expect(errors).toEqual([])
    expect(items.map(({ unit, weighed }) => [unit, weighed])).toEqual([
      ['бобина', false],
      ['бобина', false],
      [undefined, true],
    ])
    expect(units).toEqual([{ text: 'бобина', rows: 2 }])
  })
})

describe('an import beside the catalogue of today', () => {
  const today = (code: string, price: number, rest: Partial<TodayItem> = {}): TodayItem => ({
    code,
    barcodes: [],
    name: `Товар ${code}`,
    price: tiyn(price),
    taxId: null,
    weighed: false,
    unit: null,
    category: '',
    ownPrice: false,
    ...rest,
  })
  it('counts what is new, changed, the same and gone, and names prices that change by more than half', () => {
    const { items, categories } = imported(
      'Код;Название;Цена;Штрихкод\n1;Товар 1;100;\n2;Товар 2;151;\n3;Товар 3;49;\nx;Товар 4;150;012345678905\n5;Новый;1;\n6;Товар 6;9;\nlot-7;Товар LOT-7;50;\n',
    )
    const diff = compareWithToday(items, categories, [
      today('1', 10000),
      today('2', 10000),
      today('3', 10000),
      today('4', 10000, { barcodes: ['0012345678905'] }),
      today('6', 10000, { ownPrice: true }),
      today('LOT-7', 5000),
      today('8', 100),
    ])
    expect(diff).toEqual({
      added: 1,
      changed: 3,
      unchanged: 3,
      gone: 1,
      jumps: [
        { code: '3', name: 'Товар 3', before: 10000, after: 4900 },
        { code: '2', name: 'Товар 2', before: 10000, after: 15100 },
      ],
    })
  })
})

describe('the kind of a file', () => {
  const bytes = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0))
  it.each([
    ['%PDF-1.7\n%âãÏÓ', { kind: 'foreign', what: 'pdf' }],
    ['PK\u0003\u0004____word/document.xml', { kind: 'foreign', what: 'word' }],
    ['PK\u0003\u0004____photo.jpg', { kind: 'foreign', what: 'archive' }],
    ['PK\u0003\u0004____xl/workbook.xml', { kind: 'workbook' }],
    ['\u00d0\u00cf\u0011\u00e0____W\0o\0r\0k\0b\0o\0o\0k\0', { kind: 'workbook' }],
    ['\u00d0\u00cf\u0011\u00e0____W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t\0', { kind: 'foreign', what: 'word' }],
    ['\u0089PNG\r\n', { kind: 'foreign', what: 'image' }],
    ['\u00ff\u00d8\u00ff\u00e0', { kind: 'foreign', what: 'image' }],
    ['Rar!\u001a\u0007', { kind: 'foreign', what: 'archive' }],
    ['MZ\u0090\0', { kind: 'foreign', what: 'program' }],
    ['\u0001\u0002\u0003\u0004\u0005garbage', { kind: 'foreign', what: 'binary' }],
    ['<html><meta charset="windows-1251"><table>', { kind: 'markup' }],
    ['\u00ef\u00bb\u00bf\n<table><tr><td>1', { kind: 'markup' }],
    ['code;name\n1;<b>', { kind: 'text' }],
    ['', { kind: 'text' }],
  ])('%j is %j', (text, kind) => {
    expect(fileKind(bytes(text))).toEqual(kind)
  })
  it('is text for UTF-16, and a page says its encoding', () => {
    expect(fileKind(Uint8Array.from([0xff, 0xfe, 0x27, 0x04, 0x3b, 0]))).toEqual({ kind: 'text' })
    expect(declaredEncoding(bytes('<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">'))).toBe(
      'windows-1251',
    )
    expect(declaredEncoding(bytes('<table>'))).toBeNull()
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
  it('of CP866, the Kazakh one not mistaken for it', () => {
    const dos = bytes(0x8a, 0xae, 0xe4, 0xa5, 0x3b, 0x31, 0x0a, 0x97, 0xa0, 0xa9)
    expect(detectEncoding(dos)).toBe('ibm866')
    expect(decodeText(dos)).toBe('Кофе;1\nЧай')
  })
  it('of UTF-16 without a mark', () => {
    const text = 'Чай;100\nКофе;200\nTea;1'
    const little = Uint8Array.from([...text].flatMap((char) => [char.charCodeAt(0) & 255, char.charCodeAt(0) >> 8]))
    const big = Uint8Array.from([...text].flatMap((char) => [char.charCodeAt(0) >> 8, char.charCodeAt(0) & 255]))
    expect([little, big].map(detectEncoding)).toEqual(['utf-16le', 'utf-16be'])
    expect([little, big].map((each) => decodeText(each))).toEqual([text, text])
  })
  it('of UTF-16 as spreadsheets export it', () => {
    expect(decodeText(bytes(0xff, 0xfe, 0x27, 0x04))).toBe('Ч')
    expect(decodeText(bytes(0xfe, 0xff, 0x04, 0x27))).toBe('Ч')
  })
})

describe('quantity in stock and cost', () => {
  const table = (...rows: readonly (readonly string[])[]) => ({
    rows: rows.map((cells, index) => ({ number: index + 2, cells })),
  })
  const mapping = { name: 0, cost: 1, stock: 2 }

  it('are read in thousandths and tiyn, with their column’s own decimal sign', () => {
    const { items, odd } = importCsv(
      table(['Чай', '1 250,50', '12'], ['Сыр', '3000', '2,125'], ['Лук', '', '—']),
      mapping,
    )
    expect(items.map(({ cost, stock }) => [cost, stock])).toEqual([
      [125_050, 12_000],
      [300_000, 2_125],
      [undefined, undefined],
    ])
    expect(odd.filter(({ field }) => field === 'cost' || field === 'stock')).toEqual([])
  })

  it('take three decimals for grams, a unit behind the number, and what is below nothing', () => {
    const { items } = importCsv(
      table(['Сыр', '1', '12,500'], ['Мёд', '1', '0,250 кг'], ['Хлеб', '1', '-3,000']),
      mapping,
    )
    expect(items.map(({ stock }) => stock)).toEqual([12_500, 250, -3_000])
  })

  it('that can’t be read are named, and the row is taken all the same', () => {
    const { items, odd } = importCsv(table(['Чай', 'дорого', 'много']), mapping)
    expect(items).toHaveLength(1)
    expect(items[0]).not.toHaveProperty('cost')
    expect(odd.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['costUnreadable', 'stockUnreadable']))
  })
})
