import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkDigitFits, eanCheckDigit, labelLine, readWeightCode, weightCode } from './barcode.ts'
import { lineSum, thousandths, tiyn } from './money.ts'

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
          expect(checkDigitFits(code)).toBe(true)
          const wrong = code.slice(0, at) + String((Number(code[at]) + by) % 10) + code.slice(at + 1)
          expect(checkDigitFits(wrong)).toBe(false)
        },
      ),
    )
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

describe('the line of a label with a price', () => {
  it("always has the sum of the label, near the catalogue's price", () => {
    const sums = fc.integer({ min: 1, max: 99_999 })
    fc.assert(
      fc.property(sums, fc.integer({ min: 1_00, max: 100_000_00 }), (tenge, price) => {
        const line = labelLine(tiyn(tenge * 100), tiyn(price), true)
        expect(lineSum(line.price, line.quantity)).toBe(tenge * 100)
      }),
      { numRuns: 1000 },
    )
  })
  it.each([
    // Exactly the catalogue's price where that gives the sum.
    [1200_00, 2400_00, 500, 2400_00],
    [1234_00, 4390_00, 281, 4391_46],
    // 10.288 kg give 9 999 at no price in whole tiyn, 10.290 kg do.
    [9999_00, 971_90, 10_290, 971_72],
  ])('%d at %d a kilogram is %d g at %d', (sum, price, quantity, own) => {
    expect(labelLine(tiyn(sum), tiyn(price), true)).toEqual({ quantity, price: own })
  })
})
