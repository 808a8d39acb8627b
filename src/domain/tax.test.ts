import { describe, expect, it } from 'vitest'
import { rateFromTaxName } from './tax.ts'

describe('the rate in a tax name', () => {
  it.each([
    ['VAT 13%', 1300],
    ['НДС 16 %', 1600],
    ['ҚҚС 12,5%', 1250],
    ['w/o VAT', 0],
    ['Без НДС', 0],
    ['ҚҚС-сыз', 0],
    ['Акциз', null],
    ['', null],
  ])('of %j is %j', (name, expected) => {
    expect(rateFromTaxName(name)).toBe(expected)
  })
})
