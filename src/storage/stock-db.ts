/**
 * Database `stock`: movements of goods (kept for good), sheets that are being filled, and what both and the journal add
 * up to. Apart from the ledger, so that nothing here is ever in the way of a sale.
 */
import type { DBSchema, IDBPDatabase } from 'idb'
import type { Movement, SheetKind, SheetLine, StockRow } from '../domain/stock.ts'
import { openLasting } from './lasting.ts'

/** How far the journal is counted. Entries up to `begin` are of the time before somebody kept a stock. */
export interface JournalPosition {
  readonly name: 'journal'
  readonly begin: number
  /** Sequence of the last entry that was counted and its id; null for the beginning of a journal. */
  readonly position: number
  readonly positionId: string | null
}

/** An entry that isn't settled: whether it counts in `rows` now. */
export interface PendingEntry {
  readonly id: string
  readonly counted: boolean
}

export interface SheetHead {
  readonly kind: SheetKind
  /** Becomes the movement's. */
  readonly id: string
  readonly startedAtMs: number
  /** Rises with every change: whoever accepts says what they saw. */
  readonly revision: number
}

/** Quantity (thousandths) at which a good is marked as running out. */
export interface StockLimit {
  readonly goods: string
  readonly low: number
}

export interface StockSchema extends DBSchema {
  movements: { key: string; value: Movement; indexes: { at: [number, string] } }
  rows: { key: string; value: StockRow }
  pending: { key: string; value: PendingEntry }
  counters: { key: string; value: JournalPosition }
  sheets: { key: string; value: SheetHead }
  lines: { key: [string, string]; value: SheetLine }
  limits: { key: string; value: StockLimit }
}

export type StockDatabase = IDBPDatabase<StockSchema>

const STOCK_DATABASE = 'stock'
const STOCK_VERSION = 1

/** Name of the stock that belongs to a ledger: what is sold for practice never leaves a real shelf. */
export const stockName = (ledger: string): string => ledger.replace(/^ledger/, STOCK_DATABASE)

/** Opens or makes the database; rejects with the browser's DOMException. */
export function openStock(name: string): Promise<StockDatabase> {
  return openLasting<StockSchema>(name, STOCK_VERSION, {
    upgrade(database) {
      database.createObjectStore('movements', { keyPath: 'id' }).createIndex('at', ['atMs', 'id'])
      database.createObjectStore('rows', { keyPath: 'goods' })
      database.createObjectStore('pending', { keyPath: 'id' })
      database.createObjectStore('counters', { keyPath: 'name' })
      database.createObjectStore('sheets', { keyPath: 'kind' })
      database.createObjectStore('lines', { keyPath: ['sheet', 'goods'] })
      database.createObjectStore('limits', { keyPath: 'goods' })
    },
  })
}
