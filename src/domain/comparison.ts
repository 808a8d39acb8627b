/**
 * This terminal's journal beside the device's receipts of a shift, row by row: what a shop owner signs.
 * Nothing is explained away: what isn't proven equal is shown as differing or as standing on one side only.
 */
import { tiyn } from './money.ts'
import type { Tiyn } from './money.ts'
import type { ReceiptKind } from './receipt.ts'

/** A receipt of the journal. */
export interface OwnReceipt {
  /** Id of the journal's entry. */
  readonly id: string
  /** Number that the device gave, null while it is unknown. */
  readonly number: number | null
  readonly kind: ReceiptKind
  readonly totalTiyn: Tiyn
  /** Sum of the lines before discounts: some devices list receipts so. Absent: the same as the total. */
  readonly grossTiyn?: Tiyn
  /** ms since the epoch. */
  readonly at: number
  /** The terminal's mark on the paper (`A-0137`). */
  readonly mark: string
  /** The shop's own names that it was paid by; absent where by none. */
  readonly paidBy?: readonly string[]
}

/** A receipt as the device lists it. */
export interface DeviceReceipt {
  readonly number: number
  /** null where the device's list leaves it out. */
  readonly kind: ReceiptKind | null
  readonly totalTiyn: Tiyn
  /** ms since the epoch, null where unknown. */
  readonly at: number | null
}

export type Difference = 'number' | 'kind' | 'total'

export type ComparisonRow =
  | {
      readonly kind: 'matched'
      readonly own: OwnReceipt
      readonly device: DeviceReceipt
      /** The device's list leaves discounts out: its sum is that of the lines. */
      readonly withoutDiscounts: boolean
    }
  | {
      readonly kind: 'differing'
      readonly own: OwnReceipt
      readonly device: DeviceReceipt
      readonly differences: readonly Difference[]
    }
  | { readonly kind: 'onlyHere'; readonly own: OwnReceipt }
  | { readonly kind: 'onlyThere'; readonly device: DeviceReceipt }

export interface SideSummary {
  readonly count: number
  readonly byKind: Readonly<Record<ReceiptKind, { readonly count: number; readonly totalTiyn: Tiyn }>>
}

export interface ComparisonSummary {
  readonly matched: number
  readonly differing: number
  readonly onlyHere: number
  readonly onlyThere: number
  readonly own: SideSummary
  readonly device: SideSummary
  /** Every receipt of either side has its equal on the other. */
  readonly agrees: boolean
}

export interface Comparison {
  /** In order of number; receipts without one by time, at the end. */
  readonly rows: readonly ComparisonRow[]
  readonly summary: ComparisonSummary
}

/** Receipts without a common number are set side by side only when they are this close in time. */
const NEAR_MS = 15 * 60_000

function sameTotal(own: OwnReceipt, device: DeviceReceipt): boolean {
  return own.totalTiyn === device.totalTiyn || own.grossTiyn === device.totalTiyn
}

function sameKind(own: OwnReceipt, device: DeviceReceipt): boolean {
  return device.kind === null || device.kind === own.kind
}

function pair(own: OwnReceipt, device: DeviceReceipt): ComparisonRow {
  const differences: Difference[] = []
  if (own.number !== device.number) differences.push('number')
  if (!sameKind(own, device)) differences.push('kind')
  if (!sameTotal(own, device)) differences.push('total')
  if (differences.length > 0) return { kind: 'differing', own, device, differences }
  return { kind: 'matched', own, device, withoutDiscounts: own.totalTiyn !== device.totalTiyn }
}

/** A receipt that could be the same under another number: equal content, near in time; the nearest of them. */
function lookAlike(own: OwnReceipt, candidates: readonly DeviceReceipt[]): DeviceReceipt | null {
  let best: DeviceReceipt | null = null
  let bestGap = NEAR_MS
  for (const device of candidates) {
    const gap = device.at === null ? NEAR_MS : Math.abs(device.at - own.at)
    if (gap > NEAR_MS || !sameKind(own, device) || !sameTotal(own, device)) continue
    if (best === null || gap < bestGap) [best, bestGap] = [device, gap]
  }
  return best
}

function summaryOf(list: readonly { readonly kind: ReceiptKind | null; readonly totalTiyn: Tiyn }[]): SideSummary {
  const of = (kind: ReceiptKind): { count: number; totalTiyn: Tiyn } => {
    const same = list.filter((each) => each.kind === kind)
    return { count: same.length, totalTiyn: tiyn(same.reduce((sum, each) => sum + each.totalTiyn, 0)) }
  }
  return {
    count: list.length,
    byKind: { sale: of('sale'), buy: of('buy'), saleReturn: of('saleReturn'), buyReturn: of('buyReturn') },
  }
}

function orderOf(row: ComparisonRow): readonly [number, number] {
  const number = row.kind === 'onlyHere' ? row.own.number : row.device.number
  const at = row.kind === 'onlyThere' ? row.device.at : row.own.at
  return [number ?? Infinity, at ?? 0]
}

function compareRows(a: ComparisonRow, b: ComparisonRow): number {
  const [numberA, atA] = orderOf(a)
  const [numberB, atB] = orderOf(b)
  return numberA === numberB ? atA - atB : numberA - numberB
}

/**
 * Compares the journal's receipts with the device's. Numbers pair first; what is left is set side by side where content
 * and time fit, and then shown as differing in its number, never as matched. Every receipt appears in exactly one row.
 */
export function compareShift(own: readonly OwnReceipt[], device: readonly DeviceReceipt[]): Comparison {
  const waiting = new Map<number, DeviceReceipt[]>()
  for (const receipt of device) waiting.set(receipt.number, [...(waiting.get(receipt.number) ?? []), receipt])
  const rows: ComparisonRow[] = []
  const unpaired: OwnReceipt[] = []
  for (const receipt of own) {
    const partner = receipt.number === null ? undefined : waiting.get(receipt.number)?.shift()
    if (partner === undefined) unpaired.push(receipt)
    else rows.push(pair(receipt, partner))
  }
  let left = [...waiting.values()].flat()
  for (const receipt of unpaired) {
    const partner = lookAlike(receipt, left)
    if (partner === null) rows.push({ kind: 'onlyHere', own: receipt })
    else {
      rows.push(pair(receipt, partner))
      left = left.filter((each) => each !== partner)
    }
  }
  for (const receipt of left) rows.push({ kind: 'onlyThere', device: receipt })
  rows.sort(compareRows)
  const count = (kind: ComparisonRow['kind']): number => rows.filter((row) => row.kind === kind).length
  return {
    rows,
    summary: {
      matched: count('matched'),
      differing: count('differing'),
      onlyHere: count('onlyHere'),
      onlyThere: count('onlyThere'),
      own: summaryOf(own),
      device: summaryOf(device),
      agrees: count('matched') === rows.length,
    },
  }
}
