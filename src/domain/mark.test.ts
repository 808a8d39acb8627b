import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findMarks, formatDocumentNumber, formatMark, isMarkPrefix, parseMark } from './mark.ts'

describe('the mark of a terminal', () => {
  it('has at least four digits and grows beyond them', () => {
    expect(formatMark({ prefix: 'A', number: 137 })).toBe('A-0137')
    expect(formatMark({ prefix: 'Қ2', number: 12345 })).toBe('Қ2-12345')
  })
  it('is read back from what it was written as', () => {
    const prefix = fc.constantFrom('A', 'B7', 'ZZ9', 'К', 'ӘІҢ')
    fc.assert(
      fc.property(prefix, fc.integer({ min: 1, max: 10 ** 12 }), (letters, number) => {
        const mark = { prefix: letters, number }
        expect(parseMark(formatMark(mark))).toEqual(mark)
        expect(findMarks(`Рахмет! ${formatMark(mark)}\nчек`)).toEqual([mark])
      }),
    )
  })
  it.each(['A0137', 'A-137', 'A-0000', 'A-00137', 'ABCD-0137', '1-0137', 'x A-0137', '', '-0137'])(
    'is not %j',
    (text) => {
      expect(parseMark(text)).toBeNull()
    },
  )
  it('is typed in small letters too', () => {
    expect(parseMark(' a-0137 ')).toEqual({ prefix: 'A', number: 137 })
  })
  it('is not found inside longer words and numbers', () => {
    expect(findMarks('XXA-0137 A-0137-5 тел.A-01375x')).toEqual([{ prefix: 'XXA', number: 137 }])
  })
  it('refuses what could not be read back', () => {
    expect(isMarkPrefix('касса')).toBe(false)
    expect(() => formatMark({ prefix: 'a', number: 1 })).toThrow(RangeError)
    expect(() => formatMark({ prefix: 'A', number: 0 })).toThrow(RangeError)
    expect(() => formatMark({ prefix: 'A', number: 1.5 })).toThrow(RangeError)
  })
})

describe('document numbers', () => {
  it('line up and never lose a digit', () => {
    expect(formatDocumentNumber(164)).toBe('000164')
    expect(formatDocumentNumber(12345678)).toBe('12345678')
    expect(formatDocumentNumber(7, 3)).toBe('007')
  })
})
