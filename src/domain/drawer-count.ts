/** What a person counted before a shift was closed, beside what should have been there. Amounts in tiyn. */
import { tiyn } from './money.ts'
import type { Tiyn } from './money.ts'
import { TENDERS } from './receipt.ts'
import type { Tender } from './receipt.ts'
import { shiftTotals, shiftWays, tenderFlow, tendersInUse } from './shift.ts'
import type { ShiftEntry } from './shift.ts'

/** Why a count may differ. */
export const DIFFERENCE_REASONS = ['change', 'cashMove', 'otherTender', 'notRegistered', 'coins', 'unknown'] as const

export const MAX_COUNT_NOTE = 200

/** What a card terminal, a bank's application or a pile of vouchers should say, by tender and by the shop's own name. */
export interface TenderExpected {
  readonly tender: Tender
  /** Empty for what was paid without a name of the shop's own. */
  readonly name: string
  readonly expected: Tiyn
}

export interface TenderCount extends TenderExpected {
  readonly counted: Tiyn
}

/** Everything but the drawer's cash that the receipts of a shift were paid by, in the order of tenders and names. */
export function tendersToCount(entries: readonly ShiftEntry[]): readonly TenderExpected[] {
  const totals = shiftTotals(entries)
  const ways = shiftWays(entries)
  const used = tendersInUse(entries)
  return TENDERS.filter((tender) => tender !== 'cash' && used.includes(tender)).flatMap((tender) => {
    const named = ways.filter((way) => way.tender === tender)
    const rest = tiyn(tenderFlow(totals, tender) - named.reduce((sum, way) => sum + way.tiyn, 0))
    const list = named.map((way): TenderExpected => ({ tender, name: way.name, expected: way.tiyn }))
    return named.length > 0 && rest === 0 ? list : [...list, { tender, name: '', expected: rest }]
  })
}

/** counted - expected: above 0 is too much. */
export function differenceOf({ expected, counted }: Pick<TenderCount, 'expected' | 'counted'>): Tiyn {
  return tiyn(counted - expected)
}
