import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { barcodeModules } from './barcode-bars.ts'
import { barcodeProblem, eanCheckDigit, readWeightCode, symbologyOf, weightCode } from './barcode.ts'
import { thousandths } from './money.ts'

describe('check digits', () => {
  it.each([
    ['750103131130', 9],
    ['400638133393', 1],
    ['9638507', 4],
    ['000000000000', 0],
  ])('of %s is %d', (digits, expected) => {
    expect(eanCheckDigit(digits)).toBe(expected)
  })
  it('catch every single wrong digit', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 999_999_999_999 }),
        fc.nat(12),
        fc.integer({ min: 1, max: 9 }),
        (n, at, by) => {
          const digits = String(n).padStart(12, '0')
          const code = digits + String(eanCheckDigit(digits))
          expect(barcodeProblem('EAN13', code)).toBeNull()
          const wrong = code.slice(0, at) + String((Number(code[at]) + by) % 10) + code.slice(at + 1)
          expect(barcodeProblem('EAN13', wrong)).toBe('checkDigit')
        },
      ),
    )
  })
})

describe('what the device can print', () => {
  it.each([
    ['EAN13', '7501031311309', null],
    ['EAN13', '7501031311308', 'checkDigit'],
    ['EAN13', '750103131130', 'length'],
    ['EAN13', '75010313113O9', 'notDigits'],
    ['EAN8', '96385074', null],
    ['EAN8', '96385075', 'checkDigit'],
    ['EAN8', '', 'length'],
    ['CODE128', 'TESTCODE123', null],
    ['CODE128', 'a-b', 'symbol'],
    ['CODE128', 'Қ', 'symbol'],
    ['CODE128', '', 'length'],
    ['CODE128', 'x'.repeat(128), null],
    ['CODE128', 'x'.repeat(129), 'length'],
  ] as const)('%s %s: %s', (symbology, value, expected) => {
    expect(barcodeProblem(symbology, value)).toBe(expected)
  })
  it('is told from the code alone', () => {
    expect(symbologyOf('7501031311309')).toBe('EAN13')
    expect(symbologyOf('96385074')).toBe('EAN8')
    expect(symbologyOf('7501031311308')).toBe('CODE128')
  })
})

describe('labels of the scales', () => {
  it('hold a code and grams', () => {
    const label = weightCode('21', '137', thousandths(1250))
    expect(label).toBe('2100137012506')
    expect(readWeightCode(label ?? '')).toEqual({ kind: 'weight', code: '137', paddedCode: '00137', quantity: 1250 })
  })
  it('or a price in tenge, where the shop says so', () => {
    const rules = { weightPrefixes: ['20'], pricePrefixes: ['25'] }
    const digits = '250013700850'
    const label = digits + String(eanCheckDigit(digits))
    expect(readWeightCode(label, rules)).toEqual({ kind: 'price', code: '137', paddedCode: '00137', sum: 85000 })
    expect(readWeightCode(label)).toBeNull()
  })
  it('are none with another prefix, a wrong check digit or nothing inside', () => {
    expect(readWeightCode('7501031311309')).toBeNull()
    expect(readWeightCode('2100137012507')).toBeNull()
    expect(readWeightCode('210013700000' + String(eanCheckDigit('210013700000')))).toBeNull()
  })
  it('are read back from what they were written as', () => {
    fc.assert(
      fc.property(fc.nat(99_999), fc.integer({ min: 1, max: 99_999 }), (code, grams) => {
        const label = weightCode('20', String(code), thousandths(grams)) ?? ''
        expect(readWeightCode(label)).toMatchObject({ code: String(code), quantity: grams })
      }),
    )
  })
  it('are not written for what does not fit', () => {
    expect(weightCode('2', '1', thousandths(1))).toBeNull()
    expect(weightCode('20', '123456', thousandths(1))).toBeNull()
    expect(weightCode('20', '1', thousandths(100_000))).toBeNull()
  })
})

describe('bars', () => {
  it('of EAN-13 and EAN-8 are the published patterns', () => {
    expect(barcodeModules('EAN13', '4006381333931')).toBe(
      '10100011010100111010111101111010001001011001101010100001010000101000010111010010000101100110101',
    )
    expect(barcodeModules('EAN8', '96385074')).toBe(
      '1010001011010111101111010110111010101001110111001010001001011100101',
    )
  })
  it('of CODE128 are symbols of eleven modules and a stop of thirteen', () => {
    const code128 = fc.string({ unit: fc.constantFrom(...'abzAZ019 !?:.,+=_;'), minLength: 1, maxLength: 128 })
    fc.assert(
      fc.property(code128, (value) => {
        const bars = barcodeModules('CODE128', value) ?? ''
        expect(bars).toMatch(/^11010011100|^11010010000/)
        expect(bars.slice(-13)).toBe('1100011101011')
        expect((bars.length - 13) % 11).toBe(0)
      }),
    )
  })
  it('pack digits in pairs', () => {
    // Start C, two pairs, check, stop; and start B, one letter, check, stop.
    expect(barcodeModules('CODE128', '1234')).toHaveLength(11 * 4 + 13)
    expect(barcodeModules('CODE128', 'A')).toHaveLength(11 * 3 + 13)
  })
  it('are none for a code that cannot be printed', () => {
    expect(barcodeModules('EAN13', '7501031311308')).toBeNull()
  })
})
