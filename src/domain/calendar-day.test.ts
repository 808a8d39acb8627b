import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { calendarDay, dayOf, typedDay } from './calendar-day.ts'

const at = (year: number, month: number, day: number, hour = 0, minute = 0): number =>
  new Date(year, month - 1, day, hour, minute).getTime()
const moment = fc.integer({ min: at(2020, 1, 1), max: at(2040, 1, 1) })

describe('a calendar day', () => {
  it("is the tablet's own, in its first and its last minute", () => {
    expect(calendarDay(at(2026, 1, 5, 23, 59))).toBe('2026-01-05')
    expect(calendarDay(at(2026, 1, 5))).toBe('2026-01-05')
  })

  it('holds its moments, and touches the days beside it', () => {
    fc.assert(
      fc.property(moment, fc.nat(400), (now, before) => {
        const today = dayOf(now)
        expect(today.from <= now && now < today.to).toBe(true)
        expect([calendarDay(today.from), calendarDay(today.to - 1)]).toEqual([calendarDay(now), calendarDay(now)])
        expect(dayOf(now, before + 1).to).toBe(dayOf(now, before).from)
        expect(dayOf(now, 1).to).toBe(today.from)
      }),
    )
  })

  it('is found by what a person types', () => {
    const now = at(2026, 11, 22, 14, 30)
    expect(typedDay('14.03.2026', now)).toEqual({ from: at(2026, 3, 14), to: at(2026, 3, 15) })
    expect(typedDay(' 5/3 ', now)).toEqual({ from: at(2026, 3, 5), to: at(2026, 3, 6) })
    expect(typedDay('31.12', now)).toEqual({ from: at(2026, 12, 31), to: at(2027, 1, 1) })
    for (const text of ['31.02.2026', '0.1', '1.13', '14.03.26', '14.3.2026.', '137', '']) {
      expect(typedDay(text, now), text).toBeNull()
    }
  })
})
