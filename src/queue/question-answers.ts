/** What a person's answer to the question about one operation makes of it. */
import { notRegistered, registered, takenBeside } from './audit.ts'
import { giveUpBank, settleBank } from './bank-leg.ts'
import type { Flow } from './effects.ts'
import { commit } from './memory.ts'
import type { Memory } from './memory.ts'
import type { Answer, Entry, Question } from './types.ts'

/** Takes the answer where it fits the question; any other changes nothing. */
export function* answerEntry(memory: Memory, entry: Entry, question: Question, answer: Answer): Flow<void> {
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
    case 'otherTill':
    case 'decide':
      return
  }
}

/** The counters that go with a person's verdict were not read: the next probe starts a new account. */
function* answerOurs(memory: Memory, entry: Entry, number: number | null, answer: Answer): Flow<void> {
  if (answer.kind !== 'yes' && answer.kind !== 'no') return
  memory.probe = null
  const found = number ?? (answer.kind === 'yes' ? (answer.number ?? null) : null)
  const taken = found !== null && (yield* takenBeside([entry], [found])).has(found)
  if (answer.kind === 'no') {
    // A receipt that looks like ours and doesn't carry the mark is somebody else's.
    const foreign = number === null || taken ? {} : { foreign: { number, atMs: memory.clock.wall() } }
    return yield* commit(memory, { audited: null, ...foreign }, notRegistered(memory, entry))
  }
  if (taken) {
    // Another receipt of ours is proven under it: the number has to be read from the paper with this mark.
    const question = memory.ask(entry.question, { kind: 'isReceiptOurs', number: null, mark: entry.mark })
    return yield* commit(memory, null, { ...entry, question })
  }
  // Its date may have been what was doubted: the next receipt teaches the clock anew.
  memory.registerClock = null
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
