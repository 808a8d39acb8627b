/**
 * X report, text print and the closing of the bank's day: nothing fiscal, so at most once; in doubt a person looks at
 * the paper (chapters 5.3, 6, 8).
 */
import { withKey, decodeCommandReply } from '../ikkm/codec.ts'
import { stepFor } from '../ikkm/codes.ts'
import type { Flow } from './effects.ts'
import { CAUSE_POLL_MS, commit, exchange, pause } from './memory.ts'
import type { Memory } from './memory.ts'
import { hello, keyLost, readRefused } from './probe.ts'
import { offerToClose } from './registration.ts'
import type { Entry } from './types.ts'

export function* stepPrintout(memory: Memory, entry: Entry): Flow<void> {
  if (entry.state === 'sending') return yield* askWhetherPrinted(memory, entry)
  const { key } = memory.device
  if (key === null || !entry.request) return
  if (memory.needsHello) {
    const seen = yield* hello(memory, key)
    if (seen.kind === 'lost') return
    if (seen.kind === 'code') return yield* readRefused(memory, seen.code)
  }
  const sending: Entry = {
    ...entry,
    state: 'sending',
    key,
    attempts: entry.attempts + 1,
    lastSentAtMs: memory.clock.wall(),
    question: null,
    history: memory.history(entry, 'sent', entry.attempts + 1),
  }
  yield* commit(memory, null, sending)
  const outcome = decodeCommandReply(yield* exchange(memory, withKey(entry.request, key), entry.id))
  if (outcome.kind === 'unknown') {
    memory.trouble()
    return outcome.sent === 'never'
      ? yield* commit(memory, null, { ...sending, state: 'queued' })
      : yield* askWhetherPrinted(memory, sending)
  }
  if (outcome.kind === 'code') return yield* refused(memory, sending, outcome.code, outcome.reason)
  const device = outcome.kind === 'key' ? { key: outcome.key } : null
  yield* commit(memory, device, {
    ...sending,
    state: 'done',
    answered: sending.attempts,
    code: null,
    doneAtMs: memory.clock.wall(),
    history: memory.history(sending, 'done'),
  })
}

function* askWhetherPrinted(memory: Memory, entry: Entry): Flow<void> {
  const question = memory.ask(entry.question, { kind: 'printed' })
  yield* commit(memory, null, { ...entry, question, history: memory.history(entry, 'asked') })
}

function* refused(memory: Memory, entry: Entry, code: number, reason: string): Flow<void> {
  const queued: Entry = { ...entry, state: 'queued', code, reason, refusals: entry.refusals + 1 }
  switch (stepFor(code)) {
    case 'unsend':
      yield* commit(memory, null, { ...queued, code: null })
      return yield* readRefused(memory, code)
    case 'askKey':
      yield* commit(memory, null, queued)
      return yield* keyLost(memory)
    case 'wait':
      yield* commit(memory, null, queued)
      return yield* pause(memory.nextBackoffMs())
    case 'closeShift':
      yield* commit(memory, null, queued)
      return yield* shiftOver(memory, queued)
    case 'fix':
      memory.pollAtMonoMs = memory.clock.mono() + CAUSE_POLL_MS
      return yield* commit(memory, null, { ...queued, question: memory.ask(entry.question, { kind: 'fix', code }) })
    case 'refuse': {
      const question = memory.question({ kind: 'decide', code })
      return yield* commit(memory, null, { ...queued, state: 'refused', question })
    }
    default:
      yield* askWhetherPrinted(memory, entry)
  }
}

/** The shift that is open is offered to be closed; one that was closed meanwhile hinders nothing any more. */
function* shiftOver(memory: Memory, entry: Entry): Flow<void> {
  const { key } = memory.device
  const seen = key === null ? null : yield* hello(memory, key)
  if (seen?.kind !== 'standing' || !seen.standing.open) return
  yield* offerToClose(memory, memory.find(entry.id) ?? entry, seen.standing.shift)
}
