import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ReportRow, ShopTotals } from '../contract/shop.ts'
import { averageReceipt, changeOf, knownMargin, marginOf, shareOf, untilHour } from './comparison.ts'

const totals = (parts: Partial<ShopTotals>): ShopTotals => ({
  from: '2026-11-27',
  to: '2026-11-27',
  totalTiyn: 0,
  receipts: 0,
  returns: 0,
  returnedTiyn: 0,
  ...parts,
})
const row = (key: string, totalTiyn: number, costTiyn: number | null = null): ReportRow => ({
  key,
  receipts: 1,
  returns: 0,
  totalTiyn,
  quantity: 1_000,
  costTiyn,
  taxTiyn: null,
})

describe('a change', () => {
  it('is said in whole percents', () => {
    expect(changeOf(112_00, 100_00)).toEqual({ kind: 'more', hundredths: 1_200 })
    expect(changeOf(88_00, 100_00)).toEqual({ kind: 'less', hundredths: 1_200 })
    expect(changeOf(0, 100_00)).toEqual({ kind: 'less', hundredths: 10_000 })
    // More came back than was sold.
    expect(changeOf(-50_00, 100_00)).toEqual({ kind: 'less', hundredths: 15_000 })
  })

  it('is none below half a percent', () => {
    expect(changeOf(100_49, 100_00 * 1)).toEqual({ kind: 'same' })
    expect(changeOf(100_50, 100_00)).toEqual({ kind: 'more', hundredths: 100 })
    expect(changeOf(5, 5)).toEqual({ kind: 'same' })
    expect(changeOf(0, 0)).toEqual({ kind: 'nothing' })
  })

  it('is said in times from twice as much on', () => {
    expect(changeOf(199, 100)).toEqual({ kind: 'more', hundredths: 9_900 })
    expect(changeOf(200, 100)).toEqual({ kind: 'times', thousandths: 2_000 })
    expect(changeOf(1_234, 100)).toEqual({ kind: 'times', thousandths: 12_300 })
  })

  it('has no percent of nothing', () => {
    expect(changeOf(100, 0)).toEqual({ kind: 'fresh' })
    expect(changeOf(100, -100)).toEqual({ kind: 'fresh' })
  })

  it('says more where it is more, and less where it is less', () => {
    const sum = fc.integer({ min: 0, max: 1_000_000_000_000 })
    fc.assert(
      fc.property(sum, sum, (now, before) => {
        const { kind } = changeOf(now, before)
        if (kind === 'more' || kind === 'times' || kind === 'fresh') expect(now).toBeGreaterThan(before)
        if (kind === 'less') expect(now).toBeLessThan(before)
      }),
    )
  })
})

describe('what follows from the figures', () => {
  it('an average receipt is one of a sale, whatever came back', () => {
    expect(averageReceipt(totals({ totalTiyn: 900_00, returnedTiyn: 100_00, receipts: 3, returns: 1 }))).toBe(333_33)
    expect(averageReceipt(totals({ totalTiyn: -100_00, returnedTiyn: 100_00, returns: 1 }))).toBeNull()
  })

  it('a margin is what stayed of the turnover', () => {
    expect(marginOf(row('Tea', 1_000_00, 700_00))).toEqual({ tiyn: 300_00, hundredths: 3_000 })
    expect(marginOf(row('Tea', 1_000_00, 1_200_00))).toEqual({ tiyn: -200_00, hundredths: -2_000 })
    expect(marginOf(row('Tea', 0, 0))).toEqual({ tiyn: 0, hundredths: null })
    expect(marginOf(row('Tea', 1_000_00))).toBeNull()
  })

  it('a margin of all counts those whose cost is known only', () => {
    expect(knownMargin([row('Tea', 1_000_00, 700_00), row('Bag', 99_00), row('Milk', 1_000_00, 900_00)])).toEqual({
      tiyn: 400_00,
      hundredths: 2_000,
      products: 2,
    })
    expect(knownMargin([row('Bag', 99_00)])).toBeNull()
  })

  it('a share is of the whole, and none of nothing', () => {
    expect(shareOf(1, 3)).toBe(3_300)
    expect(shareOf(-1, 3)).toBe(0)
    expect(shareOf(1, 0)).toBe(0)
  })

  it('hours that are over don’t count the one that goes on', () => {
    const byHour = [row('08', 100), row('09', 20), row('10', 3)]
    expect([8, 9, 10, 11, 24].map((hour) => untilHour(byHour, hour))).toEqual([0, 100, 120, 123, 123])
  })
})
