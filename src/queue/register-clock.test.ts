import { describe, expect, it } from 'vitest'
import { learned, openedWhen, storedClock, toStore, type RegisterClock, type Sent } from './register-clock.ts'

/** The register is 90 s ahead of the tablet, whose steady clock began an hour ago. */
const AHEAD = 90_000
const START = 1_760_000_007_000
const stamp = (ms: number) => ({ wall: START + ms, mono: 3_600_000 + ms })
const sent = (ms: number, tookMs = 200): Sent => ({ left: stamp(ms), back: stamp(ms + tookMs) })
/** The register's date at a moment of ours, whole seconds. */
const date = (ms: number) => Math.floor((START + ms + AHEAD) / 1000) * 1000

function taught(...moments: readonly number[]): RegisterClock | null {
  let clock: RegisterClock | null = null
  for (const ms of moments) clock = learned(clock, date(ms + 100), stamp(ms), stamp(ms + 200))
  return clock
}

describe('when a receipt was opened, against our sends', () => {
  it('is unknown before the first receipt and where the device gives no date', () => {
    expect(openedWhen(null, date(0), [sent(0)])).toBe('unknown')
    expect(openedWhen(taught(0), null, [sent(0)])).toBe('unknown')
    expect(openedWhen(taught(0), date(0), [])).toBe('unknown')
  })

  it.each([0, 137, 500, 861, 999])('fits our own receipt, whatever part of a second we send at (%i ms)', (part) => {
    const clock = taught(10_000, 21_350, 33_720)
    expect(openedWhen(clock, date(60_000 + part + 100), [sent(60_000 + part)])).not.toBe('not')
  })

  it.each([2_500, 5_000, 7_500, 8_000, 18_000, 50_000])('is not ours when it was opened %i ms before', (earlier) => {
    expect(openedWhen(taught(10_000), date(60_000 - earlier), [sent(60_000)])).toBe('not')
  })

  it('is not ours when it was opened long after our answer', () => {
    expect(openedWhen(taught(10_000), date(70_000), [sent(60_000)])).toBe('not')
  })

  it('belongs to any of several sends, and not to the time between them', () => {
    const sends: readonly Sent[] = [{ left: stamp(60_000), back: null }, sent(90_000)]
    expect(openedWhen(taught(10_000), date(60_300), sends)).not.toBe('not')
    expect(openedWhen(taught(10_000), date(90_100), sends)).not.toBe('not')
    expect(openedWhen(taught(10_000), date(75_000), sends)).toBe('not')
  })

  it('is surely ours in a later second than that of our send', () => {
    const clock = taught(10_000, 21_350, 33_720, 45_910)
    expect(openedWhen(clock, date(62_000), [sent(60_990, 1_500)])).toBe('after')
  })

  it('is not surely ours after an earlier send: another till may have sold between two sends', () => {
    const clock = taught(10_000, 21_350, 33_720, 45_910)
    const sends: readonly Sent[] = [sent(60_990, 500), sent(90_000)]
    expect(openedWhen(clock, date(62_000), [sent(60_990, 500)])).toBe('after')
    expect(openedWhen(clock, date(62_000), sends)).toBe('fits')
  })

  it('takes a minute for a date without seconds, until one with seconds was seen', () => {
    const minute = Math.floor((START + 60_000 + AHEAD) / 60_000) * 60_000
    const coarse = learned(null, minute, stamp(60_000), stamp(60_200))
    expect(openedWhen(coarse, minute, [sent(75_000)])).toBe('fits')
    expect(openedWhen(taught(10_000), minute, [sent(minute - START - AHEAD + 15_000)])).toBe('not')
  })

  it('takes whole minutes seen before for exact as soon as the receipt in question has seconds', () => {
    // The first receipt of a life may be opened in second 0: the second one's date says that seconds are written.
    const minute = Math.floor((START + 60_000 + AHEAD) / 60_000) * 60_000
    const opened = minute - START - AHEAD + 100
    const first = learned(null, minute, stamp(opened - 100), stamp(opened + 100))
    const [left, foreign] = [opened + 31_000, opened + 25_000]
    expect(openedWhen(first, date(foreign), [sent(left)])).toBe('not')
    expect(openedWhen(first, date(left + 100), [sent(left)])).toBe('fits')
    // As it stays once such a receipt was taken for ours, and after further whole minutes.
    const next = learned(first, date(left + 100), stamp(left), stamp(left + 200))
    expect(openedWhen(next, date(opened + 60_000), [sent(opened + 75_000)])).toBe('not')
    const twice = learned(first, minute + 60_000, stamp(opened + 59_900), stamp(opened + 60_100))
    expect(openedWhen(twice, date(opened + 70_000), [sent(opened + 80_000)])).toBe('not')
    expect(openedWhen(twice, date(opened + 80_100), [sent(opened + 80_000)])).toBe('fits')
  })

  it('follows the wall clock after a sleep in which the steady one stood still', () => {
    const clock = taught(10_000)
    const asleep = (ms: number) => ({ wall: START + ms, mono: 3_600_000 + ms - 1_800_000 })
    const woken: Sent = { left: asleep(3_000_000), back: asleep(3_000_200) }
    expect(openedWhen(clock, date(3_000_100), [woken])).not.toBe('not')
    expect(openedWhen(clock, date(2_000_000), [woken])).toBe('not')
  })

  it('holds on to the steady clock when the wall clock is set back', () => {
    const back = (ms: number) => ({ wall: START + ms - 3_600_000, mono: 3_600_000 + ms })
    const now: Sent = { left: back(60_000), back: back(60_200) }
    expect(openedWhen(taught(10_000), date(60_100), [now])).not.toBe('not')
    expect(openedWhen(taught(10_000), date(50_000), [now])).toBe('not')
  })

  it('trusts what an earlier life stored to within seconds', () => {
    const clock = storedClock(taught(10_000, 21_350)?.wall)
    expect(openedWhen(clock, date(60_100), [sent(60_000)])).not.toBe('not')
    expect(openedWhen(clock, date(50_000), [sent(60_000)])).toBe('not')
    expect(openedWhen(storedClock(undefined), date(0), [sent(0)])).toBe('unknown')
  })

  it('remembers over a restart that the register writes seconds: a whole minute is then a second like any other', () => {
    const clock = taught(10_000, 21_350)
    const minute = Math.floor((START + 60_000 + AHEAD) / 60_000) * 60_000
    const later = sent(minute - START - AHEAD + 12_000)
    expect(openedWhen(storedClock(clock?.wall), minute, [later])).toBe('fits')
    expect(openedWhen(storedClock(clock ? toStore(clock) : undefined), minute, [later])).toBe('not')
    const coarse = learned(null, minute, stamp(60_000), stamp(60_200))
    expect(storedClock(toStore(coarse))?.seconds).toBe(false)
  })

  it('starts anew when the register was set to another time', () => {
    const set = learned(taught(10_000), date(60_100) - 3_600_000, stamp(60_000), stamp(60_200))
    expect(openedWhen(set, date(90_100) - 3_600_000, [sent(90_000)])).not.toBe('not')
    expect(openedWhen(set, date(90_100), [sent(90_000)])).toBe('not')
  })
})
