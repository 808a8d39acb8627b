/**
 * The queue in the app: one sender over all tabs (a Web Lock, and beside it a lease in the store for a holder that
 * the browser froze), events from every tab to the sender, and the stored records for every screen.
 */
import type { QueueEvent, Clock } from '../effects.ts'
import type {
  ElsewhereEntry,
  EnqueueResult,
  MoveResult,
  NewEntry,
  QueueSnapshot,
  QueueStore,
  ResolveResult,
} from '../store.ts'
import type { Answer, EntryDraft, Resolution } from '../types.ts'
import { isKey } from '../../ikkm/codec.ts'
import { beginTenure, LEASE_MS, type Exchange, type Tenure } from './driver.ts'

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

export interface QueueServiceParts {
  readonly store: QueueStore
  readonly deviceId: string
  /** Unique for this tab. */
  readonly holder: string
  readonly exchange: Exchange
  readonly locks: LocksLike | null
  readonly channel: ChannelLike | null
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
  subscribe(listener: () => void): () => void
  /** Resolves when the record is durable, and up to 60 ms later: its request leaves before the screens are drawn. */
  enqueue(
    id: string,
    build: (place: { readonly sequence: number; readonly mark: string }) => EntryDraft,
    options?: { readonly corrects?: string; readonly nowMs?: number },
  ): Promise<EnqueueResult>
  enqueueAll(
    entries: readonly NewEntry[],
    options?: { readonly corrects?: string; readonly nowMs?: number },
  ): Promise<readonly EnqueueResult[]>
  answer(questionId: string, answer: Answer): void
  provideKey(key: string): 'accepted' | 'bound' | 'malformed'
  resolve(entryId: string, resolution: Resolution): Promise<ResolveResult>
  /** What waits for another cash register; `QueueStore.openElsewhere`. */
  openElsewhere(): Promise<readonly ElsewhereEntry[]>
  /** Settles one of them, `QueueStore.settleElsewhere`; a replacement is sent like any other entry. */
  settleElsewhere(
    entryId: string,
    how:
      { readonly nowMs: number; readonly reason: string } | { readonly nowMs: number; readonly replacement: NewEntry },
  ): Promise<MoveResult>
  setHostLock(wanted: boolean): void
  prepare(): void
  retryNow(): void
}

/** Pause after a failed transaction before the records are read again. */
const STORAGE_RETRY_MS = 5_000
/** A device without a record in the ledger gets one from the setup, in this tab or another. */
const UNKNOWN_DEVICE_RETRY_MS = 5_000
/** So long a sale's own way to the wire goes before the screens: drawing them would hold up the receipt. */
const HEAD_START_MS = 60
/** An event that the sender doesn't react to for so long makes this tab look at the lease. */
const DEAF_MS = 3_000

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
  let right = { held: false }
  const departures = new Map<string, () => void>()
  let stopWaiting = new AbortController()
  let deaf: (() => void) | null = null

  function tell(): void {
    for (const listener of listeners) listener()
  }

  async function reload(): Promise<void> {
    const read = tenure === null ? await store.load(deviceId) : null
    // A tenure that began meanwhile knows better than what was read before it.
    view = tenure === null ? read : viewOf(tenure)
    tell()
  }

  /** For callers whose own work is done: what they did stands, whether or not the records can be read again. */
  async function show(): Promise<void> {
    await reload().catch(parts.onStorage)
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

  function say(message: Message): void {
    channel?.postMessage(message)
  }

  function changed(): void {
    if (tenure !== null) view = viewOf(tenure)
    tell()
    say({ kind: 'changed', sending: sendingId })
  }

  /** Hands an event to the sender: this tab, or whichever tab holds the lock. */
  function post(event: QueueEvent): void {
    if (tenure !== null) {
      tenure.offer(event)
      return
    }
    say({ kind: 'event', event })
    listenForSender()
  }

  /** The sender answers every event by a change or is busy; one that is silent too long may be frozen. */
  function listenForSender(): void {
    deaf ??= parts.setTimer(() => {
      deaf = null
      void takeOverFromFrozen().catch(parts.onStorage)
    }, DEAF_MS)
  }

  async function takeOverFromFrozen(): Promise<void> {
    if (tenure !== null || stopped || parts.locks === null) return
    const lease = await store.lease(deviceId)
    if (lease !== null && lease.untilMs > parts.clock.wall()) {
      listenForSender()
      return
    }
    stopWaiting.abort()
  }

  function heard(message: Message): void {
    if (message.kind === 'event') {
      if (tenure === null) return
      tenure.offer(message.event)
      // Tells the other tab that somebody is listening, whatever the event leads to.
      say({ kind: 'changed', sending: sendingId })
      return
    }
    deaf?.()
    deaf = null
    if (tenure !== null) return
    sendingId = message.sending
    void show()
  }

  /** Reads the records, becomes their only writer, and works until it loses that right. */
  function serve(): Promise<void> {
    right = { held: true }
    serving = serveUntilLost(right)
    return serving
  }

  async function serveUntilLost(mine: { readonly held: boolean }): Promise<void> {
    // Claiming again after the lock was taken away would make a second sender.
    while (mine.held && !stopped) {
      const end = await serveOnce()
      if (end === 'superseded' || end === 'stopped') return
      await pause(end === 'unknownDevice' ? UNKNOWN_DEVICE_RETRY_MS : STORAGE_RETRY_MS)
    }
  }

  async function serveOnce(): Promise<'superseded' | 'storage' | 'stopped' | 'unknownDevice'> {
    try {
      const claim = await store.claim(deviceId, parts.holder, parts.clock.wall() + LEASE_MS)
      parts.onStorage(null)
      if (claim === null) return 'unknownDevice'
      tenure = beginTenure({
        ...parts,
        claim,
        onChange: changed,
        onSending: (id) => {
          sendingId = id
          changed()
        },
        // A task later, when the request has been handed over.
        onDeparture: (id) => void parts.setTimer(() => departures.get(id)?.(), 0),
      })
      changed()
      await offerMissed(tenure)
      const end = await tenure.ended
      if (end.kind === 'storage') parts.onStorage(end.error)
      else await handOver()
      return end.kind
    } catch (error) {
      parts.onStorage(error)
      return 'storage'
    } finally {
      tenure = null
      sendingId = null
      await show()
    }
  }

  /** What was enqueued between the claim's reading and now reached no sender: it is in the store. */
  async function offerMissed(begun: Tenure): Promise<void> {
    const stored = await store.load(deviceId)
    for (const entry of stored?.open ?? []) begun.offer({ kind: 'enqueued', entry })
  }

  /** What was offered to this tab after another one had claimed is known to nobody yet: the other one takes what it lacks. */
  async function handOver(): Promise<void> {
    const stored = await store.load(deviceId)
    for (const entry of stored?.open ?? []) say({ kind: 'event', event: { kind: 'enqueued', entry } })
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => void parts.setTimer(resolve, ms))
  }

  /** Waits for the lock again and again; a frozen holder is replaced, a dead one is succeeded. */
  async function campaign(): Promise<void> {
    const name = `queue:${deviceId}`
    while (!stopped) {
      if (parts.locks === null) {
        await serve()
        if (!stopped) await outlastOtherLease()
        continue
      }
      stopWaiting = new AbortController()
      try {
        await parts.locks.request(name, { signal: stopWaiting.signal }, serve)
      } catch (error) {
        if (stopped) return
        if (!stopWaiting.signal.aborted) {
          // The lock was taken from this tab while it was frozen: what it drove is superseded.
          await giveWay(error)
          await pause(1_000)
          continue
        }
        await parts.locks.request(name, { steal: true }, serve).catch(giveWay)
      }
    }
  }

  /** Ends what this tab still drives without the lock, and waits until nothing of it is on the wire any more. */
  async function giveWay(error: unknown): Promise<void> {
    right.held = false
    tenure?.stop()
    if (!isAbort(error)) parts.onStorage(error)
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
    },
    async stop() {
      stopped = true
      tenure?.stop()
      stopWaiting.abort()
      deaf?.()
      await running
    },
    snapshot: () => view,
    sending: () => sendingId,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    async enqueue(id, build, options) {
      const result = await store.enqueue(id, build, options)
      if (result.kind === 'enqueued') {
        const started = headStart(id)
        post({ kind: 'enqueued', entry: result.entry })
        await started
      }
      if (options?.corrects !== undefined) post({ kind: 'resolved', entryId: options.corrects })
      // The record is durable: a failure to read it again must not look like a sale that wasn't stored.
      await show()
      return result
    },
    async enqueueAll(entries, options) {
      const results = await store.enqueueAll(entries, options)
      for (const result of results) if (result.kind === 'enqueued') post({ kind: 'enqueued', entry: result.entry })
      if (options?.corrects !== undefined) post({ kind: 'resolved', entryId: options.corrects })
      await show()
      return results
    },
    answer: (questionId, answer) => post({ kind: 'answer', questionId, answer }),
    provideKey(key) {
      if (!isKey(key)) return 'malformed'
      if (typeof view?.device.bound === 'string') return 'bound'
      post({ kind: 'key', key })
      return 'accepted'
    },
    async resolve(entryId, resolution) {
      const result = await store.resolve(entryId, resolution)
      if (result === 'resolved') post({ kind: 'resolved', entryId })
      if (tenure === null) await show()
      return result
    },
    openElsewhere: () => store.openElsewhere(deviceId),
    async settleElsewhere(entryId, how) {
      const result = await store.settleElsewhere(deviceId, entryId, how)
      const added = result === 'moved' && 'replacement' in how ? await store.entry(how.replacement.id) : null
      if (added !== null) post({ kind: 'enqueued', entry: added })
      await show()
      return result
    },
    setHostLock: (wanted) => post({ kind: 'hostLock', wanted }),
    prepare: () => post({ kind: 'prepare' }),
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
