import { describe, expect, it } from 'vitest'
import { differenceOf, tendersToCount } from './drawer-count.ts'
import { tiyn } from './money.ts'
import type { PaidWay } from './paid-ways.ts'
import type { Payments } from './receipt.ts'
import type { ShiftEntry } from './shift.ts'

const kaspi = (amount: number): PaidWay => ({ id: 'k', name: 'Kaspi QR', tender: 'bank', amount: tiyn(amount) })
const receipt = (kind: 'sale' | 'saleReturn', payments: Payments, ways: readonly PaidWay[] = []): ShiftEntry => ({
  kind,
  total: tiyn(0),
  payments,
  change: tiyn(0),
  ways,
  at: 0,
})

describe('what is counted beside the drawer', () => {
  it('is each tender but cash, by the names of the shop and what is left without one', () => {
    expect(
      tendersToCount([
        receipt('sale', { bank: tiyn(500_00), cash: tiyn(9_00) }, [kaspi(300_00)]),
        receipt('saleReturn', { bank: tiyn(100_00) }, [kaspi(100_00)]),
        receipt('sale', { credit: tiyn(70_00) }),
        { kind: 'deposit', total: tiyn(5_00), at: 0 },
      ]),
    ).toEqual([
      { tender: 'bank', name: 'Kaspi QR', expected: 200_00 },
      { tender: 'bank', name: '', expected: 200_00 },
      { tender: 'credit', name: '', expected: 70_00 },
    ])
  })

  it('has no row without a name where every receipt has one, and none at all for cash', () => {
    expect(tendersToCount([receipt('sale', { bank: tiyn(3_00) }, [kaspi(3_00)])])).toHaveLength(1)
    expect(tendersToCount([receipt('sale', { cash: tiyn(3_00) })])).toEqual([])
  })

  it('differs by what is too much', () => {
    expect(differenceOf({ expected: tiyn(500), counted: tiyn(400) })).toBe(-100)
  })
})
