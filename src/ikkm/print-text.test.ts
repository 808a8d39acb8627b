import { describe, expect, it } from 'vitest'
import { commandOf, isExternalPaper, linesOf, NARROWEST_PAPER, PAPER_WIDTHS, printTextProblem } from './print-text.ts'

const SAMPLE = `* Advertising * Advertising *
--barcodeEAN13-7501031311309--
you can print multiple bar-
codes in one text
--barcode128-TESTCODE123--
other text...`

describe('text for the printer', () => {
  it("of the document's example may be sent", () => {
    expect(printTextProblem(SAMPLE)).toBeNull()
  })

  it('finds the lines for which the device would refuse the whole text', () => {
    for (const broken of [
      '--barcodeEAN13-750103131130--',
      '--barcodeEAN13-75010313113091--',
      '--barcodeEAN8-1234567x--',
      '--barcode128---',
      '--barcode128-кириллица--',
      `--barcode128-${'a'.repeat(129)}--`,
      '--barcodeQR-1--',
      '--barcode128-unfinished',
    ]) {
      expect(printTextProblem(`ok\n${broken}`), broken).toEqual({ kind: 'barcode', line: 2 })
    }
  })

  it('with an EAN whose check digit is wrong may be sent: the document asks for digits only', () => {
    expect(printTextProblem('--barcodeEAN13-7501031311308--')).toBeNull()
    expect(commandOf('--barcodeEAN13-7501031311308--')).toMatchObject({ kind: 'barcode', readable: false })
    expect(commandOf('--barcodeEAN13-7501031311309--')).toMatchObject({ kind: 'barcode', readable: true })
    expect(commandOf('--barcodeEAN8-96385075--')).toMatchObject({ readable: false })
  })

  it('holds commands alone in their line, in their own letters', () => {
    expect(commandOf(' --cut-- ')).toEqual({ kind: 'cut' })
    expect(commandOf('--line--')).toEqual({ kind: 'rule' })
    expect(commandOf('--open-cash--')).toEqual({ kind: 'openDrawer' })
    expect(commandOf('--barcode128-A 1--')).toEqual({ kind: 'barcode', symbology: '128', value: 'A 1', readable: true })
    for (const line of ['--Cut--', 'a --cut--', '--cut', 'barcode128-1', '']) expect(commandOf(line), line).toBeNull()
  })

  it('is read line by line, however its breaks are written', () => {
    expect(linesOf('a\r\nb\rc\nd\n')).toEqual(['a', 'b', 'c', 'd', ''])
    expect([linesOf(''), linesOf(null)]).toEqual([[], []])
  })
})

describe('the paper', () => {
  it('has the five widths of the document, two of them those of an external printer', () => {
    expect(PAPER_WIDTHS).toEqual([24, 32, 19, 42, 30])
    expect(PAPER_WIDTHS.filter(isExternalPaper)).toEqual([42, 30])
    expect(NARROWEST_PAPER).toBe(Math.min(...PAPER_WIDTHS))
  })
})
