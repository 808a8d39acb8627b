import { describe, expect, it } from 'vitest'
import { tiyn } from '../../domain/money.ts'
import { drawerDifference, type ShiftEntry } from '../../domain/shift.ts'
import { tableCsv } from '../../domain/table.ts'
import type { ShiftReport } from '../../ikkm/reports.ts'
import type { DrawerCount } from '../../till/drawer-count.ts'
import { shiftTables } from './shift-tables.ts'

const none = { count: 0, sum: tiyn(0), totalCount: null }
const sums = { sale: tiyn(0), buy: tiyn(0), saleReturn: tiyn(0), buyReturn: tiyn(0) }
const REPORT: ShiftReport = {
  archived: false,
  open: false,
  openedAt: 0,
  closedAt: 0,
  kinds: { sale: { ...none, count: 2, sum: tiyn(700_00) }, buy: none, saleReturn: none, buyReturn: none },
  cashIn: { count: 1, total: tiyn(50_00) },
  cashOut: { count: 0, total: tiyn(0) },
  cashWeHave: tiyn(450_00),
  revenue: tiyn(700_00),
  atOpen: sums,
  now: sums,
  taxes: {
    sale: [
      {
        taxId: '1',
        turnover: tiyn(700_00),
        details: [{ taxId: '1', included: true, rate: 1600, amount: tiyn(96_55) }],
      },
    ],
  },
  brokenTaxes: [],
}
const ENTRIES: readonly ShiftEntry[] = [
  { kind: 'sale', total: tiyn(400_00), payments: { cash: tiyn(500_00) }, change: tiyn(100_00), at: 0 },
  {
    kind: 'sale',
    total: tiyn(300_00),
    payments: { bank: tiyn(300_00) },
    change: tiyn(0),
    ways: [{ id: 'k', name: 'Kaspi QR', tender: 'bank', amount: tiyn(300_00) }],
    at: 0,
  },
]
const COUNT: DrawerCount = {
  ...drawerDifference(tiyn(450_00), tiyn(440_00)),
  pieces: [[tiyn(200_00), 2]],
  cashier: 'Айгүл',
  atMs: new Date(2026, 10, 22, 21, 0, 0).getTime(),
  blind: true,
  first: tiyn(430_00),
  tenders: [{ tender: 'bank', name: 'Kaspi QR', expected: tiyn(300_00), counted: tiyn(310_00) }],
  reason: 'change',
  note: 'дала лишнюю десятку',
}
const words = { t: (key: string) => key }

const csvOf = (count: DrawerCount | null): string[] =>
  shiftTables(
    { report: REPORT, entries: ENTRIES, count, taxNames: new Map([['1', 'НДС 16%']]), costs: false },
    words,
  ).map(tableCsv)

describe('a shift as tables', () => {
  it('has the register beside this terminal, tenders without change, and what each name brought', () => {
    const [totals = ''] = csvOf(null)
    expect(totals).toContain('shiftPage.kind.sale;2;700;2;700')
    expect(totals).toContain('shiftPage.deposits;1;50;0;0')
    expect(totals).toContain('shiftPage.tender.cash;;;;400')
    expect(totals).toContain('shiftPage.tender.bank: Kaspi QR;;;1;300')
  })

  it('has the count with its difference by tender, the first count, the reason and the notes', () => {
    const [, count = ''] = csvOf(COUNT)
    expect(count).toContain(
      'shiftPage.tender.cash;450;440;-10;closing.reasons.change;дала лишнюю десятку;Айгүл;22.11.2026 21:00:00',
    )
    expect(count).toContain('past.countedFirst;450;430;-20')
    expect(count).toContain('Kaspi QR;300;310;10')
    expect(count).toContain('200;;400;;;;;;2')
  })

  it('has the taxes, and no sheet of a count that nobody made', () => {
    expect(csvOf(null)).toHaveLength(2)
    expect(csvOf(null)[1]).toContain('shiftPage.kind.sale;НДС 16%;700;96,55')
  })

  it('shows a reason of a newer version as it was kept', () => {
    expect(csvOf({ ...COUNT, reason: 'later' })[1]).toContain(';later;')
  })
})
