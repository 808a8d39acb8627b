/**
 * Database `terminal`: what can be made again (settings, catalogue, open and parked carts, the demo device).
 * Receipts don't live here: the queue and the journal have a database of their own (`ledger-db.ts`), so that
 * nothing which clears, rebuilds or migrates this one can touch them.
 */
import type { DBSchema, IDBPDatabase } from 'idb'
import { openLasting } from './lasting.ts'

/** One record of the key-value store; the value's shape is checked by who reads it. */
interface KeyValue {
  readonly key: string
  readonly value: unknown
}

export interface AppSchema extends DBSchema {
  settings: { key: string; value: KeyValue }
  /** The catalogue in blocks: one read of a few large records starts faster than one of 50 000 small ones. */
  catalog: { key: string; value: { readonly key: string; readonly value: unknown } }
  carts: { key: string; value: { readonly id: string; readonly value: unknown } }
}

export type AppDatabase = IDBPDatabase<AppSchema>

const APP_DATABASE = 'terminal'
const APP_VERSION = 1

/**
 * Opens the database for as long as the page lives (`lasting.ts`), creating what an earlier version lacks.
 * Rejects with the browser's DOMException when storage is denied or broken: the caller shows it.
 */
export function openAppDatabase(name: string = APP_DATABASE, onGone?: () => void): Promise<AppDatabase> {
  return openLasting<AppSchema>(
    name,
    APP_VERSION,
    {
      upgrade(database) {
        if (!database.objectStoreNames.contains('settings')) database.createObjectStore('settings', { keyPath: 'key' })
        if (!database.objectStoreNames.contains('catalog')) database.createObjectStore('catalog', { keyPath: 'key' })
        if (!database.objectStoreNames.contains('carts')) database.createObjectStore('carts', { keyPath: 'id' })
      },
    },
    onGone,
  )
}
