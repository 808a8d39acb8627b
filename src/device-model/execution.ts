/** One request while it is executed, and what every operation does with it: checks, keys, ledger, replay. */
import type { DeviceReply, DeviceRequest } from '../contract/device.ts'
import { Random } from './random.ts'
import { drawKey, type DeviceState, type LedgerEntry, type LedgerKind } from './state.ts'
import { accepted, refused, type Form } from './wire.ts'

export interface Execution {
  readonly state: DeviceState
  readonly nowMs: number
  readonly request: DeviceRequest
  readonly form: Form
  readonly host: string
  readonly foreign: boolean
  /** See `IkkmDevice.workMs`. */
  workMs: number
}

/** 11.1 has codes without a phrase in 11.2 (-2, -4, -17, -18): their reasons are ours, as nobody may rely on them. */
const REASONS = new Map<number, string>([
  [-1, 'incorrect-web-api-key'],
  [-2, 'ikkm-is-busy'],
  [-3, 'shift-gt-24h'],
  [-4, 'offline-gt-72h'],
  [-5, 'check-printer-or-batt'],
  [-6, 'check-printer-or-batt'],
  [-7, 'check-all-params'],
  [-8, 'incorrect-method'],
  [-9, 'sale-param-error'],
  [-10, 'cash-lq-sale'],
  [-11, 'wrong-cashier'],
  [-12, 'cash-lq-tax'],
  [-13, 'no-cache-hq-sale'],
  [-14, 'tax-not-found'],
  [-15, 'no-cash-in-pos'],
  [-16, 'only-master-cashier'],
  [-17, 'itemdata-parse-error'],
  [-18, 'host-is-rejected'],
  [-99, 'internal-error'],
])

/** The refusal that stands for a code where nothing narrower is known. */
export function refusedWith(code: number): DeviceReply {
  return refused(code <= -100 ? 'ikkm-is-blocked' : (REASONS.get(code) ?? 'unknown-error'), code)
}

const DAY_MS = 86_400_000
const OFFLINE_LIMIT_MS = 72 * 3_600_000
const LOW_BATTERY_PERCENT = 5

/** Key missing (chapter 4: "in all requests"); null when it is there. */
export function missingKey(execution: Execution): DeviceReply | null {
  return execution.form.get('key') === null ? refused('no-web-api-key-provided', -7) : null
}

/** Key missing or not the current one; null when it is right. */
export function wrongKey(execution: Execution): DeviceReply | null {
  return (
    missingKey(execution) ??
    (execution.form.get('key') === execution.state.key ? null : refused('incorrect-web-api-key', -1))
  )
}

/** Printer and battery (-5, -6). */
export function printerRefusal(state: DeviceState): DeviceReply | null {
  if (state.printer === 'no-connection' && state.session.printMode !== 'internal-printer')
    return refused('check-external-printer', -6)
  if (state.printer === 'no-paper') return refused('check-printer-or-batt', -6)
  if (state.batteryPercent < LOW_BATTERY_PERCENT) return refused('check-printer-or-batt', state.readings.lowBattery)
  return null
}

/** Blocked by the Tax Committee (-100 and below) or too long without it (-4). */
function authorityRefusal(execution: Execution): DeviceReply | null {
  const { state, nowMs } = execution
  if (state.blockedCode !== null) return refused('ikkm-is-blocked', -100 - state.blockedCode)
  const since = state.ofd.silentSinceMs
  return since !== null && nowMs - since > OFFLINE_LIMIT_MS ? refusedWith(-4) : null
}

/** Age and owner of the open shift (-3, -11). */
function shiftRefusal(execution: Execution): DeviceReply | null {
  const { state, nowMs } = execution
  const shift = state.shifts[state.shifts.length - 1]
  if (shift?.closedMs !== 0) return null
  const age = nowMs - shift.openedMs
  if (age > 7 * DAY_MS) return refused('shift-gt-7days', -3)
  if (age > DAY_MS) return refused('shift-gt-24h', -3)
  return shift.cashierId === state.cashierId ? null : refused('wrong-cashier', -11)
}

/** All checks of the device's own state that come before a fiscal document. */
export function stateRefusal(execution: Execution, withPrinter: boolean): DeviceReply | null {
  return (
    authorityRefusal(execution) ?? (withPrinter ? printerRefusal(execution.state) : null) ?? shiftRefusal(execution)
  )
}

/** Takes one injected failure; 0 for none. */
export function takeFailure(state: DeviceState): number {
  const failure = state.failNext
  if (failure === null) return 0
  failure.count -= 1
  if (failure.count <= 0) state.failNext = null
  return failure.code
}

/**
 * Key, injected failure and checks of an operation that isn't a registration, in this order or checks first,
 * as the readings say. null lets it happen.
 */
export function operationRefusal(
  execution: Execution,
  checks: (execution: Execution) => DeviceReply | null,
): DeviceReply | null {
  const missing = missingKey(execution)
  if (missing !== null) return missing
  const failure = takeFailure(execution.state)
  if (failure !== 0) return refusedWith(failure)
  if (execution.state.readings.checks === 'before-key') return checks(execution) ?? wrongKey(execution)
  return wrongKey(execution) ?? checks(execution)
}

/** Makes a new key current and returns it. What a replay answers is the caller's business. */
export function rotateKey(state: DeviceState): string {
  state.key = drawKey(new Random(state.random), state.options.keySpace, state.key)
  return state.key
}

/** The key passes on to another document, but the remembered answer stays the old one. */
export function movePreviousKey(state: DeviceState, oldKey: string): void {
  if (state.replay !== null) state.replay = { ...state.replay, key: oldKey }
}

/** Writes a document into the ledger; its amounts are filled in by the caller. */
export function appendEntry(execution: Execution, kind: LedgerKind, number: number, shift: number): LedgerEntry {
  const { state } = execution
  state.lastSeq += 1
  const entry: LedgerEntry = {
    seq: state.lastSeq,
    kind,
    number,
    shift,
    cashierId: state.cashierId,
    atMs: execution.nowMs,
    totalTiyn: 0,
    payments: NO_PAYMENTS,
    changeTiyn: 0,
    taxId: 0,
    taxTiyn: 0,
    itemdata: null,
    rows: null,
    onlineRows: 0,
    firstRowId: 0,
    print: null,
    footer: null,
    keySent: execution.form.get('key') ?? '',
    keyReturned: state.key,
    answered: 0,
    foreign: execution.foreign,
    duplicates: 0,
    reprints: 0,
    submittedMs: 0,
    onlineCode: '',
    track: 0,
    bankMessage: '',
  }
  state.ledger.push(entry)
  return entry
}

const NO_PAYMENTS: number[] = [0, 0, 0, 0]

/** The ledger's entry with this `seq`, if it is still kept. */
export function entryOf(state: DeviceState, seq: number): LedgerEntry | undefined {
  const first = state.ledger[0]
  return first === undefined ? undefined : state.ledger[seq - first.seq]
}

/** Sends a document to the tax authority, or queues it (chapter 10.1, message queue). */
export function submit(execution: Execution, entry: LedgerEntry): void {
  const { ofd, session, options } = execution.state
  entry.onlineCode = String((entry.seq * 7_919 + 20_223_112) % 1_000_000_000).padStart(9, '0')
  if (ofd.reachable && !session.ofdPacketMode) {
    entry.submittedMs = execution.nowMs + options.ofdDelayMs
    return
  }
  if (ofd.waiting === 0) ofd.firstWaitingSeq = entry.seq
  ofd.waiting += 1
}

/** Sends everything that waits, if the line is up. */
export function flushQueue(state: DeviceState, nowMs: number): void {
  const { ofd } = state
  if (!ofd.reachable) return
  ofd.silentSinceMs = state.session.ofdPacketMode ? nowMs : null
  if (ofd.waiting === 0) return
  const first = state.ledger[0]?.seq ?? 0
  for (let index = Math.max(0, ofd.firstWaitingSeq - first); index < state.ledger.length; index += 1) {
    const entry = state.ledger[index]
    if (entry !== undefined && entry.onlineCode !== '' && entry.submittedMs === 0)
      entry.submittedMs = nowMs + state.options.ofdDelayMs
  }
  ofd.waiting = 0
}

/** Keeps the printer busy for so many lines. */
export function work(execution: Execution, lines: number): void {
  if (execution.state.options.printMsPerLine === 0) return
  execution.workMs += lines * execution.state.options.printMsPerLine
  execution.state.busyUntilMs = execution.nowMs + execution.workMs
}

/** The answer of an accepted registration or cash document: number in the reason, key in the body (5.2). */
export function documentReply(number: number, key: string): DeviceReply {
  return accepted(String(number), key)
}
