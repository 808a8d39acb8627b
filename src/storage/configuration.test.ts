import 'fake-indexeddb/auto'
import { beforeEach, describe, expect, it } from 'vitest'
import type { CatalogItem } from '../domain/catalog.ts'
import { tiyn } from '../domain/money.ts'
import { randomCatalog } from '../domain/testing/random-catalog.ts'
import { seededRandom } from '../domain/testing/random-cart.ts'
import { openAppDatabase, type AppDatabase } from './app-db.ts'
import { loadChanges, saveOwn } from './catalog-changes.ts'
import { createCatalogRepository, type StoredCatalog } from './catalog-repository.ts'
import { readGoods, readRecords, takeConfiguration } from './configuration.ts'
import { createKeyValueStore } from './key-value.ts'

let names = 0
let here: AppDatabase
let there: AppDatabase

const quiet = { tell: () => undefined }
const items = randomCatalog(seededRandom(5), 4_100)
const catalogue = (list: readonly CatalogItem[], sourceName: string): StoredCatalog => ({
  items: list,
  categories: [],
  taxes: [],
  loadedAt: 7,
  source: 'csv',
  sourceName,
  broken: [],
})
const own = (id: string): CatalogItem => ({
  id,
  source: 'own',
  code: id,
  barcodes: [],
  name: `Тауар ${id}`,
  price: tiyn(100_00),
  taxId: null,
  categoryId: null,
  weighed: false,
  ntin: null,
  gtin: null,
  markCode: null,
})

async function copyOf(database: AppDatabase): Promise<Map<string, string>> {
  const rows = new Map<string, string>()
  for (const { name, value } of await readRecords(database)) if (value !== null) rows.set(name, value)
  for await (const { name, value } of readGoods(database)) rows.set(name, value)
  return rows
}

describe('a copy of how a till is set up', () => {
  beforeEach(async () => {
    here = await openAppDatabase(`copy-${++names}`)
    there = await openAppDatabase(`copy-${++names}`)
    const keyValues = createKeyValueStore(here)
    await keyValues.set('settings', { footerText: 'Рахмет!', markPrefix: 'A', device: { transport: 'direct' } })
    await keyValues.set('cashiers', [{ id: 'c', name: 'Айгүл' }])
    await keyValues.set('proxy-token', 'secret')
    await saveOwn(keyValues, 'own:1', () => own('own:1'))
    await createCatalogRepository(here).replace(catalogue(items, 'goods.csv'))
  })

  it('leaves out what is the tablet’s own', async () => {
    const rows = await copyOf(here)
    expect([...rows.keys()].filter((name) => !name.startsWith('goods/')).sort()).toEqual([
      'cashiers',
      'catalog-own:own:1',
      'settings',
    ])
    expect(JSON.parse(rows.get('settings') ?? '')).toEqual({ footerText: 'Рахмет!' })
  })

  it('makes another tablet like it, but for its register and letters; its own goods of before are gone', async () => {
    const keyValues = createKeyValueStore(there)
    await keyValues.set('settings', { markPrefix: 'B', device: null, footerText: 'old' })
    await keyValues.set('proxy-token', 'mine')
    await saveOwn(keyValues, 'own:9', () => own('own:9'))
    const goods = createCatalogRepository(there)
    await goods.replace(catalogue([own('csv:1')], 'before.csv'))
    const begun = await goods.version()
    const told: string[] = []
    expect(await takeConfiguration(there, await copyOf(here), { tell: (topic) => told.push(topic) })).toBe('whole')

    expect(await keyValues.get('settings')).toEqual({ footerText: 'Рахмет!', markPrefix: 'B', device: null })
    expect(await keyValues.get('cashiers')).toEqual([{ id: 'c', name: 'Айгүл' }])
    expect(await keyValues.get('proxy-token')).toBe('mine')
    expect((await loadChanges(keyValues)).own.map(({ id }) => id)).toEqual(['own:1'])
    expect(await goods.load()).toEqual(catalogue(items, 'goods.csv'))
    expect(told).toEqual(['settings', 'cashiers', 'catalog'])
    // A load that began over the list of before comes too late.
    expect(await goods.replace(catalogue([], ''), begun)).toBe(false)
  })

  it.each([
    ['a block is missing', (rows: Map<string, string>) => rows.delete('goods/items:000001')],
    ['a block is of another catalogue', (rows: Map<string, string>) => rows.set('goods/items:000001', '[]')],
    ['there is no list of them', (rows: Map<string, string>) => rows.delete('goods/list')],
  ])('keeps the goods of here where %s', async (_, spoil) => {
    const goods = createCatalogRepository(there)
    await goods.replace(catalogue([own('csv:1')], 'before.csv'))
    const rows = await copyOf(here)
    spoil(rows)
    expect(await takeConfiguration(there, rows, quiet)).toBe('withoutGoods')
    expect((await goods.load()).sourceName).toBe('before.csv')
    expect(await createKeyValueStore(there).get('cashiers')).toEqual([{ id: 'c', name: 'Айгүл' }])
  })

  it('changes nothing where a row isn’t JSON, and takes no record that is no configuration', async () => {
    const rows = await copyOf(here)
    const keyValues = createKeyValueStore(there)
    await keyValues.set('cashiers', ['mine'])
    await expect(takeConfiguration(there, new Map([...rows, ['settings', '{']]), quiet)).rejects.toThrow(SyntaxError)
    expect(await keyValues.get('cashiers')).toEqual(['mine'])
    await takeConfiguration(there, new Map([...rows, ['proxy-token', '"theirs"']]), quiet)
    expect(await keyValues.get('proxy-token')).toBeUndefined()
  })
})
