import { describe, expect, it } from 'vitest'
import { IkkmDevice, newDeviceState } from '../../device-model/device.ts'
import { tiyn } from '../../domain/money.ts'
import { depositRequest } from '../../ikkm/requests.ts'
import * as rareSteps from '../rare-steps.ts'
import type { QueueStore } from '../store.ts'
import { DEPARTS_WITHIN_MS, newDeviceRecord, type EntryDraft } from '../types.ts'
import { beginTenure, LEASE_MS } from './driver.ts'
import type { QueueService } from './service.ts'
import { DEVICE_ID, saleDraft, World } from './testing/tabs.ts'

const KEY = '12345678'

function shop(options: { readonly latencyMs?: number; readonly hostLockWanted?: boolean } = {}) {
  const state = newDeviceState({ seed: 1, nowMs: 1_800_000_000_000, key: KEY, lastShift: 7 })
  const device = new IkkmDevice(state)
  const line = { silent: false }
  const world = new World({
    key: KEY,
    ...options,
    answer: (request, nowMs) =>
      line.silent ? { kind: 'silence', cause: 'network', sent: 'perhaps' } : device.handle(request, nowMs),
  })
  const sales = () => device.ledger().filter((document) => document.kind === 'sale')
  return { world, device, sales, line }
}

/** Two windows of one till, started in this order: the first one sends. */
async function twoTabs(world: World): Promise<readonly [QueueService, QueueService]> {
  const tabs = [world.open('a'), world.open('b')] as const
  for (const tab of tabs) await tab.start()
  return tabs
}

/** A store whose transactions fail while `broken` is set. */
function fragile(store: QueueStore) {
  const state = { broken: false, readsBroken: false, claims: 0 }
  const guard =
    <A extends unknown[], T>(call: (...args: A) => Promise<T>, when: () => boolean) =>
    (...args: A): Promise<T> =>
      when() ? Promise.reject(new DOMException('no room', 'QuotaExceededError')) : call(...args)
  const wrapped: QueueStore = {
    createDevice: (device) => store.createDevice(device),
    storeKey: (...args) => store.storeKey(...args),
    mergeDevice: (...args) => store.mergeDevice(...args),
    load: guard(
      (id) => store.load(id),
      () => state.readsBroken,
    ),
    lease: (id) => store.lease(id),
    claim: guard(
      (...args) => {
        state.claims += 1
        return store.claim(...args)
      },
      () => state.broken,
    ),
    commit: guard(
      (...args) => store.commit(...args),
      () => state.broken,
    ),
    enqueue: guard(
      (...args) => store.enqueue(...args),
      () => state.broken,
    ),
    enqueueAll: guard(
      (...args) => store.enqueueAll(...args),
      () => state.broken,
    ),
    resolve: (...args) => store.resolve(...args),
    openAtOtherRegisters: (...args) => store.openAtOtherRegisters(...args),
    settleAtOtherRegister: (...args) => store.settleAtOtherRegister(...args),
    entry: (id) => store.entry(id),
    registeredAs: (...args) => store.registeredAs(...args),
    registeredInShift: (...args) => store.registeredInShift(...args),
  }
  return { store: wrapped, state }
}

/** Its first record of a send is durable, and then the request waits for its turn. */
function heldAtBinding(world: World): QueueStore {
  let held = false
  const { store } = world
  return new Proxy<QueueStore>(store, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property)
      if (typeof value !== 'function') return value
      return async (...given: unknown[]): Promise<unknown> => {
        const result: unknown = await Reflect.apply(value, target, given)
        const change = property === 'commit' ? (given[1] as Parameters<QueueStore['commit']>[1]) : null
        if (!held && typeof change?.device?.bound === 'string') held = world.turnIsBlocked = true
        return result
      }
    },
  })
}

/** What this call of the store has done becomes known only when it is let go. */
function held(store: QueueStore, call: 'enqueue' | 'claim') {
  let release = (): void => undefined
  const until = new Promise<void>((resolve) => (release = resolve))
  const wrapped = new Proxy<QueueStore>(store, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property)
      if (typeof value !== 'function') return value
      return async (...given: unknown[]): Promise<unknown> => {
        const result: unknown = await Reflect.apply(value, target, given)
        if (property === call) await until
        return result
      }
    },
  })
  return { store: wrapped, release: () => release() }
}

const heldEnqueue = (store: QueueStore) => held(store, 'enqueue')
const heldClaim = (store: QueueStore) => held(store, 'claim')

/** The browser freezes the tab while its first record of a send becomes durable. */
function frozenAtBinding(world: World, tab: string): QueueStore {
  let frozen = false
  const setTimer = world.timerFor(tab)
  return new Proxy<QueueStore>(world.store, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property)
      if (typeof value !== 'function') return value
      return async (...given: unknown[]): Promise<unknown> => {
        const result: unknown = await Reflect.apply(value, target, given)
        const change = property === 'commit' ? (given[1] as Parameters<QueueStore['commit']>[1]) : null
        if (frozen || typeof change?.device?.bound !== 'string') return result
        frozen = true
        world.freeze(tab)
        await new Promise<void>((resolve) => void setTimer(resolve, 0))
        return result
      }
    },
  })
}

describe('the queue over several tabs', () => {
  it('sends the sale of any tab by the one tab that holds the lock, once, and every tab sees it done', async () => {
    const { world, sales } = shop({ latencyMs: 1_000 })
    const [a, b] = await twoTabs(world)
    await world.advance(100)
    await world.sell(b, 'sale-1')
    expect(b.snapshot()?.open.map((entry) => entry.id)).toEqual(['sale-1'])
    await world.advance(20_000)
    expect(world.registrations().map((sent) => sent.tab)).toEqual(['a'])
    expect(sales()).toHaveLength(1)
    expect(world.entry('sale-1')).toMatchObject({ state: 'done', number: sales()[0]?.number })
    expect([a.snapshot()?.open, b.snapshot()?.open]).toEqual([[], []])
  })

  it('shows a sale in its own tab from the moment that it is durable', async () => {
    const { world } = shop({ latencyMs: 1_000 })
    const a = world.open('a')
    await a.start()
    await world.advance(100)
    await world.sell(a, 'sale-1')
    expect(a.snapshot()?.open.map((entry) => entry.id)).toEqual(['sale-1'])
  })

  it('lets the request leave before the screens hear of the sale, and lets nothing else hold them up', async () => {
    const { world, line } = shop({ hostLockWanted: true })
    const a = world.open('a')
    await a.start()
    // The first receipt teaches the register's clock; without it nothing is sent on an older look.
    await world.sell(a, 'sale-0')
    await world.advance(60_000)
    const already = world.registrations().length
    a.prepare()
    await world.advance(5_000)
    const order: string[] = []
    a.subscribe(() => {
      if (a.snapshot()?.open.length === 1 && world.registrations().length === already) order.push('drawn early')
    })
    const selling = a.enqueue('sale-1', saleDraft('sale-1', world.nowMs)).then(() => order.push('resolved'))
    await world.advance(0)
    await selling
    expect(world.registrations()).toHaveLength(already + 1)
    expect(order.at(-1)).toBe('resolved')

    await world.advance(20_000)
    line.silent = true
    world.turnIsBlocked = true
    const before = world.nowMs
    let resolvedAt = 0
    void a.enqueue('sale-2', saleDraft('sale-2', world.nowMs)).then(() => (resolvedAt = world.nowMs))
    await world.advance(100)
    expect(resolvedAt).toBe(before + 60)
    expect((await world.sell(a, 'sale-3')).kind).toBe('enqueued')
  })

  it('goes on in another tab at once when the sender dies, also in the middle of an exchange', async () => {
    const { world, sales } = shop({ latencyMs: 1_000 })
    const [a] = await twoTabs(world)
    await world.sell(a, 'sale-1')
    for (let tick = 0; tick < 100 && world.registrations().length === 0; tick += 1) await world.advance(100)
    world.kill('a')
    const diedAt = world.nowMs
    await world.advance(60_000)
    const firstOfB = world.sent.find((sent) => sent.tab === 'b')
    expect(firstOfB?.atMs).toBeLessThan(diedAt + 2_000)
    expect(sales()).toHaveLength(1)
    expect(world.entry('sale-1')).toMatchObject({ state: 'done', number: sales()[0]?.number })
  })

  it('takes over at once from a frozen holder of whom nothing can be about to leave, and that one sends nothing any more', async () => {
    const { world, sales } = shop()
    const [a, b] = await twoTabs(world)
    await world.advance(1_000)
    a.prepare()
    await world.advance(5_000)
    world.freeze('a')
    await world.sell(b, 'sale-1')
    expect(b.silentUntilMs()).toBeNull()
    await world.advance(5_000)
    expect(world.registrations().map((sent) => sent.tab)).toEqual(['b'])
    const epoch = world.data.leases.get(DEVICE_ID)?.epoch
    world.thaw('a')
    await world.advance(60_000)
    // A look at most: whatever it would change it counts first, and that is forbidden to it.
    expect(world.sent.filter((sent) => sent.tab === 'a' && sent.request.path === '/api/')).toEqual([])
    expect(world.data.leases.get(DEVICE_ID)).toMatchObject({ epoch, holder: 'b' })
    expect(sales()).toHaveLength(1)
    expect(world.entry('sale-1')?.state).toBe('done')
  })

  it('calls a typed key accepted only when it is on the disk, also by the sender itself', async () => {
    const { world, device } = shop()
    const a = world.open('a')
    await a.start()
    await world.advance(1_000)
    for (let documents = 0; documents < 2; documents++) {
      device.foreignOperation({ kind: 'sale', totalTiyn: 70_000 }, world.nowMs)
    }
    a.prepare()
    await world.advance(5_000)
    expect(a.snapshot()?.device.question?.question.kind).toBe('key')
    let stored: string | null | undefined
    void a.provideKey('11112222').then(() => (stored = world.data.devices.get(DEVICE_ID)?.key))
    await world.advance(1)
    expect(stored).toBe('11112222')
  })

  it('keeps a key that is typed in a tab whose sender is frozen, or has not begun yet', async () => {
    const { world } = shop()
    const [a, b] = await twoTabs(world)
    await world.advance(1_000)
    world.freeze('a')
    expect(await b.provideKey('87654321')).toBe('accepted')
    expect(world.data.devices.get(DEVICE_ID)?.key).toBe('87654321')
    expect(b.snapshot()?.device.key).toBe('87654321')
    expect(await b.provideKey('1234')).toBe('malformed')
    world.thaw('a')
    await world.sell(a, 'sale-1')
    await world.advance(10_000)
    // The one that wakes tries the typed key, not its own copy of the old one.
    expect(world.data.devices.get(DEVICE_ID)?.question?.question).toEqual({ kind: 'key', refused: '87654321' })
  })

  it('sends nothing for a register that has a record already, until the two are joined', async () => {
    const { world, device, sales } = shop()
    const serial = device.state.options.factorySerialNumber
    const known = newDeviceRecord({ id: 'known', key: '11111111', trackPrefix: 1 })
    world.store.core.createDevice({ ...known, serial })
    const a = world.open('a')
    await a.start()
    await world.sell(a, 'sale-1')
    await world.advance(60_000)
    expect(a.snapshot()?.device.sameAs).toBe(serial)
    expect([world.registrations(), sales()]).toEqual([[], []])
    expect(world.entry('sale-1')?.state).toBe('queued')
  })

  it('waits for the end of the lease where a counted send of the frozen holder may still leave, and says until when', async () => {
    const { world, sales } = shop()
    const [a, b] = [world.open('a', { store: heldAtBinding(world) }), world.open('b')]
    await a.start()
    await b.start()
    await world.sell(a, 'sale-1')
    await world.advance(5_000)
    expect(world.entry('sale-1')).toMatchObject({ state: 'sending', attempts: 1 })
    const leaseUntilMs = world.data.leases.get(DEVICE_ID)?.untilMs ?? 0
    world.freeze('a')
    world.turnIsBlocked = false
    await world.sell(b, 'sale-2')
    await world.advance(5_000)
    expect(b.silentUntilMs()).toBe(leaseUntilMs)
    await world.advance(leaseUntilMs - world.nowMs - 100)
    expect(world.registrations()).toEqual([])
    await world.advance(30_000)
    expect(b.silentUntilMs()).toBeNull()
    world.thaw('a')
    await world.advance(60_000)
    expect(world.registrations().map((sent) => sent.tab)).toEqual(['b', 'b'])
    expect(sales()).toHaveLength(2)
    expect(world.entry('sale-2')?.state).toBe('done')
  })

  it('sends no operation later than half a minute after the record that counts it: it is counted anew', async () => {
    const { world, sales } = shop()
    const a = world.open('a', { store: heldAtBinding(world) })
    await a.start()
    await world.sell(a, 'sale-1')
    await world.advance(5_000)
    await world.advance(DEPARTS_WITHIN_MS + 5_000)
    world.turnIsBlocked = false
    await world.advance(60_000)
    const [sent] = world.registrations()
    const entry = world.entry('sale-1')
    expect(sales()).toHaveLength(1)
    expect(entry).toMatchObject({ state: 'done', attempts: 2 })
    expect((sent?.atMs ?? 0) - (entry?.lastSentAtMs ?? 0)).toBeLessThanOrEqual(DEPARTS_WITHIN_MS)
  })

  it('never sends in a turn that comes after its lease was taken', async () => {
    const { world, sales } = shop()
    const [a, b] = await twoTabs(world)
    await world.advance(1_000)
    world.turnIsBlocked = true
    await world.sell(a, 'sale-1')
    await world.advance(1_000)
    world.freeze('a')
    b.retryNow()
    await world.advance(LEASE_MS + 10_000)
    world.turnIsBlocked = false
    await world.advance(30_000)
    expect(world.holder()).toBe('b')
    world.thaw('a')
    await world.advance(60_000)
    expect(world.sent.filter((sent) => sent.tab === 'a')).toEqual([])
    expect(sales()).toHaveLength(1)
  })

  it('becomes the next in line again after its lock was taken, and serves when the thief is gone', async () => {
    const { world, sales } = shop()
    const [a, b] = await twoTabs(world)
    await world.advance(1_000)
    world.freeze('a')
    b.retryNow()
    await world.advance(LEASE_MS + 10_000)
    world.thaw('a')
    await world.advance(10_000)
    world.kill('b')
    await world.advance(5_000)
    await world.sell(a, 'sale-1')
    await world.advance(30_000)
    expect(world.holder()).toBe('a')
    expect(sales()).toHaveLength(1)
    expect(world.entry('sale-1')?.state).toBe('done')
  })

  it('loses no sale that is made in a tab which does not know yet that it was replaced', async () => {
    const { world, sales } = shop()
    const [a, b] = await twoTabs(world)
    await world.advance(1_000)
    world.freeze('a')
    b.retryNow()
    await world.advance(LEASE_MS + 10_000)
    world.thaw('a')
    await world.sell(a, 'sale-1')
    await world.advance(30_000)
    expect(world.registrations().map((sent) => sent.tab)).toEqual(['b'])
    expect(sales()).toHaveLength(1)
    expect(world.entry('sale-1')?.state).toBe('done')
  })

  it('registers no sale a second time whose tab was frozen between storing it and saying so', async () => {
    const { world, sales } = shop()
    const slow = heldEnqueue(world.store)
    const [a, b] = [world.open('a'), world.open('b', { store: slow.store })]
    await a.start()
    await b.start()
    await world.advance(1_000)
    const stored = b.enqueue('sale-1', saleDraft('sale-1', world.nowMs))
    await world.advance(100)
    // Somebody else finds the record, registers it and is gone.
    a.retryNow()
    await world.advance(20_000)
    expect(sales()).toHaveLength(1)
    const c = world.open('c')
    await c.start()
    world.kill('a')
    await world.advance(5_000)
    slow.release()
    await world.advance(30_000)
    expect((await stored).kind).toBe('enqueued')
    expect(sales()).toHaveLength(1)
  })

  it('takes a sale that a tab stored before it died as soon as somebody looks at another one', async () => {
    const { world, sales } = shop()
    const slow = heldEnqueue(world.store)
    const [a, b] = [world.open('a'), world.open('b', { store: slow.store })]
    await a.start()
    await b.start()
    await world.advance(1_000)
    void b.enqueue('sale-1', saleDraft('sale-1', world.nowMs))
    await world.advance(100)
    world.kill('b')
    await world.advance(60_000)
    expect(sales()).toEqual([])
    a.retryNow()
    await world.advance(20_000)
    expect(sales()).toHaveLength(1)
  })

  it('counts what another tab stored at once in the tab that sends, also while its register waits for a person', async () => {
    const { world, device } = shop()
    const [a, b] = await twoTabs(world)
    await world.advance(1_000)
    device.changeKey()
    void b.enqueue('sale-1', saleDraft('sale-1', world.nowMs))
    await world.advance(60_000)
    expect(a.snapshot()?.device.question?.question.kind).toBe('key')
    void b.enqueue('sale-2', saleDraft('sale-2', world.nowMs))
    await world.advance(500)
    expect(a.snapshot()?.open.map(({ id }) => id)).toEqual(['sale-1', 'sale-2'])
  })

  it('takes no written-off receipt for open any more, in the tab that sends either', async () => {
    const { world } = shop()
    const a = world.open('a')
    await a.start()
    await world.advance(1_000)
    void a.enqueue('sale-1', (place) => {
      const draft = saleDraft('sale-1', world.nowMs)(place)
      const { request } = draft
      return request === null ? draft : { ...draft, request: { ...request, body: `${request.body}&tax=999` } }
    })
    await world.advance(LEASE_MS)
    expect(a.snapshot()?.open.map(({ state }) => state)).toEqual(['refused'])
    await a.resolve('sale-1', { kind: 'writtenOff', reason: 'test', atMs: world.nowMs })
    await world.advance(10)
    expect(a.snapshot()?.open).toEqual([])
  })

  it('sends nothing half a minute after the record that counts it, also where the tab was frozen before its turn', async () => {
    const { world } = shop()
    const a = world.open('a', { store: frozenAtBinding(world, 'a') })
    await a.start()
    void a.enqueue('sale-1', saleDraft('sale-1', world.nowMs))
    await world.advance(100)
    await world.advance(DEPARTS_WITHIN_MS + 10_000)
    world.thaw('a')
    await world.advance(60_000)
    const [sent] = world.registrations()
    const entry = world.entry('sale-1')
    expect(entry).toMatchObject({ state: 'done' })
    expect((sent?.atMs ?? 0) - (entry?.lastSentAtMs ?? 0)).toBeLessThanOrEqual(DEPARTS_WITHIN_MS)
  })

  it('calls no key accepted that its sender could not take, and says where another one is bound', async () => {
    const { world, line } = shop({ latencyMs: 40_000 })
    const [a, b] = [world.open('a', { without: 'locks' }), world.open('b', { without: 'locks' })]
    await a.start()
    await world.advance(1_000)
    // The tab that was opened last writes now, and the first one doesn't know.
    await b.start()
    await world.advance(1_000)
    const typed = a.provideKey('11112222')
    await world.advance(60_000)
    expect(await typed).toBe('accepted')
    expect(world.data.devices.get(DEVICE_ID)?.key).toBe('11112222')
    expect(line.silent).toBe(false)
  })

  it('does not begin to send after it was stopped while it claimed, and its stopping ends', async () => {
    const { world } = shop()
    const slow = heldClaim(world.store)
    const a = world.open('a', { store: slow.store })
    await a.start()
    await world.advance(10)
    let ended = false
    void a.stop().then(() => (ended = true))
    slow.release()
    await world.advance(5_000)
    expect(ended).toBe(true)
    expect(world.holder()).toBeNull()
    await world.sell(world.open('b'), 'sale-1')
    await world.advance(60_000)
    expect(world.sent).toEqual([])
  })

  it('tells the end of a storage failure, also in a tab that only looks', async () => {
    const { world } = shop()
    const broken = fragile(world.store)
    const told: unknown[] = []
    const [a, b] = [
      world.open('a'),
      world.open('b', { store: broken.store, onStorage: (error) => told.push(error === null ? 'works' : 'fails') }),
    ]
    await a.start()
    await b.start()
    await world.advance(1_000)
    broken.state.readsBroken = true
    await world.sell(a, 'sale-1')
    await world.advance(20_000)
    expect(told.at(-1)).toBe('fails')
    broken.state.readsBroken = false
    await world.advance(10_000)
    expect(told.at(-1)).toBe('works')
    expect(b.snapshot()?.open).toEqual([])
  })

  it('lets the tab that was opened last send where the browser has no locks, without a race', async () => {
    const { world, sales } = shop()
    const a = world.open('a', { without: 'locks' })
    await a.start()
    await world.advance(1_000)
    const b = world.open('b', { without: 'locks' })
    await b.start()
    await world.advance(1_000)
    await world.sell(a, 'sale-1')
    await world.advance(20_000)
    expect(world.data.leases.get(DEVICE_ID)?.epoch).toBe(2)
    expect(sales()).toHaveLength(1)
    world.kill('b')
    await world.sell(a, 'sale-2')
    await world.advance(LEASE_MS + 60_000)
    expect(sales()).toHaveLength(2)
    expect(world.entry('sale-2')?.state).toBe('done')
  })

  it('takes what was enqueued while it claimed, and takes nothing twice', async () => {
    const { world, sales } = shop()
    const a = world.open('a')
    const starting = a.start()
    const drafts = ['sale-1', 'sale-2', 'sale-3']
    const asked = Promise.all([
      starting,
      ...drafts.map((id) => a.enqueue(id, saleDraft(id, world.nowMs))),
      ...drafts.map((id) => a.enqueue(id, saleDraft(id, world.nowMs))),
    ])
    await world.advance(1_000)
    expect((await asked).flatMap((result) => (result ? [result.kind] : [])).sort()).toEqual([
      ...drafts.map(() => 'enqueued'),
      ...drafts.map(() => 'known'),
    ])
    await world.advance(60_000)
    expect(sales().map((document) => document.number)).toEqual(drafts.map((id) => world.entry(id)?.number))
    expect(a.snapshot()?.open).toEqual([])
  })
})

describe('the queue over a failing storage', () => {
  it('sends nothing after a failed transaction, says so, and goes on when the storage works again', async () => {
    const { world, sales } = shop({ latencyMs: 1_000 })
    const { store, state } = fragile(world.store)
    const told: unknown[] = []
    const a = world.open('a', { store, onStorage: (error) => told.push(error) })
    await a.start()
    await world.advance(5_000)
    await world.sell(a, 'sale-1')
    state.broken = true
    await world.advance(30_000)
    expect(world.registrations()).toEqual([])
    expect(told.at(-1)).toMatchObject({ name: 'QuotaExceededError' })
    await expect(world.sell(a, 'sale-2')).rejects.toMatchObject({
      name: 'QuotaExceededError',
    })
    state.broken = false
    await world.advance(30_000)
    expect(told.at(-1)).toBeNull()
    expect(sales()).toHaveLength(1)
    expect(world.entry('sale-1')?.state).toBe('done')
  })

  it('asks the device what became of a receipt whose answer could not be stored', async () => {
    const { world, sales } = shop({ latencyMs: 1_000 })
    const { store, state } = fragile(world.store)
    const a = world.open('a', { store })
    await a.start()
    await world.sell(a, 'sale-1')
    for (let tick = 0; tick < 100 && world.registrations().length === 0; tick += 1) await world.advance(100)
    state.broken = true
    await world.advance(20_000)
    expect(world.entry('sale-1')).toMatchObject({ state: 'sending', attempts: 1, number: null })
    state.broken = false
    await world.advance(60_000)
    expect(sales()).toHaveLength(1)
    expect(world.entry('sale-1')).toMatchObject({ state: 'done', number: sales()[0]?.number })
  })

  it('does not call a sale refused that is durable, only because the records cannot be read again', async () => {
    const { world } = shop()
    const { store, state } = fragile(world.store)
    const told: unknown[] = []
    // Nobody serves in this tab, so that it has to read.
    await world.open('holder').start()
    await world.advance(100)
    const a = world.open('a', { store, onStorage: (error) => told.push(error) })
    await a.start()
    state.readsBroken = true
    const result = await world.sell(a, 'sale-1')
    expect(result.kind).toBe('enqueued')
    expect(told.at(-1)).toMatchObject({ name: 'QuotaExceededError' })
  })

  it('waits patiently for a device that the ledger does not know yet', async () => {
    const { world } = shop()
    const { store, state } = fragile(world.store)
    const kept = world.data.devices.get(DEVICE_ID)
    world.data.devices.clear()
    const a = world.open('a', { store })
    await a.start()
    await world.advance(60_000)
    expect(state.claims).toBeGreaterThan(5)
    expect(state.claims).toBeLessThan(20)
    if (kept) world.store.core.createDevice(kept)
    await world.advance(10_000)
    expect(a.snapshot()?.device.id).toBe(DEVICE_ID)
  })

  it('stops within one pause, sends nothing afterwards and leaves the lock', async () => {
    const { world } = shop()
    const a = world.open('a')
    await a.start()
    await world.advance(1_000)
    const stopped = a.stop()
    await world.advance(10_000)
    await stopped
    expect(world.holder()).toBeNull()
    await world.sell(a, 'sale-1')
    await world.advance(60_000)
    expect(world.sent).toEqual([])
  })
})

describe('the steps that are fetched later', () => {
  function pay(world: World, tab: QueueService): void {
    const amount = tiyn(500_000)
    const build = (place: { readonly sequence: number; readonly mark: string }): EntryDraft => ({
      ...saleDraft('cash-1', world.nowMs)(place),
      kind: 'deposit',
      request: depositRequest(amount),
      receipt: null,
      amount,
    })
    void tab.enqueue('cash-1', build)
  }

  it('are not asked for by an ordinary sale', async () => {
    const { world, sales } = shop({ hostLockWanted: true })
    let asked = 0
    const loadSteps = () => {
      asked += 1
      return Promise.resolve(rareSteps)
    }
    const a = world.open('a', { loadSteps })
    await a.start()
    await world.sell(a, 'sale-1')
    await world.advance(60_000)
    expect(world.entry('sale-1')?.state).toBe('done')
    expect(sales()).toHaveLength(1)
    expect(asked).toBe(0)
  })

  it('are asked for until they are there, and what waited for them goes on', async () => {
    const { world, device, sales } = shop({ hostLockWanted: true })
    const fetched = { asked: 0, fails: true }
    const loadSteps = () => {
      fetched.asked += 1
      return fetched.fails ? Promise.reject(new TypeError('not fetched')) : Promise.resolve(rareSteps)
    }
    const a = world.open('a', { loadSteps })
    await a.start()
    pay(world, a)
    await world.advance(10_000)
    expect(fetched.asked).toBeGreaterThan(2)
    expect(world.entry('cash-1')?.state).toBe('queued')
    await world.sell(a, 'sale-1')
    expect(world.entry('sale-1')?.state).toBe('queued')
    fetched.fails = false
    const before = fetched.asked
    await world.advance(60_000)
    expect(world.entry('cash-1')?.state).toBe('done')
    expect(world.entry('sale-1')?.state).toBe('done')
    expect(device.ledger().filter((document) => document.kind === 'deposit')).toHaveLength(1)
    expect(sales()).toHaveLength(1)
    expect(fetched.asked).toBe(before + 1)
  })

  it('are told as what they are when they are broken, not as a storage that fails, and are tried again', async () => {
    const { world, device } = shop()
    const told: unknown[] = []
    let broken = true
    const a = world.open('a', {
      loadSteps: () => Promise.resolve(broken ? ({} as typeof rareSteps) : rareSteps),
      onStorage: (error) => told.push(error),
    })
    await a.start()
    pay(world, a)
    await expect(world.advance(5_000)).rejects.toThrow(TypeError)
    expect(told).toEqual([])
    broken = false
    await world.advance(20_000)
    expect(device.ledger().map(({ kind }) => kind)).toEqual(['deposit'])
  })

  it('let a tab stop that waits for them, and another one go on', async () => {
    const { world, device } = shop({ hostLockWanted: true })
    const a = world.open('a', { loadSteps: () => Promise.reject(new TypeError('not fetched')) })
    await a.start()
    pay(world, a)
    await world.advance(10_000)
    const stopped = a.stop()
    await world.advance(10_000)
    await stopped
    expect(world.holder()).toBeNull()
    const b = world.open('b')
    await b.start()
    await world.advance(120_000)
    expect(world.entry('cash-1')?.state).toBe('done')
    expect(device.ledger().filter((document) => document.kind === 'deposit')).toHaveLength(1)
  })
})

describe('a tenure', () => {
  async function tenureOf(world: World, store: QueueStore = world.store) {
    const claim = await store.claim(DEVICE_ID, 'a', world.nowMs + LEASE_MS)
    if (claim === null) throw new Error('the world has a device')
    const exchanges: { timeoutMs: number; mayStart: boolean; leaseLeftMs: number }[] = []
    const turn = { waitMs: 0 }
    const setTimer = world.timerFor('a')
    const tenure = beginTenure({
      store,
      deviceId: DEVICE_ID,
      holder: 'a',
      claim,
      exchange: async (_request, { timeoutMs, mayStart }) => {
        const waitMs = turn.waitMs
        turn.waitMs = 0
        if (waitMs > 0) await new Promise<void>((resolve) => void setTimer(resolve, waitMs))
        const lease = await store.lease(DEVICE_ID)
        const allowed = mayStart()
        exchanges.push({ timeoutMs, mayStart: allowed, leaseLeftMs: (lease?.untilMs ?? 0) - world.nowMs })
        if (!allowed) return null
        await new Promise<void>((resolve) => void setTimer(resolve, 10))
        return { kind: 'silence', cause: 'network', sent: 'perhaps' }
      },
      loadSteps: () => Promise.resolve(rareSteps),
      clock: { wall: () => world.nowMs, mono: () => world.nowMs },
      chance: () => 0.5,
      setTimer,
      onChange: () => undefined,
      onSending: () => undefined,
      onDeparture: () => undefined,
    })
    return { tenure, exchanges, turn }
  }

  it('ends as superseded at its first transaction after another tab claimed', async () => {
    const { world } = shop()
    const { tenure } = await tenureOf(world)
    await world.settle()
    await world.store.claim(DEVICE_ID, 'b', world.nowMs + LEASE_MS)
    tenure.offer({ kind: 'hostLock', wanted: true })
    await world.settle()
    expect(await tenure.ended).toEqual({ kind: 'superseded' })
    expect(world.data.devices.get(DEVICE_ID)?.hostLockOff).toBe(true)
  })

  it('starts no exchange on a lease that the exchange could outlive', async () => {
    const { world } = shop()
    const { tenure, exchanges } = await tenureOf(world)
    tenure.offer({ kind: 'prepare' })
    await world.advance(100)
    await world.advance(LEASE_MS * 5)
    tenure.offer({ kind: 'prepare' })
    await world.advance(200_000)
    tenure.stop()
    const started = exchanges.filter((one) => one.mayStart)
    expect(started.length).toBeGreaterThan(1)
    for (const one of started) expect(one.leaseLeftMs).toBeGreaterThanOrEqual(one.timeoutMs)
  })

  it('renews a lease that the wait for its turn has eaten, instead of giving up its place', async () => {
    const { world } = shop()
    const { tenure, exchanges, turn } = await tenureOf(world)
    turn.waitMs = LEASE_MS - 5_000
    tenure.offer({ kind: 'prepare' })
    await world.advance(LEASE_MS)
    expect(exchanges.map((one) => one.mayStart).slice(0, 2)).toEqual([false, true])
    tenure.stop()
    expect(await tenure.ended).toEqual({ kind: 'stopped' })
  })

  it('does not renew a lease that was taken meanwhile', async () => {
    const { world } = shop()
    const { tenure, exchanges, turn } = await tenureOf(world)
    turn.waitMs = LEASE_MS + 5_000
    tenure.offer({ kind: 'prepare' })
    await world.advance(LEASE_MS + 1_000)
    await world.store.claim(DEVICE_ID, 'b', world.nowMs + LEASE_MS)
    await world.advance(LEASE_MS)
    expect(exchanges.map((one) => one.mayStart)).toEqual([false])
    expect(await tenure.ended).toEqual({ kind: 'superseded' })
  })

  it('never takes an entry again that it has known, however often it is offered', async () => {
    const { world } = shop()
    const { tenure } = await tenureOf(world)
    const result = await world.store.enqueue('sale-1', saleDraft('sale-1', world.nowMs))
    for (let time = 0; time < 3; time += 1) tenure.offer({ kind: 'enqueued', entry: result.entry })
    await world.settle()
    expect(tenure.memory.open).toHaveLength(1)
    tenure.offer({ kind: 'resolved', entryId: 'sale-1' })
    tenure.offer({ kind: 'enqueued', entry: result.entry })
    await world.advance(60_000)
    expect(tenure.memory.open).toEqual([])
    tenure.stop()
  })
})
