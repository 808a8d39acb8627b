import { describe, expect, it } from 'vitest'
import type { ReportRow } from '../contract/shop.ts'
import { dayColumns, hourColumns } from './columns.ts'

const row = (key: string, totalTiyn: number): ReportRow => ({
  key,
  receipts: 1,
  returns: 0,
  totalTiyn,
  quantity: 0,
  costTiyn: null,
  taxTiyn: null,
})

describe('columns over time', () => {
  it('hours have no gaps, from the first of both days to the last', () => {
    expect(hourColumns([row('09', 5), row('11', 7)], [row('08', 3), row('11', 4)])).toEqual([
      { key: '08', tiyn: 0, receipts: 0, before: 3 },
      { key: '09', tiyn: 5, receipts: 1, before: 0 },
      { key: '10', tiyn: 0, receipts: 0, before: 0 },
      { key: '11', tiyn: 7, receipts: 1, before: 4 },
    ])
  })

  it('hours stand alone until the days before are read', () => {
    expect(hourColumns([row('09', 5)], null)).toEqual([{ key: '09', tiyn: 5, receipts: 1, before: null }])
    expect(hourColumns([], null)).toEqual([])
  })

  it('days include those without a sale', () => {
    const columns = dayColumns({ from: '2026-02-27', to: '2026-03-02' }, [row('2026-03-01', 9)])
    expect(columns.map(({ key, tiyn }) => [key, tiyn])).toEqual([
      ['2026-02-27', 0],
      ['2026-02-28', 0],
      ['2026-03-01', 9],
      ['2026-03-02', 0],
    ])
  })

  it('of many years only days with sales are shown', () => {
    expect(dayColumns({ from: '2020-01-01', to: '2026-01-01' }, [row('2021-05-05', 9)])).toHaveLength(1)
  })
})
