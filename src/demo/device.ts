/**
 * The iKKM device as one pure model (source 004): requests and the clock go in, replies come out. Demo mode in the
 * browser, the HTTP emulator and the simulation all run this one.
 */
import type { DeviceReply, DeviceRequest } from '../contract/device.ts'
import type { Payments, ReceiptKind } from '../domain/receipt.ts'
import type { BankOutcome, DeviceState, LedgerEntry } from './state.ts'

export { newDeviceState } from './state.ts'
export type {
  BankOutcome,
  DeviceOptions,
  DeviceState,
  LedgerEntry,
  LedgerKind,
  LedgerRow,
  NewDeviceOptions,
} from './state.ts'
export type { DeviceReadings } from './readings.ts'
export { DEFAULT_READINGS, READING_VALUES, drawReadings } from './readings.ts'

/** What a third party or a person at the device does behind the terminal's back. Consumes and changes the key. */
export type ForeignOperation =
  | {
      readonly kind: ReceiptKind
      readonly totalTiyn: number
      /** Absent: the whole total in cash. */
      readonly payments?: Payments
      readonly itemdata?: string
      readonly footer?: string
      /** false: the key stays as it was. */
      readonly rotatesKey?: boolean
    }
  | { readonly kind: 'deposit' | 'withdrawal'; readonly amountTiyn: number; readonly rotatesKey?: boolean }
  | { readonly kind: 'z' }
  | { readonly kind: 'cashier'; readonly cashierId: number }

export class IkkmDevice {
  /** How long the last request keeps the device busy before its answer leaves, in ms; a transport may hold it so long. */
  workMs = 0

  constructor(readonly state: DeviceState) {}

  /** Executes one request that has arrived. `host` is the sender's address, for the lock of chapter 10.1. */
  handle(_request: DeviceRequest, _nowMs: number, _host = 'client'): DeviceReply {
    throw new Error('not written yet')
  }

  /** Finishes what is due: a closing shift, a bank operation. `handle` calls it too. */
  advance(_nowMs: number): void {
    throw new Error('not written yet')
  }

  /** False while the device starts: nothing is answered then, the transport must not call `handle`. */
  isUp(nowMs: number): boolean {
    return nowMs >= this.state.downUntilMs
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
  reboot(_nowMs: number): void {
    throw new Error('not written yet')
  }

  /** Executes an operation that isn't the client's; the reply is what its author sees, null for a change of cashier. */
  foreignOperation(_operation: ForeignOperation, _nowMs: number): DeviceReply | null {
    throw new Error('not written yet')
  }

  /** The next `count` operations answer `code` instead of being executed; -99 follows its reading. */
  failNext(code: number, count = 1): void {
    this.state.failNext = { code, count }
  }

  /** Ends of the next bank operations, before the device's ordinary one. */
  scriptBank(...outcomes: BankOutcome[]): void {
    this.state.bank.script.push(...outcomes)
  }
}
