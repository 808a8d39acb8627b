import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, nextTick, shallowRef, type EffectScope, type Ref } from 'vue'
import { changePlaces, useFinalTap, useSteady, useStillness, watchHands, type FinalTap } from './steady.ts'

let scope: EffectScope
let hands: EventTarget
let source: Ref<string | null>
let shown: Readonly<Ref<string | null>>

beforeEach(() => {
  vi.useFakeTimers()
  scope = effectScope()
  hands = new EventTarget()
  source = shallowRef<string | null>(null)
  shown = scope.run(() => useSteady(() => source.value, hands)) as Readonly<Ref<string | null>>
})
afterEach(() => {
  scope.stop()
  vi.useRealTimers()
})

const touch = () => hands.dispatchEvent(new Event('pointerdown'))

async function becomes(value: string | null): Promise<void> {
  source.value = value
  await nextTick()
}

describe('what stands under the bar', () => {
  it('comes and goes at once while nobody touches anything', async () => {
    await becomes('away')
    expect(shown.value).toBe('away')
    await becomes(null)
    expect(shown.value).toBeNull()
  })

  it('waits until the hands rest', async () => {
    touch()
    await becomes('away')
    vi.advanceTimersByTime(400)
    touch()
    vi.advanceTimersByTime(400)
    expect(shown.value).toBeNull()
    vi.advanceTimersByTime(100)
    expect(shown.value).toBe('away')
  })

  it('doesn’t wait for hands that never rest', async () => {
    touch()
    await becomes('away')
    for (let ms = 0; ms < 2_400; ms += 100) {
      vi.advanceTimersByTime(100)
      touch()
    }
    expect(shown.value).toBeNull()
    vi.advanceTimersByTime(100)
    expect(shown.value).toBe('away')
  })

  it('changes its words at once, for nothing moves', async () => {
    await becomes('away')
    touch()
    await becomes('paper')
    expect(shown.value).toBe('paper')
  })

  it('neither comes nor goes over a screen whose taps can’t be taken back', async () => {
    const paying = effectScope()
    paying.run(useStillness)
    await becomes('away')
    vi.advanceTimersByTime(10_000)
    expect(shown.value).toBeNull()
    paying.stop()
    await nextTick()
    expect(shown.value).toBe('away')

    const next = effectScope()
    next.run(useStillness)
    await becomes(null)
    vi.advanceTimersByTime(10_000)
    expect(shown.value).toBe('away')
    next.stop()
    await nextTick()
    expect(shown.value).toBeNull()
  })

  it('keeps waiting when such a screen opens before the hands rested', async () => {
    touch()
    await becomes('away')
    const paying = effectScope()
    paying.run(useStillness)
    vi.advanceTimersByTime(10_000)
    expect(shown.value).toBeNull()
    touch()
    paying.stop()
    await nextTick()
    expect(shown.value).toBeNull()
    vi.advanceTimersByTime(600)
    expect(shown.value).toBe('away')
  })

  it('stays away when the news was over before the hands rested', async () => {
    touch()
    await becomes('away')
    await becomes(null)
    vi.advanceTimersByTime(10_000)
    expect(shown.value).toBeNull()
  })
})

describe('a tap that can’t be taken back', () => {
  const page = new EventTarget()
  let tap: FinalTap
  watchHands(page)

  beforeEach(() => {
    vi.advanceTimersByTime(10_000)
    tap = scope.run(useFinalTap) as FinalTap
  })

  const heard = (type: string): Event => {
    const event = new Event(type, { cancelable: true })
    page.dispatchEvent(event)
    return event
  }
  /** A finger down and up again after `heldMs`: whether the tap counts. */
  const taps = (heldMs = 0): boolean => {
    heard('pointerdown')
    vi.advanceTimersByTime(heldMs)
    return tap.isMeant(heard('click'))
  }

  it('doesn’t count for half a second after its button came', () => {
    expect(tap.settled.value).toBe(false)
    expect(taps()).toBe(false)
    vi.advanceTimersByTime(350)
    expect(taps()).toBe(false)
    vi.advanceTimersByTime(140)
    expect(taps()).toBe(false)
    vi.advanceTimersByTime(20)
    expect(tap.settled.value).toBe(true)
    expect(taps()).toBe(true)
  })

  it('counts from where the finger went down, not from where it was lifted', () => {
    vi.advanceTimersByTime(450)
    expect(taps(200)).toBe(false)
    expect(taps(200)).toBe(true)
  })

  it('counts without a finger: a screen reader and a script only click', () => {
    vi.advanceTimersByTime(600)
    // The finger that opened the screen says nothing about a click that comes without one.
    heard('pointerdown')
    heard('click')
    changePlaces()
    vi.advanceTimersByTime(510)
    expect(tap.isMeant(heard('click'))).toBe(true)
  })

  it('begins anew when a dialog, another button or the bar comes or goes', async () => {
    vi.advanceTimersByTime(510)
    const other = effectScope()
    other.run(useFinalTap)
    expect(taps()).toBe(false)
    vi.advanceTimersByTime(510)
    expect(taps()).toBe(true)
    other.stop()
    expect(taps()).toBe(false)
    vi.advanceTimersByTime(510)
    await becomes('away')
    expect(shown.value).toBe('away')
    expect(taps()).toBe(false)
    vi.advanceTimersByTime(510)
    await becomes('paper')
    expect(taps()).toBe(true)
  })

  it('reaches nobody while it doesn’t count', () => {
    const early = new Event('click', { cancelable: true })
    page.dispatchEvent(early)
    const stop = vi.spyOn(early, 'stopImmediatePropagation')
    tap.keep(early)
    expect([early.defaultPrevented, stop.mock.calls.length]).toEqual([true, 1])
    vi.advanceTimersByTime(510)
    const meant = new Event('click', { cancelable: true })
    page.dispatchEvent(meant)
    tap.keep(meant)
    expect(meant.defaultPrevented).toBe(false)
  })
})
