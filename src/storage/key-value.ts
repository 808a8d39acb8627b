/** Small durable values by key: settings, the demo device's state. */
import type { AppDatabase } from './app-db.ts'

export interface KeyValueStore {
  /** The stored value or undefined; its shape is the reader's to check. */
  get(key: string): Promise<unknown>
  /** Resolves when the value is on the disk (strict durability). */
  set(key: string, value: unknown): Promise<void>
  /** All values whose key begins with the prefix. */
  all(prefix: string): Promise<ReadonlyMap<string, unknown>>
}

export function createKeyValueStore(database: AppDatabase): KeyValueStore {
  return {
    async get(key) {
      return (await database.get('settings', key))?.value
    },
    async set(key, value) {
      const transaction = database.transaction('settings', 'readwrite', { durability: 'strict' })
      await transaction.store.put({ key, value })
      await transaction.done
    },
    async all(prefix) {
      const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`)
      const rows = await database.getAll('settings', range)
      return new Map(rows.map((row) => [row.key, row.value]))
    },
  }
}
