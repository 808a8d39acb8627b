import 'fake-indexeddb/auto'
import { describe, expect, it } from 'vitest'
import { CONTRACT_DEVICE, contractDevice, contractDraft } from '../queue/testing/store-contract.ts'
import { LEDGER_UPGRADES, openLedger, type LedgerDatabase } from './ledger-db.ts'
import { createLedgerStore } from './ledger-store.ts'
import { createOutbox } from './outbox.ts'

let databases = 0
const freshName = () => `outbox-test-${(databases += 1)}`

async function opened(name = freshName()) {
  const database = await openLedger(name)
  const store = createLedgerStore(database, { markPrefix: () => 'A', now: () => 5_000 })
  return { database, store, outbox: createOutbox(database) }
}

/** What waits, by the record that it is about: `entry sale-1`. */
async function marked(database: LedgerDatabase): Promise<readonly string[]> {
  return (await database.getAll('outbox')).map(({ kind, id }) => `${kind} ${id}`)
}

describe('the outbox', () => {
  it('has a marker of every write of a record, from the transaction that made it', async () => {
    const { database, store } = await opened()
    await store.createDevice(contractDevice())
    await store.createDevice(contractDevice())
    await store.enqueueAll(['sale-1', 'sale-2'].map((id) => ({ id, build: () => contractDraft(id) })))
    await store.storeKey(CONTRACT_DEVICE, '11111111')
    const claim = await store.claim(CONTRACT_DEVICE, 'tab', 10_000)
    const [entry] = claim?.open ?? []
    if (claim === null || entry === undefined) throw new Error('the entry was just stored')
    const refused = { ...entry, state: 'refused' as const, code: 5 }
    await store.commit(CONTRACT_DEVICE, { device: claim.device, entries: [refused] }, claim.epoch)
    await store.commit(CONTRACT_DEVICE, { leaseUntilMs: 20_000 }, claim.epoch)
    await store.enqueue('sale-3', () => contractDraft('sale-3'), { corrects: entry.id, nowMs: 6_000 })
    expect(await marked(database)).toEqual([
      'device device-1',
      'entry sale-1',
      'entry sale-2',
      'device device-1',
      'device device-1',
      'entry sale-1',
      'entry sale-3',
      'entry sale-1',
    ])
    database.close()
  })

  it('has none of a write that did not happen', async () => {
    const { database, store } = await opened()
    await store.createDevice(contractDevice())
    const old = await store.claim(CONTRACT_DEVICE, 'frozen', 10_000)
    await store.claim(CONTRACT_DEVICE, 'tab', 20_000)
    const before = await marked(database)
    expect(await store.commit(CONTRACT_DEVICE, { device: contractDevice() }, old?.epoch ?? 0)).toBe('superseded')
    const broken = store.enqueue('sale-1', () => {
      throw new RangeError('no bytes')
    })
    await expect(broken).rejects.toThrow(RangeError)
    await store.enqueue('sale-2', () => contractDraft('sale-2'))
    await store.enqueue('sale-2', () => contractDraft('sale-2'))
    expect((await marked(database)).slice(before.length)).toEqual(['entry sale-2'])
    database.close()
  })

  it('sends the record as it stands now, once, and forgets exactly what was acknowledged', async () => {
    const { database, store, outbox } = await opened()
    await store.createDevice(contractDevice())
    await store.enqueue('sale-1', () => contractDraft('sale-1'))
    const claim = await store.claim(CONTRACT_DEVICE, 'tab', 10_000)
    const [entry] = claim?.open ?? []
    if (claim === null || entry === undefined) throw new Error('the entry was just stored')
    await store.commit(CONTRACT_DEVICE, { entries: [{ ...entry, attempts: 1 }] }, claim.epoch)
    const { changes, standsFor } = await outbox.batch(200)
    expect(changes.map(({ id, revision }) => [id, revision])).toEqual([
      ['device-1', 1],
      ['sale-1', 3],
    ])
    expect(changes[1]?.record).toMatchObject({ id: 'sale-1', attempts: 1 })

    // While the answer was under way the entry changed once more.
    await store.commit(CONTRACT_DEVICE, { entries: [{ ...entry, attempts: 2 }] }, claim.epoch)
    await outbox.forget(standsFor.get(3) ?? [], 9_000)
    const left = await outbox.batch(200)
    expect(left.changes.map(({ id, revision }) => [id, revision])).toEqual([
      ['device-1', 1],
      ['sale-1', 4],
    ])
    expect(left.changes[1]?.record).toMatchObject({ attempts: 2 })
    expect(await outbox.waiting()).toEqual({ waiting: 2, unfilled: 1, sinceMs: 5_000 })
    database.close()
  })

  it('fills a server that it meets from the first entry, and once more after that was wiped or set back', async () => {
    const { database, store, outbox } = await opened()
    await store.createDevice(contractDevice())
    for (let n = 1; n <= 5; n += 1) await store.enqueue(`sale-${n}`, () => contractDraft(`sale-${n}`))
    await outbox.clearUnlessMet()
    expect(await marked(database)).toEqual([])
    expect(await outbox.fill(2)).toBe(false)

    const take = async (): Promise<readonly string[]> => {
      const sent: string[] = []
      for (;;) {
        const { changes, standsFor } = await outbox.batch(200)
        sent.push(...changes.map(({ id }) => id))
        await outbox.forget([...standsFor.values()].flat(), 9_000)
        if (!(await outbox.fill(2))) return sent
      }
    }
    const all = ['device-1', 'sale-1', 'sale-2', 'sale-3', 'sale-4', 'sale-5']
    await outbox.meet('server-1', 0, 8_000)
    await outbox.clearUnlessMet()
    expect(await take()).toEqual(all)
    const highest = (await outbox.progress())?.acknowledged ?? 0
    expect(highest).toBeGreaterThan(5)

    await outbox.meet('server-1', highest, 9_500)
    expect(await take()).toEqual([])
    await outbox.meet('server-1', highest - 1, 9_600)
    expect(await take()).toEqual(all)
    await outbox.meet('server-2', highest, 9_700)
    expect(await take()).toEqual(all)
    database.close()
  })

  it('marks nothing of a ledger of the version before, which the first server is filled from', async () => {
    const name = freshName()
    const before = await openLedger(name, LEDGER_UPGRADES.slice(0, 2))
    await before.put('devices', contractDevice())
    before.close()
    const { database, store, outbox } = await opened(name)
    await store.enqueue('sale-1', () => contractDraft('sale-1'))
    await outbox.meet('server-1', 0, 8_000)
    expect((await outbox.batch(200)).changes.map(({ id }) => id)).toEqual(['sale-1'])
    expect(await outbox.fill(200)).toBe(true)
    expect(new Set(await marked(database))).toEqual(new Set(['entry sale-1', 'device device-1']))
    database.close()
  })

  it('keeps for good that another tablet took the place', async () => {
    const { database, outbox } = await opened()
    await outbox.replaced(7_000)
    await outbox.replaced(8_000)
    await outbox.meet('server-1', 0, 9_000)
    expect((await outbox.progress())?.replacedAtMs).toBe(7_000)
    database.close()
  })
})
