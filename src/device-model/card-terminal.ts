/** The bank application on the device and its asynchronous result (source 004, chapter 6). */
import type { DeviceReply } from '../contract/device.ts'
import { appendEntry, operationRefusal, type Execution } from './execution.ts'
import { Random } from './random.ts'
import { currentShift } from './shift.ts'
import type { BankRun, BankTransaction, DeviceState } from './state.ts'
import { accepted, bankDate, deviceNumber, refused, twoDecimals } from './wire.ts'

const MESSAGES = ['purchase', 'refund', 'reversal', 'reconciliation'] as const
const MAX_TRACK = 999_999_999
const DECLINED = ['05', '51', '55', '91']

function readRun(execution: Execution): BankRun | DeviceReply {
  const { form, state } = execution
  const message = MESSAGES.find((name) => name === form.get('message'))
  if (message === undefined) return refused('check-all-params', -7)
  const amountText = form.get('amount')
  let amountTiyn = 0
  if (message !== 'reconciliation' || amountText !== null) {
    if (amountText === null) return refused('payment-params-missed', -7)
    amountTiyn = deviceNumber(amountText, 2)
    if (Number.isNaN(amountTiyn)) return refused('bank-param-error', -7)
    const tooSmall = message === 'reconciliation' ? amountTiyn < 0 : amountTiyn <= 0
    if (tooSmall || amountTiyn > state.options.maxAmountTiyn) return refused('bank-not-in-range', -7)
  }
  const trackText = form.get('trackdocument')
  const track = trackText === null ? 0 : /^\d{1,9}$/.test(trackText) ? Number(trackText) : -1
  if (trackText !== null && (track < 1 || track > MAX_TRACK)) return refused('check-all-params', -7)
  const outcome = state.bank.script.shift() ?? state.options.bank
  const dueMs = outcome.result === 'hang' ? null : execution.nowMs + outcome.durationMs
  return { track, message, amountTiyn, keySent: state.key, foreign: execution.foreign, dueMs, outcome }
}

/** `/apibank`: opens the bank application; everything is busy until it ends. The key doesn't change (6.1). */
export function startBank(execution: Execution): DeviceReply {
  const refusal = operationRefusal(execution, () => null)
  if (refusal !== null) return refusal
  const run = readRun(execution)
  if ('kind' in run) return run
  const entry = appendEntry(execution, 'bank', 0, currentShift(execution.state)?.id ?? 0)
  entry.track = run.track
  entry.totalTiyn = run.amountTiyn
  entry.bankMessage = run.message
  execution.state.bank.running = run
  return accepted('bank-is-opened', '0')
}

function transaction(state: DeviceState, run: BankRun, atMs: number, success: boolean): BankTransaction {
  const random = new Random(state.random)
  const traceNumber = state.bank.transactions.length + 60
  return {
    track: run.track,
    operation: run.message === 'reconciliation' ? 'purchase' : run.message,
    amountTiyn: run.amountTiyn,
    atMs,
    success,
    responseCode: success ? '00' : (run.outcome.responseCode ?? random.pick(DECLINED)),
    refnum: String(100_000_000_000 + random.below(1_000_000_000)),
    traceNumber,
    pan: `${random.between(4000, 5599)} XXXX XXXX ${random.between(1000, 9999)}`,
  }
}

/** Ends the running bank operation at `atMs` and keeps what it left behind. */
export function finishBank(state: DeviceState, atMs: number): void {
  const run = state.bank.running
  state.bank.running = null
  // A closing of the cycle is a report: the bank keeps no transaction of it (6.2, operationType).
  if (run === null || run.message === 'reconciliation') return
  const { result, failedBefore = 0 } = run.outcome
  if (result === 'hang' || result === 'not-found') return
  for (let attempt = 0; attempt < failedBefore; attempt += 1)
    state.bank.transactions.push(transaction(state, run, atMs, false))
  state.bank.transactions.push(transaction(state, run, atMs, result === 'approve'))
}

/** `/dump/bank/<track>/trackdocument`: every transaction under this number, the total of the successful ones (6.2). */
export function bankResult(execution: Execution, track: string): DeviceReply {
  const { state } = execution
  if (!/^\d{1,9}$/.test(track)) return refused('check-all-params', -7)
  const found = state.bank.transactions.filter((candidate) => candidate.track === Number(track))
  const successful = found.filter((candidate) => candidate.success)
  const total = successful.reduce((sum, candidate) => sum + candidate.amountTiyn, 0)
  const details = found.map((one) => ({
    AID: one.pan.startsWith('4') ? 'VISA CREDIT' : 'MASTERCARD',
    PAN: one.pan,
    amount: twoDecimals(one.amountTiyn),
    bankslot: '1',
    cardHolderName: '',
    currency: '398',
    dateTime: bankDate(one.atMs, state.options.utcOffsetMinutes),
    operationType: one.operation,
    refnum: one.refnum,
    responce: one.responseCode,
    result: one.success ? 'success' : 'fail',
    traceNumber: String(one.traceNumber),
  }))
  const result = {
    foundTransactions: String(found.length),
    totalAmount: twoDecimals(total),
    transactionResult: successful.length > 0 ? 'success' : 'fail',
    details,
  }
  return accepted('OK', JSON.stringify(result))
}
