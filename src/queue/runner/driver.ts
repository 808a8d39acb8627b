/**
 * Performs what the machine asks for, over one claim of the store: commits before anything else happens, sends
 * while the lease holds, sleeps until an event. Ends when another writer took over or the storage fails.
 */
import type { DeviceAnswer, DeviceRequest } from '../../contract/device.ts'
import type { Clock, Effect, QueueEvent, Resume } from '../effects.ts'
import { run } from '../machine.ts'
import { Memory } from '../memory.ts'
import type { Claim, QueueStore } from '../store.ts'

/** A lease outlives the longest exchange (a closing shift, 90 s) with its wait for a turn. */
export const LEASE_MS = 120_000
/** An exchange starts only on a lease that will outlive it. */
const LEASE_NEEDED_MS = 100_000

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
  | { readonly kind: 'stopped' }

export interface Tenure {
  readonly memory: Memory
  /**
   * Hands in an event and wakes a sleep. An entry that this tenure ever knew is not taken again: by now it may be
   * settled, and the version in the event is older.
   */
  offer(event: QueueEvent): void
  stop(): void
  readonly ended: Promise<TenureEnd>
}

export interface TenureParts {
  readonly store: QueueStore
  readonly deviceId: string
  readonly holder: string
  readonly claim: Claim
  readonly exchange: Exchange
  readonly clock: Clock
  readonly chance: () => number
  readonly setTimer: (run: () => void, ms: number) => () => void
  /** Records changed, or an operation went out or came back. */
  readonly onChange: () => void
  readonly onSending: (entryId: string | null) => void
  /** The entry's bytes leave in this very task. */
  readonly onDeparture: (entryId: string) => void
}

/** Longest timer that browsers take without overflow. */
const LONGEST_TIMER_MS = 2_000_000_000

/** Starts the machine over a claim and drives it until it ends. */
export function beginTenure(parts: TenureParts): Tenure {
  const { store, deviceId, claim, clock } = parts
  const memory = new Memory(claim, { clock, chance: parts.chance })
  let leaseUntilMs = clock.wall() + LEASE_MS
  let stopped = false
  let wakeSleeper: (() => void) | null = null
  const known = new Set(claim.open.map((entry) => entry.id))

  const leaseLeftMs = () => leaseUntilMs - clock.wall()

  async function commit(change: Extract<Effect, { kind: 'transaction' }>['change']): Promise<boolean> {
    const until = clock.wall() + LEASE_MS
    const result = await store.commit(deviceId, { ...change, leaseUntilMs: until }, claim.epoch)
    if (result === 'superseded') return false
    leaseUntilMs = until
    return true
  }

  /** Null: the right to send was lost while waiting for the turn. */
  async function request(effect: Extract<Effect, { kind: 'request' }>): Promise<DeviceAnswer | null> {
    // A tab that was frozen wakes in its turn with a lease that others may have taken: it must not send any more.
    const mayStart = () => {
      const may = !stopped && leaseLeftMs() >= effect.timeoutMs
      if (may && effect.entryId !== null) parts.onDeparture(effect.entryId)
      return may
    }
    parts.onSending(effect.entryId)
    try {
      for (;;) {
        if (leaseLeftMs() < LEASE_NEEDED_MS && !(await commit({}))) return null
        const answer = await parts.exchange(effect.request, { timeoutMs: effect.timeoutMs, mayStart })
        // Null with the right to send still ours: the wait for the turn ate the lease, which is renewed or lost now.
        if (answer !== null || stopped || leaseLeftMs() >= effect.timeoutMs) return answer
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

  /** Null ends the tenure. */
  async function perform(effect: Effect): Promise<Resume | null> {
    switch (effect.kind) {
      case 'transaction': {
        if (!(await commit(effect.change))) return null
        return { kind: 'go' }
      }
      case 'request': {
        const answer = await request(effect)
        return answer === null ? null : { kind: 'answer', answer }
      }
      case 'sleep':
        await sleep(effect.ms)
        return { kind: 'go' }
      case 'readShift':
        return { kind: 'shift', entries: await store.registeredInShift(deviceId, effect.shift) }
      case 'turn':
        return { kind: 'go' }
    }
  }

  async function drive(): Promise<TenureEnd> {
    const flow = run(memory)
    let resume: Resume = { kind: 'go' }
    let changed = false
    while (!stopped) {
      // The machine adopts a change when it is resumed: screens hear of it then, not before it is durable.
      const effect = flow.next(resume).value
      if (changed) parts.onChange()
      changed = effect.kind === 'transaction'
      try {
        const next = await perform(effect)
        if (next === null) return stopped ? { kind: 'stopped' } : { kind: 'superseded' }
        resume = next
      } catch (error) {
        return { kind: 'storage', error }
      }
    }
    return { kind: 'stopped' }
  }

  return {
    memory,
    offer(event) {
      if (event.kind === 'enqueued') {
        if (known.has(event.entry.id)) return
        known.add(event.entry.id)
      }
      memory.inbox.push(event)
      wakeSleeper?.()
    },
    stop() {
      stopped = true
      wakeSleeper?.()
    },
    ended: drive(),
  }
}
