import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DeviceKit } from '../device-model/testing/device-kit.ts'
import { paperRows, type PaperRow } from './paper-rows.ts'
import { PAPER_WIDTHS, printTextProblem, type PaperWidth } from './print-text.ts'

/** The printer of each width (chapter 5.1), as the device model is told of it. */
const PRINTERS = {
  24: { internalFont: 'normal' },
  32: { internalFont: 'small' },
  19: { internalFont: 'large' },
  42: { printMode: 'lan-printer', externalPaperMm: 80 },
  30: { printMode: 'lan-printer', externalPaperMm: 57 },
} as const

/** How the device model draws a row. */
function drawn(row: PaperRow, width: number): string {
  switch (row.kind) {
    case 'text':
      return row.text
    case 'rule':
      return '-'.repeat(width)
    case 'cut':
      return '✂'.padEnd(width, '-')
    case 'barcode': {
      const bars = `|||| ${row.symbology}-${row.text} ||||`
      return ' '.repeat(Math.max(0, Math.floor((width - bars.length) / 2))) + bars
    }
  }
}

const printed = (text: string, width: PaperWidth, place: 'free' | 'receipt'): string =>
  paperRows(text, width, place)
    .map((row) => drawn(row, width))
    .join('\n')

const words = fc.string({ unit: fc.constantFrom(...'абқӘ 1.-😀—\t'), maxLength: 60 })
const digits = (length: number) => fc.stringMatching(new RegExp(`^\\d{${length}}$`))
const barcode = fc.oneof(
  fc.oneof(digits(13), digits(12)).map((value) => `--barcodeEAN13-${value}--`),
  fc.oneof(digits(8), digits(9)).map((value) => `--barcodeEAN8-${value}--`),
  fc.string({ unit: fc.constantFrom(...'aZ09 !?:.,+=_;-қ'), maxLength: 130 }).map((value) => `--barcode128-${value}--`),
  fc.constantFrom('--barcode', '--barcodeQR-1--', '--barcode128-unfinished', '--barcodeEAN13-7501031311309--'),
)
const command = fc.constantFrom('--cut--', '--line--', '--open-cash--', '--Cut--', '--cut', '-- cut --')
const line = fc.oneof(
  words,
  barcode,
  command,
  fc.tuple(fc.constantFrom('', ' ', 'x'), barcode, fc.constantFrom('', ' ')).map((parts) => parts.join('')),
)
const text = fc.array(line, { minLength: 1, maxLength: 6 }).map((lines) => lines.join('\n'))
const width = fc.constantFrom(...PAPER_WIDTHS)

describe('what the terminal says of a text and what the device model does with it', () => {
  it('agree on which text is refused, as free text, in a receipt and above it', () => {
    fc.assert(
      fc.property(text, (source) => {
        fc.pre(source !== '')
        const refused = printTextProblem(source) !== null
        const reasons = [
          new DeviceKit().post('/apiprint', { print: source }),
          new DeviceKit().sell(10, { footer: source }),
          new DeviceKit().sell(10, { print: source }),
          new DeviceKit().post('/apicheck', { printHeader: source }),
        ].map(({ reason }) => reason === 'print-lines-parse-error')
        expect(reasons).toEqual(Array.from({ length: 4 }, () => refused))
      }),
      { numRuns: 400 },
    )
  })

  it('agree on every row of free text, on all five papers', () => {
    fc.assert(
      fc.property(text, width, (source, columns) => {
        fc.pre(source !== '' && printTextProblem(source) === null)
        const kit = new DeviceKit(PRINTERS[columns])
        kit.post('/apiprint', { print: source })
        expect(kit.device.state.paper.at(-1)).toBe(printed(source, columns, 'free'))
      }),
      { numRuns: 400 },
    )
  })

  it('agree on every row of a footer, where only barcodes are commands', () => {
    fc.assert(
      fc.property(text, width, (source, columns) => {
        fc.pre(source !== '' && printTextProblem(source) === null)
        const kit = new DeviceKit(PRINTERS[columns])
        kit.sell(10, { footer: source })
        const paper = kit.device.state.paper.at(-1) ?? ''
        const footer = printed(source, columns, 'receipt')
        expect(paper.slice(-footer.length - 1)).toBe(`\n${footer}`)
      }),
      { numRuns: 400 },
    )
  })
})

describe('rows on paper', () => {
  it('break where the width ends, keep empty lines, and are none for no text', () => {
    expect(paperRows('1234567890123456789X\n', 19, 'free')).toEqual([
      { kind: 'text', text: '1234567890123456789' },
      { kind: 'text', text: 'X' },
      { kind: 'text', text: '' },
    ])
    expect(paperRows('', 19, 'free')).toEqual([])
  })

  it('show a cut and a rule where an external printer makes them, and nowhere else', () => {
    const commands = '--line--\n--cut--\n--open-cash--'
    expect(paperRows(commands, 42, 'free')).toEqual([{ kind: 'rule' }, { kind: 'cut' }])
    expect(paperRows(commands, 32, 'free')).toEqual([])
    expect(paperRows('--cut--', 42, 'receipt')).toEqual([{ kind: 'text', text: '--cut--' }])
  })

  it('show a barcode with its number, and one that no scanner reads as such', () => {
    expect(paperRows('--barcodeEAN13-7501031311309--\n--barcodeEAN13-7501031311308--', 24, 'receipt')).toEqual([
      { kind: 'barcode', symbology: 'EAN13', text: '7501031311309', readable: true },
      { kind: 'barcode', symbology: 'EAN13', text: '7501031311308', readable: false },
    ])
  })
})
