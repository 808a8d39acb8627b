/** What an event from outside changes: new entries, answers about the device, a key read from the screen. */
import { isKey } from '../ikkm/codec.ts'
import type { Flow, QueueEvent } from './effects.ts'
import { commit, rareSteps } from './memory.ts'
import type { Memory } from './memory.ts'
import { withTypedKey } from './types.ts'
import type { Answer, Entry } from './types.ts'

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
      return yield* wantLock(memory, event.wanted, event.reason)
    case 'contact':
      // It may have restarted meanwhile: the lock is taken again before the next sale, not by it.
      if (event.state === 'lost') memory.trouble()
      else memory.prepareWanted = true
      return
    case 'answer':
      return yield* applyAnswer(memory, event.questionId, event.answer)
  }
}

/** Takes the lock at the next look, or gives it up until the device restarts. */
function* wantLock(memory: Memory, wanted: boolean, reason = ''): Flow<void> {
  memory.probe = null
  memory.lockRefused = false
  memory.lockHeld = false
  const question = wanted && asksWhoSells(memory) ? null : memory.device.question
  const hostLockOffNote = wanted ? null : { reason, atMs: memory.clock.wall() }
  yield* commit(memory, { hostLockOff: !wanted, hostLockOffNote, question })
}

function asksWhoSells(memory: Memory): boolean {
  return memory.device.question?.question.kind === 'otherTill'
}

function insert(open: readonly Entry[], entry: Entry): Entry[] {
  return [...open, entry].sort((a, b) => a.sequence - b.sequence)
}

/** While an entry is bound to its key, another key would break the proof: it counts only when the key is unknown. */
function* takeKey(memory: Memory, key: string): Flow<void> {
  if (!isKey(key) || memory.device.bound !== null) return
  memory.probe = null
  // Whoever typed it wants to sell: the register is looked at and locked now, and a wrong key is told before the sale.
  memory.prepareWanted = true
  yield* commit(memory, withTypedKey(memory.device, key))
}

function* applyAnswer(memory: Memory, questionId: string, answer: Answer): Flow<void> {
  const asked = memory.device.question
  if (asked?.id === questionId) {
    if (asked.question.kind === 'key') {
      if (answer.kind === 'key') yield* takeKey(memory, answer.key)
      return
    }
    if (asksWhoSells(memory)) {
      if (answer.kind === 'lock') return yield* wantLock(memory, true)
      if (answer.kind !== 'goOn' || !memory.device.foreign) return
      return yield* commit(memory, { question: null, foreign: { ...memory.device.foreign, accepted: true } })
    }
    memory.pollAtMonoMs = 0
    // Put right: the register may be free now, and whoever locks it first sells.
    memory.prepareWanted = true
    return yield* commit(memory, { question: null })
  }
  const entry = memory.open.find((other) => other.question?.id === questionId)
  if (!entry?.question) return
  const { answerEntry } = yield* rareSteps(memory)
  yield* answerEntry(memory, entry, entry.question.question, answer)
}
