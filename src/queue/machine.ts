/**
 * The queue's machine: one sale becomes exactly one fiscal receipt over a device that offers only a rotating key.
 *
 *   queued --bind, commit, send--> sending --8 digits, first attempt--> acked --audit--> done
 *                                  sending --8 digits, later attempt, or -1--> recon --list, person--> done | queued
 *                                  sending --code, fence, probe--> refused
 *                                  sending --no answer, -2, -3, -4 ...--> sending (same bytes, same key)
 *
 * Key lemma: a key is consumed by at most one document, so a registration on key K took place if and only if the first
 * key-rotating document after K became current is this one. A success is audited, not believed: a foreign document
 * makes our key the previous one, and the device then answers our different sale as if it were that document's.
 *
 * Assumptions A1 to A5: `types.ts`. Effects: `effects.ts`. Decisions: `rules.ts`.
 */
import { stepFor } from '../ikkm/codes.ts'
import { takeInbox } from './inbox.ts'
import { auditBatch } from './audit.ts'
import type { Flow } from './effects.ts'
import { commit, pause, rareSteps } from './memory.ts'
import type { Memory } from './memory.ts'
import { hello, lockIsFresh, noticeForeign, probe, probeAgeMs, probeIsGood, readRefused } from './probe.ts'
import { judgeRefusal, judgeShiftOver, sendAgain, sendFirst, toReconciliation } from './registration.ts'
import { isParked, mayHaveArrived } from './types.ts'
import type { AskedQuestion, Entry } from './types.ts'

/** Most receipts that one audit may cover under the host lock. */
const BATCH_LIMIT = 10
/** A probe of the payment screen is repeated when it is older than this. */
const PREPARED_MS = 20_000

/**
 * Runs for ever; the driver stops it by not resuming it. A `sending` entry or an open Z found at the start is simply in
 * doubt: the same steps as without a crash.
 */
export function* run(memory: Memory): Flow<never> {
  for (;;) {
    yield* takeInbox(memory)
    yield* step(memory)
    yield { kind: 'turn' }
  }
}

function* step(memory: Memory): Flow<void> {
  const { device } = memory
  if (device.sameAs !== undefined || device.mergedInto !== undefined) return yield* pause(null)
  const live = memory.open.filter((entry) => !isParked(entry))
  if (device.key === null) return yield* askForKey(memory, live)
  if (device.question?.question.kind === 'otherTill') return yield* waitForPerson(memory, device.question)
  if (device.question && device.question.question.kind !== 'key') return yield* lookAtDevice(memory, device.key)
  const intent = device.openShiftClose
  if (intent) {
    const owner = memory.find(intent.entryId)
    if (owner?.question && !isDue(memory, owner.question)) return yield* waitForPerson(memory, owner.question)
    return yield* (yield* rareSteps(memory)).stepShiftClose(memory, intent)
  }
  const pending = live.filter(isPending)
  const waiting = live.filter((entry) => !isPending(entry))
  // While a key is bound nothing else may leave, not even a print that comes back into the queue.
  // What is under way is finished first, also where a sale with an earlier number is heard of only now.
  const begun = waiting.find((entry) => entry.id === device.bound) ?? waiting.find(({ state }) => state !== 'queued')
  const next = begun ?? waiting[0]
  if (pending.length > 0) return yield* stepPending(memory, pending, next)
  if (next) return yield* stepEntry(memory, next)
  yield* idle(memory)
}

function isPending(entry: Entry): boolean {
  return entry.kind === 'registration' && (entry.state === 'acked' || entry.state === 'recon')
}

/** Without a key nothing can be sent, and nothing needs to be while there is no work. */
function* askForKey(memory: Memory, live: readonly Entry[]): Flow<void> {
  if (!memory.device.question && (live.length > 0 || memory.prepareWanted)) {
    yield* commit(memory, { question: memory.question({ kind: 'key', refused: null }) })
  }
  yield* pause(null)
}

/** A question about the device goes away by itself when the right device answers properly. */
function* lookAtDevice(memory: Memory, key: string): Flow<void> {
  const seen = yield* hello(memory, key)
  if (seen.kind === 'code') yield* readRefused(memory, seen.code)
}

/** Questions whose cause can vanish without a word; all others wait for an answer. */
const SELF_HEALING: ReadonlySet<string> = new Set(['fix', 'closeShift', 'cardCharged'])

function isDue(memory: Memory, asked: AskedQuestion): boolean {
  const { kind } = asked.question
  if (kind === 'closeShift' && memory.closeAllowed === asked.question.shift) return true
  return SELF_HEALING.has(kind) && memory.clock.mono() >= memory.pollAtMonoMs
}

function* waitForPerson(memory: Memory, asked: AskedQuestion): Flow<void> {
  const heals = SELF_HEALING.has(asked.question.kind)
  yield* pause(heals ? Math.max(1, memory.pollAtMonoMs - memory.clock.mono()) : null)
}

/** Answered but not proven. Under the host lock more may follow before one audit proves them all. */
function* stepPending(memory: Memory, pending: readonly Entry[], next: Entry | undefined): Flow<void> {
  const asked = pending.find((entry) => entry.question)?.question
  if (asked) return yield* waitForPerson(memory, asked)
  // What is on the wire after them has to be known before their account can be drawn up.
  if (next?.kind === 'registration' && next.state === 'sending') return yield* stepEntry(memory, next)
  if (pending.some((entry) => entry.state === 'recon')) {
    const steps = yield* rareSteps(memory)
    const taken = pending.filter((entry) => entry.taken)
    return yield* taken.length > 0 ? steps.reconcileTaken(memory, taken) : steps.reconcileAll(memory, pending)
  }
  if (next && mayJoin(memory, pending, next)) return yield* sendFirst(memory, next, true)
  yield* auditBatch(memory, pending)
}

function mayJoin(memory: Memory, pending: readonly Entry[], next: Entry): boolean {
  return (
    pending.length < BATCH_LIMIT &&
    // The last number of the register is that of the last receipt: one whose answer lost it is audited alone.
    pending.every((entry) => entry.number !== null) &&
    memory.lockHeld &&
    !memory.device.foreign &&
    memory.device.reports === 'allowed' &&
    next.kind === 'registration' &&
    next.state === 'queued' &&
    next.question === null &&
    next.bank?.state !== 'open' &&
    !mayHaveArrived(next, memory.device.key) &&
    probeIsGood(memory)
  )
}

function* stepEntry(memory: Memory, entry: Entry): Flow<void> {
  if (entry.question) {
    if (!isDue(memory, entry.question)) return yield* waitForPerson(memory, entry.question)
    if (entry.question.question.kind === 'closeShift' && memory.closeAllowed === null) {
      return yield* lookAtShift(memory, entry, entry.question.question.shift)
    }
  }
  if (entry.bank?.state === 'open' && entry.state === 'queued') {
    return yield* (yield* rareSteps(memory)).stepBank(memory, entry, entry.bank)
  }
  switch (entry.kind) {
    case 'registration':
      return yield* stepRegistration(memory, entry)
    case 'deposit':
    case 'withdrawal':
      return yield* (yield* rareSteps(memory)).stepCash(memory, entry)
    case 'xReport':
    case 'bankClose':
    case 'print':
      return yield* (yield* rareSteps(memory)).stepPrintout(memory, entry)
    case 'zReport':
      return yield* (yield* rareSteps(memory)).beginShiftClose(memory, entry)
    case 'bank':
    case 'debt':
      // Its leg is all there is to it; a note in the debt book has none, and is done before it could come here.
      return yield* commit(memory, null, { ...entry, state: 'done', doneAtMs: memory.clock.wall() })
  }
}

function* stepRegistration(memory: Memory, entry: Entry): Flow<void> {
  if (entry.state === 'queued') {
    if (mayHaveArrived(entry, memory.device.key)) return yield* toReconciliation(memory, entry)
    return yield* sendFirst(memory, entry, false)
  }
  const step = stepFor(entry.code)
  if (step === 'refuse') return yield* judgeRefusal(memory, entry)
  if (step === 'closeShift') return yield* judgeShiftOver(memory, entry)
  yield* sendAgain(memory, entry)
}

/** "Close shift N?" is no question any more when somebody closed it at the device. */
function* lookAtShift(memory: Memory, entry: Entry, shift: number): Flow<void> {
  const { key } = memory.device
  if (key === null) return
  const seen = yield* hello(memory, key)
  memory.pollAtMonoMs = memory.clock.mono() + PREPARED_MS
  if (seen.kind !== 'standing' || (seen.standing.open && seen.standing.shift === shift)) return
  yield* commit(memory, null, { ...entry, question: null, code: null })
}

function* idle(memory: Memory): Flow<void> {
  if (!memory.prepareWanted) return yield* pause(null)
  const { probe: read, lockHeld } = memory
  const known = read !== null && read.key === memory.device.key && probeAgeMs(memory, read) <= PREPARED_MS
  if (known && (!lockHeld || lockIsFresh(memory))) {
    memory.prepareWanted = false
    return
  }
  const looked = yield* probe(memory)
  if (looked && (yield* noticeForeign(memory, looked))) return
  // Out of reach or not: selling goes on all the same, and the next sale tries again.
  memory.prepareWanted = false
}
