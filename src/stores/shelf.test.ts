import 'fake-indexeddb/auto'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import type { CatalogItem } from '../domain/catalog.ts'
import { openAppDatabase, type AppDatabase } from '../storage/app-db.ts'
import { createKeyValueStore } from '../storage/key-value.ts'
import { provideServices, type Services } from '../till/services.ts'
import { itemsByCode, useShelfStore } from './shelf.ts'

let database: AppDatabase
let names = 0

const sale = (...codes: (string | null)[]) => ({
  receipt: { kind: 'sale', rows: codes.map((code) => ({ kind: 'item', code })) },
})

async function start(entries: readonly unknown[] = []) {
  setActivePinia(createPinia())
  provideServices({
    keyValues: createKeyValueStore(database),
    ledger: { page: () => Promise.resolve({ entries, next: null }) },
  } as unknown as Services)
  const store = useShelfStore()
  await store.loadFavourites()
  return store
}

describe('goods within reach', () => {
  beforeEach(async () => {
    database = await openAppDatabase(`shelf-${++names}`)
  })

  it('keep their marks over a restart, in the order in which they were made', async () => {
    const store = await start()
    expect(await store.toggle('101')).toBe(true)
    expect(await store.toggle('7')).toBe(true)
    expect((await start()).favourites).toEqual(['101', '7'])
    expect(await store.toggle('101')).toBe(false)
    expect((await start()).favourites).toEqual(['7'])
  })

  it('keep what another window marked', async () => {
    const [first, second] = [await start(), await start()]
    await first.toggle('1')
    await second.toggle('2')
    expect((await start()).favourites).toEqual(['1', '2'])
    expect(second.favourites).toEqual(['1', '2'])
  })

  it('are none where nothing readable is stored', async () => {
    await database.put('settings', { key: 'favourites', value: { no: 'list' } })
    expect((await start()).favourites).toEqual([])
  })

  it('are the last sold ones, each once, without lines that have no code and without returns', async () => {
    const store = await start([
      sale('3', '1', null),
      { receipt: { kind: 'saleReturn', rows: [{ kind: 'item', code: '9' }] } },
      { receipt: null },
      { receipt: { kind: 'sale', rows: [{ kind: 'discount' }, { kind: 'item', code: '2' }] } },
      sale('1', '3'),
    ])
    expect(store.recent).toEqual([])
    await store.loadRecent()
    expect(store.recent).toEqual(['1', '3', '2'])
  })

  it('are found by code in the order of the codes', () => {
    const item = (code: string, id: string) => ({ code, id }) as CatalogItem
    const goods = [item('1', 'a'), item('2', 'b'), item('2', 'c'), item('3', 'd')]
    expect(itemsByCode(goods, ['3', '2', 'gone']).map(({ id }) => id)).toEqual(['d', 'b'])
  })
})
