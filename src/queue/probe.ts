/** Reading where the device stands: who answers, last number, shift, proof of the key, counters. */
import type { Tiyn } from '../domain/money.ts'
import { withKey } from '../ikkm/codec.ts'
import { decodeCommandReply } from '../ikkm/codec.ts'
import { decodeInfo } from '../ikkm/info.ts'
import type { DeviceInfo } from '../ikkm/info.ts'
import { decodeShiftReport } from '../ikkm/reports.ts'
import type { ShiftReport } from '../ikkm/reports.ts'
import { infoRequest, reportRequest, sessionRequest } from '../ikkm/requests.ts'
import type { Flow } from './effects.ts'
import { backOff, CAUSE_POLL_MS, commit, exchange, pause } from './memory.ts'
import type { Memory, Probe } from './memory.ts'
import { receiptCount } from './rules.ts'
import type { Baseline, Entry, ShiftCounters } from './types.ts'

/** A probe under the host lock, while no foreign document was ever seen: the device may restart unnoticed after that. */
const LOCKED_PROBE_MS = 300_000
/** A probe without the lock: from opening the payment screen to Pay. */
const OPEN_PROBE_MS = 60_000
/** A probe where somebody else is known to use the device. */
const SHARED_PROBE_MS = 15_000

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
  const stale = question !== null && question.question.kind !== 'key'
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

/** A code where a read was expected: says whether it is dealt with by waiting or by a question about the device. */
export function* readRefused(memory: Memory, code: number): Flow<void> {
  if (code === -1) return yield* keyLost(memory)
  if (code === -2) return yield* pause(2000)
  memory.probe = null
  const question = memory.ask(memory.device.question, { kind: 'fix', code })
  if (question !== memory.device.question) yield* commit(memory, { question })
  yield* pause(CAUSE_POLL_MS)
}

/** The lock of chapter 10.1, when wanted and not held. False: something has to be put right first. */
function* takeLock(memory: Memory, key: string): Flow<boolean> {
  // Where reports can't be read, the lock is what the checks rest on.
  const wanted = memory.device.hostLockWanted || memory.device.reports === 'denied'
  if (!wanted || memory.lockHeld || memory.lockRefused) return true
  const outcome = decodeCommandReply(yield* exchange(memory, withKey(sessionRequest('Lockhost'), key)))
  if (outcome.kind === 'zero' || outcome.kind === 'key') {
    memory.lockHeld = true
    return true
  }
  if (outcome.kind === 'unknown') {
    memory.trouble()
    yield* backOff(memory)
    return false
  }
  if (outcome.code === -1 || outcome.code === -2 || outcome.code === -18) {
    yield* readRefused(memory, outcome.code)
    return false
  }
  memory.lockRefused = true
  return true
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
  const read = { key, baseline, monoMs: memory.clock.mono(), wallMs: memory.clock.wall() }
  memory.probe = read
  return read
}

/** The shift's report, read with the key that it proves. */
function* prove(memory: Memory, key: string, standing: Standing): Flow<Baseline | null> {
  const { info, number, shift, open } = standing
  const decoded = decodeShiftReport(yield* exchange(memory, withKey(reportRequest(shift), key)))
  const base = { number, shift, open, cash: info.cashWeHave }
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

function* withoutReport(memory: Memory, code: number, base: Omit<Baseline, 'counters'>): Flow<Baseline | null> {
  if (code === -16) {
    if (memory.device.reports !== 'denied') yield* commit(memory, { reports: 'denied' })
    return { ...base, counters: null }
  }
  // A device without any shift yet has no report to give.
  if (!base.open && (code === -7 || code === -8 || code === -9)) {
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

/** Whether a key may be bound without another look. */
export function probeIsGood(memory: Memory): boolean {
  const read = memory.probe
  if (!read || read.key !== memory.device.key) return false
  const limitMs = memory.device.foreign ? SHARED_PROBE_MS : memory.lockHeld ? LOCKED_PROBE_MS : OPEN_PROBE_MS
  return probeAgeMs(memory, read) <= limitMs
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
