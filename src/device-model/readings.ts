/**
 * The document (source 004) leaves points open. Each is a switch here, so that the terminal can be proven right
 * under every reading (docs/protocol.md, "What the document leaves open").
 */
import type { Random } from './random.ts'

export interface DeviceReadings {
  /** Deposit and withdrawal: `same` answers the unchanged key (5.3), `rotates` a new one (4), `zero` answers 0. */
  cashKey: 'same' | 'rotates' | 'zero'
  /** Deposits and withdrawals take their number from the receipts' counter (the 126 and 127 of 5.3). */
  cashTakesNumbers: boolean
  /** Their number shows as `lastClosedChequeId` and in the reason of `/apicheck`. */
  cashIsLastClosed: boolean
  /**
   * What a registration with the previous key is answered after a deposit or withdrawal:
   * `overwrites`: that document's answer; `keeps-pair`: the last registration's key and answer stay remembered;
   * `keeps-answer`: the previous key moves on, the remembered answer stays.
   */
  cashReplay: 'overwrites' | 'keeps-pair' | 'keeps-answer'
  /** Checks of device and parameters come before or after the comparison of the key. */
  checks: 'after-key' | 'before-key'
  /** While a shift closes or the bank application runs: everything is answered -2, or only operations. */
  busyScope: 'everything' | 'operations'
  previousKeySurvivesReboot: boolean
  previousKeySurvivesZ: boolean
  /** The key after a start of the device. */
  keyAtStart: 'kept' | 'new'
  /** Without paper (-6): noticed before registering, or after the document is in fiscal memory. */
  paperOut: 'before' | 'after'
  /** What -99 leaves behind. */
  internalError: 'nothing' | 'rotates' | 'registers'
  /** Z report: key unchanged (5.3), changed and answered (4), or changed and answered 0. */
  zKey: 'same' | 'returned' | 'silent'
  /** Z report while no shift is open: an error, or a shift without documents is opened and closed. */
  zRepeated: 'error' | 'empty'
  /** A Z report takes the cash out first (10.1 explains its delay so). */
  zWithdrawsCash: boolean
  /** A Z report is answered when it starts (5.3), or when the shift is closed (the 90 s of chapter 3). */
  zAnswer: 'at-start' | 'at-end'
  /** Power lost while a shift closes. */
  zAtReboot: 'finishes' | 'lost'
  zNeedsSenior: boolean
  /** Power lost while the bank application runs: its result is kept as it would have been, or never found. */
  bankAtReboot: 'kept' | 'lost'
  /** `/apicheck` and `getInfo` compare the key. */
  statusChecksKey: boolean
  /** `/dump` compares the key. */
  dumpChecksKey: boolean
  /** Which key names a receipt in `/dump/transaction/<key>`. */
  transactionKey: 'sent' | 'returned'
  /** A replay answers the current key, or changes the key once more. */
  replayKey: 'current' | 'new'
  /** A replay needs the same request, not only the previous key. */
  replayComparesBody: boolean
  /** One payment type other than cash above the total. */
  nonCashAboveTotal: -10 | -13
  /** 11.1 gives low battery -5, 11.2 gives `check-printer-or-batt` -6. */
  lowBattery: -5 | -6
  /** A discount row of itemdata in `/cheques`: a row with a negative sum, or none. */
  chequeDiscounts: 'negative-row' | 'omitted'
}

/** The reading nearest to the document's own examples. */
export const DEFAULT_READINGS: Readonly<DeviceReadings> = {
  cashKey: 'same',
  cashTakesNumbers: true,
  cashIsLastClosed: true,
  cashReplay: 'keeps-pair',
  checks: 'after-key',
  busyScope: 'everything',
  previousKeySurvivesReboot: true,
  previousKeySurvivesZ: true,
  keyAtStart: 'kept',
  paperOut: 'before',
  internalError: 'nothing',
  zKey: 'same',
  zRepeated: 'error',
  zWithdrawsCash: false,
  zAnswer: 'at-start',
  zAtReboot: 'finishes',
  zNeedsSenior: false,
  bankAtReboot: 'kept',
  statusChecksKey: true,
  dumpChecksKey: true,
  transactionKey: 'sent',
  replayKey: 'current',
  replayComparesBody: false,
  nonCashAboveTotal: -10,
  lowBattery: -5,
  chequeDiscounts: 'negative-row',
}

/** Every reading of every point, the default first. */
export const READING_VALUES: { readonly [Name in keyof DeviceReadings]: readonly DeviceReadings[Name][] } = {
  cashKey: ['same', 'rotates', 'zero'],
  cashTakesNumbers: [true, false],
  cashIsLastClosed: [true, false],
  cashReplay: ['keeps-pair', 'overwrites', 'keeps-answer'],
  checks: ['after-key', 'before-key'],
  busyScope: ['everything', 'operations'],
  previousKeySurvivesReboot: [true, false],
  previousKeySurvivesZ: [true, false],
  keyAtStart: ['kept', 'new'],
  paperOut: ['before', 'after'],
  internalError: ['nothing', 'rotates', 'registers'],
  zKey: ['same', 'returned', 'silent'],
  zRepeated: ['error', 'empty'],
  zWithdrawsCash: [false, true],
  zAnswer: ['at-start', 'at-end'],
  zAtReboot: ['finishes', 'lost'],
  zNeedsSenior: [false, true],
  bankAtReboot: ['kept', 'lost'],
  statusChecksKey: [true, false],
  dumpChecksKey: [true, false],
  transactionKey: ['sent', 'returned'],
  replayKey: ['current', 'new'],
  replayComparesBody: [false, true],
  nonCashAboveTotal: [-10, -13],
  lowBattery: [-5, -6],
  chequeDiscounts: ['negative-row', 'omitted'],
}

const READING_NAMES = Object.keys(READING_VALUES) as (keyof DeviceReadings)[]

/** Readings drawn at random: each point keeps its default with `keepDefault`, otherwise any of its values. */
export function drawReadings(random: Random, keepDefault = 0.5): DeviceReadings {
  const drawn: Record<string, unknown> = { ...DEFAULT_READINGS }
  for (const name of READING_NAMES) {
    const values: readonly unknown[] = READING_VALUES[name]
    if (!random.chance(keepDefault)) drawn[name] = random.pick(values)
  }
  return drawn as unknown as DeviceReadings
}
