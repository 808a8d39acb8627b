import { describe, expect, it } from 'vitest'
import { IkkmDevice, newDeviceState } from '../../demo/device.ts'
import type { QueueStore } from '../store.ts'
import { beginTenure, LEASE_MS } from './driver.ts'
import { DEVICE_ID, saleDraft, World } from './tabs.fixture.ts'

const KEY = '12345678'

function shop(options: { readonly latencyMs?: number } = {}) {
  const state = newDeviceState({ seed: 1, nowMs: 1_800_000_000_000, key: KEY })
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

/** A store whose transactions fail while `broken` is set. */
function fragile(store: QueueStore) {
  const state = { broken: false, readsBroken: false, claims: 0 }
  const guard =
    <A extends unknown[], T>(call: (...args: A) => Promise<T>, when: () => boolean) =>
    (...args: A): Promise<T> =>
      when() ? Promise.reject(new DOMException('no room', 'QuotaExceededError')) : call(...args)
  const wrapped: QueueStore = {
    createDevice: (device) => store.createDevice(device),
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
    openElsewhere: (...args) => store.openElsewhere(...args),
    settleElsewhere: (...args) => store.settleElsewhere(...args),
    entry: (id) => store.entry(id),
    registeredInShift: (...args) => store.registeredInShift(...args),
  }
  return { store: wrapped, state }
}

describe('the queue over several tabs', () => {
  it('sends the sale of any tab by the one tab that holds the lock, once, and every tab sees it done', async () => {
    const { world, sales } = shop({ latencyMs: 1_000 })
    const [a, b] = [world.open('a'), world.open('b')]
    await a.start()
    await b.start()
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
    const { world, line } = shop()
    const a = world.open('a')
    await a.start()
    a.prepare()
    await world.advance(5_000)
    const order: string[] = []
    a.subscribe(() => {
      if (a.snapshot()?.open.length === 1 && world.registrations().length === 0) order.push('drawn early')
    })
    const selling = a.enqueue('sale-1', saleDraft('sale-1', world.nowMs)).then(() => order.push('resolved'))
    await world.advance(0)
    await selling
    expect(world.registrations()).toHaveLength(1)
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
    const [a, b] = [world.open('a'), world.open('b')]
    await a.start()
    await b.start()
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

  it('takes over from a frozen holder only when its lease is over, and that one sends nothing any more', async () => {
    const { world, sales } = shop()
    const [a, b] = [world.open('a'), world.open('b')]
    await a.start()
    await b.start()
    await world.advance(1_000)
    a.prepare()
    await world.advance(5_000)
    world.freeze('a')
    await world.sell(b, 'sale-1')
    await world.advance(LEASE_MS / 2)
    expect(world.sent.filter((sent) => sent.tab === 'b')).toEqual([])
    await world.advance(LEASE_MS)
    expect(world.registrations().map((sent) => sent.tab)).toEqual(['b'])
    const before = world.sent.filter((sent) => sent.tab === 'a').length
    const epoch = world.data.leases.get(DEVICE_ID)?.epoch
    world.thaw('a')
    await world.advance(60_000)
    expect(world.sent.filter((sent) => sent.tab === 'a')).toHaveLength(before)
    expect(world.data.leases.get(DEVICE_ID)).toMatchObject({ epoch, holder: 'b' })
    expect(sales()).toHaveLength(1)
    expect(world.entry('sale-1')?.state).toBe('done')
  })

  it('never sends in a turn that comes after its lease was taken', async () => {
    const { world, sales } = shop()
    const [a, b] = [world.open('a'), world.open('b')]
    await a.start()
    await b.start()
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
    const [a, b] = [world.open('a'), world.open('b')]
    await a.start()
    await b.start()
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
    const [a, b] = [world.open('a'), world.open('b')]
    await a.start()
    await b.start()
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
    expect(world.data.devices.get(DEVICE_ID)?.hostLockWanted).toBe(false)
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
