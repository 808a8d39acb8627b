import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ScaleProtocol } from '../domain/scale.ts'
import { provideServices, type Services } from '../till/services.ts'
import { fakeScale, type FakeScale } from '../till/testing/fake-scale.ts'
import { useScaleStore } from './scale.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const values = new Map<string, unknown>()

/** A till with this scale on its line; without one its browser has no serial lines. */
function till(scale: FakeScale | null, mayChange = true) {
  setActivePinia(createPinia())
  provideServices({
    serial: scale?.serial,
    refusal: () => Promise.resolve(mayChange ? null : { kind: 'refused', right: 'settings' }),
    keyValues: {
      get: (key: string) => Promise.resolve(values.get(key)),
      set: (key: string, value: unknown) => Promise.resolve(void values.set(key, value)),
    },
  } as unknown as Services)
  return useScaleStore()
}

/** Chooses the scale as a person does, waiting as long as it takes. */
async function chosen(scale: FakeScale): Promise<ReturnType<typeof till>> {
  const store = till(scale)
  const choosing = store.choose()
  await vi.advanceTimersByTimeAsync(20_000)
  expect(await choosing).toBe('kept')
  return store
}

beforeEach(() => values.clear())

describe('a scale', () => {
  it.each([
    ['massaK', 57_600, 'none'],
    ['massaK', 4_800, 'even'],
    ['massaK', 19_200, 'none'],
    ['cas', 9_600, 'none'],
    ['casStream', 9_600, 'none'],
  ] as const)('that speaks %s at %i is found, kept, and read', async (protocol: ScaleProtocol, baudRate, parity) => {
    const scale = fakeScale(protocol, baudRate)
    const store = await chosen(scale)
    expect(store.kept).toEqual({ protocol, baudRate, parity, usb: '1a86:7523' })
    expect(scale.isOpen).toBe(false)
    scale.put(435)
    await store.watch()
    await vi.advanceTimersByTimeAsync(500)
    expect(store.state).toEqual({ kind: 'weight', grams: 435, stable: true })
    scale.put(440, false)
    await vi.advanceTimersByTimeAsync(500)
    expect(store.state).toEqual({ kind: 'weight', grams: 440, stable: false })
    await store.unwatch()
    expect(scale.isOpen).toBe(false)
    // The next product begins without the weight of the last one.
    expect(store.state).toEqual({ kind: 'starting' })
  })

  it('that goes silent, stumbles, or is unplugged has no weight any more, and comes back', async () => {
    const scale = fakeScale('massaK', 57_600)
    const store = await chosen(scale)
    scale.put(435)
    await store.watch()
    await vi.advanceTimersByTimeAsync(300)
    scale.stumble()
    await vi.advanceTimersByTimeAsync(500)
    expect(store.state).toMatchObject({ kind: 'weight', grams: 435 })
    scale.mute = true
    await vi.advanceTimersByTimeAsync(2_000)
    expect(store.state).toEqual({ kind: 'silent' })
    scale.mute = false
    await vi.advanceTimersByTimeAsync(500)
    expect(store.state).toMatchObject({ kind: 'weight' })
    scale.unplug()
    await vi.advanceTimersByTimeAsync(100)
    expect(store.state).toEqual({ kind: 'lost', why: 'unplugged' })
    // Nothing is asked for again while the plug is out; with it in, a tap is enough.
    await store.again()
    expect(store.state).toEqual({ kind: 'lost', why: 'unplugged' })
    scale.plugIn()
    await store.again()
    await vi.advanceTimersByTimeAsync(500)
    expect(store.state).toMatchObject({ kind: 'weight', grams: 435 })
    await store.unwatch()
  })

  it('that another program has is said to be busy, and nothing is kept', async () => {
    const scale = fakeScale('cas', 9_600)
    scale.taken = true
    const store = till(scale)
    expect(await store.choose()).toBe('busy')
    expect([store.kept, values.get('scale')]).toEqual([null, undefined])
  })

  it('that says nothing isn’t kept, and every way was tried', async () => {
    const scale = fakeScale('cas', 9_600)
    scale.mute = true
    const store = till(scale)
    const choosing = store.choose()
    await vi.advanceTimersByTimeAsync(20_000)
    expect(await choosing).toBe('notFound')
    expect(new Set(scale.opened).size).toBeGreaterThan(4)
    expect([store.kept, scale.isOpen, store.finding]).toEqual([null, false, false])
  })

  it('that nobody chose, whose place is somebody else’s, or that a browser can’t have changes nothing', async () => {
    const scale = fakeScale('cas', 9_600)
    const cancelled = till({
      ...scale,
      serial: { ...scale.serial, requestPort: () => Promise.reject(new Error('no')) },
    })
    expect(await cancelled.choose()).toBe('notChosen')
    expect(await till(scale, false).choose()).toBe('refused')
    const without = till(null)
    expect([without.possible, await without.choose()]).toEqual([false, 'refused'])
    await without.watch()
    expect([scale.opened, without.kept]).toEqual([[], null])
  })

  it('is opened once for two screens, closed by the last, and forgotten for good', async () => {
    const scale = fakeScale('massaK', 57_600)
    const store = await chosen(scale)
    const before = scale.opened.length
    await Promise.all([store.watch(), store.watch()])
    await store.unwatch()
    expect([scale.opened.length - before, scale.isOpen]).toEqual([1, true])
    await store.unwatch()
    expect(scale.isOpen).toBe(false)
    await store.forget()
    await store.watch()
    expect([store.kept, scale.isOpen]).toEqual([null, false])
  })

  it.each([undefined, null, 'x', {}, { protocol: 'other', baudRate: 1, parity: 'none', usb: '' }])(
    'kept as %j is none',
    async (stored) => {
      values.set('scale', stored)
      expect(await till(fakeScale('cas', 9_600)).load()).toBeNull()
    },
  )
})
