import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  PAPER_WIDTHS,
  barcodeCommand,
  centred,
  columns,
  layOut,
  printProblems,
  textWidth,
  wrapText,
} from './text-layout.ts'

describe('width', () => {
  it('counts Kazakh and Russian letters as one place, however they are encoded', () => {
    expect(textWidth('Жылқының еті')).toBe(12)
    expect(textWidth('и\u0306')).toBe(1)
    expect(textWidth('ё'.normalize('NFD'))).toBe(1)
    expect(textWidth('')).toBe(0)
  })
  it('knows the five widths of the document', () => {
    expect(Object.values(PAPER_WIDTHS)).toEqual([24, 32, 19, 42, 30])
  })
})

describe('wrapping', () => {
  it('breaks at spaces and keeps line breaks and empty lines', () => {
    expect(wrapText('съешь ещё этих мягких\n\nбулок', 14)).toEqual(['съешь ещё этих', 'мягких', '', 'булок'])
  })
  it('cuts only what no line can hold', () => {
    expect(wrapText('Электроэнергия дома', 6)).toEqual(['Электр', 'оэнерг', 'ия', 'дома'])
  })
  it('keeps an indent at the beginning of a line', () => {
    expect(wrapText('  Чай', 10)).toEqual(['  Чай'])
  })
  it('leaves command lines alone, however long', () => {
    expect(wrapText('--barcode128-TESTCODE123TESTCODE--\n--cut--', 5)).toEqual([
      '--barcode128-TESTCODE123TESTCODE--',
      '--cut--',
    ])
  })
  it('never exceeds the width and never loses a letter', () => {
    const text = fc.string({ unit: fc.constantFrom(...'абқ 1.\n'), maxLength: 120 })
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 42 }), (source, width) => {
        const lines = wrapText(source, width)
        for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(width)
        expect(lines.join('').replace(/\s/g, '')).toBe(source.replace(/\s/g, ''))
      }),
    )
  })
  it('refuses a width that is none', () => {
    expect(() => wrapText('x', 0)).toThrow(RangeError)
  })
})

describe('columns', () => {
  it('fill the line between name and sum', () => {
    expect(columns('Чай', '400.00', 19)).toEqual(['Чай..........400.00'])
  })
  it('wrap a long name and put the sum last', () => {
    expect(columns('Баурсақ домашний свежий', '1 200.00', 19)).toEqual(['Баурсақ домашний', 'свежий.....1 200.00'])
    expect(columns('Баурсақдомашний', '1 200.00', 19)).toEqual(['Баурсақдомашний', '...........1 200.00'])
  })
  it('are always exactly as wide as the paper in the line of the sum', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'абқ 1'), maxLength: 60 }),
        fc.stringMatching(/^\d{1,10}\.\d\d$/),
        fc.constantFrom(...Object.values(PAPER_WIDTHS)),
        (name, sum, width) => {
          const last = columns(name, sum, width).at(-1) ?? ''
          expect(textWidth(last)).toBe(width)
          expect(last.endsWith(sum)).toBe(true)
        },
      ),
    )
  })
  it('survive a sum wider than the paper', () => {
    expect(columns('Чай', '123456', 4)).toEqual(['Чай', '1234', '56'])
  })
})

describe('centring', () => {
  it('puts the odd place to the right', () => {
    expect(centred('Рахмет!', 10)).toEqual([' Рахмет!'])
    expect(centred('a b c d', 3)).toEqual(['a b', 'c d'])
  })
})

describe('commands', () => {
  it('of the document are read', () => {
    const text =
      '* Реклама *\n--barcodeEAN13-7501031311309--\n--barcodeEAN8-96385074--\n--barcode128-TESTCODE123--\n--line--\n--cut--\n--open-cash--'
    expect(layOut(text, 'external-80mm')).toEqual([
      { kind: 'text', text: '* Реклама *' },
      { kind: 'barcode', symbology: 'EAN13', value: '7501031311309', problem: null },
      { kind: 'barcode', symbology: 'EAN8', value: '96385074', problem: null },
      { kind: 'barcode', symbology: 'CODE128', value: 'TESTCODE123', problem: null },
      { kind: 'rule' },
      { kind: 'cut' },
      { kind: 'openDrawer' },
    ])
    expect(printProblems(text, 'external-80mm')).toEqual([])
  })
  it('are checked line by line', () => {
    const text = '--barcodeEAN13-7501031311308--\n--cut--\n--Cut--\n' + 'я'.repeat(25)
    expect(printProblems(text, 'internal-normal')).toEqual([
      { kind: 'barcode', line: 1, value: '7501031311308', problem: 'checkDigit' },
      { kind: 'externalOnly', line: 2, command: '--cut--' },
      { kind: 'unknownCommand', line: 3, text: '--Cut--' },
      { kind: 'tooWide', line: 4, width: 25, limit: 24 },
    ])
  })
  it('are written for codes that can be printed only', () => {
    expect(barcodeCommand('EAN8', '96385074')).toBe('--barcodeEAN8-96385074--')
    expect(barcodeCommand('CODE128', 'A 1')).toBe('--barcode128-A 1--')
    expect(() => barcodeCommand('EAN13', '1')).toThrow(RangeError)
  })
})
