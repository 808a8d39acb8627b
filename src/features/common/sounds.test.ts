import { afterEach, expect, it, vi } from 'vitest'
import { TONES } from './sounds.ts'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.resetModules()
})

it('plays the tones of a sound one after another, each ended in silence', async () => {
  const played: { hz: number; from: number; to: number }[] = []
  const ends: number[] = []
  vi.stubGlobal(
    'AudioContext',
    class {
      readonly state = 'running'
      readonly currentTime = 2
      readonly destination = {}
      createOscillator() {
        const tone = { hz: 0, from: 0, to: 0 }
        played.push(tone)
        return {
          frequency: {
            set value(hz: number) {
              tone.hz = hz
            },
          },
          connect: <T>(next: T) => next,
          start: (at: number) => (tone.from = at),
          stop: (at: number) => (tone.to = at),
        }
      }
      createGain() {
        return {
          gain: {
            setValueAtTime: () => undefined,
            exponentialRampToValueAtTime: (_: number, at: number) => ends.push(at),
          },
          connect: <T>(next: T) => next,
        }
      }
    },
  )
  const { playSound } = await import('./sounds.ts')
  playSound('unknown')
  expect(played.map(({ hz }) => hz)).toEqual(TONES.unknown.map(([hz]) => hz))
  expect(played[0]?.from).toBe(2)
  expect(played[1]?.from).toBeGreaterThan(played[0]?.to ?? Infinity)
  expect(ends).toEqual(played.map(({ to }) => to))
  playSound('scan')
  expect(played).toHaveLength(3)
})

it('differ from each other, and what is unknown or wrong is lower than what is well', () => {
  const pitch = (sound: keyof typeof TONES) => Math.max(...TONES[sound].map(([hz]) => hz))
  expect(Math.max(pitch('unknown'), pitch('error'))).toBeLessThan(Math.min(pitch('scan'), pitch('paid')))
  const written = Object.values(TONES).map((tones) => JSON.stringify(tones))
  expect(new Set(written).size).toBe(written.length)
})

it('are silent in a browser without sound', async () => {
  vi.stubGlobal('AudioContext', undefined)
  const { playSound } = await import('./sounds.ts')
  expect(() => playSound('paid')).not.toThrow()
})
