/** The fiscal device's shift beside iiko's: the same figures from both sides. Amounts in tiyn. */
import type { IikoShift } from '../../contract/iiko.ts'
import type { ShiftReport } from '../../ikkm/reports.ts'

export interface ComparedSum {
  readonly row: 'sales' | 'deposits' | 'withdrawals'
  readonly device: number
  /** Null where iiko doesn't say. */
  readonly iiko: number | null
}

/** Sum of what is known; null where nothing is. */
function total(...parts: readonly (number | null)[]): number | null {
  const known = parts.filter((part) => part !== null)
  return known.length === 0 ? null : known.reduce((sum, part) => sum + part, 0)
}

const absolute = (value: number | null): number | null => (value === null ? null : Math.abs(value))

/**
 * iiko counts the withdrawal at the end of the shift (`payIncome`) apart from the others (`payOut`, source 002); the
 * device counts every withdrawal alike. `payIncome` is negative in the samples, of `payOut` they show nothing: both are
 * taken by their size, because what was taken out is never less than nothing.
 */
export function compareShift(report: ShiftReport, shift: IikoShift): readonly ComparedSum[] {
  return [
    {
      row: 'sales',
      device: report.kinds.sale.sum - report.kinds.saleReturn.sum,
      iiko: total(shift.salesCash, shift.salesCard, shift.salesCredit),
    },
    { row: 'deposits', device: report.cashIn.total, iiko: shift.payIn },
    {
      row: 'withdrawals',
      device: report.cashOut.total,
      iiko: total(absolute(shift.payOut), absolute(shift.payIncome)),
    },
  ]
}
