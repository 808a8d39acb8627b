/**
 * The queue in the app: one sender over all tabs (a Web Lock, and beside it a lease in the store for a holder that
 * the browser froze), events from every tab to the sender, and the stored records for every screen.
 */
import type { QueueEvent, Clock, RareSteps } from '../effects.ts'
import type {
  Claim,
  OtherRegisterEntry,
  EnqueueOptions,
  EnqueueResult,
  MoveResult,
  NewEntry,
  QueueSnapshot,
  QueueStore,
  ResolveResult,
} from '../store.ts'
import { isAtRest, type Answer, type Entry, type EntryDraft, type Resolution } from '../types.ts'
import { isKey } from '../../ikkm/codec.ts'
import { beginTenure, LEASE_MS, type Exchange, type Tenure, type TenureEnd } from './driver.ts'

/** The part of Web Locks that is needed. */
export interface LocksLike {
  request<T>(
    name: string,
    options: { readonly steal?: boolean; readonly signal?: AbortSignal },
    work: () => Promise<T>,
  ): Promise<T>
}

/** The part of BroadcastChannel that is needed: everything said reaches all other tabs. */
export interface ChannelLike {
  postMessage(message: unknown): void
  onmessage: ((event: { readonly data: unknown }) => void) | null
}

type Message =
  | { readonly kind: 'event'; readonly event: QueueEvent }
  /** Stored records changed, or the sender started or ended an exchange. */
  | { readonly kind: 'changed'; readonly sending: string | null }
  /** Does anybody send? Something may be stored that the sender doesn't know. */
  | { readonly kind: 'ask' }

export interface QueueServiceParts {
  readonly store: QueueStore
  readonly deviceId: string
  /** Unique for this tab. */
  readonly holder: string
  readonly exchange: Exchange
  readonly locks: LocksLike | null
  readonly channel: ChannelLike | null
  /** Fetches the steps that an ordinary sale doesn't take; asked again when it rejects. */
  readonly loadSteps: () => Promise<RareSteps>
  readonly clock: Clock
  /** 0 to 1. */
  readonly chance: () => number
  /** Runs once after `ms`; returns how to cancel it. */
  readonly setTimer: (run: () => void, ms: number) => () => void
  /** The storage failed (null: it works again). */
  readonly onStorage: (error: unknown) => void
}

export interface QueueService {
  /** Begins to send, or to wait for the right to; resolves when the records were read once. */
  start(): Promise<void>
  stop(): Promise<void>
  snapshot(): QueueSnapshot | null
  /** Id of the entry that is on the wire now, null for none. */
  sending(): string | null
  /**
   * Another tab holds the lock and doesn't react, and something of it may still be about to leave: when this tab takes
   * over (ms, wall clock); null while it reacts.
   */
  silentUntilMs(): number | null
  subscribe(listener: () => void): () => void
  /** Resolves when the record is durable, and up to 60 ms later: its request leaves before the screens are drawn. */
  enqueue(
    id: string,
    build: (place: { readonly sequence: number; readonly mark: string }) => EntryDraft,
    options?: EnqueueOptions,
  ): Promise<EnqueueResult>
  enqueueAll(entries: readonly NewEntry[], options?: EnqueueOptions): Promise<readonly EnqueueResult[]>
  answer(questionId: string, answer: Answer): void
  /** `accepted`: the key is on the disk, whichever window sends. Resolves soon after the longest answer at the latest. */
  provideKey(key: string): Promise<'accepted' | 'bound' | 'malformed'>
  resolve(entryId: string, resolution: Resolution): Promise<ResolveResult>
  /** What waits for another cash register; `QueueStore.openAtOtherRegisters`. */
  openAtOtherRegisters(): Promise<readonly OtherRegisterEntry[]>
  /** Settles one of them, `QueueStore.settleAtOtherRegister`; a replacement is sent like any other entry. */
  settleAtOtherRegister(
    entryId: string,
    how:
      { readonly nowMs: number; readonly reason: string } | { readonly nowMs: number; readonly replacement: NewEntry },
  ): Promise<MoveResult>
  /** `reason`: why a person switches it off. */
  setHostLock(wanted: boolean, reason?: string): void
  prepare(): void
  /** Another part of the app lost the register, or has an answer of it again. */
  contact(state: 'lost' | 'back'): void
  retryNow(): void
}

/** Pause after a failed transaction before the records are read again. */
const STORAGE_RETRY_MS = 5_000
/** A device without a record in the ledger gets one from the setup, in this tab or another. */
const UNKNOWN_DEVICE_RETRY_MS = 5_000
/** So long a sale's own way to the wire goes before the screens: drawing them would hold up the receipt. */
const HEAD_START_MS = 60
/** A typed key waits for the request that is under way, at most so long: an answer takes no longer. */
const KEY_TAKEN_MS = 30_000
/** An event that the sender doesn't react to for so long makes this tab look at the lease. */
const DEAF_MS = 3_000
/** So often a tab that sees something wait asks whether anybody sends. */
const WATCH_MS = 30_000

export function createQueueService(parts: QueueServiceParts): QueueService {
  const { store, deviceId, channel } = parts
  const listeners = new Set<() => void>()
  let view: QueueSnapshot | null = null
  let sendingId: string | null = null
  let tenure: Tenure | null = null
  let stopped = false
  let running: Promise<void> = Promise.resolve()
  /** Ends when the last tenure is wholly over: a stolen lock doesn't end the exchange that is under way. */
  let serving: Promise<void> = Promise.resolve()
  let right = { held: false, robbing: false }
  let storageFailed = false
  /** Looks at the records, counted, and the last one that was shown. */
  let reads = 0
  let shown = 0
  let showAgain: (() => void) | null = null
  let stopWatching = (): void => undefined
  const departures = new Map<string, () => void>()
  let stopWaiting = new AbortController()
  /** This tab waits in line for the lock. */
  let queued = false
  let deaf: (() => void) | null = null
  let silentUntilMs: number | null = null

  function silent(untilMs: number | null): void {
    if (silentUntilMs === untilMs) return
    silentUntilMs = untilMs
    tell()
  }

  function tell(): void {
    for (const listener of listeners) listener()
  }

  /** A failure that was told is over; only the first word of that says something new. */
  function storageWorks(): void {
    if (!storageFailed) return
    storageFailed = false
    parts.onStorage(null)
  }

  function storageFails(error: unknown): void {
    storageFailed = true
    parts.onStorage(error)
  }

  /** Of a tab that doesn't send: what the sender says of the storage, its own transactions tell it. */
  function readFails(error: unknown): void {
    if (!right.held) storageFails(error)
  }

  async function reload(): Promise<void> {
    reads += 1
    const order = reads
    const read = tenure === null ? await store.load(deviceId) : null
    // A later look was answered first.
    if (order < shown) return
    shown = order
    // Whether the sender can write only its next claim tells.
    if (!right.held) storageWorks()
    // A tenure that began meanwhile knows better than what was read before it.
    view = tenure === null ? read : viewOf(tenure)
    tell()
  }

  /** For callers whose own work is done: what they did stands, whether or not the records can be read again. */
  async function show(): Promise<void> {
    await reload().catch((error: unknown) => {
      readFails(error)
      // Nothing may change for long: what is shown must not stay old, nor the failure be told, until then.
      showAgain ??= parts.setTimer(() => {
        showAgain = null
        if (!stopped) void show()
      }, STORAGE_RETRY_MS)
    })
  }

  /** Resolves when the entry is on the wire, at once where it has to wait anyway, and soon in any case. */
  function headStart(id: string): Promise<void> {
    if (tenure === null || tenure.memory.open.some((entry) => entry.id !== id)) return Promise.resolve()
    return new Promise((resolve) => {
      const cancel = parts.setTimer(end, HEAD_START_MS)
      function end(): void {
        cancel()
        departures.delete(id)
        resolve()
      }
      departures.set(id, end)
    })
  }

  /** What became of a key that was handed to this tab's sender; null: not taken within the longest answer. */
  function taken(key: string): Promise<'accepted' | 'bound' | null> {
    return new Promise((resolve) => {
      const by = tenure
      const cancel = parts.setTimer(() => end(null), KEY_TAKEN_MS)
      function end(result: 'accepted' | 'bound' | null): void {
        cancel()
        listeners.delete(look)
        resolve(result)
      }
      function look(): void {
        if (view?.device.key === key) end('accepted')
        else if (typeof view?.device.bound === 'string') end('bound')
        else if (tenure !== by) end(null)
      }
      listeners.add(look)
      look()
    })
  }

  function say(message: Message): void {
    channel?.postMessage(message)
  }

  function changed(): void {
    if (tenure !== null) view = viewOf(tenure)
    tell()
    say({ kind: 'changed', sending: sendingId })
  }

  /** Hands an event to the sender, whichever tab that is. */
  function post(event: QueueEvent): void {
    // Said to the others as well: this tab may have been replaced without knowing it, and be gone before it does.
    give(event)
    say({ kind: 'event', event })
    if (!right.held) listenForSender()
  }

  /**
   * New records are there, stored while `by` drove in this tab. Only then they are surely news to it: a tab that was
   * frozen in between may hold in its hands what another one has registered since, so everybody else reads the store.
   */
  function added(entries: readonly Entry[], by: Tenure | null): void {
    if (entries.length === 0) return
    if (tenure !== null && tenure === by) for (const entry of entries) tenure.offer({ kind: 'enqueued', entry })
    else if (tenure !== null) lookForMissed(tenure)
    say({ kind: 'ask' })
    if (!right.held) listenForSender()
  }

  /** To this tab's machine, if it is the sender. */
  function give(event: QueueEvent): void {
    if (tenure === null) return
    tenure.offer(event)
    if (event.kind === 'nudge' || event.kind === 'prepare') lookForMissed(tenure)
  }

  /** A tab may have stored a sale and died before it could say so. A look that fails is made again by the next one. */
  function lookForMissed(by: Tenure): void {
    void offerMissed(by).catch(() => undefined)
  }

  /** Where something waits, whoever sends is asked for a sign: the browser may have given the lock to a frozen tab. */
  function watch(): void {
    stopWatching = parts.setTimer(() => {
      if (!right.held && view !== null && view.open.length > 0) {
        say({ kind: 'ask' })
        listenForSender()
      }
      watch()
    }, WATCH_MS)
  }

  /** The sender answers every event by a change or is busy; one that is silent too long may be frozen. */
  function listenForSender(): void {
    deaf ??= parts.setTimer(() => {
      deaf = null
      void takeOverFromFrozen().catch(readFails)
    }, DEAF_MS)
  }

  async function takeOverFromFrozen(): Promise<void> {
    if (right.held || stopped || parts.locks === null) return
    const [lease, stored] = [await store.lease(deviceId), await store.load(deviceId)]
    // It got the lock by itself meanwhile.
    if (right.held) return
    const untilMs = lease?.untilMs ?? 0
    // Whoever sends counts it in the store first, and a newer epoch forbids that: where nothing is counted as on its way
    // the lease protects nothing, and the earliest safe moment is now.
    const leaves = stored !== null && !isAtRest(stored.device, stored.open)
    if (leaves && untilMs > parts.clock.wall()) {
      silent(untilMs)
      listenForSender()
      return
    }
    if (queued) stopWaiting.abort()
    // Not in line yet: what this tab drove until it was robbed has to end first.
    else listenForSender()
  }

  function heard(message: Message): void {
    if (message.kind === 'event') {
      if (tenure === null) return
      give(message.event)
      // Tells the other tab that somebody is listening, whatever the event leads to.
      say({ kind: 'changed', sending: sendingId })
      return
    }
    if (message.kind === 'ask') {
      if (tenure === null) return
      say({ kind: 'changed', sending: sendingId })
      lookForMissed(tenure)
      return
    }
    deaf?.()
    deaf = null
    silent(null)
    if (tenure !== null) return void doubt(tenure).catch(() => undefined)
    sendingId = message.sending
    void show()
  }

  /** Somebody else speaks as the sender: where this tab was replaced while it had nothing to do, it shows old records. */
  async function doubt(mine: Tenure): Promise<void> {
    const lease = await store.lease(deviceId)
    if (lease === null || lease.epoch === mine.epoch || tenure !== mine) return
    mine.stop()
    leave(mine)
    await show()
  }

  /** Reads the records, becomes their only writer, and works until it loses that right. */
  function serve(robbing: boolean): Promise<void> {
    queued = false
    right = { held: true, robbing }
    // Whom this tab waited to hear of is this tab now.
    deaf?.()
    deaf = null
    serving = serveUntilLost(right)
    return serving
  }

  async function serveUntilLost(mine: typeof right): Promise<void> {
    // Claiming again after the lock was taken away would make a second sender.
    while (mine.held && !stopped) {
      const end = await serveOnce(mine)
      if (end === 'superseded' || end === 'stopped') break
      await pause(end === 'unknownDevice' ? UNKNOWN_DEVICE_RETRY_MS : STORAGE_RETRY_MS)
    }
    mine.held = false
  }

  async function serveOnce(mine: typeof right): Promise<TenureEnd['kind'] | 'unknownDevice'> {
    try {
      const claim = await store.claim(deviceId, parts.holder, parts.clock.wall() + LEASE_MS)
      storageWorks()
      if (claim === null) return 'unknownDevice'
      // It woke up and counted a send just before this claim: that may leave until its lease is over.
      const leaves = mine.robbing && !isAtRest(claim.device, claim.open)
      mine.robbing = false
      const waitMs = leaves ? (claim.ended?.untilMs ?? 0) - parts.clock.wall() : 0
      if (waitMs > 0) await pause(waitMs)
      // The lock was taken from this tab, or the tab gave up, while it claimed: nobody would end a tenure begun now.
      if (!mine.held || stopped) return 'stopped'
      silent(null)
      return await serveAs(claim)
    } catch (error) {
      storageFails(error)
      return 'storage'
    } finally {
      await show()
    }
  }

  /** One tenure, from its first effect until nothing of it is on the wire any more. */
  async function serveAs(claim: Claim): Promise<TenureEnd['kind']> {
    // The tenure begins to work before it is handed over here.
    let begun: Tenure | null = null
    const drives = () => tenure === begun
    begun = beginTenure({
      ...parts,
      claim,
      onChange: () => {
        if (drives()) changed()
      },
      onSending: (id) => {
        if (!drives()) return
        sendingId = id
        changed()
      },
      // A task later, when the request has been handed over.
      onDeparture: (id) => void parts.setTimer(() => departures.get(id)?.(), 0),
    })
    tenure = begun
    try {
      changed()
      await offerMissed(begun)
      const end = await begun.ended
      if (end.kind === 'storage') storageFails(end.error)
      // Told like every error that nobody caught; the records are read anew, as after a failed transaction.
      if (end.kind === 'broken') {
        parts.setTimer(() => {
          throw end.error
        }, 0)
      }
      return end.kind
    } catch (error) {
      storageFails(error)
      begun.stop()
      await begun.ended
      return 'storage'
    } finally {
      leave(begun)
    }
  }

  /** From here on this tab shows what is stored, like every tab that doesn't send. */
  function leave(left: Tenure | null): void {
    if (tenure !== left) return
    tenure = null
    if (sendingId === null) return
    sendingId = null
    // What this tab said to be on the wire when it woke is not: whoever believed it shows that no longer.
    say({ kind: 'changed', sending: null })
  }

  /** What was enqueued or resolved between the claim's reading and now reached no sender: the store tells. */
  async function offerMissed(begun: Tenure): Promise<void> {
    const refused = begun.memory.open.filter(({ state }) => state === 'refused')
    const stored = await store.load(deviceId)
    if (stored === null) return
    const open = new Set(stored.open.map(({ id }) => id))
    const news = stored.open.filter((entry) => begun.offer({ kind: 'enqueued', entry }))
    // The machine may be able to do nothing with them for long: they are counted here all the same.
    if (news.length > 0 && tenure === begun) changed()
    for (const { id } of refused) if (!open.has(id)) begun.offer({ kind: 'resolved', entryId: id })
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => void parts.setTimer(resolve, ms))
  }

  /** Waits for the lock again and again; a frozen holder is replaced, a dead one is succeeded. */
  async function campaign(): Promise<void> {
    const name = `queue:${deviceId}`
    while (!stopped) {
      if (parts.locks === null) {
        await serve(false)
        if (!stopped) await outlastOtherLease()
        continue
      }
      stopWaiting = new AbortController()
      queued = true
      try {
        await parts.locks.request(name, { signal: stopWaiting.signal }, () => serve(false))
      } catch (error) {
        if (stopped) return
        if (queued && stopWaiting.signal.aborted) {
          // Given up waiting for a holder that doesn't react.
          await parts.locks.request(name, { steal: true }, () => serve(true)).catch(giveWay)
          continue
        }
        // The lock was taken from this tab while it was frozen: what it drove is superseded.
        await giveWay(error)
        await pause(1_000)
      } finally {
        queued = false
      }
    }
  }

  /** Ends what this tab still drives without the lock, and waits until nothing of it is on the wire any more. */
  async function giveWay(error: unknown): Promise<void> {
    right.held = false
    tenure?.stop()
    leave(tenure)
    void show()
    if (!isAbort(error)) storageFails(error)
    await serving
  }

  /** Without locks the tab that was opened last sends; the others wait until it has been silent for a lease. */
  async function outlastOtherLease(): Promise<void> {
    for (;;) {
      const lease = await store.lease(deviceId).catch(() => null)
      const leftMs = lease === null ? STORAGE_RETRY_MS : lease.untilMs - parts.clock.wall()
      if (stopped || leftMs <= 0) return
      await pause(Math.min(leftMs, STORAGE_RETRY_MS))
      if (lease === null) return
    }
  }

  return {
    async start() {
      if (channel !== null) channel.onmessage = (event) => heard(event.data as Message)
      await reload()
      running = campaign()
      // A sender that is frozen is noticed now, not at the first sale.
      post({ kind: 'nudge' })
      if (parts.locks !== null) watch()
    },
    async stop() {
      stopped = true
      stopWatching()
      tenure?.stop()
      stopWaiting.abort()
      deaf?.()
      showAgain?.()
      await running
    },
    snapshot: () => view,
    sending: () => sendingId,
    silentUntilMs: () => silentUntilMs,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    async enqueue(id, build, options) {
      const by = tenure
      const result = await store.enqueue(id, build, options)
      // A note in the debt book has nothing to be sent.
      if (result.kind === 'enqueued' && result.entry.open) {
        const started = headStart(id)
        added([result.entry], by)
        await started
      }
      if (options?.corrects !== undefined) post({ kind: 'resolved', entryId: options.corrects })
      // The record is durable: a failure to read it again must not look like a sale that wasn't stored.
      await show()
      return result
    },
    async enqueueAll(entries, options) {
      const by = tenure
      const results = await store.enqueueAll(entries, options)
      added(
        results.flatMap((result) => (result.kind === 'enqueued' ? [result.entry] : [])),
        by,
      )
      if (options?.corrects !== undefined) post({ kind: 'resolved', entryId: options.corrects })
      await show()
      return results
    },
    answer: (questionId, answer) => post({ kind: 'answer', questionId, answer }),
    async provideKey(key) {
      if (!isKey(key)) return 'malformed'
      if (typeof view?.device.bound === 'string') return 'bound'
      // The key that is known already says nothing about whether this tab's sender still is the one that counts.
      if (tenure !== null && view?.device.key !== key) {
        tenure.offer({ kind: 'key', key })
        const result = await taken(key)
        if (result !== null) return result
      }
      // Another window's sender may be frozen, or there is none yet, or this one is lost in an exchange: what is only said
      // may be heard by nobody, and whoever leaves the page on "accepted" must not lose the key.
      if ((await store.storeKey(deviceId, key)) === 'bound') return 'bound'
      post({ kind: 'key', key })
      await show()
      return 'accepted'
    },
    async resolve(entryId, resolution) {
      const result = await store.resolve(entryId, resolution)
      if (result === 'resolved') post({ kind: 'resolved', entryId })
      if (tenure === null) await show()
      return result
    },
    openAtOtherRegisters: () => store.openAtOtherRegisters(deviceId),
    async settleAtOtherRegister(entryId, how) {
      const result = await store.settleAtOtherRegister(deviceId, entryId, how)
      const replacement = result === 'moved' && 'replacement' in how ? await store.entry(how.replacement.id) : null
      if (replacement !== null) added([replacement], null)
      await show()
      return result
    },
    setHostLock: (wanted, reason) => post({ kind: 'hostLock', wanted, ...(reason === undefined ? {} : { reason }) }),
    prepare: () => post({ kind: 'prepare' }),
    contact: (state) => post({ kind: 'contact', state }),
    retryNow: () => post({ kind: 'nudge' }),
  }
}

/** What the screens show: the machine's records, and entries that it hasn't taken from its inbox yet. */
function viewOf({ memory }: Tenure): QueueSnapshot {
  const known = new Set(memory.open.map((entry) => entry.id))
  const arriving = memory.inbox.flatMap((event) =>
    event.kind === 'enqueued' && !known.has(event.entry.id) ? [event.entry] : [],
  )
  return { device: memory.device, open: [...memory.open, ...arriving] }
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError'
}
