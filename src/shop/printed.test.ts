import { describe, expect, it } from 'vitest'
import { differences, readRecord } from './printed.ts'

const record = {
  id: 'e1',
  state: 'done',
  number: 12,
  amount: 1_160_00,
  reason: null,
  receipt: {
    kind: 'sale',
    total: 1_160_00,
    payments: { cash: 1_000_00, bank: 660_00 },
    change: 500_00,
    taxId: '1',
    taxName: 'НДС 16%',
    rows: [
      { kind: 'item', name: 'Tea', code: '101', price: 600_00, quantity: 2_000, sum: 1_200_00 },
      { kind: 'discount', name: 'Discount', discount: 40_00 },
    ],
    printText: null,
    footerText: 'Thank you',
    basis: null,
    buyer: { id: '940140000385', name: 'Shop' },
  },
  ways: [{ id: 'w', name: 'Kaspi QR', tender: 'bank', amount: 660_00 }],
}

describe('a receipt from a till’s record', () => {
  it('has its lines, payments and the tax inside', () => {
    expect(readRecord(record)).toMatchObject({
      state: 'done',
      number: 12,
      printed: {
        rows: [{ name: 'Tea', quantity: 2_000 }, { discount: 40_00 }],
        payments: [
          { tender: 'cash', tiyn: 1_000_00 },
          { tender: 'bank', tiyn: 660_00 },
        ],
        change: 500_00,
        tax: { name: 'НДС 16%', tiyn: 160_00 },
        ways: [{ name: 'Kaspi QR', note: '' }],
        buyer: 'Shop · 940140000385',
        texts: ['Thank you'],
      },
    })
  })

  it('says no tax that the name doesn’t tell', () => {
    const other = { ...record, receipt: { ...record.receipt, taxName: 'Other' } }
    expect(readRecord(other)?.printed?.tax).toEqual({ name: 'Other', tiyn: null })
  })

  it('is compared with another version part by part', () => {
    const one = readRecord(record)
    expect(differences(one, readRecord({ ...record, key: '12345678' }))).toEqual([])
    expect(differences(one, readRecord({ ...record, number: 13, amount: 1_00, cashier: 'Aya' }))).toEqual([
      'amount',
      'number',
      'cashier',
    ])
    const otherRows = { ...record.receipt, rows: [], payments: { cash: 1_160_00 }, change: 0 }
    expect(differences(one, readRecord({ ...record, receipt: otherRows }))).toEqual(['lines', 'payments'])
    expect(differences(one, null)).toEqual([])
  })

  it('is none for cash, and for what is no record', () => {
    expect(readRecord({ state: 'done', receipt: null, amount: 500_00 })).toMatchObject({
      printed: null,
      amount: 500_00,
    })
    expect(readRecord({ receipt: { kind: 'sale' } })).toBeNull()
  })
})
