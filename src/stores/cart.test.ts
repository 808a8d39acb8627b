import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { addFreeLine } from '../domain/cart-commands.ts'
import type { CartHistory, ParkedCart } from '../domain/cart-history.ts'
import type { Cart } from '../domain/cart.ts'
import { tiyn } from '../domain/money.ts'
import { useCartStore } from './cart.ts'
import { provideServices, type Services } from './services.ts'

/** A disk that takes a moment for every write, one after another. */
class Disk {
  open: CartHistory | null = null
  readonly parked = new Map<string, ParkedCart>()

  async saveOpen(history: CartHistory): Promise<void> {
    await Promise.resolve()
    this.open = history
  }

  async park(put: ParkedCart, history: CartHistory): Promise<void> {
    await Promise.resolve()
    this.parked.set(put.cart.id, put)
    this.open = history
  }

  async recall(id: string, history: CartHistory, before: ParkedCart | null): Promise<void> {
    await Promise.resolve()
    this.parked.delete(id)
    if (before !== null) this.parked.set(before.cart.id, before)
    this.open = history
  }

  listParked(): Promise<readonly ParkedCart[]> {
    return Promise.resolve([...this.parked.values()])
  }
}

let disk: Disk

beforeEach(() => {
  disk = new Disk()
  let ids = 0
  provideServices({
    carts: disk,
    newId: () => `id-${(ids += 1)}`,
    now: () => 0,
    cashier: () => null,
  } as unknown as Services)
  setActivePinia(createPinia())
})

const product = (name: string) => (cart: Cart) => addFreeLine(cart, { name, price: tiyn(50_000) })
const names = (cart: Cart | undefined) => cart?.lines.map((line) => line.item.name)

describe('a receipt put aside', () => {
  it('leaves a product tapped at once to the next receipt, in memory and on the disk', async () => {
    const store = useCartStore()
    await store.startNew()
    store.run(product('tea'))
    const parking = store.park()
    store.run(product('milk'))
    expect(await parking).toBe(true)
    await store.saved()
    expect(names(store.cart)).toEqual(['milk'])
    expect(store.parked.map(({ cart }) => names(cart))).toEqual([['tea']])
    expect(names(disk.open?.cart)).toEqual(['milk'])
    expect([...disk.parked.values()].map(({ cart }) => names(cart))).toEqual([['tea']])
  })

  it('goes to the disk with the receipt that takes its place, also behind a write that waits', async () => {
    const store = useCartStore()
    await store.startNew()
    store.run(product('tea'))
    store.run(product('milk'))
    await store.park('buy')
    expect(store.cart.kind).toBe('buy')
    expect(disk.parked.size).toBe(1)
    expect(disk.open?.cart.id).toBe(store.cart.id)
  })

  it('is nothing where nothing was begun', async () => {
    const store = useCartStore()
    await store.startNew()
    expect(await store.park('buy')).toBe(false)
    expect(store.cart.kind).toBe('sale')
  })

  it('comes back, and what was begun meanwhile is put aside', async () => {
    const store = useCartStore()
    await store.startNew()
    store.run(product('tea'))
    await store.park()
    store.run(product('milk'))
    await store.recall(store.parked[0]?.cart.id ?? '')
    expect(names(store.cart)).toEqual(['tea'])
    expect([...disk.parked.values()].map(({ cart }) => names(cart))).toEqual([['milk']])
  })
})
