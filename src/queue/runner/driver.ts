/**
 * Performs what the machine asks for, over one claim of the store: commits before anything else happens, sends
 * while the lease holds, sleeps until an event. Ends when another writer took over or the storage fails.
 */
import { REPLY_TIMEOUT_MS, type DeviceAnswer, type DeviceRequest } from '../../contract/device.ts'
import type { Clock, Effect, QueueEvent, RareSteps, Resume, Stamp } from '../effects.ts'
import { run } from '../machine.ts'
import { Memory } from '../memory.ts'
import type { Claim, QueueStore } from '../store.ts'
import { DEPARTS_WITHIN_MS } from '../types.ts'

/** A lease outlives an exchange with its wait for a turn: `DEPARTS_WITHIN_MS` and 30 s. */
export const LEASE_MS = DEPARTS_WITHIN_MS + REPLY_TIMEOUT_MS
/** An exchange begins to wait for its turn only on a lease with so much more left than it may take. */
const TURN_MS = 10_000
/** The steps that come later couldn't be fetched: tried again after so long. */
const LOAD_AGAIN_MS = 2_000
/** The turn came too late for an operation: it didn't leave, and is counted anew. */
const NEVER_LEFT: DeviceAnswer = { kind: 'silence', cause: 'aborted', sent: 'never' }

/**
 * One exchange with the device in its turn. `mayStart` is asked when the turn has come, immediately before the first
 * byte leaves; where it says no, nothing is sent and the result is null.
 */
export type Exchange = (
  request: DeviceRequest,
  options: { readonly timeoutMs: number; readonly mayStart: () => boolean },
) => Promise<DeviceAnswer | null>

export type TenureEnd =
  /** Another tab took over: its epoch is newer. */
  | { readonly kind: 'superseded' }
  /** The storage refused a transaction; nothing was sent after it. */
  | { readonly kind: 'storage'; readonly error: unknown }
  /** A defect of this program: nothing is known to be wrong with the storage. */
  | { readonly kind: 'broken'; readonly error: unknown }
  | { readonly kind: 'stopped' }

export interface Tenure {
  readonly memory: Memory
  /** Of the claim; another one in the store means that this tenure writes nothing any more. */
  readonly epoch: number
  /**
   * Hands in an event and wakes a sleep. An entry that this tenure ever knew is not taken again: by now it may be
   * settled, and the version in the event is older. False for such a one.
   */
  offer(event: QueueEvent): boolean
  stop(): void
  readonly ended: Promise<TenureEnd>
}

export interface TenureParts {
  readonly store: QueueStore
  readonly deviceId: string
  readonly holder: string
  readonly claim: Claim
  readonly exchange: Exchange
  /** Fetches the steps that an ordinary sale doesn't take; asked again when it rejects. */
  readonly loadSteps: () => Promise<RareSteps>
  readonly clock: Clock
  readonly chance: () => number
  readonly setTimer: (run: () => void, ms: number) => () => void
  /** Records changed, or an operation went out or came back. */
  readonly onChange: () => void
  readonly onSending: (entryId: string | null) => void
  /** The entry's bytes leave in this very task. */
  readonly onDeparture: (entryId: string) => void
}

/** What the store rejected with, apart from whatever else may throw here. */
class StorageFailure extends Error {
  constructor(readonly reason: unknown) {
    super('storage', { cause: reason })
  }
}

function stored<T>(transaction: Promise<T>): Promise<T> {
  return transaction.catch((reason: unknown) => {
    throw new StorageFailure(reason)
  })
}

/** Longest timer that browsers take without overflow. */
const LONGEST_TIMER_MS = 2_000_000_000

/** Starts the machine over a claim and drives it until it ends. */
export function beginTenure(parts: TenureParts): Tenure {
  const { store, deviceId, claim, clock } = parts
  const memory = new Memory(claim, { clock, chance: parts.chance })
  let leaseUntilMs = clock.wall() + LEASE_MS
  /** When the machine's last record was handed to the store: the operation that it counts leaves soon after it. */
  let recorded: Stamp = { wall: clock.wall(), mono: clock.mono() }
  let stopped = false
  let wakeSleeper: (() => void) | null = null
  /** A resolved entry leaves the machine's records without a transaction of its own. */
  let resolvedWaits = false
  const known = new Set(claim.open.map((entry) => entry.id))

  const leaseLeftMs = () => leaseUntilMs - clock.wall()

  /** By the clock that went further: one of them may have stood still while the page was frozen. */
  const recordAgeMs = () => Math.max(clock.wall() - recorded.wall, clock.mono() - recorded.mono)

  async function commit(
    change: Extract<Effect, { kind: 'transaction' }>['change'],
    leaseMs: number = LEASE_MS,
  ): Promise<boolean> {
    const until = clock.wall() + leaseMs
    const result = await stored(store.commit(deviceId, { ...change, leaseUntilMs: until }, claim.epoch))
    if (result === 'superseded') return false
    leaseUntilMs = until
    return true
  }

  /** Null: the right to send was lost while waiting for the turn. */
  async function request(effect: Extract<Effect, { kind: 'request' }>): Promise<Resume | null> {
    let left: Stamp | null = null
    // A tab that was frozen wakes in its turn with a lease that others may have taken: it must not send any more.
    const mayStart = () => {
      const late = effect.entryId !== null && recordAgeMs() > DEPARTS_WITHIN_MS
      const may = !stopped && !late && leaseLeftMs() >= effect.timeoutMs
      left = { wall: clock.wall(), mono: clock.mono() }
      if (may && effect.entryId !== null) parts.onDeparture(effect.entryId)
      return may
    }
    parts.onSending(effect.entryId)
    try {
      for (;;) {
        const { timeoutMs } = effect
        if (leaseLeftMs() < timeoutMs + TURN_MS && !(await commit({}, timeoutMs + DEPARTS_WITHIN_MS))) return null
        const answer = await parts.exchange(effect.request, { timeoutMs, mayStart })
        if (answer !== null) return { kind: 'answer', answer, ...(left === null ? {} : { left }) }
        if (stopped) return null
        // The wait for the turn, or a frozen page, ate the lease or the time that an operation has after its record.
        if (effect.entryId !== null) return { kind: 'answer', answer: NEVER_LEFT }
        if (leaseLeftMs() >= timeoutMs) return null
      }
    } finally {
      parts.onSending(null)
    }
  }

  function sleep(ms: number | null): Promise<void> {
    if (memory.inbox.length > 0 || stopped) return Promise.resolve()
    return new Promise((resolve) => {
      const cancel = ms === null ? null : parts.setTimer(finish, Math.min(ms, LONGEST_TIMER_MS))
      function finish(): void {
        cancel?.()
        wakeSleeper = null
        resolve()
      }
      wakeSleeper = finish
    })
  }

  /** Null: stopped meanwhile. What waits for these steps waits, as behind a register that doesn't answer. */
  async function load(): Promise<Resume | null> {
    while (!stopped) {
      try {
        return { kind: 'loaded', steps: await parts.loadSteps() }
      } catch {
        await new Promise<void>((resolve) => void parts.setTimer(resolve, LOAD_AGAIN_MS))
      }
    }
    return null
  }

  /** Null ends the tenure. */
  async function perform(effect: Effect): Promise<Resume | null> {
    switch (effect.kind) {
      case 'transaction': {
        recorded = { wall: clock.wall(), mono: clock.mono() }
        if (!(await commit(effect.change))) return null
        return { kind: 'go' }
      }
      case 'request':
        return request(effect)
      case 'sleep':
        await sleep(effect.ms)
        return { kind: 'go' }
      case 'readNumbers':
        return { kind: 'numbers', entries: await stored(store.registeredAs(deviceId, effect.numbers)) }
      case 'readShift':
        return { kind: 'shift', entries: await stored(store.registeredInShift(deviceId, effect.shift)) }
      case 'load':
        return load()
      case 'turn':
        return { kind: 'go' }
    }
  }

  async function drive(): Promise<TenureEnd> {
    const flow = run(memory)
    let resume: Resume = { kind: 'go' }
    let changed = false
    try {
      while (!stopped) {
        // The machine adopts a change when it is resumed: screens hear of it then, not before it is durable.
        const effect = flow.next(resume).value
        const left = resolvedWaits && !memory.inbox.some(({ kind }) => kind === 'resolved')
        if (left) resolvedWaits = false
        if (changed || left) parts.onChange()
        changed = effect.kind === 'transaction'
        const next = await perform(effect)
        if (next === null) return stopped ? { kind: 'stopped' } : { kind: 'superseded' }
        resume = next
      }
    } catch (error) {
      return error instanceof StorageFailure ? { kind: 'storage', error: error.reason } : { kind: 'broken', error }
    }
    return { kind: 'stopped' }
  }

  return {
    memory,
    epoch: claim.epoch,
    offer(event) {
      if (event.kind === 'enqueued') {
        if (known.has(event.entry.id)) return false
        known.add(event.entry.id)
      }
      if (event.kind === 'resolved') resolvedWaits = true
      memory.inbox.push(event)
      wakeSleeper?.()
      return true
    },
    stop() {
      stopped = true
      wakeSleeper?.()
    },
    ended: drive(),
  }
}
