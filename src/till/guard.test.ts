import 'fake-indexeddb/auto'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import type { QueueService } from '../queue/runner/service.ts'
import { MemoryStore } from '../queue/memory-store.ts'
import { contractDraft } from '../queue/testing/store-contract.ts'
import type { EntryDraft, Question } from '../queue/types.ts'
import { openAppDatabase, type AppDatabase } from '../storage/app-db.ts'
import { createKeyValueStore } from '../storage/key-value.ts'
import { useCashiersStore } from '../stores/cashiers.ts'
import { guardQueue, refusalFor } from './guard.ts'
import { provideServices, type QueueGateway, type Services } from './services.ts'
import { useSettingsStore } from '../stores/settings.ts'

let database: AppDatabase
let names = 0
let ids = 0
let store: MemoryStore
let answered: string[]
let question: Question

/** A window of the till, with the queue as its screens have it. */
async function openWindow() {
  const pinia = createPinia()
  setActivePinia(pinia)
  provideServices({
    keyValues: createKeyValueStore(database),
    refusal: refusalFor,
    now: () => 1_000,
    newId: () => `id-${++ids}`,
  } as unknown as Services)
  const cashiers = useCashiersStore()
  await Promise.all([cashiers.load(), useSettingsStore().load()])
  const service: Partial<QueueService> = {
    enqueue: (...args) => store.enqueue(...args),
    enqueueAll: (...args) => store.enqueueAll(...args),
    resolve: (...args) => store.resolve(...args),
    settleAtOtherRegister: (...args) => store.settleAtOtherRegister('device-1', ...args),
    snapshot: () =>
      ({ device: { question: { id: 'q', askedAtMs: 0, question } }, open: [] }) as unknown as ReturnType<
        QueueService['snapshot']
      >,
    answer: (id) => void answered.push(id),
    setHostLock: () => void answered.push('lock'),
  }
  const queue = guardQueue(service as unknown as Parameters<typeof guardQueue>[0])
  /** Brings the window to the front, where the next thing is done. */
  const front = () => {
    setActivePinia(pinia)
  }
  return { cashiers, queue, settings: useSettingsStore(), front }
}

async function signIn(window: Awaited<ReturnType<typeof openWindow>>, name: string): Promise<void> {
  const cashier = window.cashiers.list.find((candidate) => candidate.name === name)
  expect(await window.cashiers.signIn(cashier?.id ?? '', '')).toEqual({ kind: 'in' })
}

/** An administrator, a senior and a cashier; nobody has signed in yet. */
async function staff(): Promise<void> {
  const { cashiers } = await openWindow()
  await cashiers.save(null, { name: 'Айгүл', role: 'admin', pin: '4321' })
  await cashiers.save(null, { name: 'Дана', role: 'senior', pin: '' })
  await cashiers.save(null, { name: 'Иван', role: 'cashier', pin: '' })
}

const draft = (kind: EntryDraft['kind']) => (): EntryDraft => ({ ...contractDraft('x'), kind })
const tryZ = (queue: QueueGateway, id: string) => queue.enqueue(id, () => ({ ...draft('zReport')(), id }))

describe('who may do what', () => {
  beforeEach(async () => {
    database = await openAppDatabase(`guard-${++names}`)
    store = new MemoryStore()
    answered = []
    question = { kind: 'isReceiptOurs', number: 1, mark: 'A-0001' }
  })

  it('is everybody everything while there are no cashiers', async () => {
    const { queue } = await openWindow()
    expect((await tryZ(queue, 'z')).kind).toBe('enqueued')
    expect(await queue.answer('q', { kind: 'yes' })).toBeNull()
  })

  it('is asked where an operation is enqueued: a refusal stores nothing and says who may', async () => {
    await staff()
    const window = await openWindow()
    await signIn(window, 'Иван')
    const refusal = { kind: 'noRight', right: 'closeShift', name: 'Иван', who: ['Айгүл', 'Дана'] }
    expect(await tryZ(window.queue, 'z')).toEqual(refusal)
    expect(window.cashiers.refused).toEqual(refusal)
    expect((await window.queue.enqueue('d', draft('deposit'))).kind).toBe('enqueued')
    const both = ['deposit', 'zReport'] as const
    const all = await window.queue.enqueueAll(both.map((kind) => ({ id: kind, build: draft(kind) })))
    expect(all).toEqual(refusal)
    expect([...store.core.data.entries.keys()]).toEqual(['d'])
  })

  it('is asked before a question is answered, a refusal settled or the register locked', async () => {
    await staff()
    const window = await openWindow()
    await signIn(window, 'Иван')
    expect(await window.queue.answer('q', { kind: 'no' })).toMatchObject({ right: 'settleQueue' })
    const reason = { kind: 'writtenOff', reason: '-', atMs: 1 } as const
    expect(await window.queue.resolve('e', reason)).toMatchObject({ right: 'settleQueue' })
    expect(await window.queue.settleAtOtherRegister('e', { nowMs: 1, reason: '-' })).toMatchObject({
      right: 'settleQueue',
    })
    expect(await window.queue.setHostLock(true)).toMatchObject({ right: 'device', who: ['Айгүл'] })
    expect(answered).toEqual([])
    question = { kind: 'fix', code: -4 }
    expect(await window.queue.answer('q', { kind: 'goOn' })).toBeNull()
    await signIn(window, 'Дана')
    question = { kind: 'isReceiptOurs', number: 1, mark: 'A-0001' }
    expect(await window.queue.answer('q', { kind: 'no' })).toBeNull()
    expect(answered).toEqual(['q', 'q'])
  })

  it('counts as stored now: a role that another window changed, a cashier that it removed, the first one that it made', async () => {
    const open = await openWindow()
    await staff()
    open.front()
    expect(await tryZ(open.queue, 'none')).toMatchObject({ kind: 'noRight', name: '' })
    await signIn(open, 'Дана')
    expect((await tryZ(open.queue, 'z1')).kind).toBe('enqueued')
    const rows = (await database.get('settings', 'cashiers'))?.value as {
      name: string
      role: string
      active: boolean
    }[]
    const change = (fields: Partial<(typeof rows)[0]>) =>
      database.put('settings', {
        key: 'cashiers',
        value: rows.map((row) => (row.name === 'Дана' ? { ...row, ...fields } : row)),
      })
    await change({ role: 'cashier' })
    expect(await tryZ(open.queue, 'z2')).toMatchObject({ right: 'closeShift', name: 'Дана', who: ['Айгүл'] })
    await change({ active: false })
    expect(await open.queue.enqueue('d', draft('deposit'))).toMatchObject({ right: 'cashInOut', name: '' })
    expect([...store.core.data.entries.keys()]).toEqual(['z1'])
  })

  it('is nobody anything on a register that another window exchanged', async () => {
    const demo = { transport: 'demo', origin: '', relayId: '', deviceId: 'demo:' } as const
    const first = await openWindow()
    await first.settings.change({ device: demo })
    const second = await openWindow()
    await database.put('settings', {
      key: 'settings',
      value: { device: { ...demo, transport: 'direct', origin: 'http://r' } },
    })
    expect(await second.queue.enqueue('d', draft('deposit'))).toEqual({ kind: 'moved' })
    expect(store.core.data.entries.size).toBe(0)
  })

  it('is asked before settings are changed, but not how the screen looks', async () => {
    await staff()
    const window = await openWindow()
    await signIn(window, 'Иван')
    expect(await window.settings.change({ footerText: 'x' })).toMatchObject({ right: 'settings' })
    expect(await window.settings.change({ device: null })).toMatchObject({ right: 'device' })
    expect(await window.settings.change({ theme: 'dark' })).toBeNull()
    expect(window.settings.values).toMatchObject({ footerText: '', theme: 'dark' })
    expect(await window.cashiers.save(null, { name: 'Х', role: 'cashier', pin: '' })).toBe('notAllowed')
    expect(await window.cashiers.remove(window.cashiers.list[1]?.id ?? '')).toBe('notAllowed')
  })
})
