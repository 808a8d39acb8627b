import { describe, expect, it } from 'vitest'
import { thousandths, tiyn } from '../domain/money.ts'
import type { Receipt, ReceiptKind, ReceiptRow } from '../domain/receipt.ts'
import { rightsFor, rightToAnswer } from './rights.ts'
import type { EntryKind } from './types.ts'

const TEA: ReceiptRow = {
  kind: 'item',
  name: 'tea',
  code: '1',
  price: tiyn(100),
  quantity: thousandths(1000),
  sum: tiyn(100),
}
const BASIS = { number: 7, registeredAt: 1, total: tiyn(100) }

function receipt(kind: ReceiptKind, change: Partial<Receipt> = {}): Receipt {
  return {
    kind,
    total: tiyn(100),
    payments: { cash: tiyn(100) },
    change: tiyn(0),
    taxId: null,
    rows: [TEA],
    printText: null,
    footerText: null,
    basis: null,
    ...change,
  }
}

const needs = (made: Receipt, corrects = false) => rightsFor({ kind: 'registration', receipt: made }, corrects)

describe('the right that an operation needs', () => {
  it('is the one of its receipt: its kind, its basis, its prices and discounts', () => {
    expect(needs(receipt('sale'))).toEqual(['sell'])
    expect(needs(receipt('buy'))).toEqual(['purchase'])
    expect(needs(receipt('saleReturn'))).toEqual(['returnWithoutReceipt'])
    expect(needs(receipt('saleReturn', { basis: BASIS }))).toEqual(['return'])
    expect(needs(receipt('buyReturn', { basis: BASIS }))).toEqual(['purchase', 'return'])
    expect(needs(receipt('sale', { rows: [{ ...TEA, priceChanged: true }] }))).toEqual(['sell', 'changePrice'])
    const discount: ReceiptRow = { kind: 'discount', name: '-', discount: tiyn(10), scope: 'line' }
    expect(needs(receipt('sale', { rows: [TEA, discount] }))).toEqual(['sell', 'discount'])
    // A return gives back what was sold, with the discount of then.
    expect(needs(receipt('saleReturn', { basis: BASIS, rows: [TEA, discount] }))).toEqual(['return'])
  })

  it('is also the one for the queue where a refused receipt is corrected', () => {
    expect(needs(receipt('sale'), true)).toEqual(['settleQueue', 'sell'])
  })

  it('is named for every other operation', () => {
    const kinds: readonly EntryKind[] = ['deposit', 'withdrawal', 'xReport', 'zReport', 'bank', 'bankClose', 'print']
    expect(kinds.flatMap((kind) => rightsFor({ kind, receipt: null }))).toEqual([
      'cashInOut',
      'cashInOut',
      'report',
      'closeShift',
      'returnWithoutReceipt',
      'closeShift',
      'report',
    ])
  })

  it('is that of cash for money paid back, and one more for what a person writes into the debt book', () => {
    const note = (act: 'paid' | 'forgiven' | 'earlier') =>
      rightsFor({ kind: 'debt', receipt: null, debt: { debtor: 'a', name: 'A', act } })
    expect([note('paid'), note('forgiven'), note('earlier')]).toEqual([['cashInOut'], ['settleQueue'], ['settleQueue']])
  })

  it('is asked for answers that decide what became of money, and for none that only tells what is there', () => {
    const decides = ['isReceiptOurs', 'depositDone', 'cardCharged', 'cardChargedTwice', 'decide'] as const
    expect(decides.map(rightToAnswer)).toEqual(decides.map(() => 'settleQueue'))
    expect([rightToAnswer('closeShift'), rightToAnswer('shiftMismatch')]).toEqual(['closeShift', 'closeShift'])
    expect([rightToAnswer('key'), rightToAnswer('fix'), rightToAnswer('cardDeclined')]).toEqual([null, null, null])
  })
})
