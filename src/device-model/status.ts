/** `/apicheck`: readiness, `getInfo`, the last document again, session variables; `/apimanage` (chapters 7 and 10). */
import type { DeviceReply } from '../contract/device.ts'
import {
  flushQueue,
  operationRefusal,
  printerRefusal,
  stateRefusal,
  work,
  wrongKey,
  type Execution,
} from './execution.ts'
import { hasBrokenBarcode, printDocument } from './paper.ts'
import type { DeviceState, PrintMode } from './state.ts'
import { accepted, refused, twoDecimals } from './wire.ts'

const PRINT_MODES: readonly PrintMode[] = ['lan-printer', 'internal-printer', 'usb-printer']

/** `getInfo` names the modes without their second word (its sample: `internal`). */
const SHORT_MODES: Record<PrintMode, string> = {
  'internal-printer': 'internal',
  'lan-printer': 'lan',
  'usb-printer': 'usb',
}

/** Messages that haven't reached the tax authority: those held back and those on their way. */
function queueSize(state: DeviceState, nowMs: number): number {
  let size = state.ofd.waiting
  for (let index = state.ledger.length - 1; index >= 0; index -= 1) {
    const entry = state.ledger[index]
    if (entry === undefined || entry.atMs < nowMs - state.options.ofdDelayMs) break
    if (entry.submittedMs > nowMs) size += 1
  }
  return size
}

/** `/apicheck/getInfo`, numbers quoted as in the sample of chapter 7.1; `show=minimum` gives the short form. */
export function getInfo(execution: Execution): DeviceReply {
  const { state, form } = execution
  if (state.readings.statusChecksKey) {
    const refusal = wrongKey(execution)
    if (refusal !== null) return refusal
  }
  const shift = state.shifts[state.shifts.length - 1]
  const cashier = state.cashiers.find((candidate) => candidate.id === state.cashierId)
  const name = JSON.stringify(cashier?.name ?? 'default')
  const current =
    `"cashierID":"${state.cashierId}","cashierName":${name},` +
    `"currentShiftID":"${shift?.id ?? state.options.lastShift}",` +
    `"currentShiftStatus":"${shift?.closedMs === 0 ? 'opened' : 'closed'}",`
  const last = `"defaultApiTaxID":"${state.defaultTaxId}",`
  const cheque = `"lastClosedChequeId":"${state.lastClosedNumber}"`
  if (form.get('show') === 'minimum') return accepted('OK', `{${current}${last}${cheque}}`)
  return accepted(
    'OK',
    `{"applicationVersion":${state.applicationVersion},"batteryCapacityPerc":"${state.batteryPercent}",` +
      `"cashWeHave":"${twoDecimals(state.cashTiyn)}",${current}` +
      `"databaseSizeKb":"${46 + (state.lastSeq >> 2)}",${last}` +
      `"factorySerialNumber":"${state.options.factorySerialNumber}",${cheque},` +
      `"messagesQueSize":"${queueSize(state, execution.nowMs)}","printingMode":"${SHORT_MODES[state.session.printMode]}",` +
      `"roudingRule":"${state.options.rounding}","totalFlashUsedMb":"78","totalRamUsedMb":"70"}`,
  )
}

/** `/apicheck/printLastDocument`: a copy of the last receipt. */
export function printLastDocument(execution: Execution): DeviceReply {
  const refusal = operationRefusal(execution, () => printerRefusal(execution.state))
  if (refusal !== null) return refusal
  const { ledger } = execution.state
  for (let index = ledger.length - 1; index >= 0; index -= 1) {
    const entry = ledger[index]
    if (entry === undefined || entry.number === 0) continue
    entry.reprints += 1
    printDocument(execution.state, entry, 'copy')
    work(execution, 12)
    return accepted(String(entry.number), '0')
  }
  return refused('no-last-document', -7)
}

function setOfdMode(execution: Execution, packet: boolean): void {
  const { state } = execution
  state.session.ofdPacketMode = packet
  if (packet) state.ofd.silentSinceMs ??= execution.nowMs
  else flushQueue(state, execution.nowMs)
}

/** Session variables that are plain switches (10.1). Names as the document writes them, `Lockhost` in both ways. */
const SWITCHES: Readonly<Record<string, (execution: Execution) => void>> = {
  beep: ({ state }) => (state.beeps += 1),
  timersFast: ({ state }) => (state.session.timersFast = true),
  timersNormal: ({ state }) => (state.session.timersFast = false),
  keepLanPrinter: ({ state }) => (state.session.keepLanPrinter = true),
  closeLanPrinter: ({ state }) => (state.session.keepLanPrinter = false),
  ofdPacketMode: (execution) => setOfdMode(execution, true),
  ofdNormalMode: (execution) => setOfdMode(execution, false),
  pushTheQue: (execution) => flushQueue(execution.state, execution.nowMs),
  disableWebMgmt: ({ state }) => (state.session.webManagement = false),
  Lockhost: (execution) => (execution.state.session.lockedTo = execution.host),
  lockhost: (execution) => (execution.state.session.lockedTo = execution.host),
}
const SWITCH_NAMES = Object.keys(SWITCHES)

/** `printHeader`: text above every receipt until the next start; `clear` removes it; POST only. */
function setPrintHeader(execution: Execution, text: string): DeviceReply {
  if (execution.request.method !== 'POST' || execution.form.inQuery('printHeader'))
    return refused('incorrect-method', -8)
  if (hasBrokenBarcode(text)) return refused('print-lines-parse-error', -7)
  execution.state.session.printHeader = text === 'clear' || text === '' ? null : text
  return accepted('OK', '0')
}

/** `/apicheck`: a session variable where one is given, otherwise readiness with the last number in the reason. */
export function check(execution: Execution): DeviceReply {
  const { state, form } = execution
  const header = form.get('printHeader')
  const mode = form.get('setPrintMode')
  const asked = form.isSet('getPrintMode')
  const switches = form.size > 1 ? SWITCH_NAMES.filter((name) => form.isSet(name)) : []
  const plain = header === null && mode === null && !asked && switches.length === 0
  if (!plain || state.readings.statusChecksKey) {
    const refusal = wrongKey(execution)
    if (refusal !== null) return refusal
  }
  if (plain) return stateRefusal(execution, true) ?? accepted(String(state.lastClosedNumber), '0')
  for (const name of switches) SWITCHES[name]?.(execution)
  if (mode !== null) {
    const known = PRINT_MODES.find((candidate) => candidate === mode)
    if (known === undefined) return refused('check-all-params', -7)
    state.session.printMode = known
  }
  if (header !== null) return setPrintHeader(execution, header)
  return accepted('OK', asked ? state.session.printMode : '0')
}

/** `/apimanage`: what the device does after the answer; null with a refusal. */
export function manage(execution: Execution): { reply: DeviceReply; then: 'update' | 'reboot' | null } {
  const refusal = wrongKey(execution)
  if (refusal !== null) return { reply: refusal, then: null }
  if (execution.form.isSet('doReboot')) return { reply: accepted('reboot-started', '0'), then: 'reboot' }
  if (!execution.form.isSet('doUpdate')) return { reply: refused('check-all-params', -7), then: null }
  const newer = execution.state.options.updateTo
  const update = newer !== null && newer > execution.state.applicationVersion
  return { reply: accepted(update ? 'update-started' : 'no-update', '0'), then: update ? 'update' : null }
}
