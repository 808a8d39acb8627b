/** Shifts, their counters and single receipts (source 004, chapter 9.2). Amounts in tiyn, times in ms since the epoch. */
import type { DeviceAnswer } from '../contract/device.ts'
import type { Tiyn } from '../domain/money.ts'
import type { ReceiptKind } from '../domain/receipt.ts'
import type { Decoded } from './codec.ts'
import { parseDeviceTime } from './device-time.ts'
import {
  amount,
  brokenRow,
  decodeObject,
  decodeRows,
  integer,
  isObject,
  shiftOpen,
  text,
  truth,
  type BrokenRow,
  type Rows,
  type WireObject,
} from './wire-json.ts'

/** Sums of all four registrations, in tiyn. */
export type SumsByKind = Readonly<Record<ReceiptKind, Tiyn>>

export interface DeviceShift {
  readonly id: number
  readonly open: boolean
  readonly openedAt: number | null
  readonly closedAt: number | null
  readonly cashierId: string | null
  /** Fiscal sums at the beginning of the shift. */
  readonly atOpen: SumsByKind
}

/** The list of shifts that aren't archived. */
export function decodeShifts(answer: DeviceAnswer): Decoded<Rows<DeviceShift>> {
  return decodeRows(answer, (json) => {
    const id = integer(json['id'])
    if (id === null) return 'id'
    const open = shiftOpen(json['opened'])
    if (open === null) return 'opened'
    const atOpen = readSums(json)
    if (typeof atOpen === 'string') return atOpen
    return {
      id,
      open,
      openedAt: parseDeviceTime(json['openDate']),
      closedAt: parseDeviceTime(json['closeDate']),
      cashierId: text(json['cashierId']),
      atOpen,
    }
  })
}

/** An absent sum is zero, an unreadable one an error named by its field. */
function readSums(json: unknown): SumsByKind | string {
  if (json === undefined || json === null) return { sale: 0, buy: 0, saleReturn: 0, buyReturn: 0 } as SumsByKind
  if (!isObject(json)) return 'sums'
  // `fiscalData` spells it `sales` where every other place says `sale`.
  const sale = amountOrZero(json['sale'] ?? json['sales'])
  const buy = amountOrZero(json['buy'])
  const saleReturn = amountOrZero(json['saleReturn'])
  const buyReturn = amountOrZero(json['buyReturn'])
  if (sale === null) return 'sale'
  if (buy === null) return 'buy'
  if (saleReturn === null) return 'saleReturn'
  return buyReturn === null ? 'buyReturn' : { sale, buy, saleReturn, buyReturn }
}

function amountOrZero(value: unknown): Tiyn | null {
  return value === undefined || value === null ? (0 as Tiyn) : amount(value)
}

function countOrZero(value: unknown): number | null {
  return value === undefined || value === null ? 0 : integer(value)
}

/** Registrations of one kind. */
export interface KindCounters {
  /** Receipts of the shift. */
  readonly count: number
  /** Their sum. */
  readonly sum: Tiyn
  /** Receipts of this kind since the device began; null where it isn't reported. */
  readonly totalCount: number | null
}

export interface CashCounters {
  readonly count: number
  readonly total: Tiyn
}

export interface TaxTurnover {
  readonly taxId: string
  readonly turnover: Tiyn
  readonly details: readonly TaxDetail[]
}

export interface TaxDetail {
  readonly taxId: string
  readonly included: boolean | null
  /** Rate in hundredths of a percent: 12 % is 1200. */
  readonly rate: number | null
  readonly amount: Tiyn
}

export interface ShiftReport {
  /** Archived shifts report fiscal data only: all counters are zero then and mean nothing. */
  readonly archived: boolean
  readonly open: boolean | null
  readonly openedAt: number | null
  readonly closedAt: number | null
  readonly kinds: Readonly<Record<ReceiptKind, KindCounters>>
  readonly cashIn: CashCounters
  readonly cashOut: CashCounters
  readonly cashWeHave: Tiyn | null
  readonly revenue: Tiyn | null
  readonly atOpen: SumsByKind
  /** The device's fiscal sums now, whichever shift was asked for. */
  readonly now: SumsByKind
  /** By registration kind; empty unless taxes were asked for. */
  readonly taxes: Readonly<Partial<Record<ReceiptKind, readonly TaxTurnover[]>>>
  readonly brokenTaxes: readonly BrokenRow[]
}

const KIND_FIELDS = [
  ['sale', 'totalSaleCheques', 'saleDetails'],
  ['buy', 'totalBuyCheques', 'buyDetails'],
  ['saleReturn', 'totalSaleReturnCheques', 'saleReturnDetails'],
  ['buyReturn', 'totalBuyReturnCheques', 'buyRetDetails'],
] as const satisfies readonly (readonly [ReceiptKind, string, string])[]

/**
 * Reads `/report` and `/reportwithtax`. A counter that the device leaves out counts as zero: an audit that expects
 * one receipt more can then only fail, never pass wrongly. A counter that is there but unreadable makes the whole
 * reply unknown.
 */
export function decodeShiftReport(answer: DeviceAnswer): Decoded<ShiftReport> {
  return decodeObject(answer, readReport)
}

function readReport(json: WireObject): ShiftReport | string {
  const archived = truth(json['isArhived'] ?? json['isArchived']) ?? false
  if (!archived && json['saleDetails'] === undefined && json['shiftState'] === undefined) return 'saleDetails'
  const kinds: Partial<Record<ReceiptKind, KindCounters>> = {}
  for (const [kind, totalField, detailsField] of KIND_FIELDS) {
    const details = json[detailsField] ?? {}
    if (!isObject(details)) return detailsField
    const count = countOrZero(details['cheques'])
    const sum = amountOrZero(details['sum'])
    if (count === null || sum === null) return detailsField
    kinds[kind] = { count, sum, totalCount: integer(json[totalField]) }
  }
  const cashIn = readCash(json, 'cashInDocCount', 'cashInTotal')
  const cashOut = readCash(json, 'cashOutDocCount', 'cashOutTotal')
  if (cashIn === null || cashOut === null) return 'cash counters'
  const atOpen = readSums(json['fiscalDataOnShiftOpen'])
  const now = readSums(json['fiscalData'])
  if (typeof atOpen === 'string') return `fiscalDataOnShiftOpen.${atOpen}`
  if (typeof now === 'string') return `fiscalData.${now}`
  return {
    archived,
    open: shiftOpen(json['shiftState']),
    openedAt: parseDeviceTime(json['dateOpen']),
    closedAt: parseDeviceTime(json['dateClose']),
    kinds: kinds as Record<ReceiptKind, KindCounters>,
    cashIn,
    cashOut,
    cashWeHave: amount(json['cashWeHave']),
    revenue: amount(json['revenue']),
    atOpen,
    now,
    ...readTaxes(json['taxes']),
  }
}

function readCash(json: WireObject, countField: string, totalField: string): CashCounters | null {
  const count = countOrZero(json[countField])
  const total = amountOrZero(json[totalField])
  return count === null || total === null ? null : { count, total }
}

function readTaxes(json: unknown): Pick<ShiftReport, 'taxes' | 'brokenTaxes'> {
  const taxes: Partial<Record<ReceiptKind, readonly TaxTurnover[]>> = {}
  const brokenTaxes: BrokenRow[] = []
  if (json === undefined || json === null) return { taxes, brokenTaxes }
  if (!isObject(json)) return { taxes, brokenTaxes: [brokenRow(0, json, 'taxes')] }
  for (const [kind] of KIND_FIELDS) {
    const list = json[kind] ?? (kind === 'buyReturn' ? json['buyRet'] : undefined)
    if (list === undefined || list === null) continue
    if (!Array.isArray(list)) {
      brokenTaxes.push(brokenRow(0, list, kind))
      continue
    }
    const turnovers: TaxTurnover[] = []
    list.forEach((item: unknown, index) => {
      const turnover = readTurnover(item)
      if (turnover) turnovers.push(turnover)
      else brokenTaxes.push(brokenRow(index, item, kind))
    })
    taxes[kind] = turnovers
  }
  return { taxes, brokenTaxes }
}

function readTurnover(json: unknown): TaxTurnover | null {
  if (!isObject(json)) return null
  const taxId = text(json['taxId'])
  const turnover = amount(json['turnover'])
  const list = json['taxDetails'] ?? []
  if (taxId === null || turnover === null || !Array.isArray(list)) return null
  const details: TaxDetail[] = []
  for (const item of list as unknown[]) {
    const detail = isObject(item) ? readTaxDetail(item, taxId) : null
    if (detail === null) return null
    details.push(detail)
  }
  return { taxId, turnover, details }
}

function readTaxDetail(json: WireObject, taxId: string): TaxDetail | null {
  const tax = amount(json['amount'])
  if (tax === null) return null
  return {
    taxId: text(json['taxId']) ?? taxId,
    included: truth(json['isIncluded']),
    // A percent with two decimals is a whole number of hundredths, as tenge are of tiyn.
    rate: amount(json['taxPercent']),
    amount: tax,
  }
}

/** The receipt behind a web-API key (`/dump/transaction/<key>`). */
export interface Transaction {
  readonly number: number
  readonly createdAt: number | null
  readonly submittedAt: number | null
  /** Sent to the Tax Committee; null where the device doesn't say. */
  readonly submitted: boolean | null
  readonly onlineCode: string | null
}

export function decodeTransaction(answer: DeviceAnswer): Decoded<Transaction> {
  return decodeObject(answer, (json) => {
    const number = integer(json['docid'])
    if (number === null) return 'docid'
    return {
      number,
      createdAt: parseDeviceTime(json['createDate']),
      submittedAt: parseDeviceTime(json['submitDate']),
      submitted: truth(json['status']),
      onlineCode: text(json['onlineCode']),
    }
  })
}
