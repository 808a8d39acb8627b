import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tiynFromWire, thousandthsFromWire } from '../domain/money.ts'
import { amount, integer, quantity, shiftOpen, text, truth } from './wire-json.ts'

const wireValue = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.integer({ min: -3_000_000_000, max: 3_000_000_000 }).map((cents) => cents / 100),
  fc.stringMatching(/^-?\d{0,14}(\.\d{0,4})?$/),
  fc.stringMatching(/^[-., 0-9]{0,8}$/),
  fc.constantFrom<unknown>(null, undefined, true, [], {}, '', '-', '.', '-.5', '5.', '1e3', Infinity, NaN),
)

describe('numbers of the device', () => {
  it('are read as the money module reads them, only faster', () => {
    fc.assert(
      fc.property(wireValue, (value) => {
        expect(amount(value)).toBe(tiynFromWire(value))
        expect(quantity(value)).toBe(thousandthsFromWire(value))
      }),
      { numRuns: 5000 },
    )
  })

  it('come quoted or bare', () => {
    expect([amount('1108.00'), amount(1108), amount(0.1), amount('-5.5'), amount(-5.5), amount(59.999999999)]).toEqual([
      110_800, 110_800, 10, -550, -550, 6_000,
    ])
    expect([quantity('0.125'), quantity(2), quantity('2')]).toEqual([125, 2000, 2000])
    expect([integer('109'), integer(109), integer(' 7 '), integer('007'), integer('-3'), integer('12.00')]).toEqual([
      109, 109, 7, 7, -3, 12,
    ])
  })

  it('are null where they are none', () => {
    for (const value of ['', ' ', 'x', '1.5', '1e3', 1.5, NaN, null, undefined, {}, [], true]) {
      expect(integer(value)).toBeNull()
    }
    for (const value of ['x', '', '1.2.3', NaN, Infinity, null, {}]) expect(amount(value)).toBeNull()
  })
})

describe('words of the device', () => {
  it('are texts, truths and shift states in all their spellings', () => {
    expect([text(' a '), text(5), text(''), text(null), text({})]).toEqual(['a', '5', null, null, null])
    expect([true, 'true', 1, '1', 'TRUE'].map(truth)).toEqual([true, true, true, true, true])
    expect([false, 'false', 0, '0'].map(truth)).toEqual([false, false, false, false])
    expect([null, 'x', 2].map(truth)).toEqual([null, null, null])
    expect(['opened', 'open', 1, '1'].map(shiftOpen)).toEqual([true, true, true, true])
    expect(['closed', 0, '0', 'x'].map(shiftOpen)).toEqual([false, false, false, null])
  })
})
