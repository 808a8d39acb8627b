import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareShift } from './comparison.ts'
import type { DeviceReceipt, OwnReceipt } from './comparison.ts'
import { tiyn } from './money.ts'

const own = (number: number | null, total: number, extra: Partial<OwnReceipt> = {}): OwnReceipt => ({
  id: `entry-${number ?? 'x'}-${total}`,
  number,
  kind: 'sale',
  totalTiyn: tiyn(total),
  at: 1_000_000 + (number ?? 0) * 60_000,
  mark: 'A-0001',
  ...extra,
})
const there = (number: number, total: number, extra: Partial<DeviceReceipt> = {}): DeviceReceipt => ({
  number,
  kind: 'sale',
  totalTiyn: tiyn(total),
  at: 1_000_000 + number * 60_000,
  ...extra,
})

describe('the comparison of a shift', () => {
  it('matches receipts by number, type and total', () => {
    const result = compareShift(
      [own(1, 500), own(2, 700, { kind: 'saleReturn' })],
      [there(1, 500), there(2, 700, { kind: 'saleReturn' })],
    )
    expect(result.rows.map((row) => row.kind)).toEqual(['matched', 'matched'])
    expect(result.summary).toMatchObject({
      matched: 2,
      agrees: true,
      own: { count: 2, byKind: { sale: { count: 1, totalTiyn: 500 }, saleReturn: { count: 1, totalTiyn: 700 } } },
      device: { count: 2, byKind: { sale: { count: 1, totalTiyn: 500 } } },
    })
  })
  it('shows what stands on one side only, in order of number', () => {
    const result = compareShift([own(1, 500), own(3, 999)], [there(1, 500), there(2, 700)])
    expect(result.rows.map((row) => row.kind)).toEqual(['matched', 'onlyThere', 'onlyHere'])
    expect(result.summary).toMatchObject({ matched: 1, onlyHere: 1, onlyThere: 1, differing: 0, agrees: false })
  })
  it('names what differs under the same number', () => {
    const result = compareShift([own(1, 500)], [there(1, 600, { kind: 'buy' })])
    expect(result.rows).toMatchObject([{ kind: 'differing', differences: ['kind', 'total'] }])
  })
  it('never calls a receipt without a number matched, but sets it beside the one it looks like', () => {
    const result = compareShift([own(null, 500, { at: 1_100_000 })], [there(7, 500, { at: 1_090_000 }), there(8, 500)])
    expect(result.rows).toMatchObject([
      { kind: 'differing', differences: ['number'], device: { number: 7 } },
      { kind: 'onlyThere', device: { number: 8 } },
    ])
    expect(result.summary.agrees).toBe(false)
  })
  it('does not join what is far apart in time', () => {
    const result = compareShift([own(null, 500, { at: 0 })], [there(7, 500, { at: 3_600_000 })])
    expect(result.rows.map((row) => row.kind)).toEqual(['onlyThere', 'onlyHere'])
  })
  it('accepts a list that leaves discounts or types out, and says so', () => {
    const result = compareShift([own(1, 450, { grossTiyn: tiyn(500) })], [there(1, 500, { kind: null, at: null })])
    expect(result.rows).toMatchObject([{ kind: 'matched', withoutDiscounts: true }])
  })
  it('shows a number that the journal or the device has twice', () => {
    expect(compareShift([own(1, 500), own(1, 500, { id: 'second' })], [there(1, 500)]).summary).toMatchObject({
      matched: 1,
      onlyHere: 1,
    })
    expect(compareShift([own(1, 500)], [there(1, 500), there(1, 500)]).summary).toMatchObject({
      matched: 1,
      onlyThere: 1,
    })
  })
  it('puts every receipt of both sides into exactly one row', () => {
    const number = fc.option(fc.integer({ min: 1, max: 8 }), { nil: null })
    const mine = fc.array(fc.tuple(number, fc.constantFrom(500, 700)), { maxLength: 12 })
    const theirs = fc.array(fc.tuple(fc.integer({ min: 1, max: 8 }), fc.constantFrom(500, 700)), { maxLength: 12 })
    fc.assert(
      fc.property(mine, theirs, (a, b) => {
        const ownList = a.map(([n, total], index) => own(n, total, { id: String(index) }))
        const deviceList = b.map(([n, total]) => there(n, total))
        const { rows, summary } = compareShift(ownList, deviceList)
        const ownSeen = rows.flatMap((row) => (row.kind === 'onlyThere' ? [] : [row.own]))
        const deviceSeen = rows.flatMap((row) => (row.kind === 'onlyHere' ? [] : [row.device]))
        expect(new Set(ownSeen)).toEqual(new Set(ownList))
        expect(ownSeen).toHaveLength(ownList.length)
        expect(new Set(deviceSeen)).toEqual(new Set(deviceList))
        expect(deviceSeen).toHaveLength(deviceList.length)
        expect(summary.matched + summary.differing + summary.onlyHere).toBe(ownList.length)
        for (const row of rows) {
          if (row.kind !== 'matched') continue
          expect([row.own.number, row.own.totalTiyn]).toEqual([row.device.number, row.device.totalTiyn])
        }
      }),
    )
  })
})
