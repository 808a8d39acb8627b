import { describe, expect, it } from 'vitest'
import { shiftTone, SHIFT_LIMIT_MS, SHIFT_WARNS_AFTER_MS } from './shift-age.ts'

const OPENED = 1_000_000

describe('the age of the shift in the bar', () => {
  it('is calm until 23 hours, warns until 24 and alarms from then on', () => {
    const shift = { number: 111, open: true, openedAt: OPENED }
    expect(shiftTone(shift, OPENED + SHIFT_WARNS_AFTER_MS - 1)).toBe('neutral')
    expect(shiftTone(shift, OPENED + SHIFT_WARNS_AFTER_MS)).toBe('warn')
    expect(shiftTone(shift, OPENED + SHIFT_LIMIT_MS)).toBe('danger')
  })

  it('says nothing about a closed shift or one whose opening is unknown', () => {
    expect(shiftTone({ number: 111, open: false, openedAt: OPENED }, OPENED + SHIFT_LIMIT_MS)).toBe('neutral')
    expect(shiftTone({ number: 111, open: true, openedAt: null }, SHIFT_LIMIT_MS)).toBe('neutral')
  })
})
