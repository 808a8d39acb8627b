import { describe, expect, it } from 'vitest'
import {
  durationParts,
  formatAmount,
  formatDay,
  formatInteger,
  formatMoney,
  formatPercent,
  formatQuantity,
  formatTime,
} from './format.ts'
import { pluralIndex } from './plural.ts'

const THIN = '\u202f'
const SPACE = '\u00a0'

describe('figures on the screen', () => {
  it('writes money with its sign behind and breaks nowhere', () => {
    expect(formatMoney(489_500, 'ru')).toBe(`4${THIN}895${SPACE}₸`)
    expect(formatMoney(489_500, 'en')).toBe(`4${THIN}895${SPACE}₸`)
  })

  it('shows tiyn only where there are some, and then both digits', () => {
    expect(formatAmount(489_050, 'ru')).toBe(`4${THIN}890,50`)
    expect(formatAmount(5, 'kk')).toBe('0,05')
    expect(formatAmount(150, 'en')).toBe('1.50')
  })

  it('keeps the largest amount of the device exact', () => {
    expect(formatAmount(2_000_000_000, 'ru')).toBe(`20${THIN}000${THIN}000`)
    expect(formatAmount(1_999_999_999, 'ru')).toBe(`19${THIN}999${THIN}999,99`)
  })

  it('writes a minus as wide as a digit', () => {
    expect(formatAmount(-25_500, 'ru')).toBe('\u2212255')
    expect(formatInteger(-1234)).toBe(`\u22121${THIN}234`)
  })

  it('writes weights to the gram without trailing zeros', () => {
    expect(formatQuantity(2000, 'ru')).toBe('2')
    expect(formatQuantity(250, 'ru')).toBe('0,25')
    expect(formatQuantity(1005, 'en')).toBe('1.005')
  })

  it('writes percents from hundredths', () => {
    expect(formatPercent(1000, 'ru')).toBe(`10${SPACE}%`)
    expect(formatPercent(750, 'kk')).toBe(`7,5${SPACE}%`)
  })

  it('names Kazakh months without the data of the browser', () => {
    expect(formatDay(new Date(2026, 10, 22).getTime(), 'kk')).toBe('22 қараша')
  })

  it('shows the time of the tablet', () => {
    expect(formatTime(new Date(2026, 10, 22, 4, 5).getTime())).toBe('04:05')
  })

  it('splits a span into days, hours and minutes, and takes a clock set back as no time at all', () => {
    expect(durationParts(26 * 3_600_000 + 5 * 60_000)).toEqual({ days: 1, hours: 2, minutes: 5 })
    expect(durationParts(-5)).toEqual({ days: 0, hours: 0, minutes: 0 })
  })
})

describe('plural forms', () => {
  it('follows the Russian rule over teens and hundreds', () => {
    const rule = pluralIndex('ru')
    expect([1, 2, 5, 11, 12, 14, 21, 22, 25, 111, 121].map((count) => rule(count, 3))).toEqual([
      0, 1, 2, 2, 2, 2, 0, 1, 2, 2, 0,
    ])
  })

  it('tells one from the rest in English and keeps to the only form of a Kazakh message', () => {
    expect([0, 1, 2].map((count) => pluralIndex('en')(count, 2))).toEqual([1, 0, 1])
    expect([0, 1, 2].map((count) => pluralIndex('kk')(count, 1))).toEqual([0, 0, 0])
  })
})
