/** Shifts of the device that it still keeps, and one of them in detail: report, taxes, receipts, counted drawer. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { tiyn, type Tiyn } from '../domain/money.ts'
import type { ReceiptKind } from '../domain/receipt.ts'
import type { ShiftEntry } from '../domain/shift.ts'
import { decodeCheques, type Cheque } from '../ikkm/cheques.ts'
import { decodeCashiers, decodeTaxes } from '../ikkm/directories.ts'
import { decodeShiftReport, decodeShifts, type DeviceShift, type ShiftReport } from '../ikkm/reports.ts'
import {
  cashiersRequest,
  chequesRequest,
  reportRequest,
  reportWithTaxRequest,
  shiftsRequest,
  taxesRequest,
} from '../ikkm/requests.ts'
import type { Rows } from '../ikkm/wire-json.ts'
import { IDLE, LOADING, loadDevice, readDevice, type Loaded } from '../till/device-read.ts'
import { readDrawerCount, type DrawerCount } from '../till/drawer-count.ts'
import { services } from '../till/services.ts'
import { documentsOf, settledInShift, toShiftEntry } from '../till/shift-journal.ts'

/** A shift of the list with what was registered in it. */
export interface ListedShift {
  readonly shift: DeviceShift
  /** Sums of the shift by kind; null where the next shift isn't in the list. */
  readonly sums: Readonly<Record<ReceiptKind, Tiyn>> | null
}

const KINDS = ['sale', 'buy', 'saleReturn', 'buyReturn'] as const satisfies readonly ReceiptKind[]

/**
 * Newest first. The device lists its fiscal sums at the beginning of each shift: what a shift sold is what the next
 * one began with, less its own beginning. The newest has no next one: `newest` is its report.
 */
export function listShifts(shifts: readonly DeviceShift[], newest: ShiftReport | null = null): readonly ListedShift[] {
  const ascending = [...shifts].sort((a, b) => a.id - b.id)
  const listed = ascending.map((shift, index): ListedShift => {
    const next = ascending[index + 1]
    const report = next === undefined ? newest : null
    if (report === null && next?.id !== shift.id + 1) return { shift, sums: null }
    const sumOf = (kind: ReceiptKind) => report?.kinds[kind].sum ?? tiyn((next?.atOpen[kind] ?? 0) - shift.atOpen[kind])
    const sums = Object.fromEntries(KINDS.map((kind) => [kind, sumOf(kind)]))
    return { shift, sums: sums as Record<ReceiptKind, Tiyn> }
  })
  return listed.reverse()
}

export const usePastShiftsStore = defineStore('past-shifts', () => {
  const list = shallowRef<Loaded<Rows<DeviceShift>>>(IDLE)
  /** Number of the shift in detail, null for none. */
  const number = ref<number | null>(null)
  const report = shallowRef<Loaded<ShiftReport>>(IDLE)
  const receipts = shallowRef<Loaded<Rows<Cheque>>>(IDLE)
  const count = shallowRef<DrawerCount | null>(null)
  const taxNames = shallowRef<ReadonlyMap<string, string>>(new Map())
  const cashierNames = shallowRef<ReadonlyMap<string, string>>(new Map())

  /** Report of the newest shift where it is closed. */
  const newest = shallowRef<ShiftReport | null>(null)

  const shifts = computed(() => (list.value.kind === 'ready' ? listShifts(list.value.value.rows, newest.value) : []))

  /** Reads the list of shifts, and once the names of cashiers. */
  async function loadList(): Promise<void> {
    if (list.value.kind !== 'ready') list.value = LOADING
    const read = await loadDevice(shiftsRequest(), decodeShifts)
    newest.value = null
    list.value = read
    if (read.kind !== 'ready') return
    const last = read.value.rows.reduce<DeviceShift | null>(
      (top, row) => (top === null || row.id > top.id ? row : top),
      null,
    )
    if (last !== null && !last.open) {
      const report = await readDevice(reportRequest(last.id), decodeShiftReport)
      if (report.kind === 'ok' && !report.value.archived) newest.value = report.value
    }
    if (cashierNames.value.size > 0) return
    const cashiers = await readDevice(cashiersRequest(), decodeCashiers)
    if (cashiers.kind === 'ok') cashierNames.value = namesOf(cashiers.value.rows)
  }

  /** Names of taxes; their ids change when a tax is edited, so old ids may have none. */
  async function loadTaxNames(): Promise<void> {
    if (taxNames.value.size > 0) return
    const taxes = await readDevice(taxesRequest(), decodeTaxes)
    if (taxes.kind === 'ok') taxNames.value = namesOf(taxes.value.rows)
  }

  /** Opens one shift; a later call for another shift wins over the answer of an earlier one. */
  async function open(shift: number): Promise<void> {
    if (number.value !== shift) {
      number.value = shift
      report.value = LOADING
      receipts.value = IDLE
      count.value = null
    }
    const { queue } = services()
    const [read, counted] = await Promise.all([
      loadDevice(reportWithTaxRequest(shift), decodeShiftReport),
      queue === null ? null : readDrawerCount(queue.deviceId, shift),
    ])
    if (number.value !== shift) return
    report.value = read
    count.value = counted
    if (read.kind === 'ready' && !read.value.archived) await loadTaxNames()
  }

  /** What this terminal did in the shift that the report tells of. */
  async function entriesOf(shift: number, told: ShiftReport): Promise<readonly ShiftEntry[]> {
    const { queue } = services()
    if (queue === null) return []
    const settled = await settledInShift(queue.deviceId, shift, told, documentsOf(told))
    return settled.flatMap((entry) => toShiftEntry(entry) ?? [])
  }

  /** Reads the receipts of the open shift. */
  async function loadReceipts(): Promise<void> {
    const shift = number.value
    if (shift === null) return
    if (receipts.value.kind !== 'ready') receipts.value = LOADING
    const read = await loadDevice(chequesRequest(shift), decodeCheques)
    if (number.value === shift) receipts.value = read
  }

  return {
    list,
    shifts,
    number,
    report,
    receipts,
    count,
    taxNames,
    cashierNames,
    loadList,
    loadTaxNames,
    open,
    entriesOf,
    loadReceipts,
  }
})

function namesOf(rows: readonly { readonly id: string; readonly name: string }[]): ReadonlyMap<string, string> {
  return new Map(rows.map((row) => [row.id, row.name]))
}
