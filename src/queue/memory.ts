/**
 * The machine's working copy of the stored records, and what it may forget: a proof of the key, the back-off, the
 * host lock. Everything forgotten makes it ask the device again, never guess.
 */
import type { DeviceAnswer, DeviceRequest } from '../contract/device.ts'
import { REPLY_TIMEOUT_MS } from '../contract/device.ts'
import type { Clock, Flow, QueueEvent } from './effects.ts'
import { RULES } from './rules.ts'
import type { Rules } from './rules.ts'
import type { Change, QueueSnapshot } from './store.ts'
import { D_MAX_MS, HISTORY_LIMIT, withOpenMarker } from './types.ts'
import type { AskedQuestion, Baseline, DeviceRecord, Entry, HistoryEvent, HistoryItem, Question } from './types.ts'

/** `getInfo`, then the shift's report with this key: the number is older than the proof of the key. */
export interface Probe {
  readonly key: string
  readonly baseline: Baseline
  readonly monoMs: number
  readonly wallMs: number
}

/** Question kinds that don't hold up the queue. */
const PARKED: ReadonlySet<string> = new Set(['printed', 'decide'])

/** Longest back-off after an answer that never came. */
const LONGEST_BACKOFF_MS = 30_000
/** How often a question whose cause can vanish by itself is looked into. */
export const CAUSE_POLL_MS = 30_000

export class Memory {
  device: DeviceRecord
  /** Unsettled entries, ascending by sequence. */
  open: Entry[]
  readonly inbox: QueueEvent[] = []
  readonly clock: Clock
  readonly rules: Rules
  /** 0 to 1, for jitter only. */
  readonly chance: () => number
  readonly startedMonoMs: number
  probe: Probe | null = null
  lockHeld = false
  lockRefused = false
  /** The device was out of reach or answered nonsense: look who answers before anything else is sent. */
  needsHello = true
  prepareWanted = false
  failures = 0
  /** Lists in a row that could be read but not understood. */
  unreadable = 0
  /** Last send in this life by entry id, on the clock that never jumps. */
  readonly sentMonoMs = new Map<string, number>()
  /** Not before this moment is the cause of an open question looked into again. */
  pollAtMonoMs = 0
  /** Shift that the person allowed to close; asked again after a crash. */
  closeAllowed: number | null = null
  mismatchAccepted: number | null = null
  /** Shift that was compared with the journal in this life. */
  comparedShift: number | null = null
  readonly internalErrors = new Map<string, number>()
  private asked = 0

  constructor(
    snapshot: QueueSnapshot,
    world: { readonly clock: Clock; readonly chance: () => number; readonly rules?: Rules },
  ) {
    this.device = snapshot.device
    this.open = [...snapshot.open]
    this.clock = world.clock
    this.chance = world.chance
    this.rules = world.rules ?? RULES
    this.startedMonoMs = world.clock.mono()
  }

  /** The current version of an entry; the given one when it is settled meanwhile. */
  find(id: string): Entry | undefined {
    return this.open.find((entry) => entry.id === id)
  }

  /** A sign that the device or the way to it isn't what it was: nothing read before counts any more. */
  trouble(): void {
    this.probe = null
    this.lockHeld = false
    this.lockRefused = false
    this.needsHello = true
  }

  /** Back-off 1 to 30 s with jitter, longer with every failure in a row. */
  nextBackoffMs(): number {
    const full = Math.min(LONGEST_BACKOFF_MS, 1000 * 2 ** Math.min(this.failures, 5))
    this.failures += 1
    return Math.round(full * (0.5 + this.chance() / 2))
  }

  /** Ms until a request sent last at `id`'s time can't be executed any more; counted from the start when that is later. */
  fenceLeftMs(id: string, fenceMs: number = D_MAX_MS): number {
    const since = this.sentMonoMs.get(id) ?? this.startedMonoMs
    return Math.max(0, since + fenceMs - this.clock.mono())
  }

  question(question: Question): AskedQuestion {
    this.asked += 1
    // The random part keeps a question of an earlier life apart from one of this life.
    const id = `${this.clock.wall().toString(36)}-${this.asked}-${Math.floor(this.chance() * 1e9).toString(36)}`
    return { id, askedAtMs: this.clock.wall(), question }
  }

  /** The same question keeps its id, so that a person who is about to answer isn't interrupted. */
  ask(open: AskedQuestion | null, question: Question): AskedQuestion {
    return open && JSON.stringify(open.question) === JSON.stringify(question) ? open : this.question(question)
  }

  history(entry: Entry, event: HistoryEvent, value: number | null = null): readonly HistoryItem[] {
    const item = { atMs: this.clock.wall(), event, value }
    const kept = entry.history.length < HISTORY_LIMIT ? entry.history : entry.history.slice(1 - HISTORY_LIMIT)
    return [...kept, item]
  }

  adopt(change: Change): void {
    if (change.device) this.device = change.device
    for (const entry of change.entries ?? []) {
      const index = this.open.findIndex((other) => other.id === entry.id)
      if (index < 0) continue
      if (entry.open === undefined) this.open.splice(index, 1)
      else this.open[index] = entry
    }
  }
}

/** One strict transaction over the device record and entries; memory follows only when it is durable. */
export function* commit(memory: Memory, patch: Partial<DeviceRecord> | null, ...entries: readonly Entry[]): Flow<void> {
  const heldSinceMs = memory.lockHeld ? (memory.device.hostLockHeldSinceMs ?? memory.clock.wall()) : null
  const device =
    patch === null && memory.device.hostLockHeldSinceMs === heldSinceMs
      ? null
      : { ...memory.device, ...patch, hostLockHeldSinceMs: heldSinceMs }
  const change: Change = {
    ...(device ? { device } : {}),
    ...(entries.length > 0 ? { entries: entries.map(withOpenMarker) } : {}),
  }
  yield { kind: 'transaction', change }
  memory.adopt(change)
}

export function* exchange(
  memory: Memory,
  request: DeviceRequest,
  entryId: string | null = null,
  timeoutMs: number = REPLY_TIMEOUT_MS,
): Flow<DeviceAnswer> {
  if (entryId !== null) memory.sentMonoMs.set(entryId, memory.clock.mono())
  const resume = yield { kind: 'request', request, timeoutMs, entryId }
  if (resume.kind !== 'answer') throw new Error(`driver answered a request with ${resume.kind}`)
  return resume.answer
}

export function* pause(ms: number | null): Flow<void> {
  yield { kind: 'sleep', ms }
}

export function* backOff(memory: Memory): Flow<void> {
  yield* pause(memory.nextBackoffMs())
}

/** Not in the machine's hands: refused and waiting for a decision, or a question that doesn't hold up the queue. */
export function isParked(entry: Entry): boolean {
  return entry.state === 'refused' || (entry.question !== null && PARKED.has(entry.question.question.kind))
}
