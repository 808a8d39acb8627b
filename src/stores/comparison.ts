/** This terminal's journal beside the device's list of one shift, with everything that a person needs to judge it. */
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { compareShift, type Comparison } from '../domain/comparison.ts'
import type { ReceiptKind } from '../domain/receipt.ts'
import type { WayTotal } from '../domain/paid-ways.ts'
import { shiftTotals, shiftWays, type ShiftTotals } from '../domain/shift.ts'
import { decodeCheques } from '../ikkm/cheques.ts'
import { decodeShiftReport, type ShiftReport } from '../ikkm/reports.ts'
import { chequesRequest, reportRequest } from '../ikkm/requests.ts'
import type { BrokenRow } from '../ikkm/wire-json.ts'
import type { Entry } from '../queue/types.ts'
import { readDevice, type ReadTrouble } from '../till/device-read.ts'
import { useQueueStore } from './queue.ts'
import { services } from '../till/services.ts'
import {
  documentsOf,
  happenedAt,
  settledInShift,
  toDeviceReceipt,
  toOwnReceipt,
  toShiftEntry,
} from '../till/shift-journal.ts'

export interface ShiftComparison {
  readonly shift: number
  readonly report: ShiftReport
  readonly comparison: Comparison
  /** Totals of the journal, cash documents included. */
  readonly own: ShiftTotals
  /** What the shop's own names brought: the device knows none of them. */
  readonly ways: readonly WayTotal[]
  /** Receipts of the journal that may belong to the shift and aren't settled: the comparison isn't the last word. */
  readonly unsettled: readonly Entry[]
  /** Receipts of the device that could not be read: they stand in no row. */
  readonly broken: readonly BrokenRow[]
  /** False where the device's own counters and its list don't agree: a receipt may be missing from the list. */
  readonly complete: boolean
  readonly atMs: number
}

export type ComparisonState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'loading'; readonly shift: number }
  | { readonly kind: 'ready'; readonly value: ShiftComparison }
  /** The device keeps only sums of an archived shift. */
  | { readonly kind: 'archived'; readonly shift: number }
  | { readonly kind: 'failed'; readonly shift: number; readonly trouble: ReadTrouble }

const KINDS = ['sale', 'buy', 'saleReturn', 'buyReturn'] as const satisfies readonly ReceiptKind[]

/** Receipts that a report counts. */
function receiptCount(report: ShiftReport): number {
  return KINDS.reduce((sum, kind) => sum + report.kinds[kind].count, 0)
}

/** Sent in this shift and not settled: its answer is being looked for. */
function isUnderWay(entry: Entry, shift: number): boolean {
  return entry.kind === 'registration' && entry.shift === shift && entry.state !== 'queued' && entry.state !== 'refused'
}

export const useComparisonStore = defineStore('comparison', () => {
  const queue = useQueueStore()
  const state = shallowRef<ComparisonState>({ kind: 'idle' })

  async function read(shift: number): Promise<ComparisonState> {
    const { queue: gateway, now } = services()
    if (gateway === null) return { kind: 'failed', shift, trouble: { kind: 'noDevice' } }
    const before = await readDevice(reportRequest(shift), decodeShiftReport)
    if (before.kind !== 'ok') return { kind: 'failed', shift, trouble: before }
    // An archived shift lists no receipts at all: comparing with that would call every receipt missing.
    if (before.value.archived) return { kind: 'archived', shift }
    const askedAt = now()
    const list = await readDevice(chequesRequest(shift), decodeCheques)
    if (list.kind !== 'ok') return { kind: 'failed', shift, trouble: list }
    const { rows, broken } = list.value
    const newest = rows.reduce((most, cheque) => Math.max(most, cheque.number), 0)
    const settled = await settledInShift(gateway.deviceId, shift, before.value, documentsOf(before.value))
    // What was registered after the device wrote its list isn't missing from it.
    const own = settled.filter((entry) => happenedAt(entry) < askedAt || (entry.number ?? 0) <= newest)
    const entries = own.flatMap((entry) => toShiftEntry(entry) ?? [])
    const unsettled = queue.open.filter((entry) => isUnderWay(entry, shift))
    const listed = rows.length + broken.length
    return {
      kind: 'ready',
      value: {
        shift,
        report: before.value,
        comparison: compareShift(
          own.flatMap((entry) => toOwnReceipt(entry) ?? []),
          rows.map(toDeviceReceipt),
        ),
        own: shiftTotals(entries),
        ways: shiftWays(entries),
        unsettled,
        broken,
        complete: listed === receiptCount(before.value) || (await countsNow(shift, listed)),
        atMs: askedAt,
      },
    }
  }

  /** Counters that were read before the list may be older than it: read once more, they have to agree. */
  async function countsNow(shift: number, listed: number): Promise<boolean> {
    const after = await readDevice(reportRequest(shift), decodeShiftReport)
    return after.kind === 'ok' && receiptCount(after.value) === listed
  }

  /** Compares one shift of the device; a later call for another shift wins over the answer of an earlier one. */
  async function compare(shift: number): Promise<void> {
    const current = state.value
    if (current.kind !== 'ready' || current.value.shift !== shift) state.value = { kind: 'loading', shift }
    wanted = shift
    const result = await read(shift)
    if (wanted === shift) state.value = result
  }
  let wanted: number | null = null

  return { state, compare }
})
