import { describe, expect, it } from 'vitest'
import { LOOK_MS, pauseMs, REST_MS, startLive } from './live.ts'

/** A world where time passes only when the test says so. */
function world() {
  const timers: { ms: number; step: () => void; off: boolean }[] = []
  const seen = { looks: 0, answers: true, visible: true }
  const live = startLive({
    look: () => {
      seen.looks += 1
      return Promise.resolve(seen.answers)
    },
    visible: () => seen.visible,
    after: (ms, step) => {
      const timer = { ms, step, off: false }
      timers.push(timer)
      return () => (timer.off = true)
    },
    chance: () => 0.5,
  })
  /** Lets the last timer run out; its pause in ms, or null where none is running. */
  const next = async (): Promise<number | null> => {
    await Promise.resolve()
    await Promise.resolve()
    const timer = timers.at(-1)
    if (timer === undefined || timer.off) return null
    timer.off = true
    timer.step()
    await Promise.resolve()
    return timer.ms
  }
  return { seen, live, next }
}

describe('a live page', () => {
  it('looks at once and then every three seconds', async () => {
    const { seen, next } = world()
    expect(seen.looks).toBe(1)
    expect([await next(), await next()]).toEqual([LOOK_MS, LOOK_MS])
    expect(seen.looks).toBe(3)
  })

  it('waits longer and longer without an answer, and is quick again with one', async () => {
    const { seen, next } = world()
    seen.answers = false
    await next()
    expect([await next(), await next(), await next()]).toEqual([6_000, 12_000, 24_000])
    seen.answers = true
    await next()
    expect(await next()).toBe(LOOK_MS)
  })

  it('asks nothing out of sight, and at once when it is seen again', async () => {
    const { seen, live, next } = world()
    seen.visible = false
    await next()
    const { looks } = seen
    expect(await next()).toBeNull()
    seen.visible = true
    live.wake()
    expect(seen.looks).toBe(looks + 1)
    expect(await next()).toBe(LOOK_MS)
  })

  it('looks once where it is woken twice, and never after it was stopped', async () => {
    const { seen, live, next } = world()
    live.wake()
    live.wake()
    expect(seen.looks).toBe(1)
    live.stop()
    await next()
    live.wake()
    expect(seen.looks).toBe(1)
  })

  it('never rests longer than a minute and a quarter', () => {
    expect(pauseMs(50, 1)).toBe(REST_MS * 1.25)
    expect(pauseMs(50, 0)).toBe(REST_MS * 0.75)
  })
})
