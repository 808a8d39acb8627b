/** Reading where the device stands: who answers, last number, shift, proof of the key, counters. */
import type { Tiyn } from '../domain/money.ts'
import { decodeCommandReply, withKey } from '../ikkm/codec.ts'
import { codeRow, concernsAnyRequest, HANDED_ON } from '../ikkm/codes.ts'
import { decodeInfo } from '../ikkm/info.ts'
import type { DeviceInfo } from '../ikkm/info.ts'
import { decodeShiftReport } from '../ikkm/reports.ts'
import type { ShiftReport } from '../ikkm/reports.ts'
import { infoRequest, reportRequest, sessionRequest } from '../ikkm/requests.ts'
import type { Flow } from './effects.ts'
import { backOff, CAUSE_POLL_MS, commit, exchange, pause, rareSteps } from './memory.ts'
import type { Memory, Probe } from './memory.ts'
import { probeLastsMs, receiptCount } from './rules.ts'
import type { Baseline, Entry, ShiftCounters } from './types.ts'

/** The device may restart unnoticed, and forget the host lock: after this it is taken again at the next look. */
const LOCK_MS = 300_000

/** What a device says of itself; the fields that decisions rest on are there. */
export interface Standing {
  readonly info: DeviceInfo
  readonly number: number
  readonly shift: number
  readonly open: boolean
}

export type Hello =
  | { readonly kind: 'standing'; readonly standing: Standing }
  /** The device answered, but not with its details: this code. */
  | { readonly kind: 'code'; readonly code: number }
  /** No device, or not ours; the flow has waited already. */
  | { readonly kind: 'lost' }

/** `getInfo` with the given key. A wrong device at the address is asked about here. */
export function* hello(memory: Memory, key: string): Flow<Hello> {
  const decoded = decodeInfo(yield* exchange(memory, withKey(infoRequest('full'), key)))
  if (decoded.kind === 'code') {
    memory.failures = 0
    return { kind: 'code', code: decoded.code }
  }
  if (decoded.kind === 'unknown') return yield* lost(memory)
  const info = decoded.value
  if (info.lastNumber === null || info.shift === null || info.shiftOpen === null) return yield* lost(memory)
  if (!(yield* isOurs(memory, info))) return { kind: 'lost' }
  memory.failures = 0
  memory.needsHello = false
  return {
    kind: 'standing',
    standing: { info, number: info.lastNumber, shift: info.shift, open: info.shiftOpen },
  }
}

function* lost(memory: Memory): Flow<Hello> {
  memory.trouble()
  yield* backOff(memory)
  return { kind: 'lost' }
}

function* isOurs(memory: Memory, info: DeviceInfo): Flow<boolean> {
  const { serial, question } = memory.device
  if (serial !== null && info.serial !== null && serial !== info.serial) {
    memory.trouble()
    const asked = memory.ask(question, { kind: 'wrongDevice', expected: serial, found: info.serial })
    if (asked !== question) yield* commit(memory, { question: asked })
    yield* pause(CAUSE_POLL_MS)
    return false
  }
  if (serial === null && info.serial !== null && memory.otherSerials.has(info.serial)) {
    // Another record has this register: a key is bound once only if one record binds it. Whoever started this joins them.
    memory.trouble()
    yield* commit(memory, { sameAs: info.serial })
    return false
  }
  const stale = question !== null && question.question.kind !== 'key' && question.question.kind !== 'otherTill'
  if (stale || (serial === null && info.serial !== null) || info.firmware !== memory.device.firmware) {
    yield* commit(memory, {
      serial: serial ?? info.serial,
      firmware: info.firmware,
      question: stale ? null : question,
      lastContactMs: memory.clock.wall(),
    })
  }
  return true
}

/** The device rejected our key: what was bound to it must be looked up, and a person must read the key. */
export function* keyLost(memory: Memory): Flow<void> {
  memory.probe = null
  const typed = memory.device.key
  const bound = memory.device.bound === null ? undefined : memory.find(memory.device.bound)
  const question = memory.question({ kind: 'key', refused: typed })
  const entries: Entry[] = []
  if (bound?.state === 'sending') {
    entries.push({ ...bound, state: 'recon', question: null, history: memory.history(bound, 'reconciling') })
  }
  yield* commit(memory, { key: null, bound: null, question }, ...entries)
}

/** Nothing was sent, and what was read before says nothing any more: another till writes, or wrote in between. */
export function* notWriter(memory: Memory, code: number): Flow<void> {
  memory.trouble()
  // The relay has told the new holding with its refusal: the next look counts.
  if (code === HANDED_ON) return yield* pause(1000)
  const question = memory.ask(memory.device.question, { kind: 'fix', code })
  if (question !== memory.device.question) yield* commit(memory, { question })
  yield* pause(CAUSE_POLL_MS)
}

/** A code where a read was expected: says whether it is dealt with by waiting or by a question about the device. */
export function* readRefused(memory: Memory, code: number): Flow<void> {
  const { step } = codeRow(code)
  if (step === 'askKey') return yield* keyLost(memory)
  if (step === 'wait') return yield* pause(2000)
  if (step === 'unsend') return yield* notWriter(memory, code)
  memory.probe = null
  const question = memory.ask(memory.device.question, { kind: 'fix', code })
  if (question !== memory.device.question) yield* commit(memory, { question })
  yield* pause(CAUSE_POLL_MS)
}

/** The lock of chapter 10.1, when wanted and not held. False: something has to be put right first. */
function* takeLock(memory: Memory, key: string): Flow<boolean> {
  // Where reports can't be read, the lock is what the checks rest on.
  const wanted = memory.device.hostLockOff !== true || memory.device.reports === 'denied'
  if (!wanted || memory.lockRefused || lockIsFresh(memory)) return true
  const outcome = decodeCommandReply(yield* exchange(memory, withKey(sessionRequest('Lockhost'), key)))
  if (outcome.kind === 'zero' || outcome.kind === 'key') {
    memory.lockHeld = true
    memory.lockedMonoMs = memory.clock.mono()
    return true
  }
  if (outcome.kind === 'unknown') {
    memory.trouble()
    yield* backOff(memory)
    return false
  }
  if (concernsAnyRequest(outcome.code)) {
    yield* readRefused(memory, outcome.code)
    return false
  }
  memory.lockHeld = false
  memory.lockRefused = true
  return true
}

/** Whether the host lock was taken so lately that a restart of the device since would have been noticed. */
export function lockIsFresh(memory: Memory): boolean {
  return memory.lockHeld && memory.clock.mono() - memory.lockedMonoMs < LOCK_MS
}

/** Reads where the device stands. Null: it couldn't be read; the flow has waited or asked, look again from the top. */
export function* probe(memory: Memory): Flow<Probe | null> {
  const key = memory.device.key
  if (key === null) throw new Error('a probe needs a key')
  memory.probe = null
  if (memory.needsHello && memory.device.serial !== null) {
    // The lock must not fall on a stranger's device.
    const first = yield* hello(memory, key)
    if (first.kind === 'lost') return null
  }
  if (!(yield* takeLock(memory, key))) return null
  const answer = yield* hello(memory, key)
  if (answer.kind === 'lost') return null
  if (answer.kind === 'code') {
    yield* readRefused(memory, answer.code)
    return null
  }
  const baseline = yield* prove(memory, key, answer.standing)
  if (!baseline) return null
  memory.probe = stamped(memory, key, baseline)
  return memory.probe
}

/**
 * Where the device stands after answered receipts in a shift that was open before them: the report alone, because the
 * number is the answer's own. Null: only a whole probe can tell, or the flow has waited or asked already.
 */
export function* glance(memory: Memory, number: number, shift: number): Flow<Probe | 'unclear' | null> {
  const key = memory.device.key
  if (key === null) return null
  memory.probe = null
  const decoded = decodeShiftReport(yield* exchange(memory, withKey(reportRequest(shift), key)))
  if (decoded.kind === 'unknown') {
    memory.trouble()
    yield* backOff(memory)
    return null
  }
  if (decoded.kind === 'code') {
    if (codeRow(decoded.code).class === 'rights') return 'unclear'
    yield* readRefused(memory, decoded.code)
    return null
  }
  const report = decoded.value
  if (report.archived || report.open !== true) return 'unclear'
  const counters = countersOf(shift, true, report)
  memory.probe = stamped(memory, key, { number, shift, open: true, cash: report.cashWeHave, counters })
  return memory.probe
}

function stamped(memory: Memory, key: string, baseline: Baseline): Probe {
  return { key, baseline, monoMs: memory.clock.mono(), wallMs: memory.clock.wall() }
}

/** The shift's report, read with the key that it proves. */
function* prove(memory: Memory, key: string, standing: Standing): Flow<Baseline | null> {
  const { info, number, shift, open } = standing
  const base = { number, shift, open, cash: info.cashWeHave }
  if (shift === 0) return yield* (yield* rareSteps(memory)).proveWithoutShift(memory, key, base)
  const decoded = decodeShiftReport(yield* exchange(memory, withKey(reportRequest(shift), key)))
  if (decoded.kind === 'unknown') {
    memory.trouble()
    yield* backOff(memory)
    return null
  }
  if (decoded.kind === 'code') return yield* withoutReport(memory, decoded.code, base)
  if (memory.device.reports !== 'allowed') yield* commit(memory, { reports: 'allowed' })
  const report = decoded.value
  if (!report.archived && report.open !== null && report.open !== open) {
    // A shift opened or closed between the two reads.
    yield* pause(1000)
    return null
  }
  return { ...base, counters: countersOf(shift, open, report) }
}

/** Where the report, or before the first shift the list of shifts, is refused with this code. */
export function* withoutReport(memory: Memory, code: number, base: Omit<Baseline, 'counters'>): Flow<Baseline | null> {
  const { class: about } = codeRow(code)
  if (about === 'rights') {
    if (memory.device.reports !== 'denied') yield* commit(memory, { reports: 'denied' })
    return { ...base, counters: null }
  }
  // Not every device gives the report of a shift that is over, or the list of shifts; any key but ours had got -1.
  if (!base.open && about === 'request') {
    return { ...base, counters: emptyCounters(base.shift) }
  }
  yield* readRefused(memory, code)
  return null
}

const NONE = { count: 0, sum: 0 as Tiyn }

export function emptyCounters(shift: number): ShiftCounters {
  return {
    shift,
    open: false,
    byKind: { sale: NONE, buy: NONE, saleReturn: NONE, buyReturn: NONE },
    cashIn: NONE,
    cashOut: NONE,
  }
}

function countersOf(shift: number, open: boolean, report: ShiftReport): ShiftCounters {
  const { kinds, cashIn, cashOut } = report
  const tally = (of: { readonly count: number; readonly sum: Tiyn }) => ({ count: of.count, sum: of.sum })
  return {
    shift,
    open,
    byKind: {
      sale: tally(kinds.sale),
      buy: tally(kinds.buy),
      saleReturn: tally(kinds.saleReturn),
      buyReturn: tally(kinds.buyReturn),
    },
    cashIn: { count: cashIn.count, sum: cashIn.total },
    cashOut: { count: cashOut.count, sum: cashOut.total },
  }
}

/** Whether a key may be bound without another look: only one till sells, and the register's clock would betray another. */
export function probeIsGood(memory: Memory): boolean {
  const read = memory.probe
  if (!read || read.key !== memory.device.key) return false
  const { lockHeld, device, registerClock } = memory
  const alone = { lockHeld, foreignSeen: device.foreign !== null, clockKnown: registerClock !== null }
  return probeAgeMs(memory, read) <= probeLastsMs(alone)
}

/**
 * Without the lock nobody keeps a second till out: once a receipt of another one was seen, nothing more is sent before
 * the device is locked or a person says that only this till sells. False: the question is asked.
 */
export function* mayWrite(memory: Memory): Flow<boolean> {
  const { foreign, question } = memory.device
  if (memory.lockHeld || foreign === null || foreign.accepted === true) return true
  const asked = memory.ask(question, { kind: 'otherTill', number: foreign.number })
  if (asked !== question) yield* commit(memory, { question: asked })
  return false
}

/** The larger of both clocks' differences: one of them may have stood still or jumped. */
export function probeAgeMs(memory: Memory, read: Probe): number {
  return Math.max(memory.clock.mono() - read.monoMs, Math.abs(memory.clock.wall() - read.wallMs))
}

/**
 * A probe while nothing of ours is in doubt: receipts that the journal doesn't know are somebody else's.
 * Remembered for good, because then counters alone prove nothing any more. True: there was one. It may have come
 * between the two reads, so that the counters hold it and the last number doesn't: that is no baseline, read again.
 */
export function* noticeForeign(memory: Memory, read: Probe): Flow<boolean> {
  const { audited, foreign } = memory.device
  const now = read.baseline.counters
  if (!now) return false
  const isNews = !audited || now.shift === audited.shift || (now.shift > audited.shift && now.open)
  const known = audited?.shift === now.shift ? receiptCount(audited) : 0
  if (!isNews || receiptCount(now) === known) return false
  memory.probe = null
  yield* commit(memory, {
    // The first look of this terminal finds what was there before it.
    foreign: audited ? { number: read.baseline.number, atMs: memory.clock.wall() } : foreign,
    audited: now,
  })
  return true
}
