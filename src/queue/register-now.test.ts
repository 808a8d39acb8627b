import { describe, expect, it } from 'vitest'
import { parseDateHeader } from '../ikkm/device-time.ts'
import {
  clockTrouble,
  heardDate,
  notBefore,
  NOTHING_KNOWN,
  registerNow,
  taughtByReceipt,
  type RegisterTime,
} from './register-now.ts'

const START = Date.UTC(2026, 10, 26, 6, 30, 12)
const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

/** A tablet whose clock differs from the register's by so much, seen `ms` after the start. */
const tablet = (byMs: number) => (ms: number) => ({ wall: START + byMs + ms, mono: 5_000 + ms })

/** An answer `ms` after the start, with the date as the document's samples have it: minutes. */
function contact(time: RegisterTime, at: ReturnType<typeof tablet>, ms: number): RegisterTime {
  const minute = Math.floor((START + ms) / MINUTE_MS) * MINUTE_MS
  return heardDate(time, { at: minute, widthMs: 59_999 }, at(ms - 40), at(ms + 40))
}

describe('the register’s time at this moment', () => {
  it('is the tablet’s own while nothing is known, and where both clocks agree', () => {
    const at = tablet(0)
    expect(registerNow(NOTHING_KNOWN, at(0))).toBe(at(0).wall)
    expect(clockTrouble(NOTHING_KNOWN, at(0))).toBeNull()
    const time = contact(NOTHING_KNOWN, at, 0)
    expect(registerNow(time, at(10_000))).toBe(at(10_000).wall)
    expect(clockTrouble(time, at(10_000))).toBeNull()
  })

  it.each([-3 * DAY_MS, -150_000 - MINUTE_MS, 150_000 + MINUTE_MS, 9 * DAY_MS])(
    'is known to a minute by one answer, and the difference is said (%i ms)',
    (byMs) => {
      const at = tablet(byMs)
      const time = contact(NOTHING_KNOWN, at, 0)
      expect(Math.abs((registerNow(time, at(30_000)) ?? 0) - (START + 30_000))).toBeLessThanOrEqual(31_000)
      expect(clockTrouble(time, at(30_000))).toMatchObject({ kind: 'differs', tabletMs: at(30_000).wall })
    },
  )

  it.each([-119_000, -60_000, 60_000, 119_000])('is not called wrong within two minutes (%i ms)', (byMs) => {
    const at = tablet(byMs)
    let time = NOTHING_KNOWN
    for (let ms = 0; ms < 600_000; ms += 15_000) {
      time = contact(time, at, ms)
      expect(clockTrouble(time, at(ms))).toBeNull()
    }
  })

  it('gets narrower with each answer, until the minute turned once', () => {
    const at = tablet(-130_000)
    let time = NOTHING_KNOWN
    for (let ms = 0; ms <= 90_000; ms += 5_000) time = contact(time, at, ms)
    expect(Math.abs((registerNow(time, at(90_000)) ?? 0) - (START + 90_000))).toBeLessThan(4_000)
    expect(clockTrouble(time, at(90_000))?.kind).toBe('differs')
  })

  it('follows a tablet that is set right at once, before any contact', () => {
    const wrong = tablet(-3 * DAY_MS)
    const right = tablet(0)
    const time = contact(NOTHING_KNOWN, wrong, 0)
    expect(clockTrouble(time, wrong(20_000))).not.toBeNull()
    expect(clockTrouble(time, right(20_000))).toBeNull()
    expect(registerNow(time, right(20_000))).toBe(right(20_000).wall)
    // A date from the past must not keep the old difference alive.
    const later = notBefore(time, START - 3_600_000, right(30_000))
    expect(clockTrouble(later, right(30_000))).toBeNull()
    expect(clockTrouble(contact(later, right, 40_000), right(40_000))).toBeNull()
  })

  it('says of a tablet that is set wrong while the page lives that it is, when it is set back', () => {
    const time = contact(NOTHING_KNOWN, tablet(0), 0)
    const back = tablet(-3 * DAY_MS)
    expect(clockTrouble(time, back(20_000))?.kind).toBe('differs')
    expect(Math.abs((registerNow(time, back(20_000)) ?? 0) - (START + 20_000))).toBeLessThanOrEqual(31_000)
  })

  it('keeps to what is sure after a sleep in which the steady clock stood still', () => {
    const asleep = (byMs: number) => (ms: number) => ({ wall: START + byMs + ms, mono: 5_000 + ms - 8 * 3_600_000 })
    const night = 9 * 3_600_000
    const wrong = contact(NOTHING_KNOWN, tablet(-3 * DAY_MS), 0)
    expect(clockTrouble(wrong, asleep(-3 * DAY_MS)(night))).not.toBeNull()
    expect(registerNow(wrong, asleep(-3 * DAY_MS)(night))).toBeNull()
    const right = contact(NOTHING_KNOWN, tablet(0), 0)
    expect(clockTrouble(right, asleep(0)(night))).toBeNull()
    expect(registerNow(right, asleep(0)(night))).toBe(START + night)
  })

  it('knows by a date on the register alone that the tablet is behind, not by how much', () => {
    const at = tablet(-3 * DAY_MS)
    const time = notBefore(NOTHING_KNOWN, START - 3_600_000, at(0))
    expect(clockTrouble(time, at(0))?.kind).toBe('behind')
    expect(registerNow(time, at(0))).toBeNull()
    expect(clockTrouble(notBefore(NOTHING_KNOWN, START - 3_600_000, tablet(0)(0)), tablet(0)(0))).toBeNull()
  })

  it('calls a difference of whole half hours one of time zones', () => {
    const at = tablet(-3_600_000)
    let time = NOTHING_KNOWN
    for (let ms = 0; ms <= 90_000; ms += 5_000) time = contact(time, at, ms)
    expect(clockTrouble(time, at(90_000))?.kind).toBe('zone')
  })

  it('believes a proven receipt more than headers that contradict it, from then on', () => {
    const at = tablet(0)
    const lie = { at: Date.UTC(2017, 1, 15, 10, 0), widthMs: 59_999 }
    let time = heardDate(NOTHING_KNOWN, lie, at(0), at(50))
    expect(clockTrouble(time, at(100))?.kind).toBe('differs')
    time = taughtByReceipt(time, { low: -400, high: 700 }, at(1_000))
    expect(clockTrouble(time, at(1_000))).toBeNull()
    time = heardDate(time, lie, at(2_000), at(2_050))
    expect(clockTrouble(time, at(2_100))).toBeNull()
  })

  it('takes a register that is set to another time at its next answer', () => {
    const at = tablet(0)
    const time = contact(taughtByReceipt(NOTHING_KNOWN, { low: 0, high: 900 }, at(0)), at, 1_000)
    const set = heardDate(time, { at: START + DAY_MS, widthMs: 59_999 }, at(15_000), at(15_050))
    expect(clockTrouble(set, at(15_100))?.kind).toBe('differs')
  })
})

describe('the date of an answer', () => {
  it('is read in the form of the document and in that of HTTP', () => {
    expect(parseDateHeader('2017-02-15 15:00')).toEqual({ at: Date.UTC(2017, 1, 15, 10, 0), widthMs: 59_999 })
    expect(parseDateHeader('2017-02-15 15:00:07')).toEqual({ at: Date.UTC(2017, 1, 15, 10, 0, 7), widthMs: 999 })
    expect(parseDateHeader('Wed, 15 Feb 2017 10:00:07 GMT')).toEqual({
      at: Date.UTC(2017, 1, 15, 10, 0, 7),
      widthMs: 999,
    })
  })

  it.each(['', 'now', '2017-02-30 15:00', '15:00', 'Wed, 45 Feb 2017 10:00:07 GMT', '1487152800'])(
    'is nothing where it is anything else (%s)',
    (text) => {
      expect(parseDateHeader(text)).toBeNull()
    },
  )
})
