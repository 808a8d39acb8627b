/**
 * Storage as the queue needs it. `memory-store.ts` and the IndexedDB store of `src/storage` both pass
 * `store.contract.ts`.
 *
 * Consistency contract
 * - Every writing call is ONE transaction: all of it or nothing, durable ('strict') before its promise resolves.
 * - Transactions are serial: a call sees everything that resolved before it started, from every tab.
 * - A call that rejects has changed nothing, or (power cut, tab death) may have changed everything; never a part.
 * - No call deletes a record. `put` of an entry never lowers its sequence or changes its id, mark, kind or request.
 */
import { TENDERS, type Receipt } from '../domain/receipt.ts'
import { markOf } from '../domain/mark.ts'
import { newEntry } from './types.ts'
import type { DeviceRecord, Entry, EntryDraft, Resolution } from './types.ts'

/** Who may write the device's records. `untilMs` lets another tab take over from a frozen holder. */
export interface Lease {
  readonly epoch: number
  readonly holder: string
  readonly untilMs: number
}

export interface QueueSnapshot {
  readonly device: DeviceRecord
  /** Every unsettled entry of the device, ascending by sequence. */
  readonly open: readonly Entry[]
}

export interface Claim extends QueueSnapshot {
  readonly epoch: number
  /** Factory numbers of the other registers that have a record: where one of them answers, this isn't its record. */
  readonly otherSerials: readonly string[]
  /** The lease that this claim ended, as it stood in the same transaction; null where nobody ever claimed. */
  readonly ended: Lease | null
}

/** All that one arrow of the machine changes. */
export interface Change {
  /** The whole new device record; absent when it stays. */
  readonly device?: DeviceRecord
  /** Whole new entries, each with its `open` marker in step (`withOpenMarker`). They exist already. */
  readonly entries?: readonly Entry[]
  /** Renews the lease in the same transaction. */
  readonly leaseUntilMs?: number
}

export type CommitResult = 'committed' | 'superseded'

export type EnqueueResult =
  | { readonly kind: 'enqueued'; readonly entry: Entry }
  /** The same operation (`sameOperation`) was there already; nothing was changed. */
  | { readonly kind: 'known'; readonly entry: Entry }
  /** Another operation (`entry`) has this id; nothing was added, and this one stands nowhere. */
  | { readonly kind: 'conflict'; readonly entry: Entry }
  /** The entry that this one was to correct (`entry`) was settled meanwhile; nothing was added. */
  | { readonly kind: 'settled'; readonly entry: Entry }
  /** `EnqueueOptions.owed` said no to it (`entry`, which stands nowhere); nothing was added. */
  | { readonly kind: 'notOwed'; readonly entry: Entry }

export interface EnqueueOptions {
  /** Id of the refused entry that the new one corrects. */
  readonly corrects?: string
  readonly nowMs?: number
  /**
   * Whether the debtor of the last new entry owes what it takes off, by all stored entries that name that debtor. Called
   * inside the transaction, so that two windows can't take the same debt twice; pure.
   */
  readonly owed?: (records: readonly Entry[]) => boolean
}

/** An entry to be added; `build` as in `enqueue`. */
export interface NewEntry {
  readonly id: string
  build(place: { readonly sequence: number; readonly mark: string }): EntryDraft
}

/** The entry as it enters the store at this place. Throws what its `build` throws. */
export function entryAt(sequence: number, markPrefix: string, { id, build }: NewEntry): Entry {
  const mark = markOf(markPrefix, sequence)
  return newEntry({ ...build({ sequence, mark }), id }, sequence, mark)
}

/** What a customer's receipt says. Words that follow a switch of the language or of the settings are none of it. */
function receiptContent({ kind, total, payments, taxId, printText, basis, rows }: Receipt): unknown {
  return [
    kind,
    total,
    TENDERS.map((tender) => payments[tender] ?? 0),
    taxId,
    printText,
    basis && [basis.number, basis.total],
    rows.map((row) =>
      row.kind === 'item' ? [row.name, row.price, row.quantity, row.sum, row.basisLine] : row.discount,
    ),
  ]
}

function contentOf({ deviceId, kind, amount, request, receipt, ways, debt, shift, bank }: EntryDraft): string {
  return JSON.stringify([
    deviceId,
    kind,
    amount,
    receipt === null ? request : receiptContent(receipt),
    // Only a Z names its shift from the start; the others learn it from the device.
    kind === 'zReport' && shift,
    bank && [bank.message, bank.amount],
    (ways ?? []).map((way) => [way.id, way.amount, way.note]),
    debt,
  ])
}

/** Whether an entry is the operation of this draft: only then its id, being known, means that it is stored. */
function sameOperation(entry: Entry, draft: EntryDraft): boolean {
  return contentOf(entry) === contentOf(draft)
}

/**
 * What becomes of operations some of which are known: `known` has their entries, in their order. Null where all are new.
 * A sale of several receipts is stored whole or not at all, so one that is known in part is another sale.
 */
export function alreadyThere(
  added: readonly NewEntry[],
  known: readonly (Entry | undefined)[],
): readonly EnqueueResult[] | null {
  const [first] = known.filter((entry) => entry !== undefined)
  if (first === undefined) return null
  const same = known.flatMap((entry, index) =>
    entry !== undefined && added[index] && sameOperation(entry, added[index].build(entry)) ? [entry] : [],
  )
  if (same.length === added.length) return same.map((entry) => ({ kind: 'known', entry }))
  const other = known.find((entry) => entry !== undefined && !same.includes(entry)) ?? first
  return added.map(() => ({ kind: 'conflict', entry: other }))
}

export type ResolveResult = 'resolved' | 'notRefused' | 'unknown'

/** An unsettled operation that was meant for another cash register of this terminal. */
export interface OtherRegisterEntry {
  readonly entry: Entry
  /** `factorySerialNumber` of the device that it was meant for; null where that device never answered. */
  readonly serial: string | null
}

/**
 * `notPossible`: it may have reached its own device (sent without a verdict, a card that may be charged), so only that
 * device can tell; or it is settled, or belongs to the device in use.
 */
export type MoveResult = 'moved' | 'notPossible' | 'unknown'

/** What the comparison before a Z needs of a journal entry. */
export interface ShiftEntry {
  readonly id: string
  readonly sequence: number
  readonly number: number
  readonly entry: Entry
}

/**
 * `bound`: the key in the record is bound to a request in doubt, so that another one would break the proof of it.
 * Nothing was written then, nor where the device is `unknown`.
 */
export type StoreKeyResult = 'stored' | 'bound' | 'unknown'

/** Every method rejects with an Error when the storage itself fails (full, broken, closed). */
export interface QueueStore {
  /** Writes the device's record if there is none with this id yet; resolves to the stored one. */
  createDevice(device: DeviceRecord): Promise<DeviceRecord>

  /**
   * Writes a key that a person typed into the device's record while none is bound, and ends the right of whoever sends
   * for it: its copy holds the old key. One transaction.
   */
  storeKey(deviceId: string, key: string): Promise<StoreKeyResult>

  /**
   * Two records turned out to be one register: what was enqueued for `deviceId` is sent by `intoId` from now on. Entries
   * stay under the record that they were made for; nothing is rewritten. Ends the right of whoever sends for `deviceId`.
   */
  mergeDevice(deviceId: string, intoId: string): Promise<void>

  /** Reads without claiming; null when the device is not known. Reads only open entries, however many are settled. */
  load(deviceId: string): Promise<QueueSnapshot | null>

  /** The lease in force, null when nobody ever claimed. */
  lease(deviceId: string): Promise<Lease | null>

  /**
   * Makes `holder` the only writer: raises the epoch, so that every other holder's commit is `superseded`, and reads
   * the snapshot in the same transaction. Null when the device is not known.
   */
  claim(deviceId: string, holder: string, untilMs: number): Promise<Claim | null>

  /** Applies the change if `epoch` is still the device's; else changes nothing and says so. */
  commit(deviceId: string, change: Change, epoch: number): Promise<CommitResult>

  /**
   * Adds a new entry. `build` is called once inside the transaction with the next sequence and mark (the mark is part
   * of the frozen bytes), must be synchronous and pure. Needs no epoch: it never touches what the machine writes.
   * `corrects`: the refused entry that this one corrects is resolved in the same transaction; when it is settled
   * already (another tab was quicker), nothing is added: a card that was charged once must not pay twice.
   * An id that is known is a success only for the same operation; `build` is then called with the place of the known one.
   */
  enqueue(
    id: string,
    build: (place: { readonly sequence: number; readonly mark: string }) => EntryDraft,
    options?: EnqueueOptions,
  ): Promise<EnqueueResult>

  /** Adds several new entries in this order, in ONE transaction: a sale of several receipts is stored whole or not at all. */
  enqueueAll(entries: readonly NewEntry[], options?: EnqueueOptions): Promise<readonly EnqueueResult[]>

  /** Settles a refused entry. */
  resolve(entryId: string, resolution: Resolution): Promise<ResolveResult>

  /** Unsettled entries of every other device record, ascending by sequence: a device was exchanged before they were sent. */
  openAtOtherRegisters(deviceId: string): Promise<readonly OtherRegisterEntry[]>

  /**
   * Settles an entry of another device that never became a document there (`queued` or `refused`): with `replacement`
   * the same sale is enqueued for `deviceId` and the old entry is `corrected` by it, without one it is written off
   * with `reason`. One transaction, which also ends the right of whoever still sends for the other device.
   */
  settleAtOtherRegister(
    deviceId: string,
    entryId: string,
    how:
      { readonly nowMs: number; readonly reason: string } | { readonly nowMs: number; readonly replacement: NewEntry },
  ): Promise<MoveResult>

  /** One entry by id, null for none. */
  entry(entryId: string): Promise<Entry | null>

  /**
   * Registrations of this terminal that are `done` under one of these numbers at the register of this record: of every
   * record with its factory number, and of those that were merged into it. A register numbers its receipts once.
   */
  registeredAs(deviceId: string, numbers: readonly number[]): Promise<readonly Entry[]>

  /** Registrations of this terminal that are `done` in this shift of the device, ascending by number. */
  registeredInShift(deviceId: string, shift: number): Promise<readonly ShiftEntry[]>
}
