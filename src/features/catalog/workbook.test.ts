import { utils, write, type BookType } from '@e965/xlsx'
import { describe, expect, it } from 'vitest'
import { readWorkbook } from './workbook.ts'

const ROWS = [
  ['Код', 'Наименование', 'Штрихкод', 'Цена', 'НДС'],
  ['00101', 'Қымыз, 1 л', 4870204391275, 1250.5, 0.16],
  ['102', 'Сыр «Маасдам»', '="4870204391275"', '1,500', 'без НДС'],
  [103, 'Чай', 96385074, 129.99999999999997, 0.12],
]

function book(bookType: BookType, rows: readonly (readonly unknown[])[] = ROWS): Uint8Array {
  const sheet = utils.aoa_to_sheet(rows as unknown[][])
  for (const at of ['E2', 'E4']) if (sheet[at] !== undefined) sheet[at].z = '0%'
  const workbook = utils.book_new()
  utils.book_append_sheet(workbook, utils.aoa_to_sheet([[]]), 'Пустой')
  utils.book_append_sheet(workbook, sheet, 'Прайс')
  return new Uint8Array(write(workbook, { type: 'array', bookType }) as ArrayBuffer)
}

const EXPECTED = [
  ['Код', 'Наименование', 'Штрихкод', 'Цена', 'НДС'],
  ['00101', 'Қымыз, 1 л', '4870204391275', '1250.5000', '16%'],
  ['102', 'Сыр «Маасдам»', '="4870204391275"', '1,500', 'без НДС'],
  ['103', 'Чай', '96385074', '130.0000', '12%'],
]

describe('a workbook', () => {
  it.each(['xlsx', 'biff8', 'xlsb', 'ods', 'xlml'] as const)('in the format %s is its cells as texts', (bookType) => {
    expect(readWorkbook(book(bookType), 1000)).toMatchObject([{ name: 'Прайс', rows: EXPECTED }])
  })
  it('of 1995 is read in its code page', () => {
    const rows = [['Чай', 200]]
    const bytes = book('biff5', [['Tea', 200]])
    // The library writes no Cyrillic into that format: the letters of a Latin word become those of Windows-1251.
    const at = bytes.findIndex((byte, index) => byte === 0x54 && bytes[index + 1] === 0x65 && bytes[index + 2] === 0x61)
    bytes.set([0xd7, 0xe0, 0xe9], at)
    const page = bytes.findIndex((byte, index) => byte === 0x42 && bytes[index + 1] === 0 && bytes[index + 2] === 2)
    bytes.set([0xe3, 0x04], page + 4)
    expect(readWorkbook(bytes, 10).at(-1)?.rows).toEqual(rows.map((row) => row.map(String)))
  })
  it('that is a page is its table, with texts as they stand', () => {
    const page =
      '<html><body><table><tr><td colspan=2>Прайс-лист</td></tr><tr><td>Код</td><td>Цена</td></tr>' +
      '<tr><td>00101</td><td>1,500</td></tr><tr><td>4870204391275</td><td>12&nbsp;500,50</td></tr></table></body></html>'
    const [sheet] = readWorkbook(page, 100)
    expect(sheet?.rows.slice(1)).toEqual([
      ['Код', 'Цена'],
      ['00101', '1,500'],
      ['4870204391275', '12 500,50'],
    ])
  })
  it('is cut where nobody would read further', () => {
    const rows = Array.from({ length: 50 }, (_, index) => [index, 'Чай'])
    expect(readWorkbook(book('xlsx', rows), 10)[0]?.rows).toHaveLength(10)
  })
  it('that is broken throws', () => {
    expect(() => readWorkbook(book('xlsx').slice(0, 300), 10)).toThrow()
  })
})
