/** The sales report summed by one of its columns. Amounts in tiyn, shares in hundredths of a percent. */
import type { IikoSalesRow } from '../../contract/iiko.ts'
import { mulDiv } from '../../domain/money.ts'

export const SALES_GROUPS = ['day', 'shift', 'dish', 'payment'] as const
export type SalesGroup = (typeof SALES_GROUPS)[number]

export interface SalesSum {
  /** Day, shift, dish or payment type as iiko wrote it; empty where it wrote none. */
  readonly key: string
  readonly sum: number
  /** Share of the total; null where the total isn't positive: a share of nothing says nothing. */
  readonly share: number | null
  readonly rows: number
}

const KEYS: Readonly<Record<SalesGroup, (row: IikoSalesRow) => string | null>> = {
  day: (row) => row.date,
  shift: (row) => row.shiftNumber,
  dish: (row) => row.dish,
  payment: (row) => row.payTypes,
}

/** Days and shifts in their order, dishes and payment types by their sum, largest first. */
export function sumSales(rows: readonly IikoSalesRow[], by: SalesGroup): readonly SalesSum[] {
  const sums = new Map<string, { sum: number; rows: number }>()
  let total = 0
  for (const row of rows) {
    const key = KEYS[by](row) ?? ''
    const known = sums.get(key) ?? { sum: 0, rows: 0 }
    sums.set(key, { sum: known.sum + row.sum, rows: known.rows + 1 })
    total += row.sum
  }
  const found = [...sums].map(([key, { sum, rows: count }]) => ({
    key,
    sum,
    rows: count,
    share: total > 0 ? mulDiv(sum, 10_000, total) : null,
  }))
  const inOrder = by === 'day' || by === 'shift'
  return found.sort((a, b) =>
    inOrder ? a.key.localeCompare(b.key, 'en', { numeric: true }) : b.sum - a.sum || a.key.localeCompare(b.key),
  )
}
