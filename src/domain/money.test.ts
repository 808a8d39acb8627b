import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  includedTax,
  lineSum,
  mulDiv,
  parseThousandths,
  parseTiyn,
  percentOf,
  splitTiyn,
  sumTiyn,
  thousandths,
  thousandthsFromWire,
  thousandthsToWire,
  tiyn,
  tiynFromWire,
  tiynToWire,
} from './money.ts'

const RUNS = { numRuns: 2000 }
const amount = fc.integer({ min: -2_000_000_000_000, max: 2_000_000_000_000 })

describe('brands', () => {
  it('refuse what is no safe integer', () => {
    for (const value of [1.5, NaN, Infinity, 2 ** 53]) {
      expect(() => tiyn(value)).toThrow(RangeError)
      expect(() => thousandths(value)).toThrow(RangeError)
    }
  })
  it('turn -0 into 0, so that stored amounts compare equal', () => {
    expect(Object.is(tiyn(-0), 0)).toBe(true)
    expect(Object.is(thousandths(-0), 0)).toBe(true)
  })
})

describe('reading typed numbers', () => {
  it.each([
    ['815', 81500],
    ['815.5', 81550],
    ['815,50', 81550],
    ['1 200', 120000],
    ['1\u00a0200\u202f000,05', 120000005],
    ['0.07', 7],
    [',5', 50],
    ['.05', 5],
    ['5.', 500],
    ['12.340', 1234],
    ['-3.10', -310],
    ['007', 700],
  ])('takes %s', (text, expected) => {
    expect(parseTiyn(text)).toBe(expected)
  })
  it.each(['', ' ', '.', ',', '-', 'abc', '1e3', '1.2.3', '1,234.56', '12.345', '0x10', '٣', '1234567890123', '--1'])(
    'refuses %j',
    (text) => {
      expect(parseTiyn(text)).toBeNull()
    },
  )
  it('keeps weights to three decimals and refuses a fourth', () => {
    expect(parseThousandths('0,250')).toBe(250)
    expect(parseThousandths('1.125')).toBe(1125)
    expect(parseThousandths('1.1255')).toBeNull()
  })
  it('never yields -0', () => {
    expect(Object.is(parseTiyn('-0.00'), 0)).toBe(true)
  })
})

describe('the wire format', () => {
  it('reads back every amount and quantity that it writes', () => {
    fc.assert(
      fc.property(amount, (value) => {
        expect(parseTiyn(tiynToWire(tiyn(value)))).toBe(value)
        expect(tiynFromWire(tiynToWire(tiyn(value)))).toBe(value)
        expect(parseThousandths(thousandthsToWire(thousandths(value)))).toBe(value)
        expect(thousandthsFromWire(thousandthsToWire(thousandths(value)))).toBe(value)
      }),
      RUNS,
    )
  })
  it('writes a dot, at most two decimals and no trailing zeros', () => {
    expect(tiynToWire(tiyn(81500))).toBe('815')
    expect(tiynToWire(tiyn(81550))).toBe('815.5')
    expect(tiynToWire(tiyn(5))).toBe('0.05')
    expect(tiynToWire(tiyn(-5))).toBe('-0.05')
    expect(tiynToWire(tiyn(0))).toBe('0')
    expect(thousandthsToWire(thousandths(250))).toBe('0.25')
  })
  it('reads JSON numbers as the decimal that was written', () => {
    fc.assert(
      fc.property(fc.integer({ min: -2_000_000_000, max: 2_000_000_000 }), (value) => {
        expect(tiynFromWire(Number(tiynToWire(tiyn(value))))).toBe(value)
        expect(thousandthsFromWire(JSON.parse(thousandthsToWire(thousandths(value))))).toBe(value)
      }),
      RUNS,
    )
  })
  it.each([
    ['218861420.47', 21886142047],
    ['2.1886142047E8', 21886142047],
    [2.1886142047e8, 21886142047],
    [59.999999999999, 6000],
    ['87.3214', 8732],
    [0.285, 29],
    ['-0.005', -1],
    [' 109 ', 10900],
    ['1e-9', 0],
  ])('takes %j from the device', (value, expected) => {
    expect(tiynFromWire(value)).toBe(expected)
  })
  it.each([null, undefined, true, {}, [], 'n/a', '', NaN, Infinity, '1e99', 1e21, '12 34'])(
    'refuses %j from the device',
    (value) => {
      expect(tiynFromWire(value)).toBeNull()
      expect(thousandthsFromWire(value)).toBeNull()
    },
  )
})

/** Half away from zero, written independently of the code under test. */
function oracle(a: bigint, b: bigint, c: bigint): bigint {
  const product = a * b
  const quotient = product / c
  const rest = product - quotient * c
  const magnitude = (x: bigint): bigint => (x < 0n ? -x : x)
  if (magnitude(rest) * 2n < magnitude(c)) return quotient
  return product < 0n === c < 0n ? quotient + 1n : quotient - 1n
}

describe('arithmetic', () => {
  it('multiplies and divides exactly with one rounding, half away from zero', () => {
    fc.assert(
      fc.property(
        amount,
        fc.integer({ min: -1_000_000, max: 1_000_000 }),
        fc.integer({ min: -100_000, max: 100_000 }).filter((c) => c !== 0),
        (a, b, c) => {
          const exact = oracle(BigInt(a), BigInt(b), BigInt(c))
          if (!Number.isSafeInteger(Number(exact))) {
            expect(() => mulDiv(a, b, c)).toThrow(RangeError)
            return
          }
          expect(BigInt(mulDiv(a, b, c))).toBe(exact)
          expect(Object.is(mulDiv(a, b, c), -0)).toBe(false)
        },
      ),
      RUNS,
    )
  })
  it('rounds a line once: 0.125 kg at 4890.50 is 611.31', () => {
    expect(lineSum(tiyn(489050), thousandths(125))).toBe(61131)
  })
  it('holds the tax figures of the documents: 815.00 at 12 % is 87.32, at 16 % 112.41', () => {
    expect(includedTax(tiyn(81500), 1200)).toBe(8732)
    expect(includedTax(tiyn(81500), 1600)).toBe(11241)
  })
  it('takes 10 % of 2550.00 as 255.00', () => {
    expect(percentOf(tiyn(255000), 1000)).toBe(25500)
  })
})

describe('splitting an amount', () => {
  const weights = fc.array(fc.integer({ min: 0, max: 2_000_000_000 }), { minLength: 1, maxLength: 80 })
  it('adds up exactly and strays less than one tiyn from every exact share', () => {
    fc.assert(
      fc.property(amount, weights, (total, parts) => {
        const split = splitTiyn(tiyn(total), parts)
        expect(sumTiyn(split)).toBe(total)
        const sum = parts.reduce((a, b) => a + BigInt(b), 0n)
        if (sum === 0n) return
        split.forEach((share, index) => {
          const distance = BigInt(share) * sum - BigInt(total) * BigInt(parts[index] ?? 0)
          expect(distance < sum && distance > -sum).toBe(true)
        })
      }),
      RUNS,
    )
  })
  it('never gives a part more than it weighs when the weights cover the total', () => {
    fc.assert(
      fc.property(weights, fc.double({ min: 0, max: 1, noNaN: true }), (parts, fraction) => {
        const total = Math.floor(parts.reduce((a, b) => a + b, 0) * fraction)
        splitTiyn(tiyn(total), parts).forEach((share, index) => {
          expect(share).toBeLessThanOrEqual(parts[index] ?? 0)
        })
      }),
      RUNS,
    )
  })
  it('treats equal weights alike: the difference is at most one tiyn and the earlier part gets it', () => {
    expect(splitTiyn(tiyn(100), [1, 1, 1])).toEqual([34, 33, 33])
    expect(splitTiyn(tiyn(-100), [1, 1, 1])).toEqual([-34, -33, -33])
  })
  it('puts everything on the first part when nothing weighs', () => {
    expect(splitTiyn(tiyn(7), [0, 0])).toEqual([7, 0])
  })
  it('refuses to lose an amount or to split by negative or fractional weights', () => {
    expect(() => splitTiyn(tiyn(1), [])).toThrow(RangeError)
    expect(splitTiyn(tiyn(0), [])).toEqual([])
    expect(() => splitTiyn(tiyn(1), [2, -1])).toThrow(RangeError)
    expect(() => splitTiyn(tiyn(1), [0.5])).toThrow(RangeError)
  })
})
