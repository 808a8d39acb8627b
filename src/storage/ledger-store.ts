/** The queue's storage on IndexedDB. Its promises are those of `queue/store.ts`; one contract suite checks them. */
import {
  entryAt,
  type Change,
  type Claim,
  type CommitResult,
  type EnqueueResult,
  type NewEntry,
  type QueueSnapshot,
  type QueueStore,
  type ShiftEntry,
} from '../queue/store.ts'
import { isMovable, isOpenRefusal, movedAway, withOpenMarker, type Entry } from '../queue/types.ts'
import { readEntry } from './entry-schema.ts'
import type { LedgerDatabase } from './ledger-db.ts'

export interface LedgerStoreOptions {
  /** Letter(s) before the running number in a mark. */
  readonly markPrefix: () => string
  /** ms since the epoch. */
  readonly now: () => number
  /** Told of every record that this version can't read; it was copied into `quarantine` before. */
  readonly onQuarantine?: (id: string, problem: string) => void
}

const STRICT = { durability: 'strict' } as const
const OPEN = 1
const SEQUENCE = 'sequence'

/** Waits for the promises and for the transaction; a transaction that fails rejects with its own error. */
async function settle(done: Promise<void>, work: Promise<unknown>): Promise<void> {
  // `done` carries the cause (quota, a closed connection); a request's own rejection would hide it.
  work.catch(() => undefined)
  await done
  await work
}

/** A read whose transaction fails rejects with the transaction's own error. */
async function orCause<T>(done: Promise<void>, read: Promise<T>): Promise<T> {
  done.catch(() => undefined)
  try {
    return await read
  } catch (error) {
    await done
    throw error
  }
}

export function createLedgerStore(database: LedgerDatabase, options: LedgerStoreOptions): QueueStore {
  async function quarantine(id: string, problem: string, record: unknown): Promise<void> {
    const transaction = database.transaction('quarantine', 'readwrite', STRICT)
    const known = await transaction.store.get(id)
    if (known === undefined) await transaction.store.put({ id, foundAtMs: options.now(), problem, record })
    await transaction.done
    options.onQuarantine?.(id, problem)
  }

  /** Sorts what can be read from what can't; the latter is copied aside and shown, never dropped. */
  async function readable(records: readonly unknown[]): Promise<Entry[]> {
    const entries: Entry[] = []
    for (const record of records) {
      const read = readEntry(record)
      if (read.kind === 'ok') entries.push(read.entry)
      else await quarantine(read.id, read.problem, record)
    }
    return entries.sort((a, b) => a.sequence - b.sequence)
  }

  /** The lease that this connection claimed last: a commit needn't read it back before it can renew it. */
  let claimed: { readonly deviceId: string; readonly epoch: number; readonly holder: string } | null = null

  const openRange = (deviceId: string) => IDBKeyRange.only([deviceId, OPEN])

  /** One transaction for all of them; a `build` that throws, or a write that fails, leaves none behind. */
  async function add(
    added: readonly NewEntry[],
    { corrects, nowMs }: { readonly corrects?: string; readonly nowMs?: number } = {},
  ): Promise<readonly EnqueueResult[]> {
    const transaction = database.transaction(['entries', 'counters'], 'readwrite', STRICT)
    const entries = transaction.objectStore('entries')
    const counters = transaction.objectStore('counters')
    const [known, counter, corrected] = await Promise.all([
      Promise.all(added.map(({ id }) => entries.get(id))),
      counters.get(SEQUENCE),
      corrects === undefined ? undefined : entries.get(corrects),
    ])
    if (corrected !== undefined && !isOpenRefusal(corrected) && known.includes(undefined)) {
      await transaction.done
      return added.map(() => ({ kind: 'settled', entry: corrected }))
    }
    let sequence = counter?.next ?? 1
    const writes: Promise<unknown>[] = []
    let results: EnqueueResult[]
    try {
      results = added.map((each, index) => {
        const there = known[index]
        if (there !== undefined) return { kind: 'known', entry: there }
        const entry = entryAt(sequence, options.markPrefix(), each)
        sequence += 1
        writes.push(entries.add(entry))
        return { kind: 'enqueued', entry }
      })
    } catch (error) {
      for (const write of writes) write.catch(() => undefined)
      transaction.abort()
      await transaction.done.catch(() => undefined)
      throw error
    }
    if (writes.length > 0) writes.push(counters.put({ name: SEQUENCE, next: sequence }))
    const by = results.findLast((result) => result.kind === 'enqueued')?.entry
    if (by !== undefined && corrected !== undefined) {
      const resolution = { kind: 'corrected', by: by.id, atMs: nowMs ?? by.createdAtMs } as const
      writes.push(entries.put(withOpenMarker({ ...corrected, resolution, question: null })))
    }
    await settle(transaction.done, Promise.all(writes))
    return results
  }

  return {
    async createDevice(device) {
      // Every start asks; only the first one has something to write and to wait for on the disk.
      const there = await database.get('devices', device.id)
      if (there !== undefined) return there
      const transaction = database.transaction('devices', 'readwrite', STRICT)
      const known = await transaction.store.get(device.id)
      if (known === undefined) await transaction.store.add(device)
      await transaction.done
      return known ?? device
    },

    async load(deviceId): Promise<QueueSnapshot | null> {
      const transaction = database.transaction(['devices', 'entries'])
      const [device, open] = await Promise.all([
        transaction.objectStore('devices').get(deviceId),
        transaction.objectStore('entries').index('open').getAll(openRange(deviceId)),
        transaction.done,
      ])
      return device === undefined ? null : { device, open: await readable(open) }
    },

    async lease(deviceId) {
      const stored = await database.get('leases', deviceId)
      return stored === undefined ? null : { epoch: stored.epoch, holder: stored.holder, untilMs: stored.untilMs }
    },

    async claim(deviceId, holder, untilMs): Promise<Claim | null> {
      const transaction = database.transaction(['devices', 'entries', 'leases'], 'readwrite', STRICT)
      const leases = transaction.objectStore('leases')
      const [device, lease, open] = await Promise.all([
        transaction.objectStore('devices').get(deviceId),
        leases.get(deviceId),
        transaction.objectStore('entries').index('open').getAll(openRange(deviceId)),
      ])
      const epoch = (lease?.epoch ?? 0) + 1
      if (device !== undefined) await leases.put({ deviceId, epoch, holder, untilMs })
      await transaction.done
      if (device === undefined) return null
      claimed = { deviceId, epoch, holder }
      return { epoch, device, open: await readable(open) }
    },

    async commit(deviceId, change: Change, epoch): Promise<CommitResult> {
      const transaction = database.transaction(['devices', 'entries', 'leases'], 'readwrite', STRICT)
      const leases = transaction.objectStore('leases')
      const reading = leases.get(deviceId)
      // The writes go out behind the look at the epoch, not after its answer: a busy screen would hold them up, and
      // with them the receipt. A transaction ends only when every answer was heard, so there is time to abort it.
      const mine = claimed?.deviceId === deviceId && claimed.epoch === epoch
      const known = mine ? claimed : await orCause(transaction.done, reading)
      const writes: Promise<unknown>[] = []
      if (known?.epoch === epoch) {
        if (change.device !== undefined) writes.push(transaction.objectStore('devices').put(change.device))
        const entries = transaction.objectStore('entries')
        for (const entry of change.entries ?? []) writes.push(entries.put(withOpenMarker(entry)))
        if (change.leaseUntilMs !== undefined) {
          writes.push(leases.put({ deviceId, epoch, holder: known.holder, untilMs: change.leaseUntilMs }))
        }
      }
      const written = Promise.all(writes)
      written.catch(() => undefined)
      const lease = await orCause(transaction.done, reading)
      if (lease?.epoch !== epoch) {
        transaction.abort()
        await transaction.done.catch(() => undefined)
        return 'superseded'
      }
      await settle(transaction.done, written)
      return 'committed'
    },

    async enqueue(id, build, options) {
      const [result] = await add([{ id, build }], options)
      if (result === undefined) throw new Error('nothing was added')
      return result
    },

    enqueueAll: add,

    async resolve(entryId, resolution) {
      const transaction = database.transaction('entries', 'readwrite', STRICT)
      const entry = await transaction.store.get(entryId)
      const refused = entry?.state === 'refused' && entry.resolution === null
      if (refused) await transaction.store.put(withOpenMarker({ ...entry, resolution, question: null }))
      await transaction.done
      if (entry === undefined) return 'unknown'
      return refused ? 'resolved' : 'notRefused'
    },

    async openElsewhere(deviceId) {
      const transaction = database.transaction(['devices', 'entries'])
      const [devices, open] = await Promise.all([
        transaction.objectStore('devices').getAll(),
        transaction.objectStore('entries').index('open').getAll(),
        transaction.done,
      ])
      const serials = new Map(devices.map((device) => [device.id, device.serial]))
      const others = await readable(open.filter((entry) => entry.deviceId !== deviceId))
      return others.map((entry) => ({ entry, serial: serials.get(entry.deviceId) ?? null }))
    },

    async settleElsewhere(deviceId, entryId, how) {
      const transaction = database.transaction(['entries', 'counters', 'leases'], 'readwrite', STRICT)
      const entries = transaction.objectStore('entries')
      const counters = transaction.objectStore('counters')
      const leases = transaction.objectStore('leases')
      const [entry, counter] = await Promise.all([entries.get(entryId), counters.get(SEQUENCE)])
      const movable = entry !== undefined && entry.deviceId !== deviceId && isMovable(entry)
      if (!movable) {
        await transaction.done
        return entry === undefined ? 'unknown' : 'notPossible'
      }
      let by: Entry | null = null
      const writes: Promise<unknown>[] = []
      if ('replacement' in how) {
        const sequence = counter?.next ?? 1
        by = entryAt(sequence, options.markPrefix(), how.replacement)
        writes.push(entries.add(by), counters.put({ name: SEQUENCE, next: sequence + 1 }))
      }
      writes.push(entries.put(withOpenMarker(movedAway(entry, how, by))))
      const lease = await leases.get(entry.deviceId)
      if (lease !== undefined) writes.push(leases.put({ ...lease, epoch: lease.epoch + 1, untilMs: 0 }))
      await settle(transaction.done, Promise.all(writes))
      return 'moved'
    },

    async entry(entryId) {
      return (await database.get('entries', entryId)) ?? null
    },

    async registeredInShift(deviceId, shift): Promise<readonly ShiftEntry[]> {
      const range = IDBKeyRange.bound([deviceId, shift], [deviceId, shift, []])
      const entries = await database.getAllFromIndex('entries', 'shift', range)
      return entries.flatMap((entry) =>
        entry.kind === 'registration' && entry.state === 'done' && entry.number !== null
          ? [{ id: entry.id, sequence: entry.sequence, number: entry.number, entry }]
          : [],
      )
    },
  }
}
