import 'fake-indexeddb/auto'
import { describe, expect, it } from 'vitest'
import { CONTRACT_DEVICE, contractDevice, contractDraft } from '../queue/testing/store-contract.ts'
import { newEntry, type Entry } from '../queue/types.ts'
import { createImportedRepository } from './imported-repository.ts'
import { LEDGER_UPGRADES, openLedger } from './ledger-db.ts'
import { createLedgerStore } from './ledger-store.ts'

let databases = 0
const freshName = () => `imported-test-${(databases += 1)}`
const options = { markPrefix: () => 'A', now: () => 1_000 }

function foreign(id: string, fields: Partial<Entry> = {}): Entry {
  return { ...newEntry(contractDraft(id), 7, 'B-0007'), ...fields }
}

async function ledger() {
  const database = await openLedger(freshName())
  const store = createLedgerStore(database, options)
  await store.createDevice(contractDevice())
  return { database, store, imported: createImportedRepository(database) }
}

const ids = (entries: readonly Entry[]) => entries.map((entry) => entry.id)

describe('an imported backup', () => {
  it('is kept beside the journal, and nothing of it is ever taken for an entry to send', async () => {
    const { database, store, imported } = await ledger()
    const { entry } = await store.enqueue('mine', () => contractDraft('mine'))
    const waiting = foreign('waiting-elsewhere', { deviceId: CONTRACT_DEVICE, open: 1 })
    expect(await imported.add([entry, waiting], 9)).toBe(1)
    expect((await store.load(CONTRACT_DEVICE))?.open.map((open) => open.id)).toEqual(['mine'])
    expect((await store.claim(CONTRACT_DEVICE, 'tab', 1))?.open.map((open) => open.id)).toEqual(['mine'])
    expect(await database.get('entries', 'waiting-elsewhere')).toBeUndefined()
  })

  it('adds each entry once, however often it comes, and changes none', async () => {
    const { imported } = await ledger()
    expect(await imported.add([foreign('a'), foreign('a'), foreign('b')], 9)).toBe(2)
    expect(await imported.add([foreign('a', { number: 99 }), foreign('c')], 10)).toBe(1)
    expect(await imported.count()).toBe(3)
    expect(await imported.byNumber(99, 5)).toEqual([])
    expect([...(await imported.known(['a', 'b', 'x']))].sort()).toEqual(['a', 'b'])
  })

  it('pages from the newest to the oldest, without a gap among entries of the same millisecond', async () => {
    const { imported } = await ledger()
    const times = [5_000, 5_000, 5_000, 4_000, 6_000]
    await imported.add(
      times.map((createdAtMs, place) => foreign(`e${place}`, { createdAtMs })),
      9,
    )
    const first = await imported.page({ limit: 2 })
    const second = await imported.page({ limit: 2, ...(first.next === null ? {} : { before: first.next }) })
    const third = await imported.page({ limit: 2, ...(second.next === null ? {} : { before: second.next }) })
    expect([...ids(first.entries), ...ids(second.entries), ...ids(third.entries)]).toEqual([
      'e4',
      'e2',
      'e1',
      'e0',
      'e3',
    ])
    expect(third.next).toBeNull()
  })

  it('is found by number, sum, mark and day', async () => {
    const { imported } = await ledger()
    await imported.add(
      [foreign('a', { number: 12, createdAtMs: 50 }), foreign('b', { mark: 'C-0001', createdAtMs: 90 })],
      9,
    )
    expect(ids(await imported.byNumber(12, 5))).toEqual(['a'])
    expect(ids(await imported.byMark('c-0001', 5))).toEqual(['b'])
    expect(ids(await imported.byAmount(contractDraft('x').amount, 5))).toEqual(['b', 'a'])
    expect(ids(await imported.between(0, 90, 5))).toEqual(['a'])
  })

  it('comes out again whole, in batches', async () => {
    const { imported } = await ledger()
    await imported.add([foreign('a'), foreign('b'), foreign('c')], 9)
    const all: string[] = []
    for await (const batch of imported.batches(2)) all.push(...ids(batch))
    expect(all).toEqual(['a', 'b', 'c'])
  })

  it('is searched in a ledger of an earlier version too', async () => {
    const name = freshName()
    const old = await openLedger(name, LEDGER_UPGRADES.slice(0, 1))
    await old.put('imported', { id: 'a', importedAtMs: 1, entry: foreign('a', { number: 5 }) })
    old.close()
    expect(ids(await createImportedRepository(await openLedger(name)).byNumber(5, 5))).toEqual(['a'])
  })
})
