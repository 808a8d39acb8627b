/**
 * Database `ledger`: the queue and the journal, in one store of entries. It is apart from everything that can
 * be made again, and no code path, update or migration deletes a record of it: migrations only add stores,
 * indexes and fields (`ledger-store.test.ts` opens the data of every earlier version).
 */
import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from 'idb'
import type { Lease } from '../queue/store.ts'
import type { DeviceRecord, Entry } from '../queue/types.ts'
import { openLasting } from './lasting.ts'

/** A record that this version can't read: copied here with the reason, kept where it was too. */
export interface QuarantinedRecord {
  readonly id: string
  readonly foundAtMs: number
  readonly problem: string
  readonly record: unknown
}

/** An entry that came in a backup of another tablet or of an earlier life of this one: shown, never sent. */
export interface ImportedEntry {
  readonly id: string
  readonly importedAtMs: number
  readonly entry: Entry
}

/** Which till writes this ledger, and under which letters. */
export interface LedgerMark {
  /** Random, drawn with the ledger. */
  readonly till: string
  readonly prefix: string
  /** The way to the register when this was written. */
  readonly place: string
  /** The server knows it and has given the prefix to nobody else. */
  readonly confirmed: boolean
}

/** A record changed and isn't known to be at the shop server. Its key in the store rises with every change. */
export interface OutboxMarker {
  readonly kind: 'entry' | 'device'
  readonly id: string
  /** When, ms since the epoch. */
  readonly atMs: number
}

/** How far the shop server has this ledger. */
export interface UploadProgress {
  /** Id of the server's database; another one has to be filled from the start. */
  readonly server: string
  /** Entries up to this sequence have a marker or had one. */
  readonly filled: number
  /** Highest revision that it acknowledged: a server that knows less was set back to an older day. */
  readonly acknowledged: number
  /** Which life of the till this tablet is; raised by the server when another tablet takes its place. */
  readonly tenure: number
  /** When the server last took something or said that it has everything, ms since the epoch. */
  readonly heardAtMs: number
  /** Another tablet took this till's place: nothing is sold or sent here any more. Ms since the epoch. */
  readonly replacedAtMs?: number
}

/** Names the debtor of an entry; the money is in the entry alone. */
export interface DebtorPointer {
  /** Of the entry. */
  readonly id: string
  readonly debtor: string
}

export interface LedgerSchema extends DBSchema {
  devices: { key: string; value: DeviceRecord }
  entries: {
    key: string
    value: Entry
    indexes: {
      /** [deviceId, open]: settled entries carry no `open` and so take no room here. */
      open: [string, number]
      sequence: number
      /** [deviceId, shift, number]: registered documents only, the others have a null in it. */
      shift: [string, number, number]
      /** [number, sequence]: the newest of many equal ones are found without reading the others. */
      number: [number, number]
      /** [amount, sequence]: a shop sells the same coffee a hundred thousand times. */
      amount: [number, number]
    }
  }
  leases: { key: string; value: Lease & { readonly deviceId: string } }
  counters: {
    key: string
    value: {
      readonly name: string
      readonly next: number
      readonly mark?: LedgerMark
      readonly upload?: UploadProgress
    }
  }
  quarantine: { key: string; value: QuarantinedRecord }
  imported: {
    key: string
    value: ImportedEntry
    /** Each ends in what makes it unique and ordered: [createdAtMs, id], [number, createdAtMs], … */
    indexes: {
      created: [number, string]
      number: [number, number]
      amount: [number, number]
      mark: [string, number]
    }
  }
  outbox: { key: number; value: OutboxMarker }
  debtors: { key: string; value: DebtorPointer; indexes: { debtor: string } }
}

export type LedgerDatabase = IDBPDatabase<LedgerSchema>

type Upgrade = (
  database: LedgerDatabase,
  transaction: IDBPTransaction<LedgerSchema, StoreNames<LedgerSchema>[], 'versionchange'>,
) => void

/** Entry n brings version n to version n + 1. Never edit one that was released; append. */
export const LEDGER_UPGRADES: readonly Upgrade[] = [
  (database) => {
    database.createObjectStore('devices', { keyPath: 'id' })
    const entries = database.createObjectStore('entries', { keyPath: 'id' })
    entries.createIndex('open', ['deviceId', 'open'])
    entries.createIndex('sequence', 'sequence', { unique: true })
    entries.createIndex('shift', ['deviceId', 'shift', 'number'])
    entries.createIndex('number', ['number', 'sequence'])
    entries.createIndex('amount', ['amount', 'sequence'])
    database.createObjectStore('leases', { keyPath: 'deviceId' })
    database.createObjectStore('counters', { keyPath: 'name' })
    database.createObjectStore('quarantine', { keyPath: 'id' })
    database.createObjectStore('imported', { keyPath: 'id' })
  },
  // Imported entries are shown and searched like the journal.
  (_database, transaction) => {
    const imported = transaction.objectStore('imported')
    imported.createIndex('created', ['entry.createdAtMs', 'id'])
    imported.createIndex('number', ['entry.number', 'entry.createdAtMs'])
    imported.createIndex('amount', ['entry.amount', 'entry.createdAtMs'])
    imported.createIndex('mark', ['entry.mark', 'entry.createdAtMs'])
  },
  // What changed since the shop server last had it; a key is never given twice.
  (database) => {
    database.createObjectStore('outbox', { autoIncrement: true })
  },
  // Which entries name a debtor, written with them. An index over the entries would read years of them all at the upgrade,
  // and none of these has a debtor.
  (database) => {
    database.createObjectStore('debtors', { keyPath: 'id' }).createIndex('debtor', 'debtor')
  },
]

export const LEDGER_DATABASE = 'ledger'

/**
 * Opens the ledger at the newest version, for as long as the page lives (`lasting.ts`). An open connection of an older
 * page closes itself, so that the upgrade can't hang; that page's next write fails and says so.
 * Rejects with the browser's DOMException when storage is denied, broken or newer than this program.
 */
export function openLedger(
  name: string = LEDGER_DATABASE,
  upgrades: readonly Upgrade[] = LEDGER_UPGRADES,
  onGone?: () => void,
): Promise<LedgerDatabase> {
  return openLasting<LedgerSchema>(
    name,
    upgrades.length,
    {
      upgrade(database, oldVersion, _newVersion, transaction) {
        for (const upgrade of upgrades.slice(oldVersion)) upgrade(database, transaction)
      },
    },
    onGone,
  )
}
