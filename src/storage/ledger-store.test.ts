import 'fake-indexeddb/auto'
import { describe, expect, it } from 'vitest'
import { CONTRACT_DEVICE, contractDevice, contractDraft, describeQueueStore } from '../queue/testing/store-contract.ts'
import { isStorageError } from '../domain/error-text.ts'
import { newEntry, type Entry } from '../queue/types.ts'
import { adoptTill } from './adopt-till.ts'
import { createDebtsRepository } from './debts-repository.ts'
import { LEDGER_UPGRADES, openLedger } from './ledger-db.ts'
import { createJournalRepository } from './journal-repository.ts'
import { createLedgerStore } from './ledger-store.ts'

let databases = 0
const freshName = () => `ledger-test-${(databases += 1)}`
const options = { markPrefix: () => 'A', now: () => 1_000 }

describeQueueStore('the store on IndexedDB', async () => {
  const name = freshName()
  let database = await openLedger(name)
  return {
    store: createLedgerStore(database, options),
    reopen: async () => {
      database.close()
      database = await openLedger(name)
      return createLedgerStore(database, options)
    },
    close: () => {
      database.close()
      return Promise.resolve()
    },
  }
})

describe('the ledger', () => {
  it('copies a record that it cannot read aside, tells it, and still loads the others', async () => {
    const database = await openLedger(freshName())
    const told: string[] = []
    const store = createLedgerStore(database, { ...options, onQuarantine: (id) => told.push(id) })
    await store.createDevice(contractDevice())
    await store.enqueue('good', () => contractDraft('good'))
    await store.enqueue('bad', () => contractDraft('bad'))
    const broken = { ...(await database.get('entries', 'bad')), attempts: 'many' } as unknown as Entry
    await database.put('entries', broken)

    expect((await store.load(CONTRACT_DEVICE))?.open.map((entry) => entry.id)).toEqual(['good'])
    await store.load(CONTRACT_DEVICE)

    expect(told).toEqual(['bad', 'bad'])
    const [aside] = await createJournalRepository(database).quarantined()
    expect(aside).toMatchObject({ id: 'bad', record: { attempts: 'many' } })
    expect(aside?.problem).toContain('attempts')
    expect(await database.get('entries', 'bad')).toEqual(broken)
    database.close()
  })

  it('leaves nothing behind of a record that could not be made, and says what was thrown, not that the disk failed', async () => {
    const database = await openLedger(freshName())
    const store = createLedgerStore(database, options)
    const defect = new RangeError('no bytes')
    const thrown = await store
      .enqueueAll([
        { id: 'first', build: () => contractDraft('first') },
        {
          id: 'second',
          build: () => {
            throw defect
          },
        },
      ])
      .catch((error: unknown) => error)
    expect(thrown).toBe(defect)
    expect(isStorageError(thrown)).toBe(false)
    const { entry } = await store.enqueue('next', () => contractDraft('next'))
    expect(entry.sequence).toBe(1)
    database.close()
    const lost = await store.enqueue('lost', () => contractDraft('lost')).catch((error: unknown) => error)
    expect(isStorageError(lost)).toBe(true)
  })

  it('writes nothing of a tab that still believes to be the writer, and leaves the other one alone', async () => {
    const name = freshName()
    const [first, second] = [await openLedger(name), await openLedger(name)]
    const [a, b] = [createLedgerStore(first, options), createLedgerStore(second, options)]
    await a.createDevice(contractDevice())
    await a.enqueue('kept', () => contractDraft('kept'))
    const claim = await a.claim(CONTRACT_DEVICE, 'a', 10_000)
    const device = { ...contractDevice(), key: '11111111' }
    const entries = (claim?.open ?? []).map((entry): Entry => ({ ...entry, state: 'sending', attempts: 1 }))
    const change = { device, entries, leaseUntilMs: 20_000 }
    expect(await a.commit(CONTRACT_DEVICE, { leaseUntilMs: 15_000 }, claim?.epoch ?? 0)).toBe('committed')
    expect(await b.lease(CONTRACT_DEVICE)).toEqual({ epoch: claim?.epoch, holder: 'a', untilMs: 15_000 })

    const taken = await b.claim(CONTRACT_DEVICE, 'b', 30_000)
    expect(await a.commit(CONTRACT_DEVICE, change, claim?.epoch ?? 0)).toBe('superseded')
    expect(await b.load(CONTRACT_DEVICE)).toEqual({ device: taken?.device, open: taken?.open })
    expect(await b.lease(CONTRACT_DEVICE)).toEqual({ epoch: taken?.epoch, holder: 'b', untilMs: 30_000 })
    first.close()
    second.close()
  })

  it('tells the cause when the storage fails under a commit', async () => {
    const database = await openLedger(freshName())
    const store = createLedgerStore(database, options)
    await store.createDevice(contractDevice())
    const claim = await store.claim(CONTRACT_DEVICE, 'a', 10_000)
    database.close()
    await expect(store.commit(CONTRACT_DEVICE, { leaseUntilMs: 1 }, claim?.epoch ?? 0)).rejects.toMatchObject({
      name: 'InvalidStateError',
    })
  })

  it('keeps every record through the upgrade from each earlier version', async () => {
    const later = [...LEDGER_UPGRADES, (): void => undefined]
    for (let version = 1; version < later.length; version += 1) {
      const name = freshName()
      const old = await openLedger(name, later.slice(0, version))
      // This version's store writes markers, for which an earlier database has no room.
      await old.put('devices', contractDevice())
      await old.put('entries', newEntry(contractDraft('kept'), 1, 'A-0001'))
      const before = await old.getAll('entries')
      old.close()
      const upgraded = await openLedger(name, later)
      expect(upgraded.version).toBe(later.length)
      expect(await upgraded.getAll('entries')).toEqual(before)
      expect((await createLedgerStore(upgraded, options).load(CONTRACT_DEVICE))?.device).toEqual(contractDevice())
      upgraded.close()
    }
  })

  it('finds who owes by pointers written with the entries, which an earlier version has none of', async () => {
    const name = freshName()
    const old = await openLedger(name, LEDGER_UPGRADES.slice(0, 3))
    await old.put('devices', contractDevice())
    await old.put('entries', newEntry(contractDraft('before'), 1, 'A-0001'))
    await old.put('counters', { name: 'sequence', next: 2 })
    old.close()
    const database = await openLedger(name)
    const debts = createDebtsRepository(database)
    expect(await debts.all()).toEqual([])
    const store = createLedgerStore(database, options)
    const debt = { debtor: 'aigul', name: 'Aigul' }
    const sold = await store.enqueue('sold', () => ({ ...contractDraft('sold'), kind: 'registration', debt }))
    await store.enqueue('cash', () => contractDraft('cash'))
    expect(await debts.all()).toEqual([sold.entry])

    // A sale that waited for another register is registered here under its debtor.
    await store.createDevice(contractDevice('other'))
    await store.enqueue('away', () => ({ ...contractDraft('away', 'other'), debt }))
    const replacement = { id: 'moved', build: () => ({ ...contractDraft('moved'), debt }) }
    expect(await store.settleAtOtherRegister(CONTRACT_DEVICE, 'away', { nowMs: 5, replacement })).toBe('moved')
    expect((await debts.all()).map(({ id }) => id).sort()).toEqual(['away', 'moved', 'sold'])
    database.close()
  })

  it('has the debtors of a till that it takes the place of', async () => {
    const database = await openLedger(freshName())
    const adoption = await adoptTill(database, 'till-1')
    const debt = { debtor: 'aigul', name: 'Aigul' }
    const records = [
      newEntry({ ...contractDraft('sold'), debt }, 1, 'A-0001'),
      newEntry(contractDraft('cash'), 2, 'A-0002'),
    ]
    await adoption.page(records, 5)
    // The same page comes again where the tablet died in between.
    await adoption.page(records, 6)
    expect((await createDebtsRepository(database).all()).map(({ id }) => id)).toEqual(['sold'])
    database.close()
  })

  it('refuses to open data of a newer program instead of damaging it', async () => {
    const name = freshName()
    const newer = await openLedger(name, [...LEDGER_UPGRADES, (): void => undefined])
    newer.close()
    await expect(openLedger(name)).rejects.toMatchObject({ name: 'VersionError' })
  })
})

describe('the journal', () => {
  async function journalOf(count: number) {
    const database = await openLedger(freshName())
    const store = createLedgerStore(database, options)
    await store.createDevice(contractDevice())
    for (let index = 1; index <= count; index += 1) {
      const draft = { ...contractDraft(`e${index}`), createdAtMs: index * 1_000 }
      await store.enqueue(`e${index}`, () => draft)
    }
    return { database, journal: createJournalRepository(database) }
  }
  const ids = (entries: readonly Entry[]) => entries.map((entry) => entry.id)

  it('pages from the newest to the oldest without a gap or a repeat', async () => {
    const { journal } = await journalOf(5)
    const first = await journal.page({ limit: 2 })
    const second = await journal.page({ limit: 2, ...(first.next === null ? {} : { before: first.next }) })
    const third = await journal.page({ limit: 2, ...(second.next === null ? {} : { before: second.next }) })
    expect([...ids(first.entries), ...ids(second.entries), ...ids(third.entries)]).toEqual([
      'e5',
      'e4',
      'e3',
      'e2',
      'e1',
    ])
    expect(third.next).toBeNull()
  })

  it('finds entries of a period by halving', async () => {
    const { journal } = await journalOf(9)
    expect(ids(await journal.between(3_000, 6_000, 10))).toEqual(['e5', 'e4', 'e3'])
    expect(ids(await journal.between(0, 1_000, 10))).toEqual([])
    expect(ids(await journal.between(8_500, 99_000, 10))).toEqual(['e9'])
  })

  it('finds by number, amount and running number', async () => {
    const { database, journal } = await journalOf(3)
    const entry = await journal.entry('e2')
    if (entry === null) throw new Error('expected e2')
    await database.put('entries', { ...entry, number: 77 })
    expect(ids(await journal.byNumber(77, 5))).toEqual(['e2'])
    expect(ids(await journal.byAmount(50_000, 2))).toEqual(['e3', 'e2'])
    expect((await journal.bySequence(3))?.id).toBe('e3')
    expect(await journal.has('e1')).toBe(true)
    expect(await journal.has('e99')).toBe(false)
  })

  it('exports everything in batches, oldest first', async () => {
    const { journal } = await journalOf(5)
    const sizes: number[] = []
    const all: Entry[] = []
    for await (const batch of journal.batches(2)) {
      sizes.push(batch.length)
      all.push(...batch)
    }
    expect(sizes).toEqual([2, 2, 1])
    expect(ids(all)).toEqual(['e1', 'e2', 'e3', 'e4', 'e5'])
  })
})
