import { describe, expect, it } from 'vitest'
import { csvText } from './csv-export.ts'
import Papa from 'papaparse'

describe('a table for a spreadsheet', () => {
  it('starts with a byte order mark and ends every row the same way', () => {
    expect(
      csvText([
        ['a', 'b'],
        ['1', '2.5'],
      ]),
    ).toBe('\ufeffa;b\r\n1;2.5\r\n')
  })

  it('quotes what would break the table: a reader finds the same cells', () => {
    const rows = [['Чай «Пиала»; 250 г', 'say "hi"', 'two\nlines', '']]
    const read = Papa.parse<string[]>(csvText(rows).replace('\ufeff', ''), { delimiter: ';', skipEmptyLines: true })
    expect(read.data).toEqual(rows)
  })

  it('defuses what a spreadsheet would run, and leaves numbers below 0 alone', () => {
    expect(csvText([['=1+1', '+7 701', '@x', '-5', '-5.50', '-a']])).toBe("\ufeff'=1+1;'+7 701;'@x;-5;-5.50;'-a\r\n")
  })
})
