/** The table part of a receipt as the client sends it (source 004, chapter 5.1). */
import type { LedgerRow } from './state.ts'
import { deviceNumber } from './wire.ts'

function numberOf(value: unknown, places: number): number {
  if (typeof value === 'string') return deviceNumber(value, places)
  return typeof value === 'number' ? deviceNumber(String(value), places) : Number.NaN
}

function readRow(value: unknown): LedgerRow | null {
  if (typeof value !== 'object' || value === null) return null
  const row = value as Record<string, unknown>
  if (typeof row['name'] !== 'string') return null
  const { price, qty, sum, discount } = row
  if (discount !== undefined) {
    // A discount row holds nothing but its name and amount.
    if (price !== undefined || qty !== undefined || sum !== undefined) return null
    const amount = numberOf(discount, 2)
    return amount >= 0 ? { name: row['name'], price: 0, quantity: 0, sum: 0, discount: amount } : null
  }
  const read = { name: row['name'], price: numberOf(price, 2), quantity: numberOf(qty, 3), sum: numberOf(sum, 2) }
  // Comparisons with NaN are false: a value that is no number breaks the row.
  return read.price >= 0 && read.quantity >= 0 && read.sum >= 0 ? { ...read, discount: null } : null
}

/** Rows of `itemdata`, or `broken` (-17). The document doesn't say that the device adds them up, so it doesn't. */
export function readItemdata(text: string): LedgerRow[] | 'broken' {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return 'broken'
  }
  if (!Array.isArray(parsed)) return 'broken'
  const rows: LedgerRow[] = []
  for (const value of parsed) {
    const row = readRow(value)
    if (row === null) return 'broken'
    rows.push(row)
  }
  return rows
}
