import 'fake-indexeddb/auto'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { computed } from 'vue'
import type { ItemFields } from '../domain/catalog-edits.ts'
import type { CatalogItem } from '../domain/catalog.ts'
import { buildSearchIndex, plainScan } from '../domain/search.ts'
import { tiyn } from '../domain/money.ts'
import { randomCatalog } from '../domain/testing/random-catalog.ts'
import { seededRandom } from '../domain/testing/random-cart.ts'
import { openAppDatabase, type AppDatabase } from '../storage/app-db.ts'
import { createCatalogRepository } from '../storage/catalog-repository.ts'
import { createKeyValueStore } from '../storage/key-value.ts'
import { createCatalogIndex } from '../till/catalog-index.ts'
import { useCatalogStore } from './catalog.ts'
import { runInSlices } from '../till/time-slices.ts'
import { provideServices, type Services } from '../till/services.ts'

let database: AppDatabase
let names = 0
let ids = 0

function item(id: string, code: string): CatalogItem {
  return {
    id,
    source: id.startsWith('csv') ? 'csv' : 'device',
    code,
    barcodes: [`48700000${code}`],
    name: `Тауар ${code}`,
    price: tiyn(1000),
    taxId: null,
    categoryId: null,
    weighed: false,
    ntin: null,
    gtin: null,
    markCode: null,
  }
}

function fieldsOf({ name, code, price, barcodes, taxId, categoryId, weighed }: CatalogItem): ItemFields {
  return { name, code, price, barcodes, taxId, categoryId, weighed }
}

/** A terminal that was just started over what the database holds. */
async function start(device: object | null = null) {
  setActivePinia(createPinia())
  provideServices({
    catalog: createCatalogRepository(database),
    keyValues: createKeyValueStore(database),
    device,
    now: () => 1_000,
    newId: () => `id-${++ids}`,
    cashier: () => ({ id: 'c', name: 'Айгүл' }),
    refusal: () => Promise.resolve(null),
  } as unknown as Services)
  const store = useCatalogStore()
  await store.load()
  return store
}

const codes = (items: readonly CatalogItem[]) => items.map(({ code }) => code)

describe('the catalogue store', () => {
  beforeEach(async () => {
    database = await openAppDatabase(`test-${++names}`)
  })

  it('keeps a catalogue of several blocks, with its source and broken rows, over a restart', async () => {
    const items = randomCatalog(seededRandom(3), 4_500)
    const store = await start()
    const row = { index: 7, raw: '{}', field: 'name' }
    await store.replace({ items, categories: [], source: 'csv', sourceName: 'goods.csv', broken: [row] })
    const again = await start()
    expect(again.items).toEqual(items)
    expect([again.source, again.sourceName, again.loadedAt, again.broken]).toEqual(['csv', 'goods.csv', 1_000, [row]])
  })

  it('forgets nothing of a longer catalogue but its items when a shorter one follows', async () => {
    const store = await start()
    await store.replace({ items: randomCatalog(seededRandom(3), 4_500), categories: [] })
    await store.replace({ items: [item('csv:1', '1')], categories: [] })
    expect(codes((await start()).items)).toEqual(['1'])
  })

  it('lays own changes over every load, from any source and after a restart', async () => {
    const store = await start()
    await store.replace({ items: [item('device:1', '101'), item('device:2', '102')], categories: [] })
    const first = item('device:1', '101')
    await store.changeItem(first, { ...fieldsOf(first), price: tiyn(5) })
    const second = item('device:2', '102')
    await store.changeItem(second, fieldsOf(second), true)
    await store.addItem({ ...fieldsOf(item('x', '900')), name: 'Өзіміздің' })
    expect(store.items.map(({ code, price }) => [code, price])).toEqual([
      ['900', 1000],
      ['101', 5],
    ])

    await store.replace({ items: [item('csv:a', '101'), item('csv:b', '102'), item('csv:c', '103')], categories: [] })
    const again = await start()
    expect(again.items.map(({ code, price }) => [code, price])).toEqual([
      ['900', 1000],
      ['101', 5],
      ['103', 1000],
    ])
    expect(codes(again.hidden)).toEqual(['102'])
    expect(again.editCount).toBe(3)
  })

  it('takes a change back, also one that was made over another source', async () => {
    const store = await start()
    await store.replace({ items: [item('device:1', '101')], categories: [] })
    const one = item('device:1', '101')
    await store.changeItem(one, { ...fieldsOf(one), price: tiyn(5) })
    await store.replace({ items: [item('csv:a', '101')], categories: [] })
    await store.restore(store.items[0] ?? one)
    expect((await start()).items).toEqual([item('csv:a', '101')])
  })

  it('leaves a list alone that was taken while a slower one was read', async () => {
    const slow = await start()
    const begun = await createCatalogRepository(database).version()
    const other = await start()
    expect(await other.replace({ items: [item('csv:a', '101')], categories: [], sourceName: 'goods.csv' })).toBe(true)
    expect(await slow.replace({ items: [item('device:1', '900')], categories: [] }, begun)).toBe(false)
    // The slow window shows what stayed, and whoever begins now is the newest.
    expect([codes(slow.items), slow.sourceName]).toEqual([['101'], 'goods.csv'])
    expect(codes((await start()).items)).toEqual(['101'])
    expect(
      await slow.replace(
        { items: [item('device:1', '900')], categories: [] },
        await createCatalogRepository(database).version(),
      ),
    ).toBe(true)
    expect(codes((await start()).items)).toEqual(['900'])
  })

  it('reads goods from the register, but not over a list that was taken meanwhile', async () => {
    let meanwhile = () => Promise.resolve()
    const store = await start({
      read: (_request: unknown, _decode: unknown) =>
        meanwhile().then(() => ({ kind: 'ok', value: { rows: [item('device:1', '900')], broken: [] } })),
    })
    meanwhile = async () => {
      meanwhile = () => Promise.resolve()
      await createCatalogRepository(database).replace({
        items: [item('csv:a', '101')],
        categories: [],
        taxes: [],
        loadedAt: 5,
        source: 'csv',
        sourceName: 'goods.csv',
        broken: [],
      })
    }
    expect(await store.loadFromDevice()).toEqual({ kind: 'overtaken' })
    expect(codes(store.items)).toEqual(['101'])
    expect(await store.loadFromDevice()).toMatchObject({ kind: 'loaded', items: 1 })
    expect(codes((await start()).items)).toEqual(['900'])
  })

  it('counts a change back to the original as none', async () => {
    const store = await start()
    await store.replace({ items: [item('device:1', '101')], categories: [] })
    const one = item('device:1', '101')
    await store.changeItem(one, { ...fieldsOf(one), price: tiyn(5) })
    await store.changeItem(store.items[0] ?? one, fieldsOf(one))
    expect((await start()).editCount).toBe(0)
  })

  it('keeps what two windows changed of one item, each from the form that it had open', async () => {
    const first = await start()
    await first.replace({ items: [item('device:1', '101')], categories: [] })
    const one = item('device:1', '101')
    const own = await first.addItem({ ...fieldsOf(item('x', '900')), name: 'Own' })
    if (own === null) throw new Error('refused')
    const second = await start()
    await first.changeItem(one, { ...fieldsOf(one), price: tiyn(5) })
    await first.changeItem(own, { ...fieldsOf(own), price: tiyn(7) })
    await second.changeItem(one, { ...fieldsOf(one), name: 'Басқа' })
    await second.changeItem(own, { ...fieldsOf(own), name: 'Өз' })
    const seen = (store: typeof first) => store.items.map(({ name, price }) => [name, price])
    const both = [
      ['Өз', 7],
      ['Басқа', 5],
    ]
    expect(seen(await start())).toEqual(both)
    await first.loadOwn()
    expect(seen(first)).toEqual(both)
  })

  it('writes down who changed an item and when', async () => {
    const store = await start()
    await store.replace({ items: [item('device:1', '101')], categories: [] })
    const one = item('device:1', '101')
    await store.changeItem(one, { ...fieldsOf(one), name: 'Басқа' })
    expect(store.editOf(one)).toMatchObject({ by: 'Айгүл', at: 1_000, fields: { name: 'Басқа' } })
  })

  it('takes a category of the same name instead of a second one', async () => {
    const store = await start()
    const made = await store.addCategory('Сладости')
    expect(await store.addCategory(' сладости ')).toEqual(made)
    expect((await start()).categories).toEqual([made])
  })
})

describe('the index behind the screen', () => {
  const items = randomCatalog(seededRandom(5), 3_000)
  const queries = ['молоко', 'қымыз', 'coca', '4870', items[17]?.code ?? '']

  const pace = { now: () => 0, breathe: () => Promise.resolve() }

  it('says that it cannot search while it is built, and finds what a plain scan finds afterwards', async () => {
    const index = createCatalogIndex(pace)
    await index.replace([])
    const building = index.replace(items)
    const hits = computed(() => queries.map((query) => index.search(query)))
    expect([index.searchable(), hits.value]).toEqual([false, queries.map(() => [])])
    const earlyFound = index.find(items[17]?.code ?? '')
    await building
    expect(index.searchable()).toBe(true)
    expect(hits.value).toEqual(queries.map((query) => plainScan(items, query).items))
    expect(index.find(items[17]?.code ?? '')).toBe(earlyFound)
  })

  it('is built without waiting for an idle moment once somebody searches, in slices all the same', async () => {
    let now = 0
    let idles = 0
    let slices = 0
    // A page that is idle once and never again.
    const busy = {
      now: () => (now += 3),
      breathe: () => ((idles += 1) === 1 ? Promise.resolve() : new Promise<void>(() => undefined)),
    }
    const turns = vi.spyOn(globalThis, 'setTimeout').mockImplementation(((next: () => void) => {
      slices += 1
      queueMicrotask(next)
    }) as never)
    try {
      const index = createCatalogIndex(busy, () => Promise.resolve({ buildSearchIndex }))
      const building = index.replace(items)
      expect(index.search('молоко')).toEqual([])
      await building
      expect(index.search('молоко')).toEqual(plainScan(items, 'молоко').items)
      // 3 000 items in steps of 250, two passes for the codes and six for the search, three steps a slice.
      expect(slices).toBeGreaterThan(25)
    } finally {
      turns.mockRestore()
    }
  })

  it('fetches the search until it has it; whoever searched follows, codes are found before', async () => {
    vi.useFakeTimers()
    try {
      const answers = [() => Promise.reject(new Error('offline')), () => Promise.resolve({ buildSearchIndex })]
      const index = createCatalogIndex(pace, () => (answers.shift() ?? (() => Promise.reject(new Error('again'))))())
      const hits = computed(() => index.search('молоко'))
      const building = index.replace(items)
      const found = index.find(items[17]?.code ?? '')
      await vi.advanceTimersByTimeAsync(1_999)
      expect([index.searchable(), hits.value, index.find(items[17]?.code ?? '')]).toEqual([false, [], found])
      await vi.advanceTimersByTimeAsync(1_000)
      await building
      expect([found, index.searchable(), hits.value]).toEqual([
        expect.anything(),
        true,
        plainScan(items, 'молоко').items,
      ])
      const again = index.replace(items.slice(100))
      await vi.advanceTimersByTimeAsync(1_000)
      await again
      expect(hits.value).toEqual(plainScan(items.slice(100), 'молоко').items)
    } finally {
      vi.useRealTimers()
    }
  })

  it('finds a code in any spelling, before and after it is built, an exact one first', async () => {
    const base = item('csv:1', '1')
    const goods = [
      { ...base, code: 'lot-77a', barcodes: ['0012345678905'] },
      { ...base, code: 'LOT-77A', barcodes: ['4870204391234'] },
      { ...base, code: 'x', barcodes: [], gtin: '04600000000008' },
    ]
    const expected = new Map([
      ['012345678905', 0],
      ['00012345678905', 0],
      ['04870204391234', 1],
      ['LOT-77A', 1],
      ['lot-77a', 0],
      ['Lot-77a', 1],
      ['4600000000008', 2],
    ])
    const index = createCatalogIndex(pace)
    const building = index.replace(goods)
    const found = () => [...expected.keys()].map((code) => goods.findIndex((each) => each === index.find(code)))
    const early = found()
    await building
    expect(early).toEqual([...expected.values()])
    expect(found()).toEqual(early)
    expect(index.find('')).toBeNull()
  })

  it('gives up a build that nobody waits for any more', async () => {
    const index = createCatalogIndex(pace)
    const building = index.replace(items)
    await index.replace([])
    await building
    expect(index.search('молоко')).toEqual([])
  })

  it('stops a slice as soon as its time is over', async () => {
    let now = 0
    const slices: number[] = []
    function* work(): Generator<unknown, string> {
      for (let step = 0; step < 10; step++) {
        now += 3
        slices[slices.length - 1] = (slices.at(-1) ?? 0) + 1
        yield
      }
      return 'done'
    }
    const pace = { now: () => now, breathe: () => Promise.resolve(void slices.push(0)) }
    expect(await runInSlices(work(), () => true, pace)).toBe('done')
    expect(slices).toEqual([3, 3, 3, 1])
  })
})
