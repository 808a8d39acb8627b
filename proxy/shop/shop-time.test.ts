import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blocksBetween, blocksOf } from './blocks.ts'
import { dayOfNumber } from '../../src/contract/day.ts'
import { createShopTime, dayNumber } from './shop-time.ts'

describe('the shop’s clock', () => {
  it.each([
    ['Asia/Almaty', '2026-11-01T18:59:59.999Z', '2026-11-01', '23'],
    ['Asia/Almaty', '2026-11-01T19:00:00Z', '2026-11-02', '00'],
    // Six hours before 1 March 2024, five since.
    ['Asia/Almaty', '2024-02-29T17:59:00Z', '2024-02-29', '23'],
    ['Asia/Kolkata', '2026-11-01T18:29:00Z', '2026-11-01', '23'],
    ['Europe/Berlin', '2026-10-25T01:30:00Z', '2026-10-25', '02'],
    ['Pacific/Kiritimati', '2026-11-01T10:00:00Z', '2026-11-02', '00'],
  ])('in %s shows %s as %s, %s h', (zone, iso, day, hour) => {
    expect(createShopTime(zone).at(Date.parse(iso))).toEqual({ day, hour })
  })

  it.each(['Asia/Almaty', 'Europe/Berlin', 'America/St_Johns', 'Pacific/Kiritimati', 'Etc/GMT+12'])(
    'in %s begins each day at its first moment',
    (zone) => {
      const time = createShopTime(zone)
      fc.assert(
        fc.property(fc.integer({ min: dayNumber('2023-01-01'), max: dayNumber('2030-12-31') }), (number) => {
          const day = dayOfNumber(number)
          const start = time.startOf(day)
          expect([time.at(start).day, time.at(start - 1).day]).toEqual([day, dayOfNumber(number - 1)])
        }),
        { numRuns: 200, seed: 1 },
      )
    },
  )

  it.each(['2026-02-29', '2026-13-01', '26-01-01', 'today', '2026-1-1'])('knows no day %s', (text) => {
    expect(dayNumber(text)).toBeNaN()
  })
})

describe('blocks of days', () => {
  const days = fc.integer({ min: 15_000, max: 30_000 })

  it('hold each day of a period once and no other', () => {
    fc.assert(
      fc.property(days, fc.nat(3_000), fc.integer({ min: -10, max: 3_010 }), (first, length, offset) => {
        const blocks = new Set(blocksBetween(first, first + length))
        const day = first + offset
        const hits = blocksOf(day).filter((block) => blocks.has(block)).length
        expect(hits).toBe(offset >= 0 && offset <= length ? 1 : 0)
      }),
      { numRuns: 5_000, seed: 2 },
    )
  })

  it('are few: a year has at most 33, ten years at most 47', () => {
    fc.assert(
      fc.property(days, (first) => {
        expect(blocksBetween(first, first + 364).length).toBeLessThanOrEqual(33)
        expect(blocksBetween(first, first + 3_652).length).toBeLessThanOrEqual(47)
      }),
      { numRuns: 1_000, seed: 3 },
    )
  })
})
