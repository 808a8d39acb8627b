import { describe, expect, it } from 'vitest'
import { barcodeCommand, brokenPrintLines, readPrintText } from './print-text.ts'

const SAMPLE = `* Advertising * Advertising *
--barcodeEAN13-7501031311309--
you can print multiple bar-
codes in one text
--barcode128-TESTCODE123--
other text...`

describe('text for the printer', () => {
  it("is read as the document's example shows it", () => {
    expect(readPrintText(SAMPLE)).toEqual([
      { kind: 'text', text: '* Advertising * Advertising *' },
      { kind: 'barcode', barcode: 'ean13', value: '7501031311309' },
      { kind: 'text', text: 'you can print multiple bar-' },
      { kind: 'text', text: 'codes in one text' },
      { kind: 'barcode', barcode: 'code128', value: 'TESTCODE123' },
      { kind: 'text', text: 'other text...' },
    ])
    expect(brokenPrintLines(SAMPLE)).toEqual([])
  })

  it('knows the commands of an external printer', () => {
    expect(readPrintText('--cut--\r\n--line--\n--open-cash--').map((line) => line.kind)).toEqual(
      Array.from({ length: 3 }, () => 'command'),
    )
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
      expect(brokenPrintLines(`ok\n${broken}`), broken).toEqual([1])
    }
  })

  it('builds barcode commands only from values that fit', () => {
    expect(barcodeCommand('ean8', '12345678')).toBe('--barcodeEAN8-12345678--')
    expect(barcodeCommand('ean8', '1234567')).toBeNull()
    expect(barcodeCommand('code128', 'A b!?:.,+=_;1')).toBe('--barcode128-A b!?:.,+=_;1--')
    expect(barcodeCommand('code128', '')).toBeNull()
  })
})
