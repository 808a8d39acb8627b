import 'fake-indexeddb/auto'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { addFreeLine } from '../domain/cart-commands.ts'
import type { Cart } from '../domain/cart.ts'
import { tiyn } from '../domain/money.ts'
import { openAppDatabase, type AppDatabase } from '../storage/app-db.ts'
import { createCartRepository } from '../storage/cart-repository.ts'
import { useCartStore } from './cart.ts'
import { provideServices, type Services } from '../till/services.ts'

let database: AppDatabase
let names = 0
let ids = 0
/** Windows that are open now. */
let alive: Set<string>
let paid: Set<string>

type Window = ReturnType<typeof useCartStore>

/** A window of the till over what the database holds: opened anew, or (with the same `id`) loaded again. */
async function openWindow(id: string, demo = false): Promise<Window> {
  alive.add(id)
  setActivePinia(createPinia())
  const carts = createCartRepository(database, {
    window: {
      id,
      ifGone: (other, _savedAt, work) => (alive.has(other) ? Promise.resolve() : work()),
    },
    demo: () => demo,
    now: () => (ids += 1),
  })
  const services = {
    carts,
    ledger: { has: (cartId: string) => Promise.resolve(paid.has(cartId)) },
    newId: () => `id-${(ids += 1)}`,
    now: () => 0,
    cashier: () => null,
  } as unknown as Services
  provideServices(services)
  const store = useCartStore()
  await store.load()
  /** Each call of a window goes to its own part of the outside world. */
  return new Proxy(store, {
    get(target, name, receiver) {
      const value: unknown = Reflect.get(target, name, receiver)
      if (typeof value !== 'function') return value
      return (...args: unknown[]) => {
        provideServices(services)
        return (value as (...given: unknown[]) => unknown)(...args)
      }
    },
  })
}

beforeEach(async () => {
  database = await openAppDatabase(`carts-${++names}`)
  alive = new Set()
  paid = new Set()
  ids = 0
})

const product = (name: string) => (cart: Cart) => addFreeLine(cart, { name, price: tiyn(50_000) })
const lines = (cart: Cart | undefined) => cart?.lines.map((line) => line.item.name)

describe('a receipt put aside', () => {
  it('leaves a product tapped at once to the next receipt, in memory and on the disk', async () => {
    const store = await openWindow('a')
    store.run(product('tea'))
    const parking = store.park()
    store.run(product('milk'))
    expect(await parking).toBe(true)
    await store.saved()
    expect(lines(store.cart)).toEqual(['milk'])
    expect(store.parked.map(({ cart }) => lines(cart))).toEqual([['tea']])
    const again = await openWindow('a')
    expect(lines(again.cart)).toEqual(['milk'])
    expect(again.parked.map(({ cart }) => lines(cart))).toEqual([['tea']])
  })

  it('goes to the disk with the receipt that takes its place, also behind a write that waits', async () => {
    const store = await openWindow('a')
    store.run(product('tea'))
    store.run(product('milk'))
    await store.park('buy')
    expect(store.cart.kind).toBe('buy')
    const again = await openWindow('a')
    expect([again.parked.length, again.cart.id]).toEqual([1, store.cart.id])
  })

  it('is nothing where nothing was begun', async () => {
    const store = await openWindow('a')
    expect(await store.park('buy')).toBe(false)
    expect(store.cart.kind).toBe('sale')
  })

  it('comes back, and what was begun meanwhile is put aside', async () => {
    const store = await openWindow('a')
    store.run(product('tea'))
    await store.park()
    store.run(product('milk'))
    await store.recall(store.parked[0]?.cart.id ?? '')
    expect(lines(store.cart)).toEqual(['tea'])
    expect((await openWindow('a')).parked.map(({ cart }) => lines(cart))).toEqual([['milk']])
  })
})

describe('several windows of one till', () => {
  it('have a receipt of their own each, also after each was loaded again', async () => {
    const a = await openWindow('a')
    a.run(product('tea'))
    await a.saved()
    const b = await openWindow('b')
    expect([lines(b.cart), b.cart.id === a.cart.id]).toEqual([[], false])
    b.run(product('milk'))
    b.run(product('bread'))
    await b.saved()
    a.run(product('salt'))
    await a.saved()
    expect(lines((await openWindow('a')).cart)).toEqual(['tea', 'salt'])
    expect(lines((await openWindow('b')).cart)).toEqual(['milk', 'bread'])
  })

  it('open a parked receipt in one of them; the other one is told, and keeps what it has', async () => {
    const a = await openWindow('a')
    a.run(product('tea'))
    await a.park()
    const b = await openWindow('b')
    b.run(product('milk'))
    const id = a.parked[0]?.cart.id ?? ''
    expect(b.parked).toHaveLength(1)
    const recalled = await Promise.all([a.recall(id), b.recall(id)])
    expect(recalled.sort()).toEqual([false, true])
    const open = [a, b].map((window) => lines(window.cart))
    const parked = (await openWindow('c')).parked.map(({ cart }) => lines(cart))
    // Each line stands once, wherever it stands.
    expect([...open, ...parked].flat().sort()).toEqual(['milk', 'tea'])
  })

  it('keep a tap that comes while a parked receipt is fetched with the receipt that it was meant for', async () => {
    const store = await openWindow('a')
    store.run(product('tea'))
    await store.park()
    store.run(product('milk'))
    const recalling = store.recall(store.parked[0]?.cart.id ?? '')
    await Promise.resolve()
    store.run(product('salt'))
    await recalling
    await store.saved()
    const again = await openWindow('a')
    expect([lines(again.cart), again.parked.map(({ cart }) => lines(cart))]).toEqual([['tea'], [['milk', 'salt']]])
  })

  it('leave the receipt of a window that is gone to exactly one of them', async () => {
    const a = await openWindow('a')
    a.run(product('tea'))
    await a.saved()
    const gone = a.cart.id
    alive.delete('a')
    const b = await openWindow('b')
    expect([lines(b.cart), b.cart.id]).toEqual([['tea'], gone])
    const c = await openWindow('c')
    expect([lines(c.cart), c.parked]).toEqual([[], []])
  })

  it('park what several windows left, the newest is opened by the window that begins', async () => {
    for (const [id, name] of [
      ['a', 'tea'],
      ['b', 'milk'],
    ] as const) {
      const window = await openWindow(id)
      window.run(product(name))
      await window.saved()
    }
    alive.clear()
    const c = await openWindow('c')
    expect([lines(c.cart), c.parked.map(({ cart }) => lines(cart))]).toEqual([['milk'], [['tea']]])
  })

  it('show in a window that goes on what another one left, without touching its own receipt', async () => {
    const a = await openWindow('a')
    a.run(product('tea'))
    await a.saved()
    const b = await openWindow('b')
    b.run(product('milk'))
    alive.delete('a')
    await b.gather()
    await b.gather()
    expect([lines(b.cart), b.parked.map(({ cart }) => lines(cart))]).toEqual([['milk'], [['tea']]])
  })

  it('never offer a receipt again that was paid before its window went', async () => {
    const a = await openWindow('a')
    a.run(product('tea'))
    await a.saved()
    paid.add(a.cart.id)
    alive.delete('a')
    const b = await openWindow('b')
    expect([lines(b.cart), b.parked]).toEqual([[], []])
    expect(lines((await openWindow('a')).cart)).toEqual([])
  })

  it('leave receipts of the demo to the demo', async () => {
    const demo = await openWindow('a', true)
    demo.run(product('tea'))
    await demo.park()
    demo.run(product('milk'))
    await demo.saved()
    alive.clear()
    const real = await openWindow('b')
    expect([lines(real.cart), real.parked]).toEqual([[], []])
    const back = await openWindow('c', true)
    expect([lines(back.cart), back.parked.length]).toEqual([['milk'], 1])
  })

  it('take over the receipt that an earlier version kept for all of them', async () => {
    const before = await openWindow('a')
    before.run(product('tea'))
    await before.saved()
    const kept = { cart: { ...before.cart, id: 'old' }, past: [] }
    await database.clear('carts')
    await database.put('carts', { id: 'open', value: kept })
    const first = await openWindow('b')
    const second = await openWindow('c')
    expect([lines(first.cart), first.cart.id, lines(second.cart)]).toEqual([['tea'], 'old', []])
  })
})

describe('the name of a receipt put aside', () => {
  it('is kept with it, on the disk and through being taken back and put aside again', async () => {
    const store = await openWindow('a')
    store.run(product('tea'))
    await store.park()
    const id = store.parked[0]?.cart.id ?? ''
    await store.name(id, '  Стол 4 ')
    expect(store.parked.map(({ label }) => label)).toEqual(['Стол 4'])
    expect(await store.recall(id)).toBe(true)
    await store.park()
    const again = await openWindow('a')
    expect(again.parked.map(({ label }) => label)).toEqual(['Стол 4'])
  })

  it('goes to no receipt that another window opened meanwhile', async () => {
    const store = await openWindow('a')
    store.run(product('tea'))
    await store.park()
    const id = store.parked[0]?.cart.id ?? ''
    const other = await openWindow('b')
    expect(await other.recall(id)).toBe(true)
    await store.name(id, 'Стол 4')
    expect(store.parked).toEqual([])
    expect(lines(other.cart)).toEqual(['tea'])
  })
})
