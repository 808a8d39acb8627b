/** What became more and what less, as a person says it, and the figures that follow from others. Sums are tiyn. */
import type { ReportRow, ShopTotals } from '../contract/shop.ts'
import { mulDiv } from '../domain/money.ts'

/** From twice as much on a person says "3.4 times", below it "12 %". */
const TIMES_FROM = 2

export type Change =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'same' }
  /** There was nothing to compare with, or it was below zero: no percent says anything. */
  | { readonly kind: 'fresh' }
  /** Whole percents, as hundredths of a percent. */
  | { readonly kind: 'more' | 'less'; readonly hundredths: number }
  /** So many times as much, thousandths rounded to tenths. */
  | { readonly kind: 'times'; readonly thousandths: number }

/** How `now` stands to `before`. A change below half a percent is none. */
export function changeOf(now: number, before: number): Change {
  if (now === before) return { kind: now === 0 ? 'nothing' : 'same' }
  if (before <= 0) return { kind: 'fresh' }
  if (now >= TIMES_FROM * before) return { kind: 'times', thousandths: mulDiv(now, 10, before) * 100 }
  const percent = mulDiv(now - before, 100, before)
  if (percent === 0) return { kind: 'same' }
  return { kind: percent > 0 ? 'more' : 'less', hundredths: Math.abs(percent) * 100 }
}

/** What a sale brought on average, before what came back; null without a sale. */
export function averageReceipt({ totalTiyn, returnedTiyn, receipts }: ShopTotals): number | null {
  return receipts === 0 ? null : mulDiv(totalTiyn + returnedTiyn, 1, receipts)
}

export interface Margin {
  readonly tiyn: number
  /** Whole percents of the turnover, as hundredths of a percent; null where there is none. */
  readonly hundredths: number | null
}

/** What stayed of a product's turnover; null where its cost isn't known. */
export function marginOf({ totalTiyn, costTiyn }: Pick<ReportRow, 'totalTiyn' | 'costTiyn'>): Margin | null {
  if (costTiyn === null) return null
  const left = totalTiyn - costTiyn
  return { tiyn: left, hundredths: totalTiyn > 0 ? mulDiv(left, 100, totalTiyn) * 100 : null }
}

/** The same over those products whose cost is known; null where there is none of these. */
export function knownMargin(products: readonly ReportRow[]): (Margin & { readonly products: number }) | null {
  const known = products.filter(({ costTiyn }) => costTiyn !== null)
  if (known.length === 0) return null
  const totalTiyn = known.reduce((sum, row) => sum + row.totalTiyn, 0)
  const costTiyn = known.reduce((sum, row) => sum + (row.costTiyn ?? 0), 0)
  const margin = marginOf({ totalTiyn, costTiyn })
  return margin && { ...margin, products: known.length }
}

/** Part of the whole in whole percents, as hundredths of a percent; 0 where the whole is nothing or the part is below zero. */
export function shareOf(part: number, whole: number): number {
  return whole > 0 && part > 0 ? mulDiv(part, 100, whole) * 100 : 0
}

/** Turnover of the hours that are over at `hour` (0 to 24). */
export function untilHour(byHour: readonly ReportRow[], hour: number): number {
  return byHour.filter(({ key }) => Number(key) < hour).reduce((sum, row) => sum + row.totalTiyn, 0)
}
