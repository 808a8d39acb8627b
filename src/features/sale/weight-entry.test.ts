import { describe, expect, it } from 'vitest'
import { thousandths } from '../../domain/money.ts'
import { asGrams, isDoubtful, isKilograms, readQuantity } from './weight-entry.ts'

const CHEESE = { weighed: true }
const CLOTH = { weighed: true, unit: 'м' }
const BREAD = { weighed: false }

describe('a weight as it is typed', () => {
  it.each([
    ['345', true, 345],
    ['1250', true, 1250],
    ['0', true, 0],
    ['', true, null],
    ['345', false, 345_000],
    ['0,345', false, 345],
    ['1,', false, 1000],
    ['', false, null],
  ] as const)('%j is, in grams %s, %s thousandths', (text, inGrams, expected) => {
    expect(readQuantity(text, inGrams)).toBe(expected)
  })

  it('is asked about above the limit, for kilograms only', () => {
    expect(isDoubtful(CHEESE, thousandths(345_000), 30)).toBe(true)
    expect(isDoubtful(CHEESE, thousandths(30_001), 30)).toBe(true)
    expect(isDoubtful(CHEESE, thousandths(30_000), 30)).toBe(false)
    expect(isDoubtful(CHEESE, null, 30)).toBe(false)
    // A limit of nothing asks never.
    expect(isDoubtful(CHEESE, thousandths(345_000), 0)).toBe(false)
    expect(isDoubtful(CLOTH, thousandths(345_000), 30)).toBe(false)
    expect(isDoubtful(BREAD, thousandths(345_000), 30)).toBe(false)
    expect([CHEESE, CLOTH, BREAD].map(isKilograms)).toEqual([true, false, false])
  })

  it('has another reading only where whole kilograms were typed', () => {
    expect(asGrams(thousandths(345_000))).toBe(345)
    expect(asGrams(thousandths(34_500))).toBeNull()
  })
})
