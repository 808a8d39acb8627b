/**
 * One request at a time, at most one a second, over everything that talks to the device (source 004, chapter 3).
 * Never repeats a request: whether that is safe only the queue knows.
 */
import {
  REPLY_TIMEOUT_MS,
  REQUEST_SPACING_MS,
  SHIFT_CLOSE_TIMEOUT_MS,
  type DeviceAnswer,
  type DeviceRequest,
  type DeviceTransport,
} from '../contract/device.ts'
import type { NextStart, Slot } from './slot.ts'

/** Whose request goes first: receipts before looks at the state, these before directories. */
export const PRIORITIES = ['queue', 'status', 'directory'] as const
export type Priority = (typeof PRIORITIES)[number]

export interface PacingClock {
  /** ms since the epoch. */
  now(): number
  sleep(ms: number): Promise<void>
}

export interface SendOptions {
  readonly priority: Priority
  /** Default: 90 s for a Z report, 30 s for everything else. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

export interface PacedClient {
  readonly transport: DeviceTransport
  /** Sends when its turn comes. Aborted before that, nothing was sent (`sent: 'never'`). */
  send(request: DeviceRequest, options: SendOptions): Promise<DeviceAnswer>
  /** Runs any exchange with the device in a turn of its own; null when it was aborted before its turn. */
  inTurn<T>(priority: Priority, work: () => Promise<T>, signal?: AbortSignal): Promise<T | null>
}

export interface PacedClientOptions {
  readonly transport: DeviceTransport
  readonly slot: Slot
  readonly clock?: PacingClock
  readonly spacingMs?: number
}

/**
 * The device counts arrivals, and the way there is never twice the same length: a request whose exchange took some
 * ms may have arrived that much after its start, so the next one waits as much longer, up to this.
 */
const ARRIVAL_MARGIN_MS = 50

const EARLY_TIMER_ROUNDS = 10

const wallClock: PacingClock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
}

interface Job {
  readonly priority: number
  /** Runs in its turn; never rejects. */
  readonly run: () => Promise<void>
  /** Called instead of `run` where the slot itself is broken. */
  readonly fail: (error: unknown) => void
}

/** Reply time-out that the document gives for a request, in ms (chapter 3). */
export function replyTimeoutMs(request: DeviceRequest): number {
  return request.path.startsWith('/apizreport') ? SHIFT_CLOSE_TIMEOUT_MS : REPLY_TIMEOUT_MS
}

export function createPacedClient(options: PacedClientOptions): PacedClient {
  const { transport, slot } = options
  const clock = options.clock ?? wallClock
  const spacingMs = options.spacingMs ?? REQUEST_SPACING_MS
  const waiting: Job[] = []
  let draining = false

  async function turn(nextStart: NextStart): Promise<void> {
    await waitUntil(nextStart.read(), clock, spacingMs + ARRIVAL_MARGIN_MS)
    const job = takeFirst(waiting)
    if (!job) return
    nextStart.write(clock.now() + spacingMs)
    // Writing may have taken its time on a busy disk: the request starts now, and the second counts from here.
    const startedAt = clock.now()
    await job.run()
    const endedAt = clock.now()
    const margin = Math.max(0, Math.min(endedAt - startedAt, ARRIVAL_MARGIN_MS))
    nextStart.write(Math.max(startedAt + spacingMs + margin, endedAt))
  }

  async function drain(): Promise<void> {
    if (draining) return
    draining = true
    while (waiting.length > 0) {
      try {
        await slot.hold(turn)
      } catch (error) {
        for (const job of waiting.splice(0)) job.fail(error)
      }
    }
    draining = false
  }

  function inTurn<T>(priority: Priority, work: () => Promise<T>, signal?: AbortSignal): Promise<T | null> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        resolve(null)
        return
      }
      const leave = (): void => {
        const place = waiting.indexOf(job)
        if (place < 0) return
        waiting.splice(place, 1)
        resolve(null)
      }
      const job: Job = {
        priority: PRIORITIES.indexOf(priority),
        run: async () => {
          signal?.removeEventListener('abort', leave)
          try {
            resolve(await work())
          } catch (error) {
            reject(error)
          }
        },
        fail: reject,
      }
      signal?.addEventListener('abort', leave, { once: true })
      waiting.push(job)
      void drain()
    })
  }

  async function send(request: DeviceRequest, { priority, timeoutMs, signal }: SendOptions): Promise<DeviceAnswer> {
    const limits = { timeoutMs: timeoutMs ?? replyTimeoutMs(request), ...(signal ? { signal } : {}) }
    let started = false
    try {
      const answer = await inTurn(
        priority,
        () => {
          started = true
          return transport.send(request, limits)
        },
        signal,
      )
      return answer ?? { kind: 'silence', cause: 'aborted', sent: 'never' }
    } catch (error) {
      // A defect below must look like trouble on the line: the queue then asks the device instead of stopping dead.
      return { kind: 'silence', cause: 'network', sent: started ? 'perhaps' : 'never', detail: String(error) }
    }
  }

  return { transport, send, inTurn }
}

/** First of the most urgent priority. */
function takeFirst(waiting: Job[]): Job | undefined {
  let best: Job | undefined
  for (const job of waiting) if (best === undefined || job.priority < best.priority) best = job
  if (best) waiting.splice(waiting.indexOf(best), 1)
  return best
}

/** Sleeps until `at`, but never longer than `longestMs`: a clock that was set back must not stop the till. */
async function waitUntil(at: number | null, clock: PacingClock, longestMs: number): Promise<void> {
  if (at === null) return
  const enteredAt = clock.now()
  const until = Math.min(at, enteredAt + longestMs)
  if (until <= enteredAt) return
  await clock.sleep(until - enteredAt)
  // Timers may fire a little early; a clock that is set back meanwhile costs no more than these rounds.
  for (let round = 0; round < EARLY_TIMER_ROUNDS && clock.now() < until; round += 1) await clock.sleep(1)
}
