import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawMarkPrefix, DRAWN_PREFIXES, isSafePrefix, markOf, prefixFor, typedMark } from './mark.ts'
import { MARK_PREFIX } from '../contract/mark-shape.ts'

describe('the mark of a terminal', () => {
  it('has at least four digits and grows beyond them', () => {
    expect(markOf('A', 137)).toBe('A-0137')
    expect(markOf('Қ2', 12345)).toBe('Қ2-12345')
  })
  it('is found by what is typed from paper, whichever prefix it was drawn with', () => {
    const drawn = fc.nat(999).map((chance) => drawMarkPrefix(new Set(), () => chance / 1000))
    const prefix = fc.oneof(drawn, fc.constantFrom('A', 'B7', 'ZZ9', 'К', 'ӘІҢ'))
    fc.assert(
      fc.property(prefix, fc.integer({ min: 1, max: 10 ** 9 - 1 }), (letters, number) => {
        const mark = { prefix: letters, number }
        expect(typedMark(markOf(letters, number))).toEqual(mark)
        expect(typedMark(` ${markOf(letters, number).toLowerCase()} `)).toEqual(mark)
        expect(typedMark(`${letters}-${number}`)).toEqual(mark)
      }),
    )
  })
  it('needs its dash only where the prefix ends with a digit', () => {
    expect(typedMark('A137')).toEqual({ prefix: 'A', number: 137 })
    expect(typedMark('D40137')).toEqual({ prefix: 'D', number: 40137 })
    expect(typedMark('D4-0137')).toEqual({ prefix: 'D4', number: 137 })
  })
  it.each(['ABCD-0137', '1-0137', 'x A-0137', '', '-0137', 'A-', 'A-1234567890', '137'])('is not %j', (text) => {
    expect(typedMark(text)).toBeNull()
  })
})

describe('the prefix that a terminal draws', () => {
  it('has two characters without look-alikes, and can be read back', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (chance) => {
        const prefix = drawMarkPrefix(new Set(), () => chance)
        expect(prefix).toMatch(/^[DFGJLNQRSUWZ][DFGJLNQRSUWZ4789]$/)
        expect([MARK_PREFIX.test(prefix), isSafePrefix(prefix)]).toEqual([true, true])
        expect(typedMark(`${prefix}-0001`)).toEqual({ prefix, number: 1 })
      }),
    )
  })
  it('is none that is taken, however few are left, and has a third character when none is', () => {
    const taken = new Set<string>()
    for (let count = 0; count < DRAWN_PREFIXES; count += 1) taken.add(drawMarkPrefix(taken, () => 0.5))
    expect([taken.size, [...taken].every((prefix) => prefix.length === 2)]).toEqual([DRAWN_PREFIXES, true])
    expect(drawMarkPrefix(taken, () => 0.5)).toHaveLength(3)
  })
  it('may be chosen in Latin letters and digits that nobody mistakes for each other', () => {
    expect(['A', 'K2', 'DF9'].filter(isSafePrefix)).toHaveLength(3)
    expect(['', 'a', '2K', 'K0', 'O1', 'I', 'А', 'КФ', 'ABCD', 'A-'].filter(isSafePrefix)).toEqual([])
  })
})

describe('the prefix that a terminal goes on with', () => {
  const NOTHING = { chosen: '', inLedger: null, used: new Set<string>(), others: new Set<string>() }
  const draw = (known: Partial<Parameters<typeof prefixFor>[0]>) => prefixFor({ ...NOTHING, ...known }, () => 0)

  it('is drawn at the first start, and the one of the practice register is kept for the real one', () => {
    expect(draw({})).toBe('DD')
    expect(draw({ chosen: 'GJ' })).toBe('GJ')
  })
  it('stays with the ledger, where the running numbers are', () => {
    expect(draw({ chosen: 'A', inLedger: 'A' })).toBe('A')
    expect(draw({ inLedger: 'GJ' })).toBe('GJ')
    expect(draw({ chosen: 'K2', inLedger: 'GJ' })).toBe('K2')
  })
  it('is another one after the ledger was lost, and never the one that all had before', () => {
    expect(draw({ chosen: 'DD', used: new Set(['DD']) })).toBe('DF')
    expect(draw({ used: new Set(['DD', 'DF']) })).toBe('DG')
    expect(draw({ chosen: 'A' })).toBe('DD')
  })
  it('is none of another terminal of the server', () => {
    expect(draw({ chosen: 'GJ', others: new Set(['GJ', 'DD']) })).toBe('DF')
  })
})
