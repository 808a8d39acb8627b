/**
 * The iKKM device as one pure model (source 004): requests and the clock go in, replies come out. Demo mode in the
 * browser, the HTTP emulator and the simulation all run this one. The state is changed in place.
 */
import type { DeviceReply, DeviceRequest } from '../contract/device.ts'
import { TENDERS, type Payments, type ReceiptKind } from '../domain/receipt.ts'
import { finishBank, startBank } from './card-terminal.ts'
import {
  flushQueue,
  operationRefusal,
  printerRefusal,
  refusedWith,
  work,
  appendEntry,
  type Execution,
} from './execution.ts'
import { cashOperation } from './cash.ts'
import { finishClosing, xReport, zReport } from './closing.ts'
import { dump } from './dump.ts'
import { hasBrokenBarcode, printText } from './paper.ts'
import { Random } from './random.ts'
import { register } from './registration.ts'
import { currentShift } from './shift.ts'
import { drawKey, freshSession, type BankOutcome, type DeviceState, type LedgerEntry } from './state.ts'
import { check, getInfo, manage, printLastDocument } from './status.ts'
import { accepted, Form, refused, twoDecimals } from './wire.ts'

export { newDeviceState } from './state.ts'
export type { BankOutcome, DeviceOptions, DeviceState, LedgerEntry, LedgerKind, NewDeviceOptions } from './state.ts'
export type { DeviceReadings } from './readings.ts'
export { DEFAULT_READINGS, READING_VALUES, drawReadings } from './readings.ts'

interface ForeignBase {
  /** false: the key stays as it was. */
  readonly rotatesKey?: boolean
}

/** What a third party or a person at the device does behind the terminal's back. */
export type ForeignOperation =
  | (ForeignBase & {
      readonly kind: ReceiptKind
      readonly totalTiyn: number
      /** Absent: the whole total in cash. */
      readonly payments?: Payments
      readonly itemdata?: string
      readonly print?: string
      readonly footer?: string
    })
  | (ForeignBase & { readonly kind: 'deposit' | 'withdrawal'; readonly amountTiyn: number })
  | (ForeignBase & { readonly kind: 'z' })
  | { readonly kind: 'cashier'; readonly cashierId: number }

const EMPTY_REQUEST: DeviceRequest = { method: 'GET', path: '/', query: '', body: null }

function foreignRequest(operation: Exclude<ForeignOperation, { kind: 'cashier' }>, key: string): DeviceRequest {
  const request = (path: string, parameters: string): DeviceRequest => ({
    method: 'POST',
    path,
    query: '',
    body: `key=${key}${parameters}`,
  })
  switch (operation.kind) {
    case 'z':
      return request('/apizreport/', '')
    case 'deposit':
      return request('/apideposit/', `&cash=${twoDecimals(operation.amountTiyn)}`)
    case 'withdrawal':
      return request('/apiwithdraw/', `&cash=${twoDecimals(operation.amountTiyn)}`)
    default: {
      const total = twoDecimals(operation.totalTiyn)
      let parameters = `&${operation.kind}=${total}`
      for (const tender of TENDERS) {
        const amount = operation.payments?.[tender]
        if (amount !== undefined) parameters += `&${tender}=${twoDecimals(amount)}`
      }
      if (operation.payments === undefined) parameters += `&cash=${total}`
      for (const name of ['itemdata', 'print', 'footer'] as const) {
        const text = operation[name]
        if (text !== undefined) parameters += `&${name}=${encodeURIComponent(text)}`
      }
      return request('/api/', parameters)
    }
  }
}

export class IkkmDevice {
  /**
   * How long the last request keeps the device busy before its answer leaves, in ms (`printMsPerLine`, `zAnswer`).
   * A transport that keeps real time holds the answer for so long.
   */
  workMs = 0

  constructor(readonly state: DeviceState) {}

  /**
   * Executes one request that has arrived and returns the device's answer. `host` is the sender's address, for the
   * lock of chapter 10.1. Never throws for bad input. Must not be called while `isUp` is false.
   */
  handle(request: DeviceRequest, nowMs: number, host = 'client'): DeviceReply {
    return this.execute(request, nowMs, host, false)
  }

  /** Finishes what is due: a closing shift, a bank operation. `handle` calls it too. */
  advance(nowMs: number): void {
    const { closing, bank } = this.state
    if (closing !== null && nowMs >= closing.dueMs) finishClosing(this.systemCall(closing.dueMs, closing.foreign))
    const dueMs = bank.running?.dueMs
    if (dueMs !== undefined && dueMs !== null && nowMs >= dueMs) finishBank(this.state, dueMs)
  }

  /** False while the device starts: nothing is answered then, the transport must not call `handle`. */
  isUp(nowMs: number): boolean {
    return nowMs >= this.state.downUntilMs
  }

  /** True while a shift closes, the bank application runs or the printer works: requests are answered -2. */
  isBusy(nowMs: number): boolean {
    const { closing, bank, busyUntilMs } = this.state
    return closing !== null || bank.running !== null || nowMs < busyUntilMs
  }

  /** The key on the device's screen. */
  currentKey(): string {
    return this.state.key
  }

  /** What was executed, in order. */
  ledger(): readonly LedgerEntry[] {
    return this.state.ledger
  }

  /** Power off and on: session variables go, the device is silent for `bootMs`. */
  reboot(nowMs: number): void {
    this.advance(nowMs)
    const { state } = this
    const { options, readings, closing, bank } = state
    const upMs = nowMs + options.bootMs
    if (closing !== null && readings.zAtReboot === 'finishes') finishClosing(this.systemCall(upMs, closing.foreign))
    state.closing = null
    if (readings.bankAtReboot === 'kept') finishBank(state, nowMs)
    bank.running = null
    state.session = freshSession(options)
    flushQueue(state, upMs)
    state.busyUntilMs = upMs
    state.downUntilMs = upMs
    if (readings.keyAtStart === 'new') state.key = drawKey(new Random(state.random), options.keySpace, state.key)
    if (!readings.previousKeySurvivesReboot) state.replay = null
  }

  /** A person enters another key on the device, or the web mode is started anew. Returns the new current key. */
  changeKey(): string {
    const { state } = this
    state.key = drawKey(new Random(state.random), state.options.keySpace, state.key)
    state.replay = null
    return state.key
  }

  /** Executes an operation that isn't the client's; the reply is what its author sees, null for a change of cashier. */
  foreignOperation(operation: ForeignOperation, nowMs: number): DeviceReply | null {
    this.advance(nowMs)
    const { state } = this
    if (operation.kind === 'cashier') {
      if (state.cashiers.some((cashier) => cashier.id === operation.cashierId)) state.cashierId = operation.cashierId
      return null
    }
    const { key, replay } = state
    // A person at the device isn't held by the lock of 10.1.
    const reply = this.execute(foreignRequest(operation, key), nowMs, state.session.lockedTo ?? 'foreign', true)
    if (operation.rotatesKey === false) {
      state.key = key
      state.replay = replay
    }
    return reply
  }

  /** A tax is edited: its id changes with its rate (chapter 9.1). Returns the new id, null for an unknown tax. */
  editTax(taxId: number, name: string, hundredthsOfPercent: number): number | null {
    const { state } = this
    const tax = state.taxes.find((candidate) => candidate.id === taxId)
    if (tax === undefined) return null
    state.retiredTaxes[taxId] = { ...tax }
    tax.id = Math.max(...state.taxes.map((candidate) => candidate.id)) + 1
    tax.name = name
    tax.rate = hundredthsOfPercent
    if (state.defaultTaxId === taxId) state.defaultTaxId = tax.id
    return tax.id
  }

  /** The line to the tax authority goes or comes back; 72 hours without it give -4. */
  setOfdReachable(reachable: boolean, nowMs: number): void {
    const { ofd } = this.state
    ofd.reachable = reachable
    if (reachable) {
      if (!this.state.session.ofdPacketMode) flushQueue(this.state, nowMs)
    } else ofd.silentSinceMs ??= nowMs
  }

  /** A person presses "cancel" in the bank application: the payment is declined. */
  cancelBank(nowMs: number): void {
    const { running } = this.state.bank
    if (running === null) return
    running.outcome = { result: 'decline', durationMs: 0, responseCode: '17' }
    finishBank(this.state, nowMs)
  }

  /** The next `count` operations answer `code` instead of being executed; -99 follows its reading. */
  failNext(code: number, count = 1): void {
    this.state.failNext = { code, count }
  }

  /** Ends of the next bank operations, before the device's ordinary one. */
  scriptBank(...outcomes: BankOutcome[]): void {
    this.state.bank.script.push(...outcomes)
  }

  private systemCall(nowMs: number, foreign: boolean): Execution {
    const form = new Form(EMPTY_REQUEST)
    return { state: this.state, nowMs, request: EMPTY_REQUEST, form, host: '', foreign, workMs: 0 }
  }

  private execute(request: DeviceRequest, nowMs: number, host: string, foreign: boolean): DeviceReply {
    this.advance(nowMs)
    const { state } = this
    const { lockedTo } = state.session
    const execution: Execution = { state, nowMs, request, form: new Form(request), host, foreign, workMs: 0 }
    const reply = lockedTo !== null && lockedTo !== host ? refusedWith(-18) : this.dispatch(execution)
    this.workMs = execution.workMs
    return reply
  }

  private dispatch(execution: Execution): DeviceReply {
    const { path } = execution.request
    const bare = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
    const busy = this.isBusy(execution.nowMs) ? refusedWith(-2) : null
    const statusBusy = execution.state.readings.busyScope === 'everything' ? busy : null
    switch (bare) {
      case '/api':
        return busy ?? register(execution)
      case '/apicheck/getInfo':
        return statusBusy ?? getInfo(execution)
      case '/apicheck':
        return busy ?? check(execution)
      case '/apicheck/printLastDocument':
        return busy ?? printLastDocument(execution)
      case '/apideposit':
        return busy ?? cashOperation(execution, 'deposit')
      case '/apiwithdraw':
        return busy ?? cashOperation(execution, 'withdrawal')
      case '/apixreport':
        return busy ?? xReport(execution)
      case '/apizreport':
        return busy ?? zReport(execution)
      case '/apibank':
        return busy ?? startBank(execution)
      case '/apiprint':
        return busy ?? this.print(execution)
      case '/apimanage':
        return busy ?? this.manage(execution)
      default:
        if (bare.startsWith('/dump/')) return statusBusy ?? dump(execution, bare)
        return refusedWith(-8)
    }
  }

  /** `/apiprint`: free text by POST (chapter 8). */
  private print(execution: Execution): DeviceReply {
    const { form, request, state } = execution
    const text = form.get('print')
    if (request.method !== 'POST' || form.inQuery('print')) return refusedWith(-8)
    const refusal = operationRefusal(execution, () => printerRefusal(state))
    if (refusal !== null) return refusal
    if (text === null || text === '' || hasBrokenBarcode(text)) return refused('print-lines-parse-error', -7)
    const entry = appendEntry(execution, 'print', 0, currentShift(state)?.id ?? 0)
    entry.print = text
    printText(state, text)
    work(execution, text.split('\n').length)
    return accepted('print-started', '0')
  }

  /** `/apimanage`: the device starts again after its answer (10.2). */
  private manage(execution: Execution): DeviceReply {
    const { reply, then } = manage(execution)
    const { updateTo } = this.state.options
    if (then === 'update' && updateTo !== null) this.state.applicationVersion = updateTo
    if (then !== null) this.reboot(execution.nowMs)
    return reply
  }
}
