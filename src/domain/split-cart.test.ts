import { describe, expect, it } from 'vitest'
import { buildReceipt } from './build-receipt.ts'
import { addFreeLine, setReceiptDiscount } from './cart-commands.ts'
import type { CartResult } from './cart-commands.ts'
import { cartProblems, cartTotals, createCart } from './cart.ts'
import type { Cart } from './cart.ts'
import { MAX_AMOUNT, tiyn } from './money.ts'
import { checkPayments } from './payment.ts'
import { splitCart, spreadPayments } from './split-cart.ts'
import { randomCart, randomInteger, randomPayments, seededRandom } from './testing/random-cart.ts'

const empty = createCart({ id: 'first', createdAt: 0 })

function cartOf(result: CartResult): Cart {
  if (result.kind !== 'done') throw new Error(result.kind)
  return result.cart
}
function lines(count: number, price: number, taxId: string | null = null, cart = empty): Cart {
  let next = cart
  for (let index = 0; index < count; index++) {
    next = cartOf(addFreeLine(next, { name: `Товар ${index}`, price: tiyn(price), taxId }))
  }
  return next
}
function counter(): () => string {
  let next = 0
  return () => `new-${++next}`
}
function partsOf(cart: Cart): readonly Cart[] {
  const result = splitCart(cart, counter())
  if (result.kind !== 'split') throw new Error(result.kind)
  return result.carts
}

describe('splitting a cart', () => {
  it('is not needed for what the device takes', () => {
    expect(splitCart(lines(80, 500), counter())).toEqual({ kind: 'notNeeded' })
  })
  it('fills receipts of at most 80 rows in order, the first with the id of the cart', () => {
    const parts = partsOf(lines(200, 500))
    expect(parts.map((part) => part.lines.length)).toEqual([80, 80, 40])
    expect(parts.map((part) => part.id)).toEqual(['first', 'new-1', 'new-2'])
    expect(parts.flatMap((part) => part.lines.map((line) => line.id))).toEqual(
      lines(200, 500).lines.map((line) => line.id),
    )
  })
  it('leaves a row for the share of the receipt discount, and shares it to the tiyn', () => {
    const cart = cartOf(setReceiptDiscount(lines(100, 333), { kind: 'amount', amount: tiyn(1000) }))
    const parts = partsOf(cart)
    expect(parts.map((part) => cartTotals(part))).toMatchObject([
      { rows: 80, receiptDiscount: 790 },
      { rows: 22, receiptDiscount: 210 },
    ])
  })
  it('cuts a total above twenty millions', () => {
    const parts = partsOf(lines(3, MAX_AMOUNT))
    expect(parts.map((part) => cartTotals(part).total)).toEqual([MAX_AMOUNT, MAX_AMOUNT, MAX_AMOUNT])
  })
  it('makes a receipt for each tax', () => {
    const parts = partsOf(lines(1, 700, '2', lines(2, 500, '1')))
    expect(parts.map((part) => [part.taxId, cartTotals(part).total])).toEqual([
      ['1', 1000],
      ['2', 700],
    ])
  })
  it('borrows from the part before where the last would be below one tenge', () => {
    const parts = partsOf(lines(1, 50, null, lines(80, 500)))
    expect(parts.map((part) => part.lines.length)).toEqual([79, 2])
  })
  it('says when no cut helps', () => {
    expect(splitCart(empty, counter())).toEqual({ kind: 'impossible' })
    expect(splitCart(lines(1, 50, '2', lines(1, 500, '1')), counter())).toEqual({ kind: 'impossible' })
  })
  it('always gives payable parts that add up to the whole, line by line', () => {
    let split = 0
    for (let seed = 0; seed < 1500; seed++) {
      const cart = randomCart(seededRandom(seed), { maxRows: 400 })
      const result = splitCart(cart, counter())
      if (result.kind !== 'split') continue
      split++
      const sum = result.carts.reduce((total, part) => total + cartTotals(part).total, 0)
      expect(sum).toBe(cartTotals(cart).total)
      expect(result.total).toBe(sum)
      expect(result.carts.flatMap((part) => part.lines)).toEqual(cart.lines)
      for (const part of result.carts) expect(cartProblems(part)).toEqual([])
    }
    expect(split).toBeGreaterThan(25)
  })
})

describe('one payment for several receipts', () => {
  it('uses the card first and gives the change with the last receipt', () => {
    const totals = [tiyn(1000), tiyn(500)]
    expect(spreadPayments(totals, { bank: tiyn(700), cash: tiyn(1000) })).toEqual([
      { bank: 700, cash: 300 },
      { cash: 700 },
    ])
  })
  it('refuses what does not cover the totals, or covers too much without cash', () => {
    expect(spreadPayments([tiyn(1000)], { cash: tiyn(999) })).toBeNull()
    expect(spreadPayments([tiyn(1000)], { bank: tiyn(1001) })).toBeNull()
    expect(spreadPayments([tiyn(1000)], { bank: tiyn(1000), cash: tiyn(1) })).toBeNull()
  })
  it('gives payments that every receipt can be registered with, or none', () => {
    let spread = 0
    for (let seed = 0; seed < 100; seed++) {
      const random = seededRandom(seed)
      const cart = lines(randomInteger(random, 81, 250), randomInteger(random, 2, 5000))
      const result = splitCart(cart, counter())
      if (result.kind !== 'split') continue
      const payments = randomPayments(random, 'sale', result.total)
      const totals = result.carts.map((part) => cartTotals(part).total)
      const parts = spreadPayments(totals, payments)
      if (parts === null) continue
      spread++
      result.carts.forEach((part, index) => {
        const built = buildReceipt(part, parts[index] ?? {}, { texts: { discount: 'Скидка' } })
        expect(built.kind).toBe('receipt')
        expect(checkPayments({ kind: 'sale', total: totals[index] ?? tiyn(0) }, parts[index] ?? {}).kind).toBe('ok')
      })
    }
    expect(spread).toBeGreaterThan(20)
  })
})
