import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, nextTick, shallowRef, type EffectScope, type Ref } from 'vue'
import { useSteady, useStillness } from './steady.ts'

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
