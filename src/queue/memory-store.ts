/** The store in memory: for tests, for the demo and as the picture of what the real one has to do. */
import { alreadyThere, entryAt } from './store.ts'
import type {
  Change,
  Claim,
  CommitResult,
  OtherRegisterEntry,
  EnqueueOptions,
  EnqueueResult,
  Lease,
  MoveResult,
  NewEntry,
  QueueSnapshot,
  QueueStore,
  ResolveResult,
  ShiftEntry,
  StoreKeyResult,
} from './store.ts'
import {
  idsOf,
  isMovable,
  isOpenRefusal,
  movedAway,
  sameRegisterIds,
  serialsBeside,
  withOpenMarker,
  withTypedKey,
} from './types.ts'
import type { DeviceRecord, Entry, EntryDraft, Resolution } from './types.ts'

/** All that a strict commit keeps. A new store over the same data is the app after a restart. */
export interface MemoryData {
  readonly devices: Map<string, DeviceRecord>
  readonly entries: Map<string, Entry>
  readonly leases: Map<string, Lease>
  nextSequence: number
}

export function newMemoryData(): MemoryData {
  return { devices: new Map(), entries: new Map(), leases: new Map(), nextSequence: 1 }
}

/** The synchronous half, which the simulation drives by itself so that every step is a place to crash. */
export class MemoryCore {
  readonly data: MemoryData
  readonly markPrefix: string

  constructor(data: MemoryData = newMemoryData(), markPrefix = 'A') {
    this.data = data
    this.markPrefix = markPrefix
  }

  createDevice(device: DeviceRecord): DeviceRecord {
    const known = this.data.devices.get(device.id)
    if (known) return known
    this.data.devices.set(device.id, device)
    return device
  }

  storeKey(deviceId: string, key: string): StoreKeyResult {
    const device = this.data.devices.get(deviceId)
    if (!device) return 'unknown'
    if (device.bound !== null) return 'bound'
    this.data.devices.set(deviceId, withTypedKey(device, key))
    const lease = this.data.leases.get(deviceId)
    if (lease) this.data.leases.set(deviceId, { ...lease, epoch: lease.epoch + 1 })
    return 'stored'
  }

  mergeDevice(deviceId: string, intoId: string): void {
    const device = this.data.devices.get(deviceId)
    if (!device || deviceId === intoId) return
    this.data.devices.set(deviceId, { ...device, mergedInto: intoId, question: null })
    const lease = this.data.leases.get(deviceId)
    if (lease) this.data.leases.set(deviceId, { ...lease, epoch: lease.epoch + 1 })
  }

  load(deviceId: string): QueueSnapshot | null {
    const device = this.data.devices.get(deviceId)
    if (!device) return null
    const open: Entry[] = []
    const ids = idsOf([...this.data.devices.values()], deviceId)
    for (const entry of this.data.entries.values()) {
      if (entry.open === 1 && ids.has(entry.deviceId)) open.push(entry)
    }
    open.sort((a, b) => a.sequence - b.sequence)
    return { device, open }
  }

  claim(deviceId: string, holder: string, untilMs: number): Claim | null {
    const snapshot = this.load(deviceId)
    if (!snapshot) return null
    const ended = this.data.leases.get(deviceId) ?? null
    const epoch = (ended?.epoch ?? 0) + 1
    this.data.leases.set(deviceId, { epoch, holder, untilMs })
    return { ...snapshot, epoch, ended, otherSerials: serialsBeside([...this.data.devices.values()], deviceId) }
  }

  commit(deviceId: string, change: Change, epoch: number): CommitResult {
    const lease = this.data.leases.get(deviceId)
    if (lease?.epoch !== epoch) return 'superseded'
    if (change.device) this.data.devices.set(deviceId, change.device)
    for (const entry of change.entries ?? []) this.data.entries.set(entry.id, withOpenMarker(entry))
    if (change.leaseUntilMs !== undefined) {
      this.data.leases.set(deviceId, { ...lease, untilMs: change.leaseUntilMs })
    }
    return 'committed'
  }

  enqueueAll(added: readonly NewEntry[], { corrects, nowMs, owed }: EnqueueOptions = {}): readonly EnqueueResult[] {
    const { entries } = this.data
    const there = alreadyThere(
      added,
      added.map(({ id }) => entries.get(id)),
    )
    if (there) return there
    const corrected = corrects === undefined ? undefined : entries.get(corrects)
    if (corrected && !isOpenRefusal(corrected)) return added.map(() => ({ kind: 'settled', entry: corrected }))
    let sequence = this.data.nextSequence
    const results = added.map((each): EnqueueResult => {
      const entry = entryAt(sequence, this.markPrefix, each)
      sequence += 1
      return { kind: 'enqueued', entry }
    })
    const made = results.at(-1)?.entry
    if (owed && made) {
      const records = [...entries.values()].filter(({ debt }) => debt?.debtor === made.debt?.debtor)
      if (!owed(records)) return [{ kind: 'notOwed', entry: made }]
    }
    this.data.nextSequence = sequence
    for (const { entry } of results) entries.set(entry.id, entry)
    const by = results.at(-1)?.entry
    if (corrects !== undefined && by) {
      this.resolve(corrects, { kind: 'corrected', by: by.id, atMs: nowMs ?? by.createdAtMs })
    }
    return results
  }

  /** One entry. */
  enqueue(id: string, build: NewEntry['build'], options: EnqueueOptions = {}): EnqueueResult {
    const [result] = this.enqueueAll([{ id, build }], options)
    if (!result) throw new Error('nothing was added')
    return result
  }

  resolve(entryId: string, resolution: Resolution): ResolveResult {
    const entry = this.data.entries.get(entryId)
    if (!entry) return 'unknown'
    if (entry.state !== 'refused' || entry.resolution !== null) return 'notRefused'
    this.data.entries.set(entryId, withOpenMarker({ ...entry, resolution, question: null }))
    return 'resolved'
  }

  openAtOtherRegisters(deviceId: string): readonly OtherRegisterEntry[] {
    const ids = idsOf([...this.data.devices.values()], deviceId)
    return [...this.data.entries.values()]
      .filter((entry) => entry.open === 1 && !ids.has(entry.deviceId))
      .sort((a, b) => a.sequence - b.sequence)
      .map((entry) => ({ entry, serial: this.data.devices.get(entry.deviceId)?.serial ?? null }))
  }

  settleAtOtherRegister(
    deviceId: string,
    entryId: string,
    how: Parameters<QueueStore['settleAtOtherRegister']>[2],
  ): MoveResult {
    const entry = this.data.entries.get(entryId)
    if (!entry) return 'unknown'
    const ids = idsOf([...this.data.devices.values()], deviceId)
    if (ids.has(entry.deviceId) || !isMovable(entry)) return 'notPossible'
    const replacement = 'replacement' in how ? how.replacement : null
    if (replacement && this.data.entries.has(replacement.id)) return 'notPossible'
    const by = replacement && this.enqueue(replacement.id, replacement.build).entry
    this.data.entries.set(entryId, withOpenMarker(movedAway(entry, how, by)))
    const lease = this.data.leases.get(entry.deviceId)
    if (lease) this.data.leases.set(entry.deviceId, { ...lease, epoch: lease.epoch + 1, untilMs: 0 })
    return 'moved'
  }

  registeredAs(deviceId: string, numbers: readonly number[]): readonly Entry[] {
    const ids = sameRegisterIds([...this.data.devices.values()], deviceId)
    const found: Entry[] = []
    for (const entry of this.data.entries.values()) {
      if (entry.kind !== 'registration' || entry.state !== 'done' || entry.number === null) continue
      if (numbers.includes(entry.number) && ids.has(entry.deviceId)) found.push(entry)
    }
    return found
  }

  registeredInShift(deviceId: string, shift: number): readonly ShiftEntry[] {
    const found: ShiftEntry[] = []
    const ids = idsOf([...this.data.devices.values()], deviceId)
    for (const entry of this.data.entries.values()) {
      if (!ids.has(entry.deviceId) || entry.shift !== shift) continue
      if (entry.kind !== 'registration' || entry.state !== 'done' || entry.number === null) continue
      found.push({ id: entry.id, sequence: entry.sequence, number: entry.number, entry })
    }
    return found.sort((a, b) => a.number - b.number)
  }
}

/** The same behind promises. Each call takes effect at once and resolves later, like a strict transaction. */
export class MemoryStore implements QueueStore {
  readonly core: MemoryCore

  constructor(data: MemoryData = newMemoryData(), markPrefix = 'A') {
    this.core = new MemoryCore(data, markPrefix)
  }

  createDevice(device: DeviceRecord): Promise<DeviceRecord> {
    return settle(() => this.core.createDevice(device))
  }

  storeKey(deviceId: string, key: string): Promise<StoreKeyResult> {
    return settle(() => this.core.storeKey(deviceId, key))
  }

  mergeDevice(deviceId: string, intoId: string): Promise<void> {
    return settle(() => {
      this.core.mergeDevice(deviceId, intoId)
    })
  }

  load(deviceId: string): Promise<QueueSnapshot | null> {
    return settle(() => this.core.load(deviceId))
  }

  lease(deviceId: string): Promise<Lease | null> {
    return settle(() => this.core.data.leases.get(deviceId) ?? null)
  }

  claim(deviceId: string, holder: string, untilMs: number): Promise<Claim | null> {
    return settle(() => this.core.claim(deviceId, holder, untilMs))
  }

  commit(deviceId: string, change: Change, epoch: number): Promise<CommitResult> {
    return settle(() => this.core.commit(deviceId, change, epoch))
  }

  enqueue(
    id: string,
    build: (place: { readonly sequence: number; readonly mark: string }) => EntryDraft,
    options?: EnqueueOptions,
  ): Promise<EnqueueResult> {
    return settle(() => this.core.enqueue(id, build, options))
  }

  enqueueAll(added: readonly NewEntry[], options?: EnqueueOptions): Promise<readonly EnqueueResult[]> {
    return settle(() => this.core.enqueueAll(added, options))
  }

  resolve(entryId: string, resolution: Resolution): Promise<ResolveResult> {
    return settle(() => this.core.resolve(entryId, resolution))
  }

  openAtOtherRegisters(deviceId: string): Promise<readonly OtherRegisterEntry[]> {
    return settle(() => this.core.openAtOtherRegisters(deviceId))
  }

  settleAtOtherRegister(...how: Parameters<QueueStore['settleAtOtherRegister']>): Promise<MoveResult> {
    return settle(() => this.core.settleAtOtherRegister(...how))
  }

  entry(entryId: string): Promise<Entry | null> {
    return settle(() => this.core.data.entries.get(entryId) ?? null)
  }

  registeredAs(deviceId: string, numbers: readonly number[]): Promise<readonly Entry[]> {
    return settle(() => this.core.registeredAs(deviceId, numbers))
  }

  registeredInShift(deviceId: string, shift: number): Promise<readonly ShiftEntry[]> {
    return settle(() => this.core.registeredInShift(deviceId, shift))
  }
}

/** A call that throws rejects; a build that throws has changed nothing. */
function settle<T>(action: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(action())
  })
}
