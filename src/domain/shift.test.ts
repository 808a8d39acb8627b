import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tiyn } from './money.ts'
import type { Tiyn } from './money.ts'
import {
  DENOMINATIONS,
  countDrawer,
  drawerDifference,
  salesByHour,
  shiftAge,
  shiftTotals,
  tenderFlow,
  tendersInUse,
} from './shift.ts'
import type { ShiftEntry } from './shift.ts'

const HOUR = 3_600_000
const receipt = (kind: 'sale' | 'buy' | 'saleReturn' | 'buyReturn', total: number, at = 0): ShiftEntry => ({
  kind,
  total: tiyn(total),
  payments: { cash: tiyn(total) },
  change: tiyn(0),
  at,
})
const day: ShiftEntry[] = [
  { kind: 'deposit', total: tiyn(500000), at: 0 },
  { kind: 'sale', total: tiyn(80000), payments: { cash: tiyn(100000) }, change: tiyn(20000), at: 0 },
  { kind: 'sale', total: tiyn(80000), payments: { cash: tiyn(50000), bank: tiyn(40000) }, change: tiyn(10000), at: 0 },
  { ...receipt('saleReturn', 30000), payments: { bank: tiyn(30000) } } as ShiftEntry,
  receipt('buy', 7000),
  receipt('buyReturn', 2000),
  { kind: 'withdrawal', total: tiyn(100000), at: 0 },
]

describe('the age of a shift', () => {
  it.each([
    [0, 'fresh'],
    [23 * HOUR - 1, 'fresh'],
    [23 * HOUR, 'soon'],
    [24 * HOUR - 1, 'soon'],
    [24 * HOUR, 'over'],
    [7 * 24 * HOUR, 'week'],
  ] as const)('after %d ms is %s', (age, level) => {
    expect(shiftAge(1000, 1000 + age).level).toBe(level)
  })
  it('says how long is left, and survives a clock that runs behind', () => {
    expect(shiftAge(0, 20 * HOUR)).toEqual({ ageMs: 20 * HOUR, leftMs: 4 * HOUR, level: 'fresh' })
    expect(shiftAge(5000, 0)).toMatchObject({ ageMs: 0, level: 'fresh' })
    expect(shiftAge(0, 30 * HOUR).leftMs).toBe(0)
  })
})

describe('totals', () => {
  const totals = shiftTotals(day)
  it('are counted by type and tender, cash without its change', () => {
    expect(totals.byKind.sale).toEqual({
      count: 2,
      total: 160000,
      byTender: { cash: 120000, bank: 40000, tara: 0, credit: 0 },
    })
    expect(totals.byKind.saleReturn).toMatchObject({ count: 1, total: 30000, byTender: { cash: 0, bank: 30000 } })
    expect(totals.deposits).toEqual({ count: 1, total: 500000 })
    expect(totals.withdrawals).toEqual({ count: 1, total: 100000 })
  })
  it('give the cash flow of the drawer and the revenue', () => {
    expect(totals.cashFlow).toBe(500000 - 100000 + 120000 - 7000 + 2000)
    expect(totals.revenue).toBe(130000)
    expect(tenderFlow(totals, 'bank')).toBe(10000)
    expect(tenderFlow(totals, 'cash') + totals.deposits.total - totals.withdrawals.total).toBe(totals.cashFlow)
  })
  it('are zero for an empty shift', () => {
    expect(shiftTotals([])).toMatchObject({ cashFlow: 0, revenue: 0, byKind: { sale: { count: 0, total: 0 } } })
  })
  it('know which tenders were used at all', () => {
    expect(tendersInUse(day)).toEqual(['cash', 'bank'])
  })
})

describe('the drawer', () => {
  it('is counted in the notes and coins of Kazakhstan', () => {
    expect(DENOMINATIONS.map((value) => value / 100)).toEqual([
      20000, 10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1,
    ])
    const pieces = new Map<Tiyn, number>([
      [tiyn(2_000_000), 2],
      [tiyn(100), 3],
    ])
    expect(countDrawer(pieces)).toBe(4_000_300)
    expect(() => countDrawer(new Map([[tiyn(100), -1]]))).toThrow(RangeError)
  })
  it('is compared with what should be in it', () => {
    expect(drawerDifference(tiyn(500), tiyn(500)).kind).toBe('agrees')
    expect(drawerDifference(tiyn(500), tiyn(400))).toMatchObject({ kind: 'shortage', difference: -100 })
    expect(drawerDifference(tiyn(500), tiyn(700))).toMatchObject({ kind: 'surplus', difference: 200 })
  })
})

describe('sales by hour', () => {
  it('stand on the shop clock, with empty hours between and over midnight', () => {
    const at = (hour: number, minute = 0): number => Date.UTC(2026, 10, 22, hour - 5, minute)
    const entries = [
      receipt('sale', 100, at(22, 59)),
      receipt('sale', 50, at(25)),
      receipt('saleReturn', 30, at(25, 30)),
    ]
    expect(salesByHour(entries, 300)).toEqual([
      { from: at(22), hour: 22, sales: 100, saleCount: 1, returns: 0 },
      { from: at(23), hour: 23, sales: 0, saleCount: 0, returns: 0 },
      { from: at(24), hour: 0, sales: 0, saleCount: 0, returns: 0 },
      { from: at(25), hour: 1, sales: 50, saleCount: 1, returns: 30 },
    ])
  })
  it('begin at the half hour where the shop clock does', () => {
    expect(salesByHour([receipt('sale', 1, Date.UTC(2026, 0, 1, 0, 45))], 330)).toMatchObject([
      { hour: 6, from: Date.UTC(2026, 0, 1, 0, 30) },
    ])
  })
  it('lose nothing and stay bounded, whatever the clock said', () => {
    const entry = fc.record({ total: fc.integer({ min: 100, max: 10 ** 7 }), at: fc.integer({ min: 0, max: 2 ** 41 }) })
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 50 }), fc.constantFrom(0, 300, 330, -210), (list, offset) => {
        const bars = salesByHour(
          list.map((each) => receipt('sale', each.total, each.at)),
          offset,
        )
        expect(bars.length).toBeLessThanOrEqual(168)
        expect(bars.reduce((sum, bar) => sum + bar.sales, 0)).toBe(list.reduce((sum, each) => sum + each.total, 0))
      }),
    )
  })
  it('are none without sales', () => {
    expect(
      salesByHour(
        day.filter((entry) => entry.kind === 'deposit'),
        300,
      ),
    ).toEqual([])
  })
})
