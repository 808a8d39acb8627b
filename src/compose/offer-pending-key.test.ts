import { describe, expect, it } from 'vitest'
import { newDeviceRecord, type DeviceRecord } from '../queue/types.ts'
import { offerPendingKey } from './offer-pending-key.ts'

const BOUND = '11111111'
const TYPED = '22222222'

/** A queue whose record the test changes; what it was given, and whether the typed key was forgotten. */
function queueWith(stored: unknown) {
  const base = newDeviceRecord({ id: 'a', key: BOUND, trackPrefix: 1 })
  let device: DeviceRecord = { ...base, bound: 'sale' }
  const listeners = new Set<() => void>()
  const said: string[] = []
  offerPendingKey(
    stored,
    {
      snapshot: () => ({ device, open: [] }),
      subscribe: (listener) => {
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
      provideKey: (key) => {
        said.push(key)
        return Promise.resolve('accepted')
      },
    },
    () => Promise.resolve(void said.push('forgotten')),
  )
  const becomes = (change: Partial<DeviceRecord>) => {
    device = { ...device, ...change }
    for (const listener of listeners) listener()
  }
  return { said, becomes }
}

describe('a key typed while another one is bound to a request in doubt', () => {
  it('waits, and answers the question when the bound key is lost', () => {
    const { said, becomes } = queueWith({ key: TYPED, over: BOUND })
    becomes({ lastNumber: 4 })
    expect(said).toEqual([])
    becomes({ key: null, bound: null })
    expect(said).toEqual([TYPED])
    becomes({ key: TYPED })
    expect(said).toEqual([TYPED, 'forgotten'])
    becomes({ key: null })
    expect(said).toEqual([TYPED, 'forgotten'])
  })

  it('is out of date when the request went through and brought a newer key', () => {
    const { said, becomes } = queueWith({ key: TYPED, over: BOUND })
    becomes({ key: '33333333', bound: null })
    expect(said).toEqual(['forgotten'])
  })

  it('is nothing where something else is stored', () => {
    const { said, becomes } = queueWith('22222222')
    becomes({ key: null, bound: null })
    expect(said).toEqual([])
  })
})
