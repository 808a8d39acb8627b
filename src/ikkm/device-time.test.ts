import { describe, expect, it } from 'vitest'
import { formatDeviceDay, parseDeviceTime } from './device-time.ts'

describe('dates of the device', () => {
  const NOON = Date.UTC(2026, 1, 28, 7, 5, 9)

  it('reads all three forms as time of Kazakhstan', () => {
    expect(parseDeviceTime('2026-02-28 12:05:09')).toBe(NOON)
    expect(parseDeviceTime('28-02-2026 12:05:09')).toBe(NOON)
    expect(parseDeviceTime('2026-02-28 12:05')).toBe(NOON - 9_000)
    expect(parseDeviceTime(' 2026-02-28T12:05:09 ')).toBe(NOON)
    expect(parseDeviceTime('2026-02-28 12: 05: 09')).toBe(NOON)
    expect(parseDeviceTime('2026-02-28 12:05:09', 0)).toBe(NOON + 300 * 60_000)
  })

  it('gives null for what is no date', () => {
    for (const text of [
      '',
      'soon',
      '2026-02-30 12:00',
      '2026-13-01 12:00',
      '2026-02-28 24:00:00',
      '26-02-28 12:00',
      5,
    ]) {
      expect(parseDeviceTime(text)).toBeNull()
    }
  })

  it('prints the day in the time of the shop', () => {
    expect(formatDeviceDay(NOON)).toBe('28.02.2026 12:05')
    expect(formatDeviceDay(Date.UTC(2026, 1, 28, 20, 0))).toBe('01.03.2026 01:00')
  })
})
