import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays, dayNumber } from './day.ts'
import { cutPeriod, isOnePiece, MAX_PIECES } from './iiko-period.ts'

describe('a period for iikoServer', () => {
  it.each([
    ['2026-03-15', '2026-03-15', ['2026-03-15..2026-03-15']],
    ['2026-03-01', '2026-03-31', ['2026-03-01..2026-03-31']],
    ['2026-03-15', '2026-04-14', ['2026-03-15..2026-04-14']],
    ['2026-03-15', '2026-04-15', ['2026-03-15..2026-04-14', '2026-04-15..2026-04-15']],
    ['2026-01-31', '2026-03-01', ['2026-01-31..2026-02-28', '2026-03-01..2026-03-01']],
    ['2024-01-30', '2024-03-10', ['2024-01-30..2024-02-29', '2024-03-01..2024-03-10']],
  ])('%s to %s is asked for as %j', (from, to, expected) => {
    expect(cutPeriod({ from, to })?.map((piece) => `${piece.from}..${piece.to}`)).toEqual(expected)
  })

  it.each([
    ['2026-02-30', '2026-03-01'],
    ['2026-03-02', '2026-03-01'],
    ['yesterday', '2026-03-01'],
    ['2026-3-1', '2026-03-02'],
    ['2000-01-01', '2026-03-01'],
  ])('%s to %s is none', (from, to) => {
    expect(cutPeriod({ from, to })).toBeNull()
  })

  it('is covered exactly once, by pieces of at most a month', () => {
    const day = fc.integer({ min: 10_000, max: 25_000 })
    fc.assert(
      fc.property(day, fc.integer({ min: 0, max: 900 }), (first, length) => {
        const date = (number: number) => new Date(number * 86_400_000).toISOString().slice(0, 10)
        const pieces = cutPeriod({ from: date(first), to: date(first + length) }) ?? []
        expect(pieces.length).toBeGreaterThan(0)
        expect(pieces.length).toBeLessThanOrEqual(MAX_PIECES)
        let next = first
        for (const piece of pieces) {
          expect(isOnePiece(piece)).toBe(true)
          const [from, to] = [dayNumber(piece.from) ?? -1, dayNumber(piece.to) ?? -1]
          expect(from).toBe(next)
          expect(to - from).toBeLessThan(31)
          next = to + 1
        }
        expect(next).toBe(first + length + 1)
      }),
    )
  })

  it('of more than a month is no single piece, and one that makes no sense is none', () => {
    expect(isOnePiece({ from: '2026-03-01', to: '2026-03-31' })).toBe(true)
    expect(isOnePiece({ from: '2026-03-01', to: '2026-04-01' })).toBe(false)
    expect(isOnePiece({ from: '2026-03-02', to: '2026-03-01' })).toBe(false)
  })

  it('has a day after each day', () => {
    expect(['2026-02-28', '2024-02-28', '2026-12-31'].map((day) => addDays(day, 1))).toEqual([
      '2026-03-01',
      '2024-02-29',
      '2027-01-01',
    ])
    expect(() => addDays('2026-02-30', 1)).toThrow(RangeError)
  })
})
