import { describe, expect, it } from 'vitest'
import { createWakeLock, type WakeState } from './wake-lock.ts'

const settle = () => new Promise((resolve) => setTimeout(resolve, 0))

function screen() {
  const states: WakeState[] = []
  let visible = true
  let refuses = false
  const given: { released: boolean; tell(): void }[] = []
  const lock = createWakeLock(
    {
      visible: () => visible,
      request: () => {
        if (refuses) return Promise.reject(new DOMException('battery', 'NotAllowedError'))
        let listener: () => void = () => undefined
        const sentinel = {
          released: false,
          release: () => {
            sentinel.released = true
            listener()
            return Promise.resolve()
          },
          addEventListener: (_type: 'release', given: () => void) => {
            listener = given
          },
          tell: () => {
            listener()
          },
        }
        given.push(sentinel)
        return Promise.resolve(sentinel)
      },
    },
    (state) => states.push(state),
  )
  return {
    lock,
    states,
    given,
    /** The browser's own behaviour: a hidden page loses the lock. */
    show(on: boolean): void {
      visible = on
      const last = given.at(-1)
      if (!on && last !== undefined) Object.assign(last, { released: true })
      lock.look()
      if (!on) last?.tell()
    },
    refuse(on: boolean): void {
      refuses = on
    },
  }
}

describe('the screen', () => {
  it('stays lit from the start, and the lock is asked for once', async () => {
    const { lock, given, states } = screen()
    lock.want(true)
    lock.look()
    await settle()
    expect(given).toHaveLength(1)
    expect(states.at(-1)).toBe('held')
  })

  it('is asked for anew each time the page comes back', async () => {
    const { lock, given, states, show } = screen()
    lock.want(true)
    await settle()
    show(false)
    expect(states.at(-1)).toBe('off')
    show(true)
    await settle()
    expect(given).toHaveLength(2)
    expect(states.at(-1)).toBe('held')
  })

  it('is let go when the switch goes off, even while the browser still thinks', async () => {
    const { lock, given, states } = screen()
    lock.want(true)
    lock.want(false)
    await settle()
    expect(given.map((sentinel) => sentinel.released)).toEqual([true])
    expect(states.at(-1)).toBe('off')
  })

  it('is not asked for in a hidden page, and a refusal is tried again when the page comes back', async () => {
    const { lock, given, states, show, refuse } = screen()
    show(false)
    lock.want(true)
    await settle()
    expect(given).toHaveLength(0)
    refuse(true)
    show(true)
    await settle()
    expect(states.at(-1)).toBe('refused')
    refuse(false)
    lock.look()
    await settle()
    expect(states.at(-1)).toBe('held')
  })

  it('says so where the browser has no such lock', () => {
    const states: WakeState[] = []
    createWakeLock({ visible: () => true, request: null }, (state) => states.push(state)).want(true)
    expect(states).toEqual(['unsupported'])
  })
})
