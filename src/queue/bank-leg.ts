/**
 * The bank operation of an entry: its track is durable before the start, never used twice, and looked up before
 * anything is started again (source 004, chapter 6).
 */
import { withKey, decodeCommandReply } from '../ikkm/codec.ts'
import { stepFor } from '../ikkm/codes.ts'
import { decodeBankResult } from '../ikkm/bank-replies.ts'
import type { BankResult } from '../ikkm/bank-replies.ts'
import { bankResultRequest, bankStartRequest } from '../ikkm/requests.ts'
import type { Flow } from './effects.ts'
import { backOff, commit, exchange, pause } from './memory.ts'
import type { Memory } from './memory.ts'
import { hello, keyLost, readRefused } from './probe.ts'
import type { BankAttempt, BankDetails, BankLeg, Entry } from './types.ts'

const POLL_MS = 2000
/** Counter part of a track: prefix x 1 000 000 + counter stays below 999 999 999. */
export const TRACKS_A_PREFIX = 1_000_000

/** One arrow of an undecided bank leg. */
export function* stepBank(memory: Memory, entry: Entry, leg: BankLeg): Flow<void> {
  const { key } = memory.device
  if (key === null) return
  if (memory.needsHello) {
    const seen = yield* hello(memory, key)
    if (seen.kind === 'lost') return
    if (seen.kind === 'code' && stepFor(seen.code) !== 'wait') return yield* readRefused(memory, seen.code)
  }
  const last = leg.attempts.at(-1)
  if (last?.state === 'planned') return yield* start(memory, entry, leg, last, key)
  if (last?.state === 'started') return yield* poll(memory, entry, leg, last, key)
  // Nothing tried yet, or the person wants another attempt: look at the old tracks first.
  if (leg.attempts.length > 0 && !(yield* oldTracksAreDead(memory, entry, leg, key))) return
  yield* plan(memory, entry, leg)
}

/** Takes the next track, durably, before anything is sent. */
function* plan(memory: Memory, entry: Entry, leg: BankLeg): Flow<void> {
  const { trackPrefix, nextTrack } = memory.device
  const track = trackPrefix * TRACKS_A_PREFIX + (nextTrack % TRACKS_A_PREFIX)
  const attempt: BankAttempt = { track, state: 'planned', startedAtMs: null, accepted: false, details: null }
  yield* commit(
    memory,
    { nextTrack: nextTrack + 1 },
    {
      ...entry,
      state: 'queued',
      question: null,
      bank: { ...leg, attempts: [...leg.attempts, attempt] },
    },
  )
}

type Lookup =
  { readonly kind: 'result'; readonly result: BankResult } | { readonly kind: 'busy' } | { readonly kind: 'later' }

function* lookUp(memory: Memory, track: number, key: string): Flow<Lookup> {
  const decoded = decodeBankResult(yield* exchange(memory, withKey(bankResultRequest(track), key)))
  if (decoded.kind === 'ok') {
    memory.failures = 0
    return { kind: 'result', result: decoded.value }
  }
  if (decoded.kind === 'unknown') {
    memory.trouble()
    yield* backOff(memory)
    return { kind: 'later' }
  }
  if (stepFor(decoded.code) === 'wait') return { kind: 'busy' }
  yield* readRefused(memory, decoded.code)
  return { kind: 'later' }
}

function replaced(leg: BankLeg, track: number, patch: Partial<BankAttempt>): BankLeg {
  return {
    ...leg,
    attempts: leg.attempts.map((attempt) => (attempt.track === track ? { ...attempt, ...patch } : attempt)),
  }
}

function* start(memory: Memory, entry: Entry, leg: BankLeg, attempt: BankAttempt, key: string): Flow<void> {
  const seen = yield* lookUp(memory, attempt.track, key)
  if (seen.kind === 'later') return
  if (seen.kind === 'busy') return yield* pause(POLL_MS)
  if (seen.result.found > 0) {
    // Somebody else's operation stands under this number.
    return yield* plan(memory, entry, { ...leg, attempts: leg.attempts.filter((other) => other !== attempt) })
  }
  const started = replaced(leg, attempt.track, { state: 'started', startedAtMs: memory.clock.wall() })
  const sending: Entry = { ...entry, bank: started, history: memory.history(entry, 'bankStarted', attempt.track) }
  yield* commit(memory, null, sending)
  const request = withKey(bankStartRequest(leg.message, leg.amount, attempt.track), key)
  memory.probe = null
  const outcome = decodeCommandReply(yield* exchange(memory, request, entry.id))
  memory.sentMonoMs.set(trackId(attempt.track), memory.clock.mono())
  if (outcome.kind === 'unknown') {
    memory.trouble()
    return yield* pause(POLL_MS)
  }
  if (outcome.kind === 'code') {
    return yield* startRefused(memory, sending, { unstarted: leg, started, attempt }, outcome.code)
  }
  const device = outcome.kind === 'key' ? { key: outcome.key } : null
  yield* commit(memory, device, { ...sending, bank: replaced(started, attempt.track, { accepted: true }) })
  yield* pause(POLL_MS)
}

function trackId(track: number): string {
  return `track-${track}`
}

interface Start {
  /** The leg before this start. */
  readonly unstarted: BankLeg
  readonly started: BankLeg
  readonly attempt: BankAttempt
}

function* startRefused(memory: Memory, entry: Entry, { unstarted, started, attempt }: Start, code: number): Flow<void> {
  const refused = replaced(started, attempt.track, { state: 'notCharged' })
  const noted: Entry = { ...entry, code, bank: refused, history: memory.history(entry, 'bankFail', code) }
  switch (stepFor(code)) {
    case 'unsend':
      // Provably not started: the customer's card waits as it did.
      yield* commit(memory, null, { ...entry, bank: unstarted })
      return yield* readRefused(memory, code)
    case 'doubt':
      // The card may be charged all the same: its track tells.
      memory.trouble()
      yield* commit(memory, null, { ...entry, code, history: memory.history(entry, 'answered', code) })
      return yield* pause(POLL_MS)
    case 'askKey':
      yield* commit(memory, null, noted)
      return yield* keyLost(memory)
    case 'wait':
      // Busy: with the printer, a closing shift, or another operation. The next look finds out.
      yield* commit(memory, null, noted)
      return yield* pause(POLL_MS)
    default:
      // Not again by itself: a card operation needs the customer.
      yield* commit(memory, null, {
        ...noted,
        question: memory.ask(entry.question, {
          kind: 'cardDeclined',
          track: attempt.track,
          amount: unstarted.amount,
        }),
      })
  }
}

function* poll(memory: Memory, entry: Entry, leg: BankLeg, attempt: BankAttempt, key: string): Flow<void> {
  const seen = yield* lookUp(memory, attempt.track, key)
  if (seen.kind === 'later') return
  if (seen.kind === 'result' && succeeded(seen.result, leg)) {
    return yield* paid(
      memory,
      entry,
      replaced(leg, attempt.track, { state: 'success', details: detailsOf(seen.result) }),
      key,
    )
  }
  if (seen.kind === 'result' && seen.result.found > 0 && seen.result.success !== null) {
    const question = memory.ask(entry.question, { kind: 'cardDeclined', track: attempt.track, amount: leg.amount })
    return yield* commit(memory, null, {
      ...entry,
      bank: replaced(leg, attempt.track, { state: 'fail' }),
      question,
      history: memory.history(entry, 'bankFail', attempt.track),
    })
  }
  const waitMs = memory.fenceLeftMs(trackId(attempt.track), memory.fenceStartMs(attempt.startedAtMs))
  if (seen.kind === 'busy' || waitMs > 0) return yield* pause(POLL_MS)
  const question = memory.ask(entry.question, { kind: 'cardCharged', track: attempt.track, amount: leg.amount })
  memory.pollAtMonoMs = memory.clock.mono() + POLL_MS
  if (question !== entry.question) yield* commit(memory, null, { ...entry, question })
}

function succeeded(result: BankResult, leg: BankLeg): boolean {
  return result.success === true && (result.total === null || leg.amount === 0 || result.total === leg.amount)
}

function detailsOf(result: BankResult): BankDetails {
  const transaction = result.transactions.find((one) => one.success === true)
  return {
    refnum: transaction?.reference ?? null,
    pan: transaction?.pan ?? null,
    traceNumber: transaction?.trace ?? null,
  }
}

/** One attempt succeeded: no other may have. */
function* paid(memory: Memory, entry: Entry, leg: BankLeg, key: string): Flow<void> {
  const successes = leg.attempts.filter((attempt) => attempt.state === 'success').map((attempt) => attempt.track)
  for (const attempt of leg.attempts) {
    if (attempt.state === 'success' || attempt.startedAtMs === null) continue
    const seen = yield* lookUp(memory, attempt.track, key)
    if (seen.kind === 'later') return
    if (seen.kind === 'result' && succeeded(seen.result, leg)) successes.push(attempt.track)
  }
  yield* commit(memory, null, settleBank(memory, entry, leg, successes))
}

/** The leg as paid; a pure bank operation is done with it. Several successes: alarm first. */
export function settleBank(memory: Memory, entry: Entry, leg: BankLeg, successes: readonly number[]): Entry {
  if (successes.length > 1) {
    const question = memory.ask(entry.question, { kind: 'cardChargedTwice', tracks: successes, amount: leg.amount })
    const marked = leg.attempts.map((attempt) =>
      successes.includes(attempt.track) ? { ...attempt, state: 'success' as const } : attempt,
    )
    return { ...entry, bank: { ...leg, attempts: marked }, question }
  }
  const history = memory.history(entry, 'bankSuccess', successes[0] ?? null)
  const settled: Entry = { ...entry, bank: { ...leg, state: 'paid' }, code: null, question: null, history }
  return entry.kind === 'bank' ? { ...settled, state: 'done', doneAtMs: memory.clock.wall() } : settled
}

/** Looks at every started track once more. False: one of them succeeded after all, or it couldn't be read. */
function* oldTracksAreDead(memory: Memory, entry: Entry, leg: BankLeg, key: string): Flow<boolean> {
  for (const attempt of leg.attempts) {
    if (attempt.startedAtMs === null) continue
    const seen = yield* lookUp(memory, attempt.track, key)
    if (seen.kind === 'later') return false
    if (seen.kind === 'busy') {
      yield* pause(POLL_MS)
      return false
    }
    if (!succeeded(seen.result, leg)) continue
    yield* paid(memory, entry, replaced(leg, attempt.track, { state: 'success', details: detailsOf(seen.result) }), key)
    return false
  }
  return true
}

/** The person gives the sale up: only when no track succeeded meanwhile. */
export function* giveUpBank(memory: Memory, entry: Entry, leg: BankLeg): Flow<void> {
  const { key } = memory.device
  if (key === null) return
  if (!(yield* oldTracksAreDead(memory, entry, leg, key))) return
  yield* commit(memory, null, {
    ...entry,
    state: 'refused',
    question: null,
    bank: { ...leg, state: 'failed' },
    resolution: { kind: 'writtenOff', reason: 'card-given-up', atMs: memory.clock.wall() },
    history: memory.history(entry, 'refused'),
  })
}
