/**
 * The machine's working copy of the stored records, and what it may forget: a proof of the key, the back-off, the
 * host lock. Everything forgotten makes it ask the device again, never guess.
 */
import type { DeviceAnswer, DeviceRequest } from '../contract/device.ts'
import { REPLY_TIMEOUT_MS } from '../contract/device.ts'
import type { Clock, Flow, QueueEvent, RareSteps, Stamp } from './effects.ts'
import { storedClock } from './register-clock.ts'
import type { RegisterClock, Sent } from './register-clock.ts'
import type { Change, Claim, QueueSnapshot } from './store.ts'
import { D_MAX_MS, DEPARTS_WITHIN_MS, HISTORY_LIMIT, withOpenMarker } from './types.ts'
import type { AskedQuestion, Baseline, DeviceRecord, Entry, HistoryEvent, HistoryItem, Question } from './types.ts'

/** `getInfo`, then the shift's report with this key: the number is older than the proof of the key. */
export interface Probe {
  readonly key: string
  readonly baseline: Baseline
  readonly monoMs: number
  readonly wallMs: number
}

/** Longest back-off after an answer that never came. */
const LONGEST_BACKOFF_MS = 30_000
/**
 * A longer time by the wall clock between two lives of the app isn't believed: a tablet whose clock was wrong is set by
 * hours or days when it finds the network, and a fence must not end by that.
 */
const BELIEVED_MS = 600_000
/** How often a question whose cause can vanish by itself is looked into. */
export const CAUSE_POLL_MS = 30_000

export class Memory {
  device: DeviceRecord
  /** Unsettled entries, ascending by sequence. */
  open: Entry[]
  readonly inbox: QueueEvent[] = []
  readonly clock: Clock
  /** 0 to 1, for jitter only. */
  readonly chance: () => number
  readonly startedMonoMs: number
  /** Factory numbers of the other registers that have a record. */
  readonly otherSerials: ReadonlySet<string>
  readonly startedWallMs: number
  probe: Probe | null = null
  lockHeld = false
  lockRefused = false
  /** When the lock was taken last, on the clock that never jumps: the device forgets it when it restarts. */
  lockedMonoMs = 0
  registerClock: RegisterClock | null
  /** The last exchange: when it left and when its answer was there. */
  exchanged: { readonly left: Stamp; readonly back: Stamp } | null = null
  /**
   * Which key names a receipt in `/dump/transaction/<key>` (source 004 leaves it open). `list`: that read is of no use
   * here; `none`: nor is the list of receipts.
   */
  receiptKey: 'sent' | 'returned' | 'list' | 'none' = 'sent'
  /** The device was out of reach or answered nonsense: look who answers before anything else is sent. */
  needsHello = true
  prepareWanted = false
  /** Null until one of them was due. */
  rareSteps: RareSteps | null = null
  failures = 0
  /** Lists in a row that could be read but not understood. */
  unreadable = 0
  /** Last send in this life by entry id, on the clock that never jumps. */
  readonly sentMonoMs = new Map<string, number>()
  /** Sends in this life on the entry's present key, by entry id. */
  readonly sends = new Map<string, { readonly key: string | null; readonly sends: Sent[] }>()
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
    snapshot: QueueSnapshot & Partial<Pick<Claim, 'otherSerials'>>,
    world: { readonly clock: Clock; readonly chance: () => number },
  ) {
    this.device = snapshot.device
    this.open = [...snapshot.open]
    this.clock = world.clock
    this.chance = world.chance
    this.startedMonoMs = world.clock.mono()
    this.startedWallMs = world.clock.wall()
    this.registerClock = storedClock(snapshot.device.registerClock)
    this.otherSerials = new Set(snapshot.otherSerials)
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

  now(): Stamp {
    return { wall: this.clock.wall(), mono: this.clock.mono() }
  }

  /** Every send of the entry's present bytes on its present key; those of an earlier life as its record tells them. */
  sendsOf(entry: Entry): readonly Sent[] {
    const known = this.sends.get(entry.id)
    const here = known && known.key === entry.key ? known.sends : []
    const first = entry.history.findLastIndex((item) => item.event === 'sent' && item.value === 1)
    const stored = entry.history.filter((item, place) => place >= first && item.event === 'sent')
    const earlier = stored.slice(0, Math.max(0, stored.length - here.length))
    return [...earlier.map(({ atMs }): Sent => ({ left: { wall: atMs, mono: null }, back: null })), ...here]
  }

  /** Back-off 1 to 30 s with jitter, longer with every failure in a row. */
  nextBackoffMs(): number {
    const full = Math.min(LONGEST_BACKOFF_MS, 1000 * 2 ** Math.min(this.failures, 5))
    this.failures += 1
    return Math.round(full * (0.5 + this.chance() / 2))
  }

  /**
   * Ms until a request that was sent last at `id`'s time can't be executed any more. A send of this life counts with the
   * clock that never jumps; one of an earlier life from `sinceMs` (`fenceStartMs`).
   */
  fenceLeftMs(id: string, sinceMs: number): number {
    const nowMs = this.clock.mono()
    const sentMonoMs = this.sentMonoMs.get(id) ?? this.startedMonoMs + sinceMs - this.startedWallMs
    return Math.max(0, sentMonoMs + D_MAX_MS - nowMs)
  }

  /**
   * The latest moment (ms, wall clock) at which a send of an earlier life left, by the time that was stored before it;
   * the start of this life where the stored time can't be believed. `exact`: the stored time is such a moment already.
   */
  fenceStartMs(storedMs: number | null, exact = false): number {
    if (storedMs === null) return this.startedWallMs
    const leftMs = exact ? storedMs : storedMs + DEPARTS_WITHIN_MS
    const passedMs = this.startedWallMs - leftMs
    return passedMs >= -DEPARTS_WITHIN_MS && passedMs <= BELIEVED_MS ? leftMs : this.startedWallMs
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
  const asked = memory.now()
  const resume = yield { kind: 'request', request, timeoutMs, entryId }
  if (resume.kind !== 'answer') throw new Error(`driver answered a request with ${resume.kind}`)
  memory.exchanged = { left: resume.left ?? asked, back: memory.now() }
  return resume.answer
}

/** Remembers a send of a registration, for the comparison with the opening time of its receipt. */
export function noteSend(memory: Memory, entry: Entry, answered: boolean): void {
  const { exchanged } = memory
  if (!exchanged) return
  const known = memory.sends.get(entry.id)
  const earlier = known && known.key === entry.key && entry.attempts > 1 ? known.sends : []
  const sent: Sent = { left: exchanged.left, back: answered ? exchanged.back : null }
  memory.sends.set(entry.id, { key: entry.key, sends: [...earlier, sent] })
}

export function* pause(ms: number | null): Flow<void> {
  yield { kind: 'sleep', ms }
}

export function* backOff(memory: Memory): Flow<void> {
  yield* pause(memory.nextBackoffMs())
}

/** The steps that an ordinary sale doesn't take, fetched when the first of them is due. */
export function* rareSteps(memory: Memory): Flow<RareSteps> {
  if (memory.rareSteps !== null) return memory.rareSteps
  const resume = yield { kind: 'load' }
  if (resume.kind !== 'loaded') throw new Error(`driver answered load with ${resume.kind}`)
  memory.rareSteps = resume.steps
  return resume.steps
}
