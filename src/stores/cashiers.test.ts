import 'fake-indexeddb/auto'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { openAppDatabase, type AppDatabase } from '../storage/app-db.ts'
import { createKeyValueStore } from '../storage/key-value.ts'
import { useCashiersStore } from './cashiers.ts'
import { provideServices, type Services } from './services.ts'

let database: AppDatabase
let nowMs = 1_000_000
let names = 0
let ids = 0

/** A terminal that was just started over what the database holds. */
async function start() {
  setActivePinia(createPinia())
  provideServices({
    keyValues: createKeyValueStore(database),
    now: () => nowMs,
    newId: () => `id-${++ids}`,
  } as unknown as Services)
  const store = useCashiersStore()
  await store.load()
  return store
}

const ADMIN = { name: 'Айгүл', role: 'admin', pin: '4321' } as const
const SELLER = { name: 'Иван', role: 'cashier', pin: '1111' } as const
const idOf = (store: Awaited<ReturnType<typeof start>>, name: string) =>
  store.list.find((cashier) => cashier.name === name)?.id ?? ''

describe('cashiers', () => {
  beforeEach(async () => {
    database = await openAppDatabase(`cashiers-${++names}`)
    nowMs = 1_000_000
  })

  it('leave the terminal open while there are none', async () => {
    const store = await start()
    expect([store.locked, store.current, store.may('settings')]).toEqual([false, null, true])
  })

  it('begin with an administrator, who goes on working without a lock', async () => {
    const store = await start()
    expect(await store.save(null, SELLER)).toBe('lastAdmin')
    expect(await store.save(null, { ...ADMIN, pin: '' })).toBe('adminPin')
    expect(await store.save(null, ADMIN)).toBeNull()
    expect([store.locked, store.current?.name]).toEqual([false, 'Айгүл'])
  })

  it('have to sign in after a restart, and the PIN is nowhere in the storage', async () => {
    await (await start()).save(null, ADMIN)
    const store = await start()
    expect([store.locked, store.may('sell')]).toEqual([true, false])
    expect(JSON.stringify(await database.getAll('settings'))).not.toContain('4321')
    expect(await store.signIn(idOf(store, 'Айгүл'), '0000')).toEqual({ kind: 'wrong' })
    expect(await store.signIn(idOf(store, 'Айгүл'), '4321')).toEqual({ kind: 'in' })
    expect([store.locked, store.current?.name]).toEqual([false, 'Айгүл'])
  })

  it('wait after three wrong PINs, also over a restart, and the right one is not looked at meanwhile', async () => {
    const first = await start()
    await first.save(null, ADMIN)
    first.lock()
    const id = idOf(first, 'Айгүл')
    expect(await first.signIn(id, '1')).toEqual({ kind: 'wrong' })
    expect(await first.signIn(id, '2222')).toEqual({ kind: 'wrong' })
    expect(await first.signIn(id, '3333')).toEqual({ kind: 'pause', ms: 5_000 })
    const again = await start()
    nowMs += 2_000
    expect(await again.signIn(id, '4321')).toEqual({ kind: 'pause', ms: 3_000 })
    nowMs += 3_000
    expect(await again.signIn(id, '4321')).toEqual({ kind: 'in' })
    expect(again.pauseMs()).toBe(0)
  })

  it('differ in rights, and a name without a PIN is anybody’s', async () => {
    const store = await start()
    await store.save(null, ADMIN)
    await store.save(null, { ...SELLER, pin: '' })
    store.lock()
    expect(await store.signIn(idOf(store, 'Иван'), '')).toEqual({ kind: 'in' })
    expect([store.may('sell'), store.may('cashiers')]).toEqual([true, false])
  })

  it('are refused with the same name or a PIN that is none', async () => {
    const store = await start()
    await store.save(null, ADMIN)
    expect(await store.save(null, { ...SELLER, name: ' айгүл ' })).toBe('nameTwice')
    expect(await store.save(null, { ...SELLER, name: ' ' })).toBe('name')
    expect(await store.save(null, { ...SELLER, pin: '12' })).toBe('pin')
  })

  it('keep their PIN when only the name changes, and get a new one when one is given', async () => {
    const store = await start()
    await store.save(null, ADMIN)
    const id = idOf(store, 'Айгүл')
    await store.save(id, { ...ADMIN, name: 'Айгүл С.', pin: '' })
    store.lock()
    expect(await store.signIn(id, '4321')).toEqual({ kind: 'in' })
    await store.save(id, { ...ADMIN, pin: '9876' })
    store.lock()
    expect(await store.signIn(id, '4321')).toEqual({ kind: 'wrong' })
    expect(await store.signIn(id, '9876')).toEqual({ kind: 'in' })
  })

  it('never lose the last administrator while others remain, and open the terminal again when all are gone', async () => {
    const store = await start()
    await store.save(null, ADMIN)
    await store.save(null, SELLER)
    expect(await store.remove(idOf(store, 'Айгүл'))).toBe(false)
    expect(await store.save(idOf(store, 'Айгүл'), { ...ADMIN, role: 'senior' })).toBe('lastAdmin')
    expect(await store.remove(idOf(store, 'Иван'))).toBe(true)
    expect(await store.remove(idOf(store, 'Айгүл'))).toBe(true)
    const again = await start()
    expect([again.locked, again.active, again.list.map(({ name }) => name)]).toEqual([false, [], ['Айгүл', 'Иван']])
  })
})
