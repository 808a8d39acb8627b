/** Deposit and withdrawal: no replay rule, so counters before and after decide (source 004, chapter 5.3). */
import { decodeRegistrationReply } from '../ikkm/codec.ts'
import { codeRow, stepFor } from '../ikkm/codes.ts'
import type { Flow } from './effects.ts'
import { backOff, CAUSE_POLL_MS, commit, exchange, pause } from './memory.ts'
import type { Memory, Probe } from './memory.ts'
import { keyLost, mayWrite, noticeForeign, notWriter, probe, probeIsGood } from './probe.ts'
import { bind, fenceLeft, offerToClose, unsent, wireRequest, withAnswer } from './registration.ts'
import { cashMoved } from './rules.ts'
import type { DeviceRecord, Entry } from './types.ts'

/** While an unanswered send may still be executed, the counters are read so often. */
const LOOK_AGAIN_MS = 20_000

/** One arrow of a deposit or withdrawal, whatever its state; a fresh start and a crash are the same. */
export function* stepCash(memory: Memory, entry: Entry): Flow<void> {
  switch (entry.state) {
    case 'queued':
      return yield* sendCash(memory, entry)
    case 'sending':
      // The app died between the send and its answer.
      return yield* commit(memory, { bound: null }, { ...entry, state: 'recon', code: null })
    case 'acked':
    case 'recon':
      return yield* judgeCash(memory, entry)
    case 'done':
    case 'refused':
      return
  }
}

function* sendCash(memory: Memory, entry: Entry): Flow<void> {
  const known = probeIsGood(memory) && memory.probe?.baseline.counters ? memory.probe : null
  const read = known ?? (yield* probe(memory))
  if (!read || (yield* noticeForeign(memory, read)) || !(yield* mayWrite(memory))) return
  // Nothing of ours is under way, so earlier sends no longer count.
  const bound = yield* bind(memory, { ...entry, attempts: 0 }, read.key, read.baseline)
  memory.probe = null
  const answer = yield* exchange(memory, wireRequest(bound, read.key), bound.id)
  const outcome = decodeRegistrationReply(answer)
  // A device may answer `0` to a deposit under one reading; anything on the way may do so too: counters decide.
  if (outcome.kind === 'unknown' || outcome.kind === 'zero') {
    memory.trouble()
    const never = outcome.kind === 'unknown' && outcome.sent === 'never'
    yield* commit(
      memory,
      { bound: null },
      {
        ...bound,
        ...(never ? withAnswer(bound) : {}),
        state: 'recon',
        history: memory.history(bound, 'unknown'),
      },
    )
    return outcome.kind === 'zero' ? undefined : yield* backOff(memory)
  }
  const answered = { ...bound, ...withAnswer(bound) }
  const step = outcome.kind === 'code' ? codeRow(outcome.code).step : null
  if (outcome.kind === 'code' && step === 'unsend') {
    // Provably not sent: an equal one of the other till must not count as ours.
    const history = memory.history(bound, 'answered', outcome.code)
    yield* commit(memory, { bound: null }, unsent({ ...bound, history }))
    return yield* notWriter(memory, outcome.code)
  }
  if (outcome.kind === 'code') {
    // Even a first -1 proves nothing: the browser may have sent the request twice.
    const device: Partial<DeviceRecord> = { bound: null }
    yield* commit(memory, device, {
      ...answered,
      state: 'recon',
      code: outcome.code,
      reason: outcome.reason,
      refusals: bound.refusals + 1,
      history: memory.history(bound, 'answered', outcome.code),
    })
    if (step === 'askKey') yield* keyLost(memory)
    return
  }
  const { key, number } = outcome
  yield* commit(
    memory,
    { key, bound: null },
    { ...answered, state: 'acked', number, newKey: key, history: memory.history(bound, 'acked', number) },
  )
}

function* judgeCash(memory: Memory, entry: Entry): Flow<void> {
  const read = yield* probe(memory)
  if (!read) return
  yield* noticeForeign(memory, read)
  const verdict = cashMoved(entry, read.baseline)
  if (verdict === 'once') return yield* finish(memory, entry, read)
  const fenceMs = yield* fenceLeft(memory, entry)
  if (fenceMs > 0) return yield* pause(Math.min(fenceMs, LOOK_AGAIN_MS))
  if (verdict === 'unchanged' && entry.state === 'recon') return yield* again(memory, entry, read)
  const operation = entry.kind === 'withdrawal' ? 'withdrawal' : 'deposit'
  const question = memory.ask(entry.question, { kind: 'depositDone', amount: entry.amount, operation })
  yield* commit(memory, null, { ...entry, question, history: memory.history(entry, 'asked') })
}

function* finish(memory: Memory, entry: Entry, read: Probe): Flow<void> {
  const { baseline } = read
  const counters = baseline.counters ? { audited: baseline.counters } : {}
  yield* commit(
    memory,
    { lastNumber: baseline.number, ...counters },
    {
      ...entry,
      state: 'done',
      shift: baseline.shift,
      code: null,
      question: null,
      doneAtMs: memory.clock.wall(),
      history: memory.history(entry, 'done', entry.number),
    },
  )
}

/** Proven not executed: what its code says, else once more. */
function* again(memory: Memory, entry: Entry, read: Probe): Flow<void> {
  const { code } = entry
  const queued: Entry = { ...entry, state: 'queued', question: null, history: memory.history(entry, 'notRegistered') }
  const step = stepFor(code)
  if (code === null || step === 'askKey' || step === 'wait') {
    yield* commit(memory, null, queued)
    return step === 'wait' ? yield* backOff(memory) : undefined
  }
  if (step === 'closeShift') {
    if (read.baseline.open) return yield* offerToClose(memory, queued, read.baseline.shift)
    // Closed meanwhile: the same request opens the next shift.
    return yield* commit(memory, null, { ...queued, code: null })
  }
  if (step === 'refuse') {
    return yield* commit(memory, null, {
      ...queued,
      state: 'refused',
      question: memory.question({ kind: 'decide', code }),
      history: memory.history(entry, 'refused', code),
    })
  }
  memory.pollAtMonoMs = memory.clock.mono() + CAUSE_POLL_MS
  const kind = step === 'fix' ? 'fix' : 'readDeviceLog'
  yield* commit(memory, null, { ...queued, question: memory.ask(entry.question, { kind, code }) })
}
