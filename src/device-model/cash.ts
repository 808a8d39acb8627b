/** Deposit and withdrawal of cash (source 004, chapter 5.3). */
import type { DeviceReply } from '../contract/device.ts'
import {
  appendEntry,
  documentReply,
  movePreviousKey,
  operationRefusal,
  printerRefusal,
  rotateKey,
  stateRefusal,
  submit,
  work,
  type Execution,
} from './execution.ts'
import { printDocument } from './paper.ts'
import { openShift } from './shift.ts'
import type { LedgerEntry, ShiftRecord } from './state.ts'
import { accepted, deviceNumber, refused } from './wire.ts'

type CashKind = 'deposit' | 'withdrawal'

function amountOf(execution: Execution): number {
  return deviceNumber(execution.form.get('cash') ?? '', 2)
}

function cashRefusal(execution: Execution, kind: CashKind): DeviceReply | null {
  const { state, form } = execution
  const refusal = stateRefusal(execution, state.readings.paperOut === 'before')
  if (refusal !== null) return refusal
  if (form.get('cash') === null) return refused('payment-params-missed', -7)
  const amount = amountOf(execution)
  if (Number.isNaN(amount)) return refused('cache-param-error', -9)
  if (amount <= 0 || amount > state.options.maxAmountTiyn) return refused('cache-not-in-range', -9)
  return kind === 'withdrawal' && amount > state.cashTiyn ? refused('no-cash-in-pos', -15) : null
}

/** Writes a cash document: number, drawer, shift. Keys and replay stay as they are. */
export function bookCash(execution: Execution, kind: CashKind, amount: number, shift: ShiftRecord): LedgerEntry {
  const { state } = execution
  const number = state.readings.cashTakesNumbers ? (state.lastNumber += 1) : (state.lastCashNumber += 1)
  if (state.readings.cashIsLastClosed) state.lastClosedNumber = number
  const entry = appendEntry(execution, kind, number, shift.id)
  entry.totalTiyn = amount
  entry.payments = [amount, 0, 0, 0]
  if (kind === 'deposit') {
    state.cashTiyn += amount
    shift.cashInCount += 1
    shift.cashInTiyn += amount
  } else {
    state.cashTiyn -= amount
    shift.cashOutCount += 1
    shift.cashOutTiyn += amount
  }
  submit(execution, entry)
  printDocument(state, entry)
  work(execution, 12)
  return entry
}

/** `/apideposit` and `/apiwithdraw`. What happens to the key and to the remembered answer are readings. */
export function cashOperation(execution: Execution, kind: CashKind): DeviceReply {
  const { state } = execution
  const refusal = operationRefusal(execution, () => cashRefusal(execution, kind))
  if (refusal !== null) return refusal
  const oldKey = state.key
  const entry = bookCash(execution, kind, amountOf(execution), openShift(state, execution.nowMs))
  const { cashKey, cashReplay } = state.readings
  if (cashKey === 'rotates') entry.keyReturned = rotateKey(state)
  if (cashReplay === 'overwrites') {
    if (cashKey === 'rotates') state.replay = { key: oldKey, number: entry.number, seq: entry.seq, request: '' }
    else if (state.replay !== null) state.replay = { ...state.replay, number: entry.number, seq: entry.seq }
  } else if (cashReplay === 'keeps-answer' && cashKey === 'rotates') {
    movePreviousKey(state, oldKey)
  }
  const printer = printerRefusal(state)
  if (printer !== null) {
    entry.answered = Number(printer.body)
    return printer
  }
  return cashKey === 'zero' ? accepted(String(entry.number), '0') : documentReply(entry.number, state.key)
}
