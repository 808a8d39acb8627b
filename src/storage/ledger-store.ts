/** The queue's storage on IndexedDB. Its promises are those of `queue/store.ts`; one contract suite checks them. */
import {
  alreadyThere,
  entryAt,
  type Change,
  type Claim,
  type CommitResult,
  type EnqueueOptions,
  type EnqueueResult,
  type Lease,
  type NewEntry,
  type QueueSnapshot,
  type QueueStore,
  type ShiftEntry,
} from '../queue/store.ts'
import {
  idsOf,
  sameRegisterIds,
  isMovable,
  isOpenRefusal,
  movedAway,
  serialsBeside,
  withOpenMarker,
  withTypedKey,
  type DeviceRecord,
  type Entry,
} from '../queue/types.ts'
import { readEntry } from './entry-schema.ts'
import type { DebtorPointer, LedgerDatabase, OutboxMarker } from './ledger-db.ts'

export interface LedgerStoreOptions {
  /** Letter(s) before the running number in a mark. */
  readonly markPrefix: () => string
  /** ms since the epoch. */
  readonly now: () => number
  /** Told of every record that this version can't read; it was copied into `quarantine` before. */
  readonly onQuarantine?: (id: string, problem: string) => void
}

/** Without the key of its record. */
function leaseOf(stored: Lease | undefined): Lease | null {
  return stored === undefined ? null : { epoch: stored.epoch, holder: stored.holder, untilMs: stored.untilMs }
}

const STRICT = { durability: 'strict' } as const
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

/** Puts an entry that names a debtor among that one's, in the transaction that adds it. */
export const pointDebtor = (
  debtors: { put(pointer: DebtorPointer): Promise<unknown> },
  { id, debt }: Entry,
): readonly Promise<unknown>[] => (debt ? [debtors.put({ id, debtor: debt.debtor })] : [])

export function createLedgerStore(database: LedgerDatabase, options: LedgerStoreOptions): QueueStore {
  /** Marks a record as changed, in the transaction that changes it: what is on the disk is on its way to the shop server. */
  const mark = (
    outbox: { add(marker: OutboxMarker): Promise<unknown> },
    { id }: { readonly id: string },
    kind: OutboxMarker['kind'] = 'entry',
  ): Promise<unknown> => outbox.add({ kind, id, atMs: options.now() })

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

  /** `open`: the unsettled entries of every record. */
  async function snapshotOf(
    devices: readonly DeviceRecord[],
    open: readonly Entry[],
    deviceId: string,
  ): Promise<QueueSnapshot | null> {
    const device = devices.find(({ id }) => id === deviceId)
    const ids = idsOf(devices, deviceId)
    return device ? { device, open: await readable(open.filter((entry) => ids.has(entry.deviceId))) } : null
  }

  /** One transaction for all of them; a `build` that throws, or a write that fails, leaves none behind. */
  async function add(
    added: readonly NewEntry[],
    { corrects, nowMs, owed }: EnqueueOptions = {},
  ): Promise<readonly EnqueueResult[]> {
    const transaction = database.transaction(['entries', 'counters', 'outbox', 'debtors'], 'readwrite', STRICT)
    const entries = transaction.objectStore('entries')
    const counters = transaction.objectStore('counters')
    const outbox = transaction.objectStore('outbox')
    const debtors = transaction.objectStore('debtors')
    const [known, counter, corrected] = await Promise.all([
      Promise.all(added.map(({ id }) => entries.get(id))),
      counters.get(SEQUENCE),
      corrects === undefined ? undefined : entries.get(corrects),
    ])
    let sequence = counter?.next ?? 1
    const writes: Promise<unknown>[] = []
    const made: Entry[] = []
    let results: readonly EnqueueResult[]
    try {
      const there = alreadyThere(added, known)
      const settled = corrected !== undefined && !isOpenRefusal(corrected) ? corrected : null
      if (there !== null || settled !== null) {
        await transaction.done
        return there ?? added.map(() => ({ kind: 'settled', entry: settled as Entry }))
      }
      results = added.map((each) => {
        const entry = entryAt(sequence, options.markPrefix(), each)
        sequence += 1
        made.push(entry)
        return { kind: 'enqueued', entry }
      })
      const by = made.at(-1)
      if (owed && by?.debt) {
        const ids = await debtors.index('debtor').getAllKeys(by.debt.debtor)
        const records = await Promise.all(ids.map((id) => entries.get(id)))
        if (!owed(records.filter((entry) => entry !== undefined))) {
          await transaction.done
          return [{ kind: 'notOwed', entry: by }]
        }
      }
      for (const entry of made) writes.push(entries.add(entry), mark(outbox, entry), ...pointDebtor(debtors, entry))
    } catch (error) {
      for (const write of writes) write.catch(() => undefined)
      transaction.abort()
      await transaction.done.catch(() => undefined)
      throw error
    }
    writes.push(counters.put({ name: SEQUENCE, next: sequence }))
    const by = results.at(-1)?.entry
    if (by !== undefined && corrected !== undefined) {
      const resolution = { kind: 'corrected', by: by.id, atMs: nowMs ?? by.createdAtMs } as const
      writes.push(entries.put(withOpenMarker({ ...corrected, resolution, question: null })), mark(outbox, corrected))
    }
    await settle(transaction.done, Promise.all(writes))
    return results
  }

  return {
    async createDevice(device) {
      // Every start asks; only the first one has something to write and to wait for on the disk.
      const there = await database.get('devices', device.id)
      if (there !== undefined) return there
      const transaction = database.transaction(['devices', 'outbox'], 'readwrite', STRICT)
      const devices = transaction.objectStore('devices')
      const known = await devices.get(device.id)
      if (known === undefined)
        await Promise.all([devices.add(device), mark(transaction.objectStore('outbox'), device, 'device')])
      await transaction.done
      return known ?? device
    },

    async storeKey(deviceId, key) {
      const transaction = database.transaction(['devices', 'leases', 'outbox'], 'readwrite', STRICT)
      const devices = transaction.objectStore('devices')
      const leases = transaction.objectStore('leases')
      const outbox = transaction.objectStore('outbox')
      const [device, lease] = await Promise.all([devices.get(deviceId), leases.get(deviceId)])
      const free = device?.bound === null
      const writes: Promise<unknown>[] = []
      if (free) writes.push(devices.put(withTypedKey(device, key)), mark(outbox, device, 'device'))
      // The lease itself runs on: a frozen holder may still begin what it has stored.
      if (free && lease !== undefined) writes.push(leases.put({ ...lease, epoch: lease.epoch + 1 }))
      await settle(transaction.done, Promise.all(writes))
      if (device === undefined) return 'unknown'
      return free ? 'stored' : 'bound'
    },

    async mergeDevice(deviceId, intoId) {
      const transaction = database.transaction(['devices', 'leases', 'outbox'], 'readwrite', STRICT)
      const devices = transaction.objectStore('devices')
      const leases = transaction.objectStore('leases')
      const outbox = transaction.objectStore('outbox')
      const [device, lease] = await Promise.all([devices.get(deviceId), leases.get(deviceId)])
      const writes: Promise<unknown>[] = []
      if (device !== undefined && deviceId !== intoId) {
        writes.push(devices.put({ ...device, mergedInto: intoId, question: null }), mark(outbox, device, 'device'))
        if (lease !== undefined) writes.push(leases.put({ ...lease, epoch: lease.epoch + 1 }))
      }
      await settle(transaction.done, Promise.all(writes))
    },

    async load(deviceId): Promise<QueueSnapshot | null> {
      const transaction = database.transaction(['devices', 'entries'])
      const [devices, open] = await Promise.all([
        transaction.objectStore('devices').getAll(),
        transaction.objectStore('entries').index('open').getAll(),
        transaction.done,
      ])
      return snapshotOf(devices, open, deviceId)
    },

    async lease(deviceId) {
      return leaseOf(await database.get('leases', deviceId))
    },

    async claim(deviceId, holder, untilMs): Promise<Claim | null> {
      const transaction = database.transaction(['devices', 'entries', 'leases'], 'readwrite', STRICT)
      const leases = transaction.objectStore('leases')
      const [devices, lease, open] = await Promise.all([
        transaction.objectStore('devices').getAll(),
        leases.get(deviceId),
        transaction.objectStore('entries').index('open').getAll(),
      ])
      const epoch = (lease?.epoch ?? 0) + 1
      const known = devices.some((device) => device.id === deviceId)
      if (known) await leases.put({ deviceId, epoch, holder, untilMs })
      await transaction.done
      const snapshot = await snapshotOf(devices, open, deviceId)
      if (snapshot === null) return null
      claimed = { deviceId, epoch, holder }
      return { ...snapshot, epoch, ended: leaseOf(lease), otherSerials: serialsBeside(devices, deviceId) }
    },

    async commit(deviceId, change: Change, epoch): Promise<CommitResult> {
      const transaction = database.transaction(['devices', 'entries', 'leases', 'outbox'], 'readwrite', STRICT)
      const leases = transaction.objectStore('leases')
      const reading = leases.get(deviceId)
      // The writes go out behind the look at the epoch, not after its answer: a busy screen would hold them up, and
      // with them the receipt. A transaction ends only when every answer was heard, so there is time to abort it.
      const mine = claimed?.deviceId === deviceId && claimed.epoch === epoch
      const known = mine ? claimed : await orCause(transaction.done, reading)
      const writes: Promise<unknown>[] = []
      if (known?.epoch === epoch) {
        const outbox = transaction.objectStore('outbox')
        const { device } = change
        if (device !== undefined)
          writes.push(transaction.objectStore('devices').put(device), mark(outbox, device, 'device'))
        const entries = transaction.objectStore('entries')
        for (const entry of change.entries ?? []) writes.push(entries.put(withOpenMarker(entry)), mark(outbox, entry))
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
      const transaction = database.transaction(['entries', 'outbox'], 'readwrite', STRICT)
      const entries = transaction.objectStore('entries')
      const entry = await entries.get(entryId)
      const refused = entry?.state === 'refused' && entry.resolution === null
      if (refused)
        await Promise.all([
          entries.put(withOpenMarker({ ...entry, resolution, question: null })),
          mark(transaction.objectStore('outbox'), entry),
        ])
      await transaction.done
      if (entry === undefined) return 'unknown'
      return refused ? 'resolved' : 'notRefused'
    },

    async openAtOtherRegisters(deviceId) {
      const transaction = database.transaction(['devices', 'entries'])
      const [devices, open] = await Promise.all([
        transaction.objectStore('devices').getAll(),
        transaction.objectStore('entries').index('open').getAll(),
        transaction.done,
      ])
      const serials = new Map(devices.map((device) => [device.id, device.serial]))
      const ids = idsOf(devices, deviceId)
      const others = await readable(open.filter((entry) => !ids.has(entry.deviceId)))
      return others.map((entry) => ({ entry, serial: serials.get(entry.deviceId) ?? null }))
    },

    async settleAtOtherRegister(deviceId, entryId, how) {
      const stores = ['entries', 'counters', 'leases', 'devices', 'outbox', 'debtors'] as const
      const transaction = database.transaction(stores, 'readwrite', STRICT)
      const entries = transaction.objectStore('entries')
      const outbox = transaction.objectStore('outbox')
      const counters = transaction.objectStore('counters')
      const leases = transaction.objectStore('leases')
      const [entry, devices, counter, taken] = await Promise.all([
        entries.get(entryId),
        transaction.objectStore('devices').getAll(),
        counters.get(SEQUENCE),
        'replacement' in how ? entries.getKey(how.replacement.id) : undefined,
      ])
      const elsewhere = entry !== undefined && !idsOf(devices, deviceId).has(entry.deviceId)
      const movable = elsewhere && isMovable(entry) && taken === undefined
      if (!movable) {
        await transaction.done
        return entry === undefined ? 'unknown' : 'notPossible'
      }
      let by: Entry | null = null
      const writes: Promise<unknown>[] = []
      if ('replacement' in how) {
        const sequence = counter?.next ?? 1
        by = entryAt(sequence, options.markPrefix(), how.replacement)
        const debtors = transaction.objectStore('debtors')
        const next = { name: SEQUENCE, next: sequence + 1 }
        writes.push(entries.add(by), mark(outbox, by), counters.put(next), ...pointDebtor(debtors, by))
      }
      writes.push(entries.put(withOpenMarker(movedAway(entry, how, by))), mark(outbox, entry))
      const lease = await leases.get(entry.deviceId)
      if (lease !== undefined) writes.push(leases.put({ ...lease, epoch: lease.epoch + 1, untilMs: 0 }))
      await settle(transaction.done, Promise.all(writes))
      return 'moved'
    },

    async entry(entryId) {
      return (await database.get('entries', entryId)) ?? null
    },

    async registeredAs(deviceId, numbers) {
      const transaction = database.transaction(['devices', 'entries'])
      const byNumber = transaction.objectStore('entries').index('number')
      const [devices, found] = await Promise.all([
        transaction.objectStore('devices').getAll(),
        Promise.all(numbers.map((number) => byNumber.getAll(IDBKeyRange.bound([number], [number, []])))),
        transaction.done,
      ])
      const ids = sameRegisterIds(devices, deviceId)
      return found
        .flat()
        .filter((entry) => entry.kind === 'registration' && entry.state === 'done' && ids.has(entry.deviceId))
    },

    async registeredInShift(deviceId, shift): Promise<readonly ShiftEntry[]> {
      const ids = idsOf(await database.getAll('devices'), deviceId)
      const found = [...ids].map((id) =>
        database.getAllFromIndex('entries', 'shift', IDBKeyRange.bound([id, shift], [id, shift, []])),
      )
      return (await Promise.all(found))
        .flat()
        .flatMap((entry) =>
          entry.kind === 'registration' && entry.state === 'done' && entry.number !== null
            ? [{ id: entry.id, sequence: entry.sequence, number: entry.number, entry }]
            : [],
        )
        .sort((a, b) => a.number - b.number)
    },
  }
}
