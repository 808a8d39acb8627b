/** `/api/`: sale, buy and their returns, and the replay of the previous key (source 004, chapters 4, 5.1, 5.2). */
import type { DeviceReply } from '../contract/device.ts'
import { includedTax, percentOf, type Tiyn } from '../domain/money.ts'
import {
  appendEntry,
  documentReply,
  entryOf,
  missingKey,
  printerRefusal,
  refusedWith,
  rotateKey,
  stateRefusal,
  submit,
  takeFailure,
  work,
  type Execution,
} from './execution.ts'
import { readItemdata } from './itemdata.ts'
import { hasBrokenBarcode, printDocument } from './paper.ts'
import { openShift } from './shift.ts'
import { RECEIPT_KINDS, type DeviceState, type DeviceTax, type LedgerRow } from './state.ts'
import { deviceNumber, refused } from './wire.ts'

/** A registration whose parameters are right. Money in tiyn; payments cash, bank, tara, credit. */
interface Order {
  readonly kind: 'order'
  /** Index into RECEIPT_KINDS. */
  readonly type: number
  readonly total: number
  readonly payments: number[]
  readonly change: number
  readonly tax: DeviceTax
  readonly taxTiyn: number
  readonly itemdata: string | null
  readonly rows: LedgerRow[] | null
  readonly print: string | null
  readonly footer: string | null
}

/** Names in reasons (11.2): `cache` is cash, `saleRet` is saleReturn. */
const TYPE_REASONS = ['sale-param-error', 'buy-param-error', 'saleRet-param-error', 'buyRet-param-error']
const TENDER_NAMES = ['cash', 'bank', 'tara', 'credit']
const TENDER_REASONS = ['cache', 'bank', 'tara', 'credit']
const NONE: readonly LedgerRow[] = []

function rounded(state: DeviceState, amount: number): number {
  return state.options.rounding === 'no' ? amount : Math.round(amount / 100) * 100
}

/** The type of registration: exactly one of the four. */
function readType(execution: Execution): number | DeviceReply {
  let type = -1
  for (let index = 0; index < 4; index += 1) {
    if (execution.form.get(RECEIPT_KINDS[index] ?? '') === null) continue
    if (type >= 0) return refused('check-all-params', -7)
    type = index
  }
  return type < 0 ? refused('check-all-params', -7) : type
}

function readPayments(execution: Execution): number[] | DeviceReply {
  const { state, form } = execution
  const payments = [0, 0, 0, 0]
  let given = 0
  for (let tender = 0; tender < 4; tender += 1) {
    const text = form.get(TENDER_NAMES[tender] ?? '')
    if (text === null) continue
    given += 1
    const amount = deviceNumber(text, 2)
    const reason = TENDER_REASONS[tender] ?? ''
    if (Number.isNaN(amount)) return refused(`${reason}-param-error`, -7)
    if (amount < 0 || amount > state.options.maxAmountTiyn) return refused(`${reason}-not-in-range`, -7)
    payments[tender] = rounded(state, amount)
  }
  return given === 0 ? refused('payment-params-missed', -7) : payments
}

/** How the payment fits the amount; `total` is the amount with a tax that comes on top. */
function paymentRefusal(
  state: DeviceState,
  type: number,
  amount: number,
  total: number,
  payments: number[],
): DeviceReply | null {
  const [cash = 0, bank = 0, tara = 0, credit = 0] = payments
  const used = (cash > 0 ? 1 : 0) + (bank > 0 ? 1 : 0) + (tara > 0 ? 1 : 0) + (credit > 0 ? 1 : 0)
  if (used > 1 && (type !== 0 || !state.options.mixedPaymentAllowed)) return refused('no-mixed-payment-allowed', -13)
  const other = bank + tara + credit
  if (other > total) {
    if (state.readings.nonCashAboveTotal === -10) {
      if (bank > total) return refused('bank-hq-sale', -10)
      if (tara > total) return refused('tara-hq-sale', -10)
      if (credit > total) return refused('credit-hq-sale', -10)
    }
    return refused('bank-tara-credit-hq-sale', -13)
  }
  if (other === total && cash > 0) return refused('no-cache-hq-sale', -13)
  if (cash + other < amount) return refused('cash-lq-sale', -10)
  if (cash + other < total) return refused('cash-lq-tax', -12)
  if (cash + other > total && (type !== 0 || !state.options.changeAllowed)) return refused('change-not-allowed', -13)
  return null
}

function readTax(execution: Execution): DeviceTax | DeviceReply {
  const { taxes, defaultTaxId } = execution.state
  const text = execution.form.get('tax')
  if (text !== null && !/^\d+$/.test(text)) return refused('tax-invlid-num', -14)
  const id = text === null ? defaultTaxId : Number(text)
  for (const tax of taxes) if (tax.id === id) return tax
  return refused('tax-not-found', -14)
}

/** Texts go by POST only (5.1); barcodes in them must be whole. */
function textRefusal(execution: Execution, print: string | null, footer: string | null): DeviceReply | null {
  const { form } = execution
  if (form.inQuery('print') || form.inQuery('itemdata') || form.inQuery('footer'))
    return refused('incorrect-method', -8)
  if ((print !== null && hasBrokenBarcode(print)) || (footer !== null && hasBrokenBarcode(footer)))
    return refused('print-lines-parse-error', -7)
  return null
}

function readOrder(execution: Execution): Order | DeviceReply {
  const { state, form } = execution
  const type = readType(execution)
  if (typeof type === 'object') return type
  const raw = deviceNumber(form.get(RECEIPT_KINDS[type] ?? '') ?? '', 2)
  if (Number.isNaN(raw)) return refused(TYPE_REASONS[type] ?? '', -9)
  if (raw < 100) return refused('sale-lq-one', -7)
  if (raw > state.options.maxAmountTiyn) return refused('sale-hq-20mil', -7)
  const amount = rounded(state, raw)
  const payments = readPayments(execution)
  if (!Array.isArray(payments)) return payments
  const tax = readTax(execution)
  if ('kind' in tax) return tax
  const taxTiyn =
    tax.rate === 0 ? 0 : tax.included ? includedTax(amount as Tiyn, tax.rate) : percentOf(amount as Tiyn, tax.rate)
  const total = tax.included ? amount : amount + taxTiyn
  const payment = paymentRefusal(state, type, amount, total, payments)
  if (payment !== null) return payment
  const print = form.get('print')
  const footer = form.get('footer')
  const text = textRefusal(execution, print, footer)
  if (text !== null) return text
  const itemdata = form.get('itemdata')
  const rows = itemdata === null ? null : readItemdata(itemdata)
  if (rows === 'broken') return refusedWith(-17)
  const [cash = 0, bank = 0, tara = 0, credit = 0] = payments
  // Money leaves the drawer for a purchase and for the return of a sale (-15).
  if ((type === 1 || type === 2) && cash > state.cashTiyn) return refused('no-cash-in-pos', -15)
  const change = cash + bank + tara + credit - total
  return { kind: 'order', type, total, payments, change, tax, taxTiyn, itemdata, rows, print, footer }
}

function execute(execution: Execution, order: Order): DeviceReply {
  const { state } = execution
  const { type, total, rows } = order
  const oldKey = state.key
  const shift = openShift(state, execution.nowMs)
  state.lastNumber += 1
  const number = state.lastNumber
  state.lastClosedNumber = number
  rotateKey(state)
  const entry = appendEntry(execution, RECEIPT_KINDS[type] ?? 'sale', number, shift.id)
  entry.totalTiyn = total
  entry.payments = order.payments
  entry.changeTiyn = order.change
  entry.taxId = order.tax.id
  entry.taxTiyn = order.taxTiyn
  entry.itemdata = order.itemdata
  entry.rows = rows
  entry.print = order.print
  entry.footer = order.footer
  const rowCount = rows === null || rows.length === 0 ? 1 : rows.length
  entry.onlineRows = rowCount > state.options.maxOnlineRows ? 1 : rowCount
  entry.firstRowId = state.nextRowId
  state.nextRowId += rowCount
  const cash = (order.payments[0] ?? 0) - order.change
  state.cashTiyn += type === 0 || type === 3 ? cash : -cash
  add(state.sums, type, total)
  add(state.counts, type, 1)
  add(shift.sums, type, total)
  add(shift.counts, type, 1)
  state.replay = { key: oldKey, number, seq: entry.seq, request: requestText(execution) }
  submit(execution, entry)
  printDocument(state, entry)
  work(execution, 12 + (rows ?? NONE).length * 2)
  const printer = printerRefusal(state)
  if (printer !== null) {
    entry.answered = Number(printer.body)
    return printer
  }
  return documentReply(number, state.key)
}

function add(list: number[], index: number, value: number): void {
  list[index] = (list[index] ?? 0) + value
}

function requestText(execution: Execution): string {
  return execution.state.readings.replayComparesBody
    ? `${execution.request.query}\n${execution.request.body ?? ''}`
    : ''
}

/** The previous key: the same answer again, a duplicate on paper, nothing registered (chapter 4). */
function replay(execution: Execution): DeviceReply {
  const { state } = execution
  const remembered = state.replay
  if (remembered === null) return refusedWith(-1)
  const printer = printerRefusal(state)
  if (printer !== null) return printer
  const entry = entryOf(state, remembered.seq)
  if (entry !== undefined) {
    entry.duplicates += 1
    printDocument(state, entry, 'duplicate')
    work(execution, 12)
  }
  if (state.readings.replayKey === 'new') rotateKey(state)
  return documentReply(remembered.number, state.key)
}

/** -99 in the middle of a registration: what it leaves behind is a reading. */
function internalError(execution: Execution): DeviceReply {
  const reading = execution.state.readings.internalError
  if (reading === 'registers') {
    const order = readOrder(execution)
    if (order.kind === 'reply') return order
    execute(execution, order)
    const entry = execution.state.ledger[execution.state.ledger.length - 1]
    if (entry !== undefined) entry.answered = -99
  } else if (reading === 'rotates') {
    rotateKey(execution.state)
  }
  return refusedWith(-99)
}

/** Executes `/api/`. */
export function register(execution: Execution): DeviceReply {
  const { state } = execution
  const missing = missingKey(execution)
  if (missing !== null) return missing
  const withPrinter = state.readings.paperOut === 'before'
  if (state.readings.checks === 'before-key') {
    const refusal = stateRefusal(execution, withPrinter)
    if (refusal !== null) return refusal
    const order = readOrder(execution)
    if (order.kind === 'reply') return order
  }
  const failure = takeFailure(state)
  if (failure !== 0 && failure !== -99) return refusedWith(failure)
  const key = execution.form.get('key')
  if (key !== state.key) {
    const { replay: remembered, readings } = state
    if (remembered?.key !== key) return refused('incorrect-web-api-key', -1)
    if (readings.replayComparesBody && remembered.request !== requestText(execution)) return refusedWith(-1)
    return replay(execution)
  }
  const refusal = stateRefusal(execution, withPrinter)
  if (refusal !== null) return refusal
  if (failure === -99) return internalError(execution)
  const order = readOrder(execution)
  return order.kind === 'reply' ? order : execute(execution, order)
}
