import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { eanCheckDigit } from './barcode.ts'
import { cleanBarcodes, isWrongEan } from './barcode-clean.ts'
import { codeKey } from './goods-code.ts'

const GOOD = '4870204391275'

describe('a cell with barcodes', () => {
  it.each([
    [`'${GOOD}`, [GOOD]],
    [`="${GOOD}"`, [GOOD]],
    [`${GOOD}.0`, [GOOD]],
    [`${GOOD},00`, [GOOD]],
    ['4 870204 391275', [GOOD]],
    ['4\u00a0870204\u202f391275', [GOOD]],
    [`\ufeff${GOOD}\u200b`, [GOOD]],
    ['4,870204391275E+12', [GOOD]],
    ['978-5-699-12014-7', ['9785699120147']],
    [`${GOOD}, 96385074`, [GOOD, '96385074']],
    [`${GOOD},96385074`, [GOOD, '96385074']],
    [`${GOOD},0012345678905`, [GOOD, '0012345678905']],
    [`${GOOD}\n96385074`, [GOOD, '96385074']],
    [`${GOOD} / 96385074`, [GOOD, '96385074']],
    [`${GOOD} 96385074;LOT-1`, [GOOD, '96385074', 'LOT-1']],
    ['012345678905 0012345678905', ['012345678905']],
    ['lot-77a; LOT-77A', ['lot-77a']],
    ['0104870204391275\x1d21ABC', ['04870204391275']],
    [`${GOOD}\n010460000000000821a;b,c`, [GOOD, '04600000000008']],
    ['AB/12', ['AB/12']],
    ['', []],
    [' = ', []],
  ])('%j is %j', (cell, codes) => {
    expect(cleanBarcodes(cell)).toEqual({ codes, doubts: [] })
  })
  it.each([
    ['4,87E+12', [], [{ doubt: 'lostDigits', text: '4,87E+12' }]],
    ['4.87e+12', [], [{ doubt: 'lostDigits', text: '4.87e+12' }]],
    [`4,87E+12; ${GOOD}`, [GOOD], [{ doubt: 'lostDigits', text: '4,87E+12' }]],
    ['4 870204 391272', ['4870204391272'], [{ doubt: 'checkDigit', text: '4870204391272' }]],
    ['4870204391234', ['4870204391234'], [{ doubt: 'checkDigit', text: '4870204391234' }]],
    ['48702043912750000', [], [{ doubt: 'lostDigits', text: '48702043912750000' }]],
  ] as const)('%j is told to be doubtful', (cell, codes, doubts) => {
    expect(cleanBarcodes(cell)).toEqual({ codes, doubts })
  })
  it('is read whatever stands in it, in little time, to codes that are read again as they are', () => {
    const signs = fc.constantFrom(...'0123456789,.;|/ \'"=-E+e\n\t\u00a0\u200bA(]dя\x1d')
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: signs, maxLength: 60 }), fc.string({ unit: 'binary' })), (cell) => {
        const { codes } = cleanBarcodes(cell)
        expect(new Set(codes.map(codeKey)).size).toBe(codes.length)
        expect(codes.every((code) => code !== '' && !/^\s|\s$/.test(code))).toBe(true)
      }),
      { numRuns: 600 },
    )
    const started = performance.now()
    for (const sign of ['1', 'E+', ',0', '4,87E+12 ', '="', ' 1', '-1', '1/']) cleanBarcodes(sign.repeat(100_000))
    expect(performance.now() - started).toBeLessThan(2_000)
  })
  it('finds every written form of an EAN', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[1-9]\d{11}$/), (digits) => {
        const ean = digits + String(eanCheckDigit(digits))
        const forms = [`'${ean}`, `="${ean}"`, `${ean}.0`, `${ean[0]} ${ean.slice(1, 7)} ${ean.slice(7)}`, `0${ean}`]
        for (const form of forms) expect(cleanBarcodes(form).codes.map(codeKey)).toEqual([ean])
      }),
    )
  })
})

describe('a check digit', () => {
  it.each(['012345678905', '00012345678905', '4006381333931', '96385074', '123', 'ABC-1', ''])(
    'of %s is right or none',
    (code) => {
      expect(isWrongEan(code)).toBe(false)
    },
  )
  it.each(['012345678906', '04870204391234', '4870000000000', '12345678'])('of %s is wrong', (code) => {
    expect(isWrongEan(code)).toBe(true)
  })
})
