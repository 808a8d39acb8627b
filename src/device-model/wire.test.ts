import { describe, expect, it } from 'vitest'
import { bankDate, deviceDate, deviceNumber, Form, twoDecimals } from './wire.ts'

describe('numbers of the device (chapter 3)', () => {
  it.each([
    ['800', 80_000],
    ['815.5', 81_550],
    ['0.01', 1],
    ['20000000', 2_000_000_000],
    ['-3', -300],
    ['007', 700],
  ])('reads %s as %d tiyn', (text, amount) => {
    expect(deviceNumber(text, 2)).toBe(amount)
  })

  it('rounds more than two decimals, and more than three of a quantity', () => {
    expect(deviceNumber('10.994', 2)).toBe(1_099)
    expect(deviceNumber('10.995', 2)).toBe(1_100)
    expect(deviceNumber('10.99499999', 2)).toBe(1_099)
    expect(deviceNumber('0.2505', 3)).toBe(251)
  })

  it.each(['', '-', '.', '.5', '5.', '1,5', '1e3', ' 1', '1.2.3', '0x1F', 'abc', '+1'])(
    'takes %j for no number',
    (text) => {
      expect(deviceNumber(text, 2)).toBeNaN()
    },
  )

  it('writes amounts with two decimals', () => {
    expect([0, 5, 110_800, -12_405].map(twoDecimals)).toEqual(['0.00', '0.05', '1108.00', '-124.05'])
  })
})

describe('dates of the device', () => {
  it('are its local time, in two orders', () => {
    const ms = Date.UTC(2025, 11, 31, 19, 30, 9)
    expect(deviceDate(ms, 300)).toBe('2026-01-01 00:30:09')
    expect(deviceDate(ms, 0)).toBe('2025-12-31 19:30:09')
    expect(bankDate(ms, 300)).toBe('01-01-2026 00:30:09')
  })
})

describe('forms', () => {
  const form = new Form({
    method: 'POST',
    path: '/api/',
    query: 'key=1&x',
    body: 'print=%D0%A7+%2B1&key=2&bad=%E0%A4%A',
  })

  it('decode UTF-8, plus signs and leave broken escapes as they are', () => {
    expect(form.get('print')).toBe('Ч +1')
    expect(form.get('bad')).toBe('%E0%A4%A')
    expect(form.get('x')).toBe('')
    expect(form.get('X')).toBeNull()
  })

  it('take the first of equal names and know what came in the query', () => {
    expect(form.get('key')).toBe('1')
    expect(form.inQuery('key')).toBe(true)
    expect(form.inQuery('print')).toBe(false)
  })
})
