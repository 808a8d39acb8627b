/** What this terminal's journal knows of one shift of the device. */
import type { DeviceReceipt, OwnReceipt } from '../domain/comparison.ts'
import { tiyn } from '../domain/money.ts'
import type { Receipt } from '../domain/receipt.ts'
import type { ShiftEntry } from '../domain/shift.ts'
import { marginOf } from '../domain/stock.ts'
import type { Cheque } from '../ikkm/cheques.ts'
import type { ShiftReport } from '../ikkm/reports.ts'
import { registeredAt, type Entry } from '../queue/types.ts'
import { services } from './services.ts'

/** A record may wait for the device for the 72 hours that it may be offline itself, and is of the shift it got into. */
const LONGEST_WAIT_MS = 72 * 3_600_000
/** The device's clock and the tablet's may differ by so much. */
const LATE_MS = 3_600_000
/** More records than a shift of any shop has: a bound for the search. */
const SEARCH_LIMIT = 20_000

export interface ShiftSpan {
  readonly openedAt: number | null
  readonly closedAt: number | null
}

/**
 * Entries of the shift that took place, in no order. One whose answer was lost may have no number and is looked for by
 * time, but only where the device counts more documents (`documents`; null: unknown) than were found by number.
 */
export async function settledInShift(
  deviceId: string,
  shift: number,
  span: ShiftSpan,
  documents: number | null,
): Promise<readonly Entry[]> {
  const { ledger, now } = services()
  if (ledger === null) return []
  const numbered = (await ledger.inShift(deviceId, shift)).filter((entry) => entry.state === 'done')
  if (documents !== null && numbered.length >= documents) return numbered
  const from = (span.openedAt ?? now()) - LONGEST_WAIT_MS
  const around = await ledger.between(from, (span.closedAt ?? now()) + LATE_MS, SEARCH_LIMIT)
  const numberless = around.filter(
    (entry) => entry.state === 'done' && entry.deviceId === deviceId && entry.shift === shift && entry.number === null,
  )
  return [...numbered, ...numberless]
}

/** Receipts and cash documents that a report counts. */
export function documentsOf(report: ShiftReport): number {
  const receipts = Object.values(report.kinds).reduce((sum, kind) => sum + kind.count, 0)
  return receipts + report.cashIn.count + report.cashOut.count
}

/** When it took place as the terminal knows it, ms. */
export function happenedAt(entry: Entry): number {
  return registeredAt(entry) ?? entry.doneAtMs ?? entry.lastSentAtMs ?? entry.createdAtMs
}

/** As the shift's totals count it; null for what moves no money. */
export function toShiftEntry(entry: Entry): ShiftEntry | null {
  const at = happenedAt(entry)
  if (entry.kind === 'deposit' || entry.kind === 'withdrawal') return { kind: entry.kind, total: entry.amount, at }
  if (entry.kind !== 'registration' || entry.receipt === null) return null
  const { kind, total, payments, change } = entry.receipt
  const margin = marginOf(entry.receipt)
  return { kind, total, payments, change, at, margin, ...(entry.ways && { ways: entry.ways }) }
}

/** A receipt of the device for the chart: how it was paid isn't in its list. */
export function chequeEntry(cheque: Cheque): ShiftEntry | null {
  if (cheque.kind === null || cheque.openedAt === null) return null
  return { kind: cheque.kind, total: cheque.total, payments: {}, change: tiyn(0), at: cheque.openedAt }
}

function grossOf(receipt: Receipt): number {
  return receipt.rows.reduce((sum, row) => sum + (row.kind === 'item' ? row.sum : 0), 0)
}

/** A registration as the comparison sees it; null for everything else. */
export function toOwnReceipt(entry: Entry): OwnReceipt | null {
  const { receipt } = entry
  if (entry.kind !== 'registration' || receipt === null) return null
  return {
    id: entry.id,
    number: entry.number,
    kind: receipt.kind,
    totalTiyn: receipt.total,
    ...(receipt.rows.length > 0 ? { grossTiyn: tiyn(grossOf(receipt)) } : {}),
    at: happenedAt(entry),
    mark: entry.mark,
    ...(entry.ways && { paidBy: entry.ways.map(({ name }) => name) }),
  }
}

export function toDeviceReceipt(cheque: Cheque): DeviceReceipt {
  return { number: cheque.number, kind: cheque.kind, totalTiyn: cheque.total, at: cheque.openedAt }
}
