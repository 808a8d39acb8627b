/** Small durable values by key: settings, cashiers, the demo device's state. */
import type { AppDatabase } from './app-db.ts'
import type { Changes } from './changes.ts'

export interface KeyValueStore {
  /** The stored value or undefined; its shape is the reader's to check. */
  get(key: string): Promise<unknown>
  /** Resolves when the value is on the disk (strict durability). Only for what nobody else writes meanwhile. */
  set(key: string, value: unknown): Promise<void>
  /**
   * Writes what `change` makes of the stored value, read in the same transaction, so that a window with an old copy takes
   * nothing back that another one wrote. `change` must be synchronous; where it gives the stored value itself back,
   * nothing is written. Resolves to the value that is on the disk then (strict durability).
   */
  update(key: string, change: (stored: unknown) => unknown): Promise<unknown>
  /** All values whose key begins with the prefix. */
  all(prefix: string): Promise<ReadonlyMap<string, unknown>>
}

/** `changes`: who hears of every write; nobody where it is absent. */
export function createKeyValueStore(database: AppDatabase, changes?: Pick<Changes, 'tell'>): KeyValueStore {
  async function update(key: string, change: (stored: unknown) => unknown): Promise<unknown> {
    const transaction = database.transaction('settings', 'readwrite', { durability: 'strict' })
    const stored = (await transaction.store.get(key))?.value
    const value = change(stored)
    if (value !== stored) await transaction.store.put({ key, value })
    await transaction.done
    if (value !== stored) changes?.tell(key)
    return value
  }
  return {
    async get(key) {
      return (await database.get('settings', key))?.value
    },
    async set(key, value) {
      const transaction = database.transaction('settings', 'readwrite', { durability: 'strict' })
      await transaction.store.put({ key, value })
      await transaction.done
      changes?.tell(key)
    },
    update,
    async all(prefix) {
      const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`)
      const rows = await database.getAll('settings', range)
      return new Map(rows.map((row) => [row.key, row.value]))
    },
  }
}
