import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hundredthsOf, hundredthsToNumber, integerOf, looksLikeHtml, pick, textOf } from './wire.ts'

describe('decimals of a server', () => {
  it.each([
    [2660, 266_000],
    ['2660', 266_000],
    [-11787, -1_178_700],
    [0, 0],
    [-0, 0],
    [0.1 + 0.2, 30],
    [1.005, 101],
    [-1.005, -101],
    [85.34, 8_534],
    ['12,5', 1_250],
    [1e-7, 0],
    [1.5e21, null],
    ['', null],
    ['12 тг', null],
    [null, null],
    [Number.NaN, null],
    [{ a: 1 }, null],
  ])('%j becomes %j hundredths', (value, expected) => {
    expect(hundredthsOf(value)).toBe(expected)
  })

  it('keep every hundredth on the way to the server and back', () => {
    fc.assert(
      fc.property(fc.integer({ min: -200_000_000_000, max: 200_000_000_000 }), (hundredths) => {
        expect(hundredthsOf(hundredthsToNumber(hundredths))).toBe(hundredths)
        expect(hundredthsOf(JSON.parse(JSON.stringify(hundredthsToNumber(hundredths))))).toBe(hundredths)
      }),
    )
  })

  it('never throw, whatever comes', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const result = hundredthsOf(value)
        expect(result === null || Number.isSafeInteger(result)).toBe(true)
      }),
    )
  })
})

describe('fields of a server', () => {
  it('are found under any of their spellings, null counting as absent', () => {
    expect(pick({ manager: 'm' }, 'managerId', 'manager')).toBe('m')
    expect(pick({ managerId: null, manager: 'm' }, 'managerId', 'manager')).toBe('m')
    expect(pick({}, 'managerId', 'constructor')).toBeNull()
  })

  it('lose surrounding blanks and keep markup as it is', () => {
    expect(textOf('115744 ')).toBe('115744')
    expect(textOf('<b>x</b>')).toBe('<b>x</b>')
    expect(textOf('   ')).toBeNull()
  })

  it('are integers as numbers and as quoted numbers', () => {
    expect(integerOf('583')).toBe(583)
    expect(integerOf(583)).toBe(583)
    expect(integerOf(1.5)).toBeNull()
    expect(integerOf('5e3')).toBeNull()
  })

  it('are told from an HTML page by type and by beginning', () => {
    expect(looksLikeHtml('text/html', '')).toBe(true)
    expect(looksLikeHtml('application/xhtml+xml', '')).toBe(true)
    expect(looksLikeHtml('text/plain', '  <!DOCTYPE html>')).toBe(true)
    expect(looksLikeHtml('text/plain', 'Module <x> is blocked')).toBe(false)
  })
})
