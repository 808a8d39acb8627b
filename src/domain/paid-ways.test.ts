import { describe, expect, it } from 'vitest'
import { tiyn } from './money.ts'
import { returnedWay, spreadWays, wayTotals, type PaidWay, owedBy } from './paid-ways.ts'
import type { Tender } from './receipt.ts'

const way = (name: string, tender: Tender, amount: number): PaidWay => ({
  id: name,
  name,
  tender,
  amount: tiyn(amount),
})

describe('ways by the shop’s own names', () => {
  it('are counted by name: returns take off, two names of one tender stay apart', () => {
    const paid = (kind: 'sale' | 'saleReturn', ways: readonly PaidWay[]) => ({
      kind,
      payments: {},
      change: tiyn(0),
      ways,
    })
    expect(
      wayTotals([
        paid('sale', [way('Kaspi QR', 'bank', 300_00), way('Сертификат', 'tara', 50_00)]),
        paid('sale', [way('Halyk', 'bank', 20_00), way('Kaspi QR', 'bank', 1_00)]),
        paid('saleReturn', [way('Kaspi QR', 'bank', 100_00)]),
        { kind: 'sale', payments: { cash: tiyn(5_00) }, change: tiyn(0) },
      ]),
    ).toEqual([
      { tender: 'bank', name: 'Halyk', tiyn: 20_00, count: 1 },
      { tender: 'bank', name: 'Kaspi QR', tiyn: 201_00, count: 3 },
      { tender: 'tara', name: 'Сертификат', tiyn: 50_00, count: 1 },
    ])
  })

  it('are spread over the receipts of one payment to the tiyn, change left out', () => {
    const receipts = [
      { payments: { bank: tiyn(70_00) }, change: tiyn(0) },
      { payments: { bank: tiyn(50_00), cash: tiyn(100_00) }, change: tiyn(40_00) },
    ]
    const ways = [way('Kaspi QR', 'bank', 90_00), way('Halyk', 'bank', 30_00), way('Доллары', 'cash', 60_00)]
    expect(spreadWays(receipts, ways)).toEqual([
      [way('Kaspi QR', 'bank', 70_00)],
      [way('Доллары', 'cash', 60_00), way('Kaspi QR', 'bank', 20_00), way('Halyk', 'bank', 30_00)],
    ])
  })

  it('give money back under the name it came by, where that was one', () => {
    const paid = [way('Kaspi QR', 'bank', 300_00), way('Сертификат', 'tara', 50_00)]
    expect(returnedWay(paid, 'bank', tiyn(120_00))).toEqual([way('Kaspi QR', 'bank', 120_00)])
    expect(returnedWay(paid, 'cash', tiyn(120_00))).toEqual([])
    expect(returnedWay(paid, 'bank', tiyn(301_00))).toEqual([])
    expect(returnedWay([...paid, way('Halyk', 'bank', 1_00)], 'bank', tiyn(1_00))).toEqual([])
    expect(returnedWay(undefined, 'bank', tiyn(1_00))).toEqual([])
  })
})

describe('what somebody owes of a receipt', () => {
  it('is its credit, without what a bank pays', () => {
    const payments = { cash: tiyn(100), credit: tiyn(500) }
    expect(owedBy({ payments })).toBe(500)
    const way = { id: 'w', name: 'Рассрочка', tender: 'credit', amount: tiyn(300) } as const
    expect(owedBy({ payments }, [way])).toBe(500)
    expect(owedBy({ payments }, [{ ...way, bankPays: true }])).toBe(200)
    expect(owedBy({ payments: { cash: tiyn(100) } })).toBe(0)
  })
})
