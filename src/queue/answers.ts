/** What an event from outside changes: new entries, answers of a person, a key read from the screen. */
import { isKey } from '../ikkm/codec.ts'
import { giveUpBank, settleBank } from './bank.ts'
import type { Flow, QueueEvent } from './effects.ts'
import { commit } from './memory.ts'
import type { Memory } from './memory.ts'
import { notRegistered, registered } from './reconcile.ts'
import type { Answer, Entry, Question } from './types.ts'

/** Applies everything in the inbox, in order. */
export function* takeInbox(memory: Memory): Flow<void> {
  for (let event = memory.inbox.shift(); event !== undefined; event = memory.inbox.shift()) {
    yield* applyEvent(memory, event)
  }
}

function* applyEvent(memory: Memory, event: QueueEvent): Flow<void> {
  switch (event.kind) {
    case 'enqueued':
      if (!memory.find(event.entry.id)) memory.open = insert(memory.open, event.entry)
      return
    case 'resolved':
      memory.open = memory.open.filter((entry) => entry.id !== event.entryId)
      return
    case 'nudge':
      memory.failures = 0
      memory.pollAtMonoMs = 0
      return
    case 'prepare':
      memory.prepareWanted = true
      return
    case 'key':
      return yield* takeKey(memory, event.key)
    case 'hostLock':
      memory.probe = null
      memory.lockRefused = false
      if (!event.wanted) memory.lockHeld = false
      return yield* commit(memory, { hostLockWanted: event.wanted })
    case 'answer':
      return yield* applyAnswer(memory, event.questionId, event.answer)
  }
}

function insert(open: readonly Entry[], entry: Entry): Entry[] {
  return [...open, entry].sort((a, b) => a.sequence - b.sequence)
}

/** While an entry is bound to its key, another key would break the proof: it counts only when the key is unknown. */
function* takeKey(memory: Memory, key: string): Flow<void> {
  if (!isKey(key) || memory.device.bound !== null) return
  memory.probe = null
  const { question } = memory.device
  yield* commit(memory, { key, question: question?.question.kind === 'key' ? null : question })
}

function* applyAnswer(memory: Memory, questionId: string, answer: Answer): Flow<void> {
  const asked = memory.device.question
  if (asked?.id === questionId) {
    if (asked.question.kind === 'key') {
      if (answer.kind === 'key') yield* takeKey(memory, answer.key)
      return
    }
    memory.pollAtMonoMs = 0
    return yield* commit(memory, { question: null })
  }
  const entry = memory.open.find((other) => other.question?.id === questionId)
  if (!entry?.question) return
  yield* answerEntry(memory, entry, entry.question.question, answer)
}

function* answerEntry(memory: Memory, entry: Entry, question: Question, answer: Answer): Flow<void> {
  const noted: Entry = { ...entry, question: null, history: memory.history(entry, 'personAnswered') }
  switch (question.kind) {
    case 'closeShift':
      if (answer.kind !== 'goOn') return
      memory.closeAllowed = question.shift
      memory.pollAtMonoMs = 0
      return
    case 'fix':
    case 'readDeviceLog':
      if (answer.kind !== 'goOn') return
      memory.pollAtMonoMs = 0
      return yield* commit(memory, null, noted)
    case 'isReceiptOurs':
      return yield* answerOurs(memory, noted, question.number, answer)
    case 'depositDone':
      return yield* answerDeposit(memory, noted, answer)
    case 'printed':
      return yield* answerPrinted(memory, noted, answer)
    case 'shiftMismatch':
      return yield* answerMismatch(memory, noted, question.shift, answer)
    case 'cardCharged':
    case 'cardDeclined':
    case 'cardChargedTwice':
      return yield* answerCard(memory, noted, question, answer)
    case 'key':
    case 'wrongDevice':
    case 'decide':
      return
  }
}

/** The counters that go with a person's verdict were not read: the next probe starts a new account. */
function* answerOurs(memory: Memory, entry: Entry, number: number | null, answer: Answer): Flow<void> {
  if (answer.kind !== 'yes' && answer.kind !== 'no') return
  memory.probe = null
  const found = number ?? (answer.kind === 'yes' ? (answer.number ?? null) : null)
  if (answer.kind === 'no') {
    // A receipt that looks like ours and doesn't carry the mark is somebody else's.
    const foreign = number === null ? {} : { foreign: { number, atMs: memory.clock.wall() } }
    return yield* commit(memory, { audited: null, ...foreign }, notRegistered(memory, entry))
  }
  const done = registered(memory, entry, found ?? 0, entry.before?.open === true ? entry.before.shift : entry.shift)
  yield* commit(memory, { audited: null }, { ...done, number: found })
}

function* answerDeposit(memory: Memory, entry: Entry, answer: Answer): Flow<void> {
  memory.probe = null
  if (answer.kind === 'yes') {
    return yield* commit(memory, { audited: null }, { ...entry, state: 'done', doneAtMs: memory.clock.wall() })
  }
  if (answer.kind === 'no') yield* commit(memory, { audited: null }, { ...entry, state: 'queued' })
}

function* answerPrinted(memory: Memory, entry: Entry, answer: Answer): Flow<void> {
  if (answer.kind === 'yes') {
    return yield* commit(memory, null, { ...entry, state: 'done', doneAtMs: memory.clock.wall() })
  }
  if (answer.kind === 'no') yield* commit(memory, null, { ...entry, state: 'queued' })
}

function* answerMismatch(memory: Memory, entry: Entry, shift: number, answer: Answer): Flow<void> {
  if (answer.kind === 'goOn') {
    memory.mismatchAccepted = shift
    return yield* commit(memory, null, entry)
  }
  if (answer.kind !== 'giveUp') return
  const intent = memory.device.openShiftClose
  const mine = intent?.entryId === entry.id && intent.sends === 0
  const device = mine ? { openShiftClose: null } : null
  if (entry.kind !== 'zReport') return yield* commit(memory, device, entry)
  const resolution = { kind: 'writtenOff' as const, reason: 'shift-left-open', atMs: memory.clock.wall() }
  yield* commit(memory, device, { ...entry, state: 'refused', resolution })
}

function* answerCard(
  memory: Memory,
  entry: Entry,
  question: Extract<Question, { kind: 'cardCharged' | 'cardDeclined' | 'cardChargedTwice' }>,
  answer: Answer,
): Flow<void> {
  const leg = entry.bank
  if (!leg) return
  if (question.kind === 'cardChargedTwice') {
    if (answer.kind !== 'refunded') return
    return yield* commit(memory, null, settleBank(memory, entry, leg, question.tracks.slice(0, 1)))
  }
  if (question.kind === 'cardDeclined') {
    if (answer.kind === 'again') return yield* commit(memory, null, entry)
    if (answer.kind === 'giveUp') return yield* giveUpBank(memory, entry, leg)
    return
  }
  const marked = (state: 'success' | 'notCharged') =>
    leg.attempts.map((attempt) => (attempt.track === question.track ? { ...attempt, state } : attempt))
  if (answer.kind === 'yes') {
    const paid = { ...leg, attempts: marked('success') }
    return yield* commit(memory, null, settleBank(memory, entry, paid, [question.track]))
  }
  if (answer.kind !== 'no') return
  yield* commit(memory, null, {
    ...entry,
    bank: { ...leg, attempts: marked('notCharged') },
    question: memory.question({ kind: 'cardDeclined', track: question.track, amount: leg.amount }),
  })
}
