import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays } from '../contract/day.ts'
import { daysBefore, daysIn, isDay, periodOf, typedPeriod } from './period.ts'

const anyDay = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))

describe('days of the shop', () => {
  it('are days of the calendar', () => {
    expect(['2026-02-28', '2024-02-29'].every(isDay)).toBe(true)
    expect(['2026-02-29', '2026-13-01', '2026-1-1', '', '27.11.2026'].some(isDay)).toBe(false)
  })

  it('are counted over months, leap days and the change of the clocks', () => {
    expect(addDays('2024-02-28', 1)).toBe('2024-02-29')
    expect(addDays('2026-03-01', -1)).toBe('2026-02-28')
    expect(daysIn({ from: '2026-03-01', to: '2026-03-31' })).toBe(31)
    expect(daysIn({ from: '2026-03-02', to: '2026-03-01' })).toBe(0)
  })

  it('go there and back', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: -4_000, max: 4_000 }), (day, days) => {
        const other = addDays(day, days)
        expect(addDays(other, -days)).toBe(day)
        expect(daysIn({ from: day, to: other })).toBe(days + 1)
      }),
    )
  })
})

describe('periods', () => {
  it('follow the calendar by their names', () => {
    // A Friday.
    const today = '2026-11-27'
    expect(periodOf('today', today)).toEqual({ from: today, to: today })
    expect(periodOf('yesterday', today)).toEqual({ from: '2026-11-26', to: '2026-11-26' })
    expect(periodOf('week', today)).toEqual({ from: '2026-11-23', to: today })
    expect(periodOf('month', today)).toEqual({ from: '2026-11-01', to: today })
    expect(periodOf('lastMonth', today)).toEqual({ from: '2026-10-01', to: '2026-10-31' })
  })

  it('begin on the day itself on a Monday and on the first, and cross the year', () => {
    expect(periodOf('week', '2026-11-23')).toEqual({ from: '2026-11-23', to: '2026-11-23' })
    expect(periodOf('week', '2027-01-03')).toEqual({ from: '2026-12-28', to: '2027-01-03' })
    expect(periodOf('month', '2026-12-01')).toEqual({ from: '2026-12-01', to: '2026-12-01' })
    expect(periodOf('lastMonth', '2027-01-15')).toEqual({ from: '2026-12-01', to: '2026-12-31' })
  })

  it('are compared with as many days just before', () => {
    expect(daysBefore({ from: '2026-11-23', to: '2026-11-27' })).toEqual({ from: '2026-11-18', to: '2026-11-22' })
    fc.assert(
      fc.property(anyDay, fc.integer({ min: 0, max: 800 }), (from, days) => {
        const period = { from, to: addDays(from, days) }
        const before = daysBefore(period)
        expect(daysIn(before)).toBe(daysIn(period))
        expect(addDays(before.to, 1)).toBe(from)
      }),
    )
  })

  it('typed by hand need two days in their order', () => {
    expect(typedPeriod('2026-11-01', '2026-11-01')).toEqual({ from: '2026-11-01', to: '2026-11-01' })
    expect(typedPeriod('2026-11-02', '2026-11-01')).toBeNull()
    expect(typedPeriod('', '2026-11-01')).toBeNull()
  })
})
