import { createPinia, setActivePinia } from 'pinia'
import { describe, expect, it } from 'vitest'
import type { Diagnosis } from '../ikkm/diagnosis.ts'
import { refusalFor } from '../till/guard.ts'
import { provideServices, type Services } from '../till/services.ts'
import { useSettingsStore, type KeptDevice } from './settings.ts'
import { useSetupStore, type ConnectionInput } from './setup.ts'

const DIRECT: ConnectionInput = { transport: 'direct', address: '192.168.1.50', relayId: '', key: '12345678' }
const ELSEWHERE: ConnectionInput = { ...DIRECT, address: '192.168.1.99' }
const DEMO: ConnectionInput = { transport: 'demo', address: '', relayId: '', key: '' }
const KEPT: KeptDevice = { transport: 'direct', origin: 'http://192.168.1.50:8080', relayId: '', deviceId: 'old' }
const KEPT_DEMO: KeptDevice = { transport: 'demo', origin: '', relayId: '', deviceId: 'practice' }

const readable = (serial: string | null): Diagnosis =>
  ({ kind: 'readable', lastNumber: 1, reasonLost: false, info: { serial } }) as Diagnosis

interface Till {
  readonly device?: KeptDevice | null
  /** Factory number of the register in use. */
  readonly serial?: string | null
  readonly answers?: Diagnosis
  readonly firstLook?: boolean
  readonly cashiers?: readonly unknown[]
}

/** A till as it stands, and what the assistant does to it. */
async function till({ device = KEPT, serial = '0117', answers = readable('0117'), firstLook, cashiers }: Till) {
  const stored = new Map<string, unknown>([
    ['settings', { device }],
    ['cashiers', cashiers],
  ])
  const did: string[] = []
  setActivePinia(createPinia())
  provideServices({
    firstLook: firstLook ?? false,
    refusal: refusalFor,
    keyValues: {
      get: (key: string) => Promise.resolve(stored.get(key)),
      set: (key: string, value: unknown) => Promise.resolve(void stored.set(key, value)),
      update: (key: string, next: (value: unknown) => unknown) =>
        Promise.resolve(void stored.set(key, next(stored.get(key)))),
    },
    setup: {
      diagnose: () => Promise.resolve(answers),
      inUse: () => Promise.resolve({ serial, waiting: 2 }),
      keep: (way: { origin: string; transport: string }, key: string) => {
        did.push(`keep ${way.transport} ${way.origin} ${key}`)
        return Promise.resolve('new')
      },
      restart: () => did.push('restart'),
    },
  } as unknown as Services)
  const settings = useSettingsStore()
  await settings.load()
  return { setup: useSetupStore(), settings, stored, did }
}

describe('setting a till up', () => {
  it('goes on in one go at a first start, and so does a register that takes the place of the first look', async () => {
    for (const before of [{ device: null }, { device: KEPT_DEMO, firstLook: true }]) {
      const { setup, did } = await till(before)
      await setup.connect(DIRECT)
      expect([setup.exchange, did.length]).toEqual([null, 2])
    }
  })

  it('takes a new key for the same register over the same way without a question', async () => {
    const { setup, did } = await till({})
    await setup.connect({ ...DIRECT, key: '87654321' })
    expect(did).toEqual(['keep direct http://192.168.1.50:8080 87654321', 'restart'])
  })

  it.each([
    ['the practice register', DEMO, {}],
    ['another address', ELSEWHERE, {}],
    ['a register that names no factory number', DIRECT, { answers: readable(null) }],
    ['a register whose number nobody knew before', DIRECT, { serial: null }],
    ['another factory number', DIRECT, { answers: readable('0999') }],
    ['a real one after the practice register was chosen', DIRECT, { device: KEPT_DEMO, serial: null }],
  ] as const)('asks before a till that is set up goes to %s', async (_what, input, before) => {
    const { setup, settings, did } = await till(before)
    const device = settings.values.device
    await setup.connect(input)
    expect(setup.exchange).not.toBeNull()
    expect([did, settings.values.device]).toEqual([[], device])
    await setup.save(input, { confirmed: true })
    expect(did.at(-1)).toBe('restart')
    expect(settings.values.device?.deviceId).toBe('new')
  })

  it('names both registers and what waits for the one in use', async () => {
    const { setup } = await till({ answers: readable('0999') })
    await setup.connect(ELSEWHERE)
    expect(setup.exchange).toEqual({
      from: { transport: 'direct', place: 'http://192.168.1.50:8080', serial: '0117' },
      to: { transport: 'direct', place: 'http://192.168.1.99:8080', serial: '0999' },
      waiting: 2,
      via: 'ready',
    })
  })

  it('asks before a way that does not answer replaces one that works', async () => {
    const { setup, did } = await till({ answers: { kind: 'refused' } })
    await setup.connect(ELSEWHERE)
    await setup.save(ELSEWHERE, { untested: true })
    expect([setup.exchange?.via, did]).toEqual(['untested', []])
  })

  it('takes a yes only for the two registers that stood in the question', async () => {
    const { setup, did } = await till({})
    await setup.announce(DEMO)
    expect(setup.exchange?.to.transport).toBe('demo')
    await setup.check(ELSEWHERE)
    await setup.save(ELSEWHERE, { confirmed: true })
    expect([setup.exchange?.to.place, did]).toEqual(['http://192.168.1.99:8080', []])
  })

  it('sees in a stale window that another one set the till up', async () => {
    const { setup, stored, did } = await till({ device: null })
    stored.set('settings', { device: KEPT })
    await setup.connect(DEMO)
    expect([setup.exchange?.from.place, did]).toEqual(['http://192.168.1.50:8080', []])
  })

  it('keeps nothing for somebody without the right', async () => {
    const cashier = { id: 'c', name: 'Айгүл', role: 'admin', pin: null, active: true }
    const { setup, did } = await till({ device: null, cashiers: [cashier] })
    const { useCashiersStore } = await import('./cashiers.ts')
    await useCashiersStore().load()
    await setup.connect(DIRECT)
    expect(did).toEqual([])
  })

  it('remembers that a person chose the practice register', async () => {
    const { setup, stored } = await till({ device: null })
    await setup.connect(DEMO)
    expect(stored.get('demo-chosen')).toBe(true)
  })
})
