import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codeKey, gtinOf } from './goods-code.ts'

describe('the form in which codes are compared', () => {
  it.each([
    ['012345678905', '0012345678905'],
    ['12345678905', '012345678905'],
    ['04870204391234', '4870204391234'],
    ['00012345678905', '012345678905'],
    ['96385074', '0000096385074'],
    ['lot-77a', 'LOT-77A'],
    [' 4 870204 391272 ', '4870204391272'],
    ['әже-1', 'ӘЖЕ-1'],
  ])('is the same for %s and %s', (one, other) => {
    expect(codeKey(one)).toBe(codeKey(other))
  })
  it.each([
    ['14870204391231', '4870204391234'],
    ['137', '00137'],
    ['1234567', '01234567'],
    ['LOT-77', 'LOT-77A'],
  ])('keeps %s and %s apart', (one, other) => {
    expect(codeKey(one)).not.toBe(codeKey(other))
  })
  it('is its own form, whatever the code', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.stringMatching(/^\d{0,16}$/)), (code) => {
        expect(codeKey(codeKey(code))).toBe(codeKey(code))
      }),
    )
  })
})

describe('the GTIN inside a GS1 code', () => {
  it.each([
    ['010487020439127221ABC"d%1', '04870204391272'],
    [']d2010487020439127221ABC\x1d91EE06', '04870204391272'],
    ['\x1d010487020439127221ABC\x1d91EE06', '04870204391272'],
    [']C1010487020439127210LOT', '04870204391272'],
    ['(01)04870204391272(21)ABC', '04870204391272'],
    ['0104870204391272', '04870204391272'],
    ['0104870204391272\x1d21A', '04870204391272'],
    ['01048702043912723103000355', '04870204391272'],
    ['00000046198488X?io+qCABm8wAYa', '00000046198488'],
  ])('%j holds %s', (code, gtin) => {
    expect(gtinOf(code)).toBe(gtin)
  })
  it.each(['4870204391272', '04870204391272', '01', '0104870', 'LOT-77A', '', '02048702043912723710'])(
    '%j holds none',
    (code) => {
      expect(gtinOf(code)).toBeNull()
    },
  )
})
