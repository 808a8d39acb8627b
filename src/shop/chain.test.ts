import { describe, expect, it } from 'vitest'
import { rowsByShop, shopsOf } from './chain.ts'
import { rowOf, summaryOf, tillOf, TODAY } from './testing/shop-kit.ts'

const tills = [
  tillOf({ till: 'till-0001', shop: 'Абая' }),
  tillOf({ till: 'till-0002', shop: 'Сейфуллина' }),
  tillOf({ till: 'till-0003', shop: 'Абая' }),
]
const byTill = [rowOf('till-0001', 100_00), rowOf('till-0002', 30_00), rowOf('till-0003', 5_00, { returns: 1 })]

describe('a chain', () => {
  it('has a row a shop that adds up to all tills', () => {
    const rows = rowsByShop(summaryOf({ from: TODAY, to: TODAY }, { tills, byTill }))
    expect(rows.map(({ key, totalTiyn, receipts, returns }) => [key, totalTiyn, receipts, returns])).toEqual([
      ['Абая', 105_00, 2, 1],
      ['Сейфуллина', 30_00, 1, 0],
    ])
  })

  it('is none of one shop', () => {
    const one = summaryOf({ from: TODAY, to: TODAY }, { byTill: byTill.slice(0, 1) })
    expect(shopsOf(one)).toEqual([''])
    expect(rowsByShop(one)).toEqual([])
  })
})
