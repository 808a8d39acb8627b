/** The state of the device: `/apicheck`, `getInfo` and the print mode (source 004, chapters 7 and 10.1). */
import type { DeviceAnswer } from '../contract/device.ts'
import type { Tiyn } from '../domain/money.ts'
import { decodeCommandReply, readReasonNumber, unknownReply, type Decoded } from './codec.ts'
import { PRINT_MODES, type PrintMode } from './requests.ts'
import { amount, decodeObject, integer, shiftOpen, text, type WireObject } from './wire-json.ts'

/** `getInfo`, full or minimum: what a firmware leaves out is null. */
export interface DeviceInfo {
  /** Number of the last closed receipt; 0 on a new device. */
  readonly lastNumber: number | null
  readonly shift: number | null
  readonly shiftOpen: boolean | null
  readonly defaultTaxId: string | null
  readonly cashierId: string | null
  readonly cashierName: string | null
  /** Cash in the drawer. */
  readonly cashWeHave: Tiyn | null
  readonly serial: string | null
  readonly firmware: string | null
  readonly batteryPercent: number | null
  /** Messages not yet sent to the Tax Committee. */
  readonly unsentMessages: number | null
  readonly printMode: string | null
  /** The device's rounding rule; `no` for none. */
  readonly rounding: string | null
  readonly databaseKb: number | null
  readonly flashMb: number | null
  readonly ramMb: number | null
}

/** Reads `getInfo` in both forms. A JSON object without last receipt, shift and serial isn't an iKKM's. */
export function decodeInfo(answer: DeviceAnswer): Decoded<DeviceInfo> {
  return decodeObject(answer, readInfo)
}

function readInfo(json: WireObject): DeviceInfo | string {
  const lastNumber = integer(json['lastClosedChequeId'])
  const shift = integer(json['currentShiftID'])
  const serial = text(json['factorySerialNumber'])
  if (lastNumber === null && shift === null && serial === null) return 'lastClosedChequeId'
  return {
    lastNumber,
    shift,
    shiftOpen: shiftOpen(json['currentShiftStatus']),
    defaultTaxId: text(json['defaultApiTaxID']),
    cashierId: text(json['cashierID']),
    cashierName: text(json['cashierName']),
    cashWeHave: amount(json['cashWeHave']),
    serial,
    firmware: text(json['applicationVersion']),
    batteryPercent: integer(json['batteryCapacityPerc']),
    unsentMessages: integer(json['messagesQueSize']),
    printMode: text(json['printingMode']),
    rounding: text(json['roudingRule'] ?? json['roundingRule']),
    databaseKb: integer(json['databaseSizeKb']),
    flashMb: integer(json['totalFlashUsedMb']),
    ramMb: integer(json['totalRamUsedMb']),
  }
}

/** `/apicheck`: ready, and the last closed receipt (null where the path lost the reason phrase). */
export interface DeviceStatus {
  readonly lastNumber: number | null
}

export function decodeStatus(answer: DeviceAnswer): Decoded<DeviceStatus> {
  const outcome = decodeCommandReply(answer)
  if (outcome.kind === 'code' || outcome.kind === 'unknown') return outcome
  const number = answer.kind === 'reply' ? readReasonNumber(answer.reason) : null
  if (outcome.kind === 'key' && answer.kind === 'reply') return unknownReply('contradiction', answer, 'status')
  return { kind: 'ok', value: { lastNumber: number === 'contradiction' ? null : number } }
}

/** `getPrintMode`: the document doesn't say where the answer stands, so body and reason are both read. */
export function decodePrintMode(answer: DeviceAnswer): Decoded<PrintMode | null> {
  if (answer.kind === 'reply' && answer.status === 200) {
    const words = `${answer.body} ${answer.reason}`.toLowerCase()
    const mode = PRINT_MODES.find((name) => words.includes(name))
    if (mode !== undefined) return { kind: 'ok', value: mode }
  }
  const outcome = decodeCommandReply(answer)
  return outcome.kind === 'code' || outcome.kind === 'unknown' ? outcome : { kind: 'ok', value: null }
}
