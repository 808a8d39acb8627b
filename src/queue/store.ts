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
import { markOf, newEntry } from './types.ts'
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
  /** An entry with this id was there already; nothing was changed. */
  | { readonly kind: 'known'; readonly entry: Entry }
  /** The entry that this one was to correct (`entry`) was settled meanwhile; nothing was added. */
  | { readonly kind: 'settled'; readonly entry: Entry }

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

export type ResolveResult = 'resolved' | 'notRefused' | 'unknown'

/** An unsettled operation that was meant for another cash register of this terminal. */
export interface ElsewhereEntry {
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

/** Every method rejects with an Error when the storage itself fails (full, broken, closed). */
export interface QueueStore {
  /** Writes the device's record if there is none with this id yet; resolves to the stored one. */
  createDevice(device: DeviceRecord): Promise<DeviceRecord>

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
   */
  enqueue(
    id: string,
    build: (place: { readonly sequence: number; readonly mark: string }) => EntryDraft,
    options?: { readonly corrects?: string; readonly nowMs?: number },
  ): Promise<EnqueueResult>

  /** Adds several new entries in this order, in ONE transaction: a sale of several receipts is stored whole or not at all. */
  enqueueAll(
    entries: readonly NewEntry[],
    options?: { readonly corrects?: string; readonly nowMs?: number },
  ): Promise<readonly EnqueueResult[]>

  /** Settles a refused entry. */
  resolve(entryId: string, resolution: Resolution): Promise<ResolveResult>

  /** Unsettled entries of every other device record, ascending by sequence: a device was exchanged before they were sent. */
  openElsewhere(deviceId: string): Promise<readonly ElsewhereEntry[]>

  /**
   * Settles an entry of another device that never became a document there (`queued` or `refused`): with `replacement`
   * the same sale is enqueued for `deviceId` and the old entry is `corrected` by it, without one it is written off
   * with `reason`. One transaction, which also ends the right of whoever still sends for the other device.
   */
  settleElsewhere(
    deviceId: string,
    entryId: string,
    how:
      { readonly nowMs: number; readonly reason: string } | { readonly nowMs: number; readonly replacement: NewEntry },
  ): Promise<MoveResult>

  /** One entry by id, null for none. */
  entry(entryId: string): Promise<Entry | null>

  /** Registrations of this terminal that are `done` in this shift of the device, ascending by number. */
  registeredInShift(deviceId: string, shift: number): Promise<readonly ShiftEntry[]>
}
