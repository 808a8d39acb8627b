/** A registration from the queue to an answer: binding, sending, what each reply means (source 004, chapter 5). */
import { decodeRegistrationReply, withKey } from '../ikkm/codec.ts'
import type { KeyOutcome, Outcome } from '../ikkm/codec.ts'
import { codeRow, stepFor } from '../ikkm/codes.ts'
import type { Flow } from './effects.ts'
import { backOff, CAUSE_POLL_MS, commit, exchange, noteSend, pause } from './memory.ts'
import type { Memory } from './memory.ts'
import { hello, keyLost, mayWrite, noticeForeign, notWriter, probe, probeIsGood, readRefused } from './probe.ts'
import { afterSuccess, cashEffect, react, refusalStands } from './rules.ts'
import type { Baseline, DeviceRecord, Entry } from './types.ts'

/** -99 so many times, then the device's event log has to be read. */
const INTERNAL_ERROR_LIMIT = 3

/** The frozen bytes of an entry; a registration without them is a defect. */
export function wireRequest(entry: Entry, key: string): ReturnType<typeof withKey> {
  if (!entry.request) throw new Error(`entry ${entry.mark} has no bytes`)
  return withKey(entry.request, key)
}

/** Free -> bound -> on the wire. The probe comes first, unless a good one is at hand. */
export function* sendFirst(memory: Memory, entry: Entry, pending: boolean): Flow<void> {
  const read = probeIsGood(memory) ? memory.probe : yield* probe(memory)
  if (!read || (!pending && (yield* noticeForeign(memory, read)))) return
  if (!(yield* mayWrite(memory))) return
  const key = memory.device.key
  if (key === null) return
  const bound = yield* bind(memory, entry, key, read.baseline)
  yield* send(memory, bound)
}

/** SENDING, bound key, where the device stood: one transaction before the first byte. */
export function* bind(memory: Memory, entry: Entry, key: string, before: Baseline): Flow<Entry> {
  // The same bytes on the same key once more: earlier sends still count.
  const again = entry.key === key && entry.attempts > 0
  const bound: Entry = {
    ...entry,
    state: 'sending',
    key,
    before,
    shift: before.shift,
    attempts: again ? entry.attempts + 1 : 1,
    answered: again ? entry.answered : 0,
    refusals: again ? entry.refusals : 0,
    lastSentAtMs: memory.clock.wall(),
    unansweredAtMs: memory.clock.wall(),
    code: null,
    reason: null,
    question: null,
    history: memory.history(entry, 'sent', again ? entry.attempts + 1 : 1),
  }
  yield* commit(memory, { bound: bound.id }, bound)
  return memory.find(bound.id) ?? bound
}

/** SENDING and nothing known: the same bytes on the same key, after a look at who is there. */
export function* sendAgain(memory: Memory, entry: Entry): Flow<void> {
  if (entry.key === null) throw new Error(`entry ${entry.mark} is sending without a key`)
  if (memory.needsHello) {
    const seen = yield* hello(memory, entry.key)
    if (seen.kind === 'lost') return
    if (seen.kind === 'code' && holdsUp(seen.code)) return yield* readRefused(memory, seen.code)
    memory.needsHello = false
  }
  const counted: Entry = {
    ...entry,
    attempts: entry.attempts + 1,
    lastSentAtMs: memory.clock.wall(),
    unansweredAtMs: memory.clock.wall(),
    history: memory.history(entry, 'sent', entry.attempts + 1),
  }
  yield* commit(memory, null, counted)
  yield* send(memory, memory.find(entry.id) ?? counted)
}

/** Whether nothing is sent after this code to a mere look; after any other the same bytes may go out again. */
function holdsUp(code: number): boolean {
  const step = stepFor(code)
  return step === 'wait' || step === 'unsend'
}

function* send(memory: Memory, entry: Entry): Flow<void> {
  const answer = yield* exchange(memory, wireRequest(entry, entry.key ?? ''), entry.id)
  noteSend(memory, entry, answer.kind === 'reply')
  yield* settle(memory, entry, decodeRegistrationReply(answer))
}

/** Counts the answer; with every attempt answered nothing of ours can still be under way. */
export function withAnswer(entry: Entry): Pick<Entry, 'answered' | 'unansweredAtMs'> {
  const answered = entry.answered + 1
  return { answered, unansweredAtMs: answered >= entry.attempts ? null : entry.unansweredAtMs }
}

function* settle(memory: Memory, entry: Entry, outcome: Outcome): Flow<void> {
  const reaction = react(outcome)
  switch (reaction.kind) {
    case 'success':
      return yield* succeed(memory, entry, { kind: 'key', key: reaction.key, number: reaction.number })
    case 'unknown':
      return yield* unknown(memory, entry, outcome)
    case 'askKey':
      return yield* keyWrong(memory, entry)
    case 'wait':
      memory.probe = null
      yield* commit(memory, null, { ...entry, ...withAnswer(entry), ...codeOf(outcome), refusals: entry.refusals + 1 })
      return yield* pause(memory.nextBackoffMs())
    case 'closeShift':
    case 'refuse':
      memory.probe = null
      return yield* commit(memory, null, {
        ...entry,
        ...withAnswer(entry),
        ...codeOf(outcome),
        refusals: entry.refusals + 1,
        question: null,
        history: memory.history(entry, 'answered', codeOf(outcome).code),
      })
    case 'fix':
      return yield* askToFix(memory, entry, outcome)
    case 'unsend':
      return yield* neverLeft(memory, entry, codeOf(outcome).code ?? 0)
    case 'doubt':
      return yield* internalError(memory, entry, outcome)
  }
}

function codeOf(outcome: Outcome): { readonly code: number | null; readonly reason: string | null } {
  return outcome.kind === 'code' ? { code: outcome.code, reason: outcome.reason } : { code: null, reason: null }
}

function* succeed(memory: Memory, entry: Entry, outcome: KeyOutcome): Flow<void> {
  memory.failures = 0
  const next = afterSuccess(entry, outcome)
  const before = memory.probe?.baseline ?? null
  const predicted = next === 'audit' && before ? predict(entry, outcome, before) : null
  const device: Partial<DeviceRecord> = {
    key: outcome.key,
    bound: null,
    ...(outcome.number === null ? {} : { lastNumber: outcome.number }),
    ...(memory.device.serial === null ? {} : { lastContactMs: memory.clock.wall() }),
  }
  yield* commit(memory, device, {
    ...entry,
    ...withAnswer(entry),
    state: next === 'audit' ? 'acked' : 'recon',
    number: outcome.number,
    newKey: outcome.key,
    code: null,
    reason: null,
    question: null,
    history: memory.history(entry, next === 'audit' ? 'acked' : 'replayed', outcome.number),
  })
  const read = memory.probe
  memory.probe = read && predicted ? { ...read, key: outcome.key, baseline: predicted } : null
}

/** Where the device stands after this success, if it is one: the baseline of the next receipt of the same audit. */
function predict(entry: Entry, outcome: KeyOutcome, before: Baseline): Baseline | null {
  // A shift that this receipt opens has a number that nobody has read yet.
  if (outcome.number === null || !before.open || !entry.receipt) return null
  const cash = before.cash === null ? null : before.cash + cashEffect(entry.receipt)
  return { ...before, number: outcome.number, cash: cash as Baseline['cash'], counters: null }
}

function* unknown(memory: Memory, entry: Entry, outcome: Outcome): Flow<void> {
  memory.trouble()
  const proven = outcome.kind === 'unknown' && outcome.sent === 'never'
  const kept = proven ? { ...entry, ...withAnswer(entry) } : entry
  const noted: Entry = { ...kept, history: memory.history(entry, 'unknown') }
  if (proven || entry.attempts === 1) yield* commit(memory, null, noted)
  yield* backOff(memory)
}

/** -1: whatever this key once caused is in the device's list; the key has to be read from its screen. */
function* keyWrong(memory: Memory, entry: Entry): Flow<void> {
  const answered: Entry = { ...entry, ...withAnswer(entry), code: -1, refusals: entry.refusals + 1 }
  memory.adopt({ entries: [answered] })
  yield* keyLost(memory)
}

/**
 * Another till writes to the device, and our relay kept this send back. Where it was the first one nothing of ours can be
 * there: the entry waits, bound to nothing, and is sent on a new look. After earlier sends it stays what it was, in doubt.
 */
function* neverLeft(memory: Memory, entry: Entry, code: number): Flow<void> {
  const history = memory.history(entry, 'answered', code)
  if (entry.attempts === 1) {
    yield* commit(memory, { bound: null }, unsent({ ...entry, history }))
  } else {
    // What took the key of a send in doubt may be the other till's.
    const doubt = withAnswer(entry).unansweredAtMs !== null && memory.device.foreign === null
    const foreign = doubt ? { foreign: { number: null, atMs: memory.clock.wall() } } : null
    yield* commit(memory, foreign, { ...entry, ...withAnswer(entry), history })
  }
  yield* notWriter(memory, code)
}

/** The entry as it was before a first send that provably never left. */
export function unsent(entry: Entry): Entry {
  return {
    ...entry,
    state: 'queued',
    key: null,
    before: null,
    attempts: 0,
    answered: 0,
    unansweredAtMs: null,
    code: null,
    reason: null,
  }
}

function* askToFix(memory: Memory, entry: Entry, outcome: Outcome): Flow<void> {
  const { code, reason } = codeOf(outcome)
  memory.probe = null
  // -6 may have been registered: look before the next send, and never unbind.
  memory.needsHello = true
  memory.pollAtMonoMs = memory.clock.mono() + CAUSE_POLL_MS
  const answered = withAnswer(entry)
  // Another host writes while an earlier send of ours is in doubt: what took its key may be theirs.
  const shared =
    code !== null &&
    codeRow(code).class === 'host' &&
    answered.unansweredAtMs !== null &&
    memory.device.foreign === null
  yield* commit(memory, shared ? { foreign: { number: null, atMs: memory.clock.wall() } } : null, {
    ...entry,
    ...answered,
    code,
    reason,
    refusals: entry.refusals + 1,
    question: memory.ask(entry.question, { kind: 'fix', code: code ?? 0 }),
    history: memory.history(entry, 'asked', code),
  })
}

function* internalError(memory: Memory, entry: Entry, outcome: Outcome): Flow<void> {
  const { code, reason } = codeOf(outcome)
  memory.probe = null
  memory.needsHello = true
  const times = (memory.internalErrors.get(entry.id) ?? 0) + 1
  memory.internalErrors.set(entry.id, times)
  const ask = times >= INTERNAL_ERROR_LIMIT
  if (ask) memory.internalErrors.delete(entry.id)
  yield* commit(memory, null, {
    ...entry,
    ...withAnswer(entry),
    code,
    reason,
    refusals: entry.refusals + 1,
    question: ask ? memory.ask(entry.question, { kind: 'readDeviceLog', code: code ?? 0 }) : null,
    history: memory.history(entry, ask ? 'asked' : 'answered', code),
  })
  if (!ask) yield* backOff(memory)
}

/** RECON: the device's own list says what became of it. */
export function* toReconciliation(memory: Memory, entry: Entry): Flow<void> {
  const history = memory.history(entry, 'reconciling')
  yield* commit(memory, { bound: null }, { ...entry, state: 'recon', question: null, history })
}

/**
 * Ms until an unanswered send of this entry can't be executed any more; 0 where every send was answered. Where it counts
 * from another moment than the stored one, that is stored once: a further start goes on with it, and the screen shows
 * how long it takes.
 */
export function* fenceLeft(memory: Memory, entry: Entry): Flow<number> {
  if (entry.answered >= entry.attempts) return 0
  const sinceMs = memory.fenceStartMs(entry.unansweredAtMs, entry.unansweredAtMs !== entry.lastSentAtMs)
  const leftMs = memory.fenceLeftMs(entry.id, sinceMs)
  const ofEarlierLife = !memory.sentMonoMs.has(entry.id)
  if (leftMs > 0 && ofEarlierLife && sinceMs !== entry.unansweredAtMs) {
    yield* commit(memory, null, { ...entry, unansweredAtMs: sinceMs })
  }
  return leftMs
}

/** SENDING with a code that no repetition can cure: refused for good only behind a fence and a probe. */
export function* judgeRefusal(memory: Memory, entry: Entry): Flow<void> {
  const fenceMs = yield* fenceLeft(memory, entry)
  if (fenceMs > 0) return yield* pause(fenceMs)
  const read = yield* probe(memory)
  if (!read) return
  if (!refusalStands(entry.before, read.baseline)) {
    // Something moved although the key passed: let the device's list say what.
    return yield* toReconciliation(memory, entry)
  }
  yield* commit(
    memory,
    { bound: null },
    {
      ...entry,
      state: 'refused',
      number: null,
      question: memory.question({ kind: 'decide', code: entry.code ?? 0 }),
      history: memory.history(entry, 'refused', entry.code),
    },
  )
}

/** SENDING with -3: proves that nothing was registered, asks, and leaves the closing to `shift-close.ts`. */
export function* judgeShiftOver(memory: Memory, entry: Entry): Flow<void> {
  const read = yield* probe(memory)
  if (!read) return
  if (!read.baseline.open) {
    // Closed meanwhile: the same bytes open the next shift.
    return yield* commit(memory, null, { ...entry, code: null, question: null })
  }
  if (!refusalStands(entry.before, read.baseline)) {
    // -3 may have come before the look at the key: an earlier attempt was perhaps registered.
    return yield* toReconciliation(memory, entry)
  }
  yield* offerToClose(memory, entry, read.baseline.shift)
}

/** The question, or with the person's leave the durable intent. The entry waits unbound: it wasn't registered. */
export function* offerToClose(memory: Memory, entry: Entry, shift: number): Flow<void> {
  if (memory.closeAllowed !== shift) {
    const question = memory.ask(entry.question, { kind: 'closeShift', shift })
    memory.pollAtMonoMs = memory.clock.mono() + CAUSE_POLL_MS
    if (question === entry.question) return
    return yield* commit(memory, null, { ...entry, question, history: memory.history(entry, 'asked', -3) })
  }
  memory.closeAllowed = null
  yield* commit(
    memory,
    {
      bound: null,
      openShiftClose: { entryId: entry.id, shift, sends: 0, answered: 0, accepted: false, sentAtMs: null },
    },
    { ...entry, state: 'queued', question: null, history: memory.history(entry, 'notRegistered') },
  )
}
