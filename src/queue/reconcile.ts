/** Reconciliation: what the device's own list says happened, against what was sent (source 004, chapter 9.2). */
import { withKey } from '../ikkm/codec.ts'
import { codeRow } from '../ikkm/codes.ts'
import { decodeCheques } from '../ikkm/cheques.ts'
import type { Cheque } from '../ikkm/cheques.ts'
import { chequesRequest } from '../ikkm/requests.ts'
import { auditPassed, notRegistered, registered, standing, takenBeside } from './audit.ts'
import { compareContent } from './content.ts'
import type { Content } from './content.ts'
import type { Flow } from './effects.ts'
import { backOff, commit, exchange } from './memory.ts'
import type { Memory, Probe } from './memory.ts'
import { probe, readRefused } from './probe.ts'
import { openedWhen } from './register-clock.ts'
import { candidates, countersProve, isOurTime, listProves, receiptCount, sumsAgree } from './rules.ts'
import type { ReconVerdict, ShiftList, Timing } from './rules.ts'
import type { Baseline, Entry } from './types.ts'

/** Shifts further back than this aren't read through: a person looks for the mark. */
const MOST_SHIFTS = 5
/** A list that can't be understood so many times in a row won't be understood at all. */
const UNREADABLE_LIMIT = 5
/** Somebody else's equal receipt so lately: another till sells the same goods at this moment. */
const RIVAL_MS = 600_000

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
  const strangers = yield* strangersIn(memory, found.lists, pending)
  const verdicts = pending.map((entry, index) =>
    judge(memory, entry, found.lists, { key: pending[index + 1]?.key ?? read.key, strangers }),
  )
  const done = pending.filter((_, index) => verdicts[index]?.kind === 'done')
  const proven = verdicts.flatMap((verdict) => (verdict.kind === 'done' ? [verdict.number] : []))
  const taken = yield* takenBeside(pending, proven)
  const isTaken = (number: number, index: number): boolean =>
    taken.has(number) ||
    verdicts.slice(0, index).some((earlier) => earlier.kind === 'done' && earlier.number === number)
  const extras = receiptsSince(before ?? null, found.lists) - done.length
  // Somebody else's receipt may have our lines and another discount, which a list may leave out. The sums show it,
  // unless there are receipts beside ours that they also hold, or nothing to compare them with.
  const doubtful = extras > 0 || sumsAgree(before ?? null, read.baseline, done) !== true
  const changed: Entry[] = []
  for (const [index, entry] of pending.entries()) {
    const verdict = verdicts[index] ?? { kind: 'notRegistered' }
    const second = verdict.kind === 'done' && isTaken(verdict.number, index)
    if (verdict.kind === 'ask' || (verdict.kind === 'done' && (doubtful || second))) {
      // Under a number of another receipt of ours nobody would find this one's mark.
      const number = second ? null : verdict.number
      const question = memory.ask(entry.question, { kind: 'isReceiptOurs', number, mark: entry.mark })
      changed.push({ ...entry, state: 'recon', question, history: memory.history(entry, 'asked', number) })
      break
    }
    changed.push(
      verdict.kind === 'done'
        ? registered(
            memory,
            entry,
            verdict.number,
            shiftOf(found.lists, verdict.number),
            openedAtOf(found.lists, verdict.number),
          )
        : notRegistered(memory, entry),
    )
  }
  const inQuestion = verdicts.filter((verdict) => verdict.kind === 'ask').length
  const foreign = extras > inQuestion ? { foreign: { number: read.baseline.number, atMs: memory.clock.wall() } } : {}
  yield* commit(memory, { ...standing(read.baseline), ...foreign }, ...changed)
  // A receipt that the list has and the counters or the last number had not yet: someone was quicker than our reads.
  if (!isWhole(read.baseline, found.lists)) memory.probe = null
}

/** Receipts that neither the journal nor the queue knows; looked for only where there ever was one. */
function* strangersIn(memory: Memory, lists: readonly ShiftList[], pending: readonly Entry[]): Flow<readonly Cheque[]> {
  if (!memory.device.foreign || memory.device.foreign.accepted === true) return []
  const strangers: Cheque[] = []
  for (const { shift, cheques } of lists) {
    const resume = yield { kind: 'readShift', shift }
    if (resume.kind !== 'shift') throw new Error(`driver answered readShift with ${resume.kind}`)
    const own = new Set([...resume.entries, ...pending].map(({ number }) => number))
    strangers.push(...cheques.filter(({ number }) => !own.has(number)))
  }
  return strangers
}

const UNTIMED: Timing = { opened: 'unknown', rival: false, shared: false }

interface After {
  /** The key that was current after the entry. */
  readonly key: string
  readonly strangers: readonly Cheque[]
}

function judge(memory: Memory, entry: Entry, lists: readonly ShiftList[], after: After): ReconVerdict {
  const { receipt } = entry
  const content = (cheque: Cheque): Content => (receipt ? compareContent(receipt, cheque) : 'different')
  const keyStillCurrent = entry.newKey !== null && entry.newKey !== entry.key && entry.newKey === after.key
  const timing = (cheque: Cheque): Timing => ({
    opened: openedWhen(memory.registerClock, cheque.openedAt, memory.sendsOf(entry)),
    rival: after.strangers.some((other) => content(other) === 'same' && isLately(other, cheque)),
    shared: memory.device.foreign !== null,
  })
  if (!entry.before?.counters) {
    const isOurs = (cheque: Cheque): boolean => content(cheque) === 'same' && isOurTime(entry, timing(cheque))
    return judgeByNumber(entry, lists, { content, isOurs }, keyStillCurrent, memory.device.foreign === null)
  }
  const [first, ...others] = candidates(entry, lists)
  const found = {
    first,
    content: first ? content(first) : ('different' as const),
    later: others.find((cheque) => content(cheque) === 'same'),
    ...(first ? timing(first) : UNTIMED),
  }
  // Where the path lost the reason phrase: the document that returned a key that is still current is the last one.
  // Not beside a foreign writer, because a device may let any key pass in a read.
  const inferred = keyStillCurrent && !memory.device.foreign ? ((others.at(-1) ?? first)?.number ?? null) : null
  const number = entry.number ?? inferred
  return listProves(number === entry.number ? entry : { ...entry, number }, found, keyStillCurrent)
}

/**
 * A baseline without counters (later receipts of one audit, or a time without the right to read reports) doesn't say
 * which receipt was the first after it: its number may be a cash document's own. So no receipt is named in the
 * question; whoever looks for the mark finds it or doesn't.
 */
function judgeByNumber(
  entry: Entry,
  lists: readonly ShiftList[],
  is: { readonly content: (cheque: Cheque) => Content; readonly isOurs: (cheque: Cheque) => boolean },
  keyStillCurrent: boolean,
  alone: boolean,
): ReconVerdict {
  const all = lists.flatMap((list) => list.cheques)
  // A lost reason phrase, as above: the last receipt returned the key that is still current.
  const inferred = keyStillCurrent && alone ? (all.at(-1)?.number ?? null) : null
  const number = entry.number ?? inferred
  const answered = all.find((cheque) => cheque.number === number)
  if (answered && keyStillCurrent && answered.number > (entry.before?.number ?? 0) && is.isOurs(answered)) {
    return { kind: 'done', number: answered.number }
  }
  return all.some((cheque) => is.content(cheque) !== 'different')
    ? { kind: 'ask', number: null }
    : { kind: 'notRegistered' }
}

function isLately(other: Cheque, cheque: Cheque): boolean {
  if (other.openedAt === null || cheque.openedAt === null) return true
  return cheque.openedAt - other.openedAt <= RIVAL_MS
}

function shiftOf(lists: readonly ShiftList[], number: number): number | null {
  return lists.find((list) => list.cheques.some((cheque) => cheque.number === number))?.shift ?? null
}

function openedAtOf(lists: readonly ShiftList[], number: number): number | null {
  return lists.flatMap(({ cheques }) => cheques).find((cheque) => cheque.number === number)?.openedAt ?? null
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

export function* readShifts(memory: Memory, read: Probe, from: number): Flow<Lists> {
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
  const about = codeRow(decoded.code).class
  // No right to read it; or archived, or a shift that the device doesn't know.
  if (about === 'rights' || about === 'request') return { kind: 'unreadable' }
  yield* readRefused(memory, decoded.code)
  return { kind: 'later' }
}

/** -16: number, shift and drawer are all that can be compared, and only under the host lock is that worth anything. */
function* withoutReports(memory: Memory, pending: readonly Entry[], read: Probe): Flow<void> {
  const [entry] = pending
  if (entry?.before && pending.length === 1 && entry.number !== null && entry.newKey === read.key && memory.lockHeld) {
    const newer = entry.number > entry.before.number
    if (newer && countersProve(entry.before, read.baseline, pending)) {
      const askForTheNumber = () => askWhichIsOurs(memory, pending, null)
      return yield* auditPassed(memory, pending, read, new Map(), askForTheNumber)
    }
  }
  yield* askWhichIsOurs(memory, pending)
}

/** `number`: the receipt that the first of them may be, null where only its mark on paper tells. */
export function* askWhichIsOurs(
  memory: Memory,
  pending: readonly Entry[],
  number: number | null = pending[0]?.number ?? null,
): Flow<void> {
  const [entry] = pending
  if (!entry) return
  const question = memory.ask(entry.question, { kind: 'isReceiptOurs', number, mark: entry.mark })
  yield* commit(memory, null, { ...entry, state: 'recon', question, history: memory.history(entry, 'asked') })
}
