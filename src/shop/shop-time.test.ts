import { describe, expect, it } from 'vitest'
import { formatDateTime } from '../i18n/format.ts'
import { wallMs } from './shop-time.ts'

describe('the shop’s clock', () => {
  const noon = Date.UTC(2026, 10, 27, 12, 0, 0)

  it.each([
    ['Asia/Almaty', '27.11.2026, 17:00'],
    ['UTC', '27.11.2026, 12:00'],
    ['America/New_York', '27.11.2026, 07:00'],
  ])('in %s is read wherever the phone is', (zone, text) => {
    expect(formatDateTime(wallMs(noon, zone))).toBe(text)
  })

  it('shows midnight as 00 of the next day', () => {
    expect(formatDateTime(wallMs(Date.UTC(2026, 10, 27, 19, 0, 0), 'Asia/Almaty'))).toBe('28.11.2026, 00:00')
  })

  it('is the phone’s own where the browser doesn’t know the zone', () => {
    expect(wallMs(noon, 'Nowhere/Else')).toBe(noon)
  })
})
