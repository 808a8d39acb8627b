/** Audit and reconciliation: what the device says happened, against what was sent (source 004, chapter 9.2). */
import { withKey } from '../ikkm/codec.ts'
import { decodeCheques } from '../ikkm/cheques.ts'
import type { Cheque } from '../ikkm/cheques.ts'
import { chequesRequest } from '../ikkm/requests.ts'
import type { Content } from './content.ts'
import type { Flow } from './effects.ts'
import { backOff, commit, exchange } from './memory.ts'
import type { Memory, Probe } from './memory.ts'
import { probe, readRefused } from './probe.ts'
import { receiptCount } from './rules.ts'
import type { ReconVerdict, ShiftList } from './rules.ts'
import type { Baseline, DeviceRecord, Entry } from './types.ts'

/** Shifts further back than this aren't read through: a person looks for the mark. */
const MOST_SHIFTS = 5
/** A list that can't be understood so many times in a row won't be understood at all. */
const UNREADABLE_LIMIT = 5

/** ACKED -> DONE where the counters prove it, else to reconciliation. */
export function* auditBatch(memory: Memory, batch: readonly Entry[]): Flow<void> {
  const before = batch[0]?.before
  if (!before || memory.device.foreign || (before.counters === null && memory.device.reports === 'allowed')) {
    // Counters prove that a receipt exists, not whose: beside a foreign writer only the list does.
    return yield* reconcileAll(memory, batch)
  }
  const read = yield* probe(memory)
  if (!read) return
  if (memory.rules.audit(before, read.baseline, batch)) return yield* auditPassed(memory, batch, read)
  yield* commit(
    memory,
    null,
    ...batch.map((entry): Entry => ({ ...entry, state: 'recon', history: memory.history(entry, 'reconciling') })),
  )
}

function* auditPassed(memory: Memory, batch: readonly Entry[], read: Probe): Flow<void> {
  const { baseline } = read
  yield* commit(
    memory,
    standing(baseline),
    ...batch.map((entry) => registered(memory, entry, entry.number ?? baseline.number, baseline.shift)),
  )
}

function standing(baseline: Baseline): Partial<DeviceRecord> {
  return { lastNumber: baseline.number, ...(baseline.counters ? { audited: baseline.counters } : {}) }
}

/** DONE: the number is proven. */
export function registered(memory: Memory, entry: Entry, number: number, shift: number | null): Entry {
  return {
    ...entry,
    state: 'done',
    number,
    shift,
    code: null,
    reason: null,
    question: null,
    doneAtMs: memory.clock.wall(),
    history: memory.history(entry, 'done', number),
  }
}

/**
 * Back to the queue, free of its key: proven not registered until now. While its key is still the device's, a send
 * without an answer may yet arrive; that is looked up before it goes out on another key (`mayHaveArrived`).
 */
export function notRegistered(memory: Memory, entry: Entry): Entry {
  return {
    ...entry,
    state: 'queued',
    unansweredAtMs: memory.device.key === entry.key ? entry.unansweredAtMs : null,
    number: null,
    newKey: null,
    code: null,
    question: null,
    history: memory.history(entry, 'notRegistered'),
  }
}

type Lists =
  | { readonly kind: 'lists'; readonly lists: readonly ShiftList[] }
  /** No right to read, archived, or not to be understood: only a person can tell. */
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'later' }

/** RECON -> DONE or QUEUED for every entry in doubt, in order, by the device's own list. */
export function* reconcileAll(memory: Memory, pending: readonly Entry[]): Flow<void> {
  const read = yield* probe(memory)
  if (!read) return
  const before = pending[0]?.before
  // A closed shift gains no receipt any more.
  const from = before ? before.shift + (before.open ? 0 : 1) : read.baseline.shift
  if (memory.device.reports === 'denied') return yield* withoutReports(memory, pending, read)
  const found = yield* readShifts(memory, read, from)
  if (found.kind === 'later') return
  if (found.kind === 'unreadable') return yield* askWhichIsOurs(memory, pending)
  const verdicts = pending.map((entry, index) => judge(memory, entry, found.lists, pending[index + 1]?.key ?? read.key))
  const done = pending.filter((_, index) => verdicts[index]?.kind === 'done')
  const extras = receiptsSince(before ?? null, found.lists) - done.length
  // Somebody else's receipt may have our lines and another discount, which a list may leave out. The sums show it,
  // unless there are receipts beside ours that they also hold, or nothing to compare them with.
  const doubtful = extras > 0 || memory.rules.sumsAgree(before ?? null, read.baseline, done) !== true
  const changed: Entry[] = []
  for (const [index, entry] of pending.entries()) {
    const verdict = verdicts[index] ?? { kind: 'notRegistered' }
    if (verdict.kind === 'ask' || (verdict.kind === 'done' && doubtful)) {
      const question = memory.ask(entry.question, { kind: 'isReceiptOurs', number: verdict.number, mark: entry.mark })
      changed.push({ ...entry, state: 'recon', question, history: memory.history(entry, 'asked', verdict.number) })
      break
    }
    changed.push(
      verdict.kind === 'done'
        ? registered(memory, entry, verdict.number, shiftOf(found.lists, verdict.number))
        : notRegistered(memory, entry),
    )
  }
  const inQuestion = verdicts.filter((verdict) => verdict.kind === 'ask').length
  const foreign = extras > inQuestion ? { foreign: { number: read.baseline.number, atMs: memory.clock.wall() } } : {}
  yield* commit(memory, { ...standing(read.baseline), ...foreign }, ...changed)
  // A receipt that the list has and the counters or the last number had not yet: someone was quicker than our reads.
  if (!isWhole(read.baseline, found.lists)) memory.probe = null
}

function judge(memory: Memory, entry: Entry, lists: readonly ShiftList[], keyAfter: string): ReconVerdict {
  const { rules } = memory
  const { receipt } = entry
  const content = (cheque: Cheque): Content => (receipt ? rules.content(receipt, cheque) : 'different')
  const keyStillCurrent = entry.newKey !== null && entry.newKey !== entry.key && entry.newKey === keyAfter
  if (!entry.before?.counters) {
    return judgeByNumber(entry, lists, content, keyStillCurrent, memory.device.foreign === null)
  }
  const [first, ...others] = rules.candidates(entry, lists)
  const found = {
    first,
    content: first ? content(first) : ('different' as const),
    later: others.find((cheque) => content(cheque) === 'same'),
  }
  // Where the path lost the reason phrase: the document that returned a key that is still current is the last one.
  // Not beside a foreign writer, because a device may let any key pass in a read.
  const inferred = keyStillCurrent && !memory.device.foreign ? ((others.at(-1) ?? first)?.number ?? null) : null
  const number = entry.number ?? inferred
  return rules.reconcile(number === entry.number ? entry : { ...entry, number }, found, keyStillCurrent)
}

/**
 * A baseline without counters (later receipts of one audit, or a time without the right to read reports) doesn't say
 * which receipt was the first after it: its number may be a cash document's own. So no receipt is named in the
 * question; whoever looks for the mark finds it or doesn't.
 */
function judgeByNumber(
  entry: Entry,
  lists: readonly ShiftList[],
  content: (cheque: Cheque) => Content,
  keyStillCurrent: boolean,
  alone: boolean,
): ReconVerdict {
  const all = lists.flatMap((list) => list.cheques)
  // A lost reason phrase, as above: the last receipt returned the key that is still current.
  const inferred = keyStillCurrent && alone ? (all.at(-1)?.number ?? null) : null
  const number = entry.number ?? inferred
  const answered = all.find((cheque) => cheque.number === number)
  if (answered && keyStillCurrent && answered.number > (entry.before?.number ?? 0) && content(answered) === 'same') {
    return { kind: 'done', number: answered.number }
  }
  return all.some((cheque) => content(cheque) !== 'different')
    ? { kind: 'ask', number: null }
    : { kind: 'notRegistered' }
}

function shiftOf(lists: readonly ShiftList[], number: number): number | null {
  return lists.find((list) => list.cheques.some((cheque) => cheque.number === number))?.shift ?? null
}

function receiptsSince(before: Baseline | null, lists: readonly ShiftList[]): number {
  if (!before) return 0
  let count = 0
  for (const list of lists) {
    if (list.shift < before.shift) continue
    if (before.counters) {
      count += list.cheques.length - (list.shift === before.shift ? receiptCount(before.counters) : 0)
    } else {
      count += list.cheques.filter((cheque) => cheque.number > before.number).length
    }
  }
  return count
}

function isWhole({ number, shift, counters }: Baseline, lists: readonly ShiftList[]): boolean {
  const cheques = lists.find((list) => list.shift === shift)?.cheques
  if (!cheques || !counters) return true
  return cheques.length === receiptCount(counters) && (cheques.at(-1)?.number ?? 0) <= number
}

function* readShifts(memory: Memory, read: Probe, from: number): Flow<Lists> {
  const { shift: current, counters } = read.baseline
  if (current - from > MOST_SHIFTS) return { kind: 'unreadable' }
  const lists: ShiftList[] = []
  for (let shift = from; shift <= current; shift += 1) {
    const expected = shift === current && counters ? receiptCount(counters) : 0
    // A device without any shift yet has no list to give.
    if (shift === current && expected === 0) continue
    const list = yield* readList(memory, read.key, shift)
    if (list.kind !== 'lists') return list
    // Shorter than the counters that were read before it: not the whole list.
    if (list.lists.some((part) => part.cheques.length < expected)) return { kind: 'unreadable' }
    lists.push(...list.lists)
  }
  return { kind: 'lists', lists }
}

/** The receipts of one shift, read with the current key. */
export function* readList(memory: Memory, key: string, shift: number): Flow<Lists> {
  const decoded = decodeCheques(yield* exchange(memory, withKey(chequesRequest(shift), key)))
  if (decoded.kind === 'ok') {
    memory.unreadable = 0
    if (decoded.value.broken.length > 0) return { kind: 'unreadable' }
    return { kind: 'lists', lists: [{ shift, cheques: decoded.value.rows }] }
  }
  if (decoded.kind === 'unknown') {
    memory.trouble()
    memory.unreadable += decoded.why === 'garbage' ? 1 : 0
    if (memory.unreadable >= UNREADABLE_LIMIT) return { kind: 'unreadable' }
    yield* backOff(memory)
    return { kind: 'later' }
  }
  if (decoded.code === -16) return { kind: 'unreadable' }
  // Archived, or a shift that the device doesn't know.
  if (decoded.code === -7 || decoded.code === -8 || decoded.code === -9) return { kind: 'unreadable' }
  yield* readRefused(memory, decoded.code)
  return { kind: 'later' }
}

/** -16: number, shift and drawer are all that can be compared, and only under the host lock is that worth anything. */
function* withoutReports(memory: Memory, pending: readonly Entry[], read: Probe): Flow<void> {
  const [entry] = pending
  if (entry?.before && pending.length === 1 && entry.number !== null && entry.newKey === read.key && memory.lockHeld) {
    const newer = entry.number > entry.before.number
    if (newer && memory.rules.audit(entry.before, read.baseline, pending)) {
      return yield* auditPassed(memory, pending, read)
    }
  }
  yield* askWhichIsOurs(memory, pending)
}

function* askWhichIsOurs(memory: Memory, pending: readonly Entry[]): Flow<void> {
  const [entry] = pending
  if (!entry) return
  const question = memory.ask(entry.question, { kind: 'isReceiptOurs', number: entry.number, mark: entry.mark })
  yield* commit(memory, null, { ...entry, state: 'recon', question, history: memory.history(entry, 'asked') })
}
