/**
 * Z: a durable intent that names its shift, sent only while that shift is the open one, polled until it is closed
 * (source 004, chapter 5.3: "no provision for answers"). Nothing fiscal leaves while the intent stands.
 */
import { SHIFT_CLOSE_TIMEOUT_MS } from '../contract/device.ts'
import { decodeCommandReply, withKey } from '../ikkm/codec.ts'
import { codeRow } from '../ikkm/codes.ts'
import { zReportRequest } from '../ikkm/requests.ts'
import type { Flow } from './effects.ts'
import { CAUSE_POLL_MS, commit, exchange, pause } from './memory.ts'
import type { Memory } from './memory.ts'
import { hello, keyLost, probe, readRefused } from './probe.ts'
import type { Standing } from './probe.ts'
import { readList } from './reconcile.ts'
import type { Entry, OpenShiftClose } from './types.ts'

const POLL_MS = 4000

/** A Z entry's turn: the whole shift against the journal, then the intent. */
export function* beginShiftClose(memory: Memory, entry: Entry): Flow<void> {
  const { key } = memory.device
  if (key === null) return
  const read = yield* probe(memory)
  if (!read) return
  const shift = entry.shift ?? read.baseline.shift
  if (!read.baseline.open || shift !== read.baseline.shift) {
    // Closed already, perhaps at the device itself: there is nothing left to close.
    return yield* commit(memory, null, closed(memory, { ...entry, shift }))
  }
  if (!(yield* compareShift(memory, entry, shift, key))) return
  const openShiftClose = { entryId: entry.id, shift, sends: 0, answered: 0, accepted: false, sentAtMs: null }
  yield* commit(
    memory,
    { openShiftClose },
    {
      ...entry,
      state: 'sending',
      shift,
      key,
      before: read.baseline,
      question: null,
      history: memory.history(entry, 'sent', shift),
    },
  )
}

function closed(memory: Memory, entry: Entry): Entry {
  return {
    ...entry,
    state: 'done',
    code: null,
    question: null,
    doneAtMs: memory.clock.wall(),
    history: memory.history(entry, 'done', entry.shift),
  }
}

/** True: go on. The journal's receipts must all be in the device's list; what is only there is somebody else's. */
function* compareShift(memory: Memory, entry: Entry, shift: number, key: string): Flow<boolean> {
  if (memory.comparedShift === shift || memory.mismatchAccepted === shift) return true
  if (memory.device.reports === 'denied') return true
  const list = yield* readList(memory, key, shift)
  if (list.kind === 'later') return false
  if (list.kind === 'unreadable') return true
  const listed = new Set(list.lists.flatMap((part) => part.cheques.map((cheque) => cheque.number)))
  const resume = yield { kind: 'readShift', shift }
  if (resume.kind !== 'shift') throw new Error(`driver answered readShift with ${resume.kind}`)
  const missing = resume.entries.map((known) => known.number).filter((number) => !listed.has(number))
  const extra = listed.size > resume.entries.length - missing.length
  if (extra && !memory.device.foreign) {
    yield* commit(memory, { foreign: { number: null, atMs: memory.clock.wall() } })
  }
  if (missing.length > 0) {
    const question = memory.ask(entry.question, { kind: 'shiftMismatch', shift, missing })
    yield* commit(memory, null, { ...entry, question })
    return false
  }
  memory.comparedShift = shift
  return true
}

/** The intent stands: look, and send only if it is still that shift that is open. */
export function* stepShiftClose(memory: Memory, intent: OpenShiftClose): Flow<void> {
  const { key } = memory.device
  if (key === null) return
  const seen = yield* hello(memory, key)
  if (seen.kind === 'lost') return
  if (seen.kind === 'code') return yield* readRefused(memory, seen.code)
  const { standing } = seen
  if (!standing.open || intent.shift !== standing.shift) {
    return yield* accountFor(memory, intent)
  }
  if (!maySend(memory, intent)) return yield* pause(POLL_MS)
  yield* sendShiftClose(memory, intent, standing, key)
}

/** Never blindly a second time: not before the last send can't be executed any more. */
function maySend(memory: Memory, intent: OpenShiftClose): boolean {
  if (intent.sends === 0) return true
  if (intent.answered >= intent.sends && !intent.accepted) return true
  return memory.fenceLeftMs(SHIFT_CLOSE_ID, memory.fenceStartMs(intent.sentAtMs)) === 0
}

const SHIFT_CLOSE_ID = 'shift-close'

function* sendShiftClose(memory: Memory, intent: OpenShiftClose, standing: Standing, key: string): Flow<void> {
  const owner = memory.find(intent.entryId)
  if (owner && owner.kind !== 'zReport' && !(yield* compareShift(memory, owner, standing.shift, key))) return
  const sent: OpenShiftClose = {
    ...intent,
    sends: intent.sends + 1,
    accepted: false,
    sentAtMs: memory.clock.wall(),
  }
  yield* commit(memory, { openShiftClose: sent })
  memory.probe = null
  memory.sentMonoMs.set(SHIFT_CLOSE_ID, memory.clock.mono())
  const answer = yield* exchange(memory, withKey(zReportRequest(), key), intent.entryId, SHIFT_CLOSE_TIMEOUT_MS)
  const outcome = decodeCommandReply(answer)
  if (outcome.kind === 'unknown') {
    memory.trouble()
    if (outcome.sent === 'never') yield* commit(memory, { openShiftClose: { ...sent, answered: sent.answered + 1 } })
    return yield* pause(POLL_MS)
  }
  const answered: OpenShiftClose = { ...sent, answered: sent.answered + 1 }
  if (outcome.kind === 'code') return yield* shiftCloseRefused(memory, answered, outcome.code)
  const rotated = outcome.kind === 'key' ? { key: outcome.key } : {}
  yield* commit(memory, { ...rotated, openShiftClose: { ...answered, accepted: true } }, ...withoutQuestion(owner))
  yield* pause(POLL_MS)
}

function withoutQuestion(owner: Entry | undefined): Entry[] {
  return owner?.question ? [{ ...owner, question: null, code: null }] : []
}

function* shiftCloseRefused(memory: Memory, intent: OpenShiftClose, code: number): Flow<void> {
  const { step, money } = codeRow(code)
  if (step === 'askKey') {
    yield* commit(memory, { openShiftClose: intent })
    return yield* keyLost(memory)
  }
  if (step === 'wait') {
    yield* commit(memory, { openShiftClose: intent })
    return yield* pause(POLL_MS)
  }
  if (step === 'unsend') {
    yield* commit(memory, { openShiftClose: intent })
    return yield* readRefused(memory, code)
  }
  // What is left behind isn't known: as without an answer.
  const known = money !== 'unknown'
  const owner = memory.find(intent.entryId)
  memory.pollAtMonoMs = memory.clock.mono() + CAUSE_POLL_MS
  yield* commit(
    memory,
    { openShiftClose: known ? intent : { ...intent, answered: intent.answered - 1 } },
    ...(owner
      ? [{ ...owner, code, question: memory.ask(owner.question, { kind: known ? 'fix' : 'readDeviceLog', code }) }]
      : []),
  )
}

/** The shift is closed. A send without an answer could still close the next one: wait it out. */
function* accountFor(memory: Memory, intent: OpenShiftClose): Flow<void> {
  const open = intent.answered < intent.sends
  const fenceMs = open ? memory.fenceLeftMs(SHIFT_CLOSE_ID, memory.fenceStartMs(intent.sentAtMs)) : 0
  if (fenceMs > 0) return yield* pause(fenceMs)
  const owner = memory.find(intent.entryId)
  memory.probe = null
  memory.comparedShift = null
  const entries: Entry[] = []
  if (owner?.kind === 'zReport') entries.push(closed(memory, owner))
  else if (owner?.question) entries.push({ ...owner, question: null, code: null })
  yield* commit(memory, { openShiftClose: null }, ...entries)
}
