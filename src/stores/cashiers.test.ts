import 'fake-indexeddb/auto'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { openAppDatabase, type AppDatabase } from '../storage/app-db.ts'
import { createKeyValueStore } from '../storage/key-value.ts'
import { useCashiersStore } from './cashiers.ts'
import { refusalFor } from '../till/guard.ts'
import { provideServices, type Services } from '../till/services.ts'

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
    refusal: refusalFor,
  } as unknown as Services)
  const store = useCashiersStore()
  await store.load()
  return store
}

/** Another window, with the administrator at the till. */
async function startAsAdmin() {
  const store = await start()
  expect(await store.signIn(idOf(store, 'Айгүл'), '4321')).toEqual({ kind: 'in' })
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
    expect(again.pauseMs(id)).toBe(0)
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
    expect(await store.remove(idOf(store, 'Айгүл'))).toBe('lastAdmin')
    expect(await store.save(idOf(store, 'Айгүл'), { ...ADMIN, role: 'senior' })).toBe('lastAdmin')
    expect(await store.remove(idOf(store, 'Иван'))).toBeNull()
    expect(await store.remove(idOf(store, 'Айгүл'))).toBeNull()
    const again = await start()
    expect([again.locked, again.active, again.list.map(({ name }) => name)]).toEqual([false, [], ['Айгүл', 'Иван']])
  })

  it('stay removed, and keep their new PIN, whatever a window with an old list writes', async () => {
    const first = await start()
    await first.save(null, ADMIN)
    await first.save(null, SELLER)
    await first.save(null, { ...SELLER, name: 'Дана' })
    const [admin, seller, dana] = ['Айгүл', 'Иван', 'Дана'].map((name) => idOf(first, name))
    const [seenAdmin, seenDana] = [first.list[0], first.list[2]]
    const second = await startAsAdmin()
    const other = await startAsAdmin()
    await other.remove(seller ?? '')
    await other.save(admin ?? '', { ...ADMIN, pin: '9876' })
    await other.save(dana ?? '', { ...SELLER, name: 'Дана', role: 'senior', pin: '' })
    // Only the name was changed in this form.
    await second.save(dana ?? '', { name: 'Дана К.', role: 'cashier', pin: '' }, seenDana)
    await second.save(admin ?? '', { name: 'Айгүл С.', role: 'admin', pin: '' }, seenAdmin)
    const again = await start()
    expect(again.active.map(({ name, role }) => [name, role])).toEqual([
      ['Айгүл С.', 'admin'],
      ['Дана К.', 'senior'],
    ])
    expect(await again.signIn(admin ?? '', '4321')).toEqual({ kind: 'wrong' })
    expect(await again.signIn(admin ?? '', '9876')).toEqual({ kind: 'in' })
  })

  it('can’t be changed in a form that was opened before another window removed them', async () => {
    const first = await start()
    await first.save(null, ADMIN)
    await first.save(null, SELLER)
    const id = idOf(first, 'Иван')
    const seen = first.list.find((cashier) => cashier.id === id)
    const second = await startAsAdmin()
    await (await startAsAdmin()).remove(id)
    expect(await second.save(id, { ...SELLER, name: 'Иван И.' }, seen)).toBe('removed')
    expect((await start()).active.map(({ name }) => name)).toEqual(['Айгүл'])
  })

  it('lose the till in a window where they sit, once another window removed them', async () => {
    const first = await start()
    await first.save(null, ADMIN)
    await first.save(null, { ...SELLER, pin: '' })
    const id = idOf(first, 'Иван')
    await first.signIn(id, '')
    const second = await startAsAdmin()
    await second.remove(id)
    await first.load()
    expect([first.locked, first.may('sell')]).toEqual([true, false])
  })

  it('count wrong PINs for each of them apart: one’s own PIN frees nobody else’s', async () => {
    const store = await start()
    await store.save(null, ADMIN)
    await store.save(null, SELLER)
    const [admin, seller] = [idOf(store, 'Айгүл'), idOf(store, 'Иван')]
    for (const pin of ['0001', '0002']) expect(await store.signIn(admin, pin)).toEqual({ kind: 'wrong' })
    expect(await store.signIn(seller, '1111')).toEqual({ kind: 'in' })
    expect(await store.signIn(admin, '0003')).toEqual({ kind: 'pause', ms: 5_000 })
    expect(await store.signIn(seller, '1111')).toEqual({ kind: 'in' })
    expect(await store.signIn(admin, '4321')).toEqual({ kind: 'pause', ms: 5_000 })
  })

  it('count wrong PINs over all windows, those opened before and those that try at the same moment', async () => {
    const first = await start()
    await first.save(null, ADMIN)
    const id = idOf(first, 'Айгүл')
    const windows = [first, await start(), await start(), await start()]
    const tries = await Promise.all(windows.map((each, index) => each.signIn(id, `000${index}`)))
    expect(tries.map(({ kind }) => kind).filter((kind) => kind === 'pause')).not.toEqual([])
    for (const each of windows) expect(await each.signIn(id, '4321')).toMatchObject({ kind: 'pause' })
    const [counted] = Object.values((await database.get('settings', 'pin-attempts'))?.value as object) as {
      failures: number
    }[]
    expect(counted?.failures).toBe(3)
  })
})
