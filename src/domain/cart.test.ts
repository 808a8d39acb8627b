import { describe, expect, it } from 'vitest'
import { addFreeLine, setReceiptDetails, setReceiptDiscount, setLineDiscount } from './cart-commands.ts'
import type { CartResult } from './cart-commands.ts'
import { cartProblems, cartTax, cartTotals, createCart } from './cart.ts'
import type { Cart } from './cart.ts'
import { thousandths, tiyn } from './money.ts'

const empty = createCart({ id: 'a', createdAt: 0 })

function cartOf(result: CartResult): Cart {
  if (result.kind !== 'done') throw new Error(result.kind)
  return result.cart
}

function line(cart: Cart, tenge: number, pieces = 1, taxId: string | null = null): Cart {
  const quantity = thousandths(pieces * 1000)
  return cartOf(addFreeLine(cart, { name: 'Чай', price: tiyn(tenge * 100), quantity, taxId }))
}

describe('totals', () => {
  it('are those of the drawing: 5150 with 10 % off one line of 2550 is 4895', () => {
    const three = line(line(line(empty, 700, 2), 850, 3), 1200)
    const totals = cartTotals(cartOf(setLineDiscount(three, '2', { kind: 'percent', hundredths: 1000 })), 1600)
    expect(totals).toMatchObject({ subtotal: 515000, lineDiscount: 25500, receiptDiscount: 0, total: 489500, rows: 4 })
    expect(totals.lines[1]).toEqual({ lineId: '2', sum: 255000, discount: 25500, net: 229500 })
    expect(totals.tax).toBe(67517)
  })
  it('take a receipt discount from what the line discounts leave', () => {
    const cart = cartOf(setLineDiscount(line(empty, 1000), '1', { kind: 'amount', amount: tiyn(50000) }))
    const totals = cartTotals(cartOf(setReceiptDiscount(cart, { kind: 'percent', hundredths: 1000 })))
    expect(totals).toMatchObject({
      subtotal: 100000,
      lineDiscount: 50000,
      receiptDiscount: 5000,
      total: 45000,
      rows: 3,
    })
  })
  it('count no row for a discount that rounds to nothing', () => {
    const cart = cartOf(addFreeLine(empty, { name: 'x', price: tiyn(1) }))
    expect(cartTotals(cartOf(setLineDiscount(cart, '1', { kind: 'percent', hundredths: 10 }))).rows).toBe(1)
  })
  it('never take more from a line than it costs, whatever a stored cart says', () => {
    const [first] = line(empty, 5).lines
    if (first === undefined) throw new Error('no line')
    const damaged = { ...empty, lines: [{ ...first, discount: { kind: 'amount' as const, amount: tiyn(9999) } }] }
    expect(cartTotals(damaged)).toMatchObject({ lineDiscount: 500, total: 0 })
  })
  it('know no tax without a rate', () => {
    expect(cartTotals(line(empty, 5)).tax).toBeNull()
  })
})

describe('the tax of a receipt', () => {
  it('is the one that all lines share, or the device default', () => {
    expect(cartTax(line(line(empty, 5, 1, '7'), 6, 1, '7'))).toEqual({ kind: 'one', taxId: '7' })
    expect(cartTax(line(empty, 5))).toEqual({ kind: 'one', taxId: null })
  })
  it('treats the default and the same id written out as one', () => {
    const cart = line(line(empty, 5), 6, 1, '7')
    expect(cartTax(cart, '7')).toEqual({ kind: 'one', taxId: '7' })
    expect(cartTax(cart, '8')).toEqual({ kind: 'mixed', taxIds: ['8', '7'] })
  })
  it('is what the cashier chose, whatever the lines say', () => {
    const cart = cartOf(setReceiptDetails(line(line(empty, 5, 1, '1'), 6, 1, '2'), { taxId: '2' }))
    expect(cartTax(cart)).toEqual({ kind: 'one', taxId: '2' })
  })
})

describe('what forbids paying', () => {
  const kinds = (cart: Cart): string[] => cartProblems(cart).map((problem) => problem.kind)
  it('is nothing for an ordinary cart', () => {
    expect(cartProblems(line(empty, 5))).toEqual([])
  })
  it('is an empty cart', () => {
    expect(kinds(empty)).toEqual(['empty'])
  })
  it('is a total below one tenge', () => {
    expect(kinds(cartOf(addFreeLine(empty, { name: 'x', price: tiyn(99) })))).toEqual(['totalBelowMinimum'])
    expect(kinds(cartOf(addFreeLine(empty, { name: 'x', price: tiyn(100) })))).toEqual([])
  })
  it('is a total above twenty millions, which are themselves allowed', () => {
    expect(kinds(line(empty, 20_000_000))).toEqual([])
    expect(kinds(line(line(empty, 20_000_000), 1))).toEqual(['totalAboveLimit'])
  })
  it('is the 81st row, discount rows counted', () => {
    let cart = empty
    for (let index = 0; index < 80; index++) cart = line(cart, 5)
    expect(kinds(cart)).toEqual([])
    expect(kinds(cartOf(setReceiptDiscount(cart, { kind: 'percent', hundredths: 500 })))).toEqual(['tooManyRows'])
    expect(kinds(line(cart, 5))).toEqual(['tooManyRows'])
  })
  it('is a receipt discount that removed lines left larger than the rest', () => {
    const cart = cartOf(setReceiptDiscount(line(line(empty, 100), 5), { kind: 'amount', amount: tiyn(5000) }))
    expect(kinds({ ...cart, lines: cart.lines.slice(1) })).toEqual(['receiptDiscountAboveTotal'])
  })
  it('are lines of different taxes', () => {
    expect(kinds(line(line(empty, 5, 1, '1'), 6, 1, '2'))).toEqual(['mixedTaxes'])
  })
  it('is a return that names no receipt and was not confirmed as such', () => {
    const cart = line(createCart({ id: 'r', createdAt: 0, kind: 'saleReturn' }), 5)
    expect(kinds(cart)).toEqual(['basisMissing'])
    expect(kinds({ ...cart, withoutBasis: true })).toEqual([])
    expect(kinds({ ...cart, basis: { number: 5, registeredAt: 0, total: tiyn(500) } })).toEqual([])
    expect(kinds({ ...cart, kind: 'buy' })).toEqual([])
  })
})
