/** X and Z reports (source 004, chapter 5.3). */
import type { DeviceReply } from '../contract/device.ts'
import {
  appendEntry,
  movePreviousKey,
  operationRefusal,
  printerRefusal,
  refusedWith,
  rotateKey,
  submit,
  work,
  type Execution,
} from './execution.ts'
import { bookCash } from './cash.ts'
import { printReport } from './paper.ts'
import { Random } from './random.ts'
import { currentShift, isArchived, openShift } from './shift.ts'
import type { DeviceState } from './state.ts'
import { accepted, refused } from './wire.ts'

/** `/apixreport`: prints, changes nothing. */
export function xReport(execution: Execution): DeviceReply {
  const refusal = operationRefusal(execution, () => printerRefusal(execution.state))
  if (refusal !== null) return refusal
  appendEntry(execution, 'x', 0, currentShift(execution.state)?.id ?? 0)
  printReport(execution.state, 'X', execution.nowMs)
  work(execution, 40)
  return accepted('x-report-started', '0')
}

function zRefusal(execution: Execution): DeviceReply | null {
  const { state } = execution
  const printer = printerRefusal(state)
  if (printer !== null) return printer
  const role = state.cashiers.find((cashier) => cashier.id === state.cashierId)?.role
  if (state.readings.zNeedsSenior && role === 'cashier') return refusedWith(-16)
  if (currentShift(state) === null && state.readings.zRepeated === 'error') return refused('check-all-params', -7)
  return null
}

/** `/apizreport`: answers at once, the shift is closed after about 40 s, or 5 to 10 s with `timersFast` (10.1). */
export function zReport(execution: Execution): DeviceReply {
  const { state } = execution
  const refusal = operationRefusal(execution, zRefusal)
  if (refusal !== null) return refusal
  const keySent = state.key
  const shift = openShift(state, execution.nowMs)
  if (state.readings.zWithdrawsCash && state.cashTiyn > 0) bookCash(execution, 'withdrawal', state.cashTiyn, shift)
  const [fastest, slowest] = state.options.zFastMs
  const delayMs = state.session.timersFast
    ? new Random(state.random).between(fastest, slowest)
    : state.options.zNormalMs
  state.closing = { dueMs: execution.nowMs + delayMs, keySent, foreign: execution.foreign }
  if (state.readings.zAnswer === 'at-end') execution.workMs += delayMs
  if (state.readings.zKey === 'same') return accepted('z-report-started', '0')
  rotateKey(state)
  movePreviousKey(state, keySent)
  return accepted('z-report-started', state.readings.zKey === 'returned' ? state.key : '0')
}

/** Closes the shift at `atMs`. The execution carries whose Z report it was. */
export function finishClosing(execution: Execution): void {
  const { state } = execution
  const closing = state.closing
  const shift = currentShift(state)
  state.closing = null
  if (closing === null || shift === null) return
  const entry = appendEntry(execution, 'z', 0, shift.id)
  entry.keySent = closing.keySent
  submit(execution, entry)
  shift.closedMs = execution.nowMs
  shift.cashAtCloseTiyn = state.cashTiyn
  if (!state.readings.previousKeySurvivesZ) state.replay = null
  printReport(state, 'Z', execution.nowMs)
  if (state.options.dropArchived) dropArchived(state)
}

function dropArchived(state: DeviceState): void {
  const kept = state.shifts.find((shift) => !isArchived(state, shift))
  const first = state.ledger[0]
  // Documents that still wait for the tax authority stay, whatever their shift.
  const keptSeq = Math.min(kept?.firstSeq ?? 0, state.ofd.waiting > 0 ? state.ofd.firstWaitingSeq : Infinity)
  if (first !== undefined && keptSeq > first.seq) state.ledger.splice(0, keptSeq - first.seq)
}
