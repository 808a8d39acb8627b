/** The result of a bank operation (source 004, chapter 6.2). Amounts in tiyn, times in ms since the epoch. */
import type { DeviceAnswer } from '../contract/device.ts'
import type { Tiyn } from '../domain/money.ts'
import type { Decoded } from './codec.ts'
import { parseDeviceTime } from './device-time.ts'
import { amount, decodeObject, integer, readRows, text, type BrokenRow, type WireObject } from './wire-json.ts'

export interface BankTransaction {
  readonly success: boolean | null
  readonly operation: string | null
  readonly amount: Tiyn
  readonly paymentSystem: string | null
  /** Masked card number as the bank gave it. */
  readonly pan: string | null
  readonly at: number | null
  readonly reference: string | null
  readonly responseCode: string | null
  readonly trace: string | null
  readonly slot: string | null
  readonly currency: string | null
  readonly cardHolder: string | null
}

export interface BankResult {
  /** Transactions found under the track; 0 while it runs or was never started. */
  readonly found: number
  /** Sum of the successful transactions; null where the device doesn't say. */
  readonly total: Tiyn | null
  readonly success: boolean | null
  readonly transactions: readonly BankTransaction[]
  readonly broken: readonly BrokenRow[]
}

/** Reads `/dump/bank/<track>/trackdocument`. */
export function decodeBankResult(answer: DeviceAnswer): Decoded<BankResult> {
  return decodeObject(answer, (json) => {
    const list = json['details'] ?? []
    if (!Array.isArray(list)) return 'details'
    const { rows, broken } = readRows(list, readTransaction)
    const stated = integer(json['foundTransactions'])
    if (stated === null && json['details'] === undefined) return 'foundTransactions'
    return {
      found: Math.max(stated ?? 0, list.length),
      total: amount(json['totalAmount']),
      success: success(json['transactionResult']),
      transactions: rows,
      broken,
    }
  })
}

function readTransaction(json: WireObject): BankTransaction | string {
  const value = amount(json['amount'])
  if (value === null) return 'amount'
  return {
    success: success(json['result']),
    operation: text(json['operationType']),
    amount: value,
    paymentSystem: text(json['AID']),
    pan: text(json['PAN']),
    at: parseDeviceTime(json['dateTime']),
    reference: text(json['refnum']),
    responseCode: text(json['responce'] ?? json['response']),
    trace: text(json['traceNumber']),
    slot: text(json['bankslot']),
    currency: text(json['currency']),
    cardHolder: text(json['cardHolderName']),
  }
}

function success(value: unknown): boolean | null {
  const word = text(value)?.toLowerCase()
  return word === 'success' ? true : word === 'fail' ? false : null
}
