import 'fake-indexeddb/auto'
import forceCloseDatabase from 'fake-indexeddb/lib/forceCloseDatabase'
import { describe, expect, it, vi } from 'vitest'
import { CONTRACT_DEVICE, contractDevice, contractDraft } from '../queue/testing/store-contract.ts'
import { isStorageError } from '../domain/error-text.ts'
import { openAppDatabase } from './app-db.ts'
import { createKeyValueStore } from './key-value.ts'
import { openLedger } from './ledger-db.ts'
import { createLedgerStore } from './ledger-store.ts'
import { GONE, lastingly } from './lasting.ts'

let databases = 0
const freshName = (): string => `lasting-${(databases += 1)}`

async function ledger(onGone?: () => void) {
  const name = freshName()
  const database = await openLedger(name, undefined, onGone)
  const store = lastingly(database, createLedgerStore(database, { markPrefix: () => 'A', now: () => 1 }))
  await store.createDevice(contractDevice())
  return { name, database, store }
}

describe('a connection that the browser closed', () => {
  it('is opened again by itself: a sale is stored at the first tap, once, and reading goes on', async () => {
    const { database, store } = await ledger()
    await store.enqueue('before', () => contractDraft('before'))
    database.close()
    const stored = await store.enqueue('after', () => contractDraft('after'))
    expect(stored).toMatchObject({ kind: 'enqueued', entry: { sequence: 2 } })
    expect((await store.load(CONTRACT_DEVICE))?.open.map((entry) => entry.id)).toEqual(['before', 'after'])
  })

  it('is opened again as soon as the browser says that it ended', async () => {
    const open = vi.spyOn(indexedDB, 'open')
    const database = await openAppDatabase(freshName())
    const connection = (open.mock.results[0]?.value as IDBOpenDBRequest).result
    open.mockRestore()
    const values = createKeyValueStore(database)
    await values.set('kept', 1)
    forceCloseDatabase(connection)
    await expect.poll(() => values.get('kept').catch(() => null)).toBe(1)
  })

  it('does again only what had not begun: another failure is told as it is', async () => {
    const { database, store } = await ledger()
    let builds = 0
    const thrown = await store
      .enqueue('broken', () => {
        builds += 1
        throw new RangeError('no bytes')
      })
      .catch((error: unknown) => error)
    expect(thrown).toBeInstanceOf(RangeError)
    expect(builds).toBe(1)
    database.close()
  })

  it('is said to be gone, not quietly replaced, where the data went with it', async () => {
    const told: string[] = []
    const { name, database, store } = await ledger(() => told.push('gone'))
    database.close()
    await new Promise<void>((resolve) => {
      indexedDB.deleteDatabase(name).onsuccess = () => resolve()
    })
    for (let time = 0; time < 2; time += 1) {
      const thrown = await store.enqueue('lost', () => contractDraft('lost')).catch((error: unknown) => error)
      expect(thrown).toMatchObject({ name: GONE })
      expect(isStorageError(thrown)).toBe(true)
    }
    expect(told).toEqual(['gone'])
  })
})
