/** What the bar says while a sale is on its way, and after a cause is gone. */
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import type { DeviceRecord, Entry } from '../queue/types.ts'
import { useDeviceStore } from './device.ts'
import { useQueueStore } from './queue.ts'
import { provideServices, type Services } from '../till/services.ts'

const NOW = 1_000_000

/** What the queue holds at this moment. */
let open: Entry[]
let record: DeviceRecord | null
let sending: boolean
let reads: number
/** What the register answers to a look at it. */
let answer: unknown

const entry = (parts: Partial<Entry>): Entry =>
  ({
    id: 'e',
    state: 'sending',
    question: null,
    bank: null,
    createdAtMs: NOW,
    attempts: 1,
    answered: 0,
    ...parts,
  }) as Entry
const card = { state: 'open', message: 'purchase' } as Entry['bank']

beforeEach(() => {
  setActivePinia(createPinia())
  open = []
  record = null
  sending = false
  reads = 0
  answer = { kind: 'ok', value: { shift: null, shiftOpen: null, rounding: null, defaultTaxId: null } }
  provideServices({
    now: () => NOW,
    keyValues: { get: () => Promise.resolve(null), update: () => Promise.resolve() },
    queue: {
      deviceId: 'd',
      snapshot: () => ({ device: record, open }),
      sending: () => sending,
      silentUntilMs: () => null,
    },
    device: {
      read: () => {
        reads += 1
        return Promise.resolve(answer)
      },
    },
  } as unknown as Services)
})

describe('what waits', () => {
  const waits = (parts: Partial<Entry>, afterMs: number): boolean => {
    open = [entry(parts)]
    const queue = useQueueStore()
    queue.refresh()
    return queue.waitingAt(NOW + afterMs)
  }

  it.each<[string, Partial<Entry>, number, boolean]>([
    ['a receipt that was sent just now', {}, 2_999, false],
    ['the same three seconds later', {}, 3_000, true],
    ['one that the register took, while its counters are read', { state: 'acked' }, 9_000, false],
    ['a card that is being read', { bank: card }, 60_000, false],
    ['a card that a person is asked about', { bank: card, question: {} as Entry['question'] }, 0, true],
    ['any question', { state: 'acked', question: {} as Entry['question'] }, 0, true],
  ])('%s', (_, parts, afterMs, expected) => {
    expect(waits(parts, afterMs)).toBe(expected)
  })

  it('is what another register has not taken, too', () => {
    const queue = useQueueStore()
    queue.atOtherRegisters = [{} as (typeof queue.atOtherRegisters)[number]]
    expect(queue.waitingAt(NOW)).toBe(true)
  })
})

describe('the state of the register', () => {
  it('names the card that is read, not a print', () => {
    sending = true
    open = [entry({ bank: card })]
    useQueueStore().refresh()
    expect(useDeviceStore().state).toBe('card')
    open = [entry({})]
    useQueueStore().refresh()
    expect(useDeviceStore().state).toBe('printing')
  })

  it('asks for attention no longer than its cause lasts', async () => {
    const queue = useQueueStore()
    const device = useDeviceStore()
    answer = { kind: 'code', code: -1, reason: 'incorrect-web-api-key' }
    await device.refresh()
    expect(device.state).toBe('attention')
    // The key was typed: a document went through, and the read of before says nothing any more.
    answer = { kind: 'ok', value: { shift: null, shiftOpen: null, rounding: null, defaultTaxId: null } }
    record = { key: '12345678' } as DeviceRecord
    queue.device = record
    await nextTick()
    expect(device.state).not.toBe('attention')
    expect(reads).toBe(2)
    await vi.waitFor(() => expect(device.state).toBe('ready'))
  })
})
