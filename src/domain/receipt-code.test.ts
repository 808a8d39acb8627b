import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { commandOf } from '../ikkm/print-text.ts'
import { readWeightCode } from './barcode.ts'
import { gtinOf } from './goods-code.ts'
import { LATIN_KEYS, RUSSIAN_KEYS } from './keyboard-layouts.ts'
import { drawMarkPrefix, markOf } from './mark.ts'
import { readReceiptCode, receiptCode } from './receipt-code.ts'
import { codeFromLayout } from './scanner.ts'

const QR = 'http://consumer.oofd.kz/?i=1734974179&f=010100465991&s=13507.0&t=20210922T224125'
const RECEIPT = { kind: 'fiscal', total: 1_350_700, time: '2021-09-22 22:41:25' }

/** What a scanner's keys type on another layout; `shifted`: the signs above digits and the question mark. */
function typedOn(text: string, digits: string | null, shifted: Readonly<Record<string, string>>): string {
  return [...text]
    .map((char) => {
      const place = LATIN_KEYS.indexOf(char.toLowerCase())
      if (shifted[char] !== undefined) return shifted[char]
      if (digits !== null && /\d/.test(char)) return digits[(Number(char) + 9) % 10] ?? char
      if (place < 0) return char
      const key = RUSSIAN_KEYS.charAt(place)
      return char === char.toLowerCase() ? key : key.toUpperCase()
    })
    .join('')
}
const KAZAKH_DIGITS = '"әіңғ,.үұқ'
const RUSSIAN_SIGNS = { '/': '.', '?': ',', '&': '?', ':': 'Ж' }
const KAZAKH_SIGNS = { '/': '№', '?': '?', '&': ':', ':': 'Ж', '=': 'һ' }

const mark = fc
  .tuple(fc.nat(999), fc.integer({ min: 1, max: 10 ** 9 - 1 }))
  .map(([chance, number]) => ({ prefix: drawMarkPrefix(new Set(), () => chance / 1000), number }))
  .map(({ prefix, number }) => ({ text: markOf(prefix, number), number }))

describe('the barcode of a receipt', () => {
  it('is one that the register prints and short enough for its own paper', () => {
    fc.assert(
      fc.property(mark, ({ text }) => {
        const code = receiptCode(text) ?? ''
        expect(commandOf(`--barcode128-${code}--`)).toMatchObject({ kind: 'barcode', value: code })
      }),
    )
    expect(receiptCode('DF-0137')).toBe('CHK00137DF')
    // 11 modules a character of code 128, 46 around them with the white beside: the 384 dots of 58 mm paper, two a module.
    expect(11 * (receiptCode('DF-99999')?.length ?? 99) + 46 + 20).toBeLessThanOrEqual(384 / 2)
  })

  it('is read back to its mark, in capital or small letters and through every layout', () => {
    fc.assert(
      fc.property(mark, ({ text, number }) => {
        const code = receiptCode(text) ?? ''
        const read = { kind: 'mark', mark: text, number }
        expect(readReceiptCode(code)).toEqual(read)
        expect(readReceiptCode(code.toLowerCase())).toEqual(read)
        for (const digits of [null, KAZAKH_DIGITS])
          expect(readReceiptCode(codeFromLayout(typedOn(code, digits, {})) ?? '')).toEqual(read)
      }),
    )
  })

  it('is no code of goods, and no code of goods is one', () => {
    const code = receiptCode('DF-0137') ?? ''
    expect(gtinOf(code)).toBeNull()
    expect(readWeightCode(code, { weightPrefixes: ['20', '00'], pricePrefixes: [] })).toBeNull()
    for (const goods of ['4870001234567', 'CHK1', 'CHK0', 'CHK00137', 'CHK0013DF', 'XCHK00137DF', 'CHK00137DFGH', ''])
      expect(readReceiptCode(goods), goods).toBeNull()
  })

  it('is left out for letters that the register’s barcodes don’t have', () => {
    expect([receiptCode('Қ2-0137'), receiptCode('К-0137')]).toEqual([null, null])
  })
})

describe('the QR code of a fiscal receipt', () => {
  it.each([
    QR,
    'https://ofd1.kz/t/?i=1&f=620301234567&s=13507.00&t=20210922T224125',
    'http://consumer.oofd.kz?i=1734974179&f=010100465991&s=13507&t=20210922T224125',
  ])('gives sum and time: %s', (code) => {
    expect(gtinOf(code)).toBeNull()
    expect(readReceiptCode(code)).toEqual(RECEIPT)
  })

  it('is read through a Russian and a Kazakh layout', () => {
    expect(readReceiptCode(codeFromLayout(typedOn(QR, null, RUSSIAN_SIGNS)) ?? '')).toEqual(RECEIPT)
    expect(readReceiptCode(codeFromLayout(typedOn(QR, KAZAKH_DIGITS, KAZAKH_SIGNS)) ?? '')).toEqual(RECEIPT)
  })

  it('may leave out the seconds', () => {
    expect(readReceiptCode(QR.slice(0, -2))).toMatchObject({ time: '2021-09-22 22:41:00' })
  })

  it.each([
    'https://kaspi.kz/pay/shop?s=1&t=2',
    QR.replace('&t=', '&x='),
    QR.replace('s=13507.0', 's=abc'),
    'http://consumer.oofd.kz/?i=1&f=2&s=1',
  ])('is nothing else: %s', (code) => {
    expect(readReceiptCode(code)).toBeNull()
  })
})
