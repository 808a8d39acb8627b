/**
 * What the machine asks of the world. It is a generator: it yields one effect, the driver performs it and resumes it
 * with the result. Every yield is a place where the app may die; starting over the stored records is the same code.
 */
import type { DeviceAnswer, DeviceRequest } from '../contract/device.ts'
import type * as Rare from './rare-steps.ts'
import type { Change, ShiftEntry } from './store.ts'
import type { Answer, Entry } from './types.ts'

/** The module of the steps that an ordinary sale doesn't take. */
export type RareSteps = typeof Rare

export type Effect =
  /** One strict transaction. A driver that can't commit never resumes this generator. */
  | { readonly kind: 'transaction'; readonly change: Change }
  /** One exchange with the device, paced by the driver. `entryId`: the entry whose bytes these are, null for a read. */
  | {
      readonly kind: 'request'
      readonly request: DeviceRequest
      readonly timeoutMs: number
      readonly entryId: string | null
    }
  /** Until so many ms have passed or an event arrives; null: until an event arrives. */
  | { readonly kind: 'sleep'; readonly ms: number | null }
  /** The journal's registered receipts of a shift. */
  | { readonly kind: 'readShift'; readonly shift: number }
  /** The steps that are fetched later; the driver tries until it has them. */
  | { readonly kind: 'load' }
  /** Our receipts that are proven under one of these numbers of this register (`QueueStore.registeredAs`). */
  | { readonly kind: 'readNumbers'; readonly numbers: readonly number[] }
  /** Nothing is in flight: the driver may let another tab go first, if it then starts a new machine. */
  | { readonly kind: 'turn' }

export type Resume =
  | { readonly kind: 'go' }
  /** `left`: when the first byte could leave, where the driver let it wait for its turn. */
  | { readonly kind: 'answer'; readonly answer: DeviceAnswer; readonly left?: Stamp }
  | { readonly kind: 'shift'; readonly entries: readonly ShiftEntry[] }
  | { readonly kind: 'loaded'; readonly steps: RareSteps }
  | { readonly kind: 'numbers'; readonly entries: readonly Entry[] }

export type Flow<T> = Generator<Effect, T, Resume>

/** What reaches the machine from outside; the driver puts it into the inbox and wakes a sleep. */
export type QueueEvent =
  /** An entry that is durable already. */
  | { readonly kind: 'enqueued'; readonly entry: Entry }
  | { readonly kind: 'answer'; readonly questionId: string; readonly answer: Answer }
  /** A refused entry was resolved in the store. */
  | { readonly kind: 'resolved'; readonly entryId: string }
  /** Online again, visible again, the retry button: no more waiting for the back-off. */
  | { readonly kind: 'nudge' }
  /** The payment screen opens: probe now, so that Pay goes to the wire at once. */
  | { readonly kind: 'prepare' }
  /** The key was read from the device's screen outside of a question. */
  | { readonly kind: 'key'; readonly key: string }
  /** `reason`: why a person switched it off. */
  | { readonly kind: 'hostLock'; readonly wanted: boolean; readonly reason?: string }
  /** Another part of the app got no answer from the device (`lost`) or, after that, one again (`back`). */
  | { readonly kind: 'contact'; readonly state: 'lost' | 'back' }

/** Two clocks: `mono` never jumps, and fences count with it; `wall` is for people and records. In ms. */
export interface Clock {
  wall(): number
  mono(): number
}

/** One moment on both clocks, ms. */
export interface Stamp {
  readonly wall: number
  readonly mono: number
}
