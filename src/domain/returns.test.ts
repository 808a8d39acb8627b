import { describe, expect, it } from 'vitest'
import { buildReceipt } from './build-receipt.ts'
import { addFreeLine, setLineDiscount, setReceiptDiscount } from './cart-commands.ts'
import type { CartResult } from './cart-commands.ts'
import { cartTotals, createCart } from './cart.ts'
import type { Cart } from './cart.ts'
import { lineSum, thousandths, tiyn } from './money.ts'
import type { Thousandths } from './money.ts'
import type { BasisReceipt, Receipt } from './receipt.ts'
import { buildReturn, previewReturn, returnTenders, returnableReceipt, selectAllLeft } from './returns.ts'
import type { ReturnSelection, ReturnableReceipt } from './returns.ts'
import { randomCart, randomInteger, seededRandom } from './testing/random-cart.ts'

const texts = { discount: 'Скидка', rounding: 'Округление' }

function cartOf(result: CartResult): Cart {
  if (result.kind !== 'done') throw new Error(result.kind)
  return result.cart
}
function receiptOf(cart: Cart): Receipt {
  const built = buildReceipt(cart, { cash: cartTotals(cart).total }, { texts })
  if (built.kind !== 'receipt') throw new Error(built.kind)
  return built.receipt
}
const basisOf = (receipt: Receipt): BasisReceipt => ({ number: 164, registeredAt: 1_000, total: receipt.total })
function left(receipt: Receipt, earlier: readonly Receipt[] = [], wholeTenge = false): ReturnableReceipt {
  const returnable = returnableReceipt(receipt, basisOf(receipt), earlier, { wholeTenge })
  if (returnable === null) throw new Error('not returnable')
  return returnable
}
function returned(returnable: ReturnableReceipt, selection: ReturnSelection): Receipt {
  const result = buildReturn(returnable, selection, 'cash', { texts })
  if (result.kind !== 'receipt') throw new Error(JSON.stringify(result))
  return result.receipt
}
const some = (entries: Record<number, number>): ReturnSelection =>
  new Map(Object.entries(entries).map(([index, quantity]) => [Number(index), thousandths(quantity)]))

let cart = createCart({ id: 'a', createdAt: 0 })
cart = cartOf(addFreeLine(cart, { name: 'Эспрессо', price: tiyn(70000), quantity: thousandths(2000) }))
cart = cartOf(addFreeLine(cart, { name: 'Самса', price: tiyn(85000), quantity: thousandths(3000) }))
cart = cartOf(setLineDiscount(cart, '2', { kind: 'percent', hundredths: 1000 }))
cart = cartOf(setReceiptDiscount(cart, { kind: 'amount', amount: tiyn(1000) }))
const sale = receiptOf(cart)

describe('a whole return', () => {
  it('mirrors the rows of the sale and keeps number, date and total of its basis', () => {
    const receipt = returned(left(sale), selectAllLeft(left(sale)))
    expect(receipt).toMatchObject({
      kind: 'saleReturn',
      total: sale.total,
      payments: { cash: sale.total },
      change: 0,
      basis: { number: 164, registeredAt: 1000, total: sale.total },
    })
    const shape = (row: Receipt['rows'][number]): number => (row.kind === 'item' ? row.sum : -row.discount)
    expect(receipt.rows.map(shape)).toEqual(sale.rows.map(shape))
  })
  it('leaves nothing to return', () => {
    const all = returned(left(sale), selectAllLeft(left(sale)))
    const after = left(sale, [all])
    expect(after.totalLeft).toBe(0)
    expect(after.lines.map((line) => line.left)).toEqual([0, 0])
    expect(buildReturn(after, selectAllLeft(after), 'cash', { texts })).toEqual({
      kind: 'return',
      problem: { kind: 'nothingSelected' },
    })
  })
  it('of a purchase is a purchase return, and of a return is none', () => {
    expect(left({ ...sale, kind: 'buy' }).kind).toBe('buyReturn')
    expect(returnableReceipt({ ...sale, kind: 'saleReturn' }, basisOf(sale), [])).toBeNull()
  })
})

describe('a return of lines', () => {
  it('gives back the discounted price of the pieces that came back', () => {
    const receipt = returned(left(sale), some({ 1: 1000 }))
    // 850 - 10 % is 765, minus this piece's share of the 10 ₸ off the receipt.
    expect(receipt.total).toBe(76293)
    expect(receipt.rows).toMatchObject([
      { kind: 'item', name: 'Самса', quantity: 1000, sum: 85000, basisLine: 1 },
      { kind: 'discount', discount: 8500, scope: 'line' },
      { kind: 'discount', discount: 207, scope: 'receipt' },
    ])
    expect(left(sale, [receipt]).lines[1]).toMatchObject({ returned: 1000, left: 2000 })
  })
  it('is limited by what earlier returns left', () => {
    const first = returned(left(sale), some({ 1: 2000 }))
    const after = left(sale, [first])
    expect(previewReturn(after, some({ 1: 2000 }), texts)).toEqual({ kind: 'moreThanLeft', index: 1, left: 1000 })
    expect(previewReturn(after, some({ 7: 1 }), texts)).toEqual({ kind: 'lineNotFound', index: 7 })
    expect(previewReturn(after, some({ 1: -1 }), texts)).toEqual({ kind: 'quantityNotPositive', index: 1 })
    expect(previewReturn(after, some({ 1: 0 }), texts)).toEqual({ kind: 'nothingSelected' })
  })
  it('counts earlier returns that name no line by name and price, and never gives back more than was paid', () => {
    const foreign: Receipt = {
      ...returned(left(sale), some({ 1: 1000 })),
      rows: [
        { kind: 'item', name: 'Самса', code: null, price: tiyn(85000), quantity: thousandths(1000), sum: tiyn(85000) },
      ],
      total: tiyn(300000),
    }
    const after = left(sale, [foreign])
    expect(after.lines[1]).toMatchObject({ left: 2000 })
    expect(previewReturn(after, selectAllLeft(after), texts)).toMatchObject({
      kind: 'aboveBasis',
      left: after.totalLeft,
    })
  })
  it('carries a tiyn that price x quantity cannot express as a row of its own', () => {
    let weighed = createCart({ id: 'w', createdAt: 0 })
    weighed = cartOf(addFreeLine(weighed, { name: 'Орехи', price: tiyn(101), quantity: thousandths(3600) }))
    const receipt = receiptOf(weighed)
    const parts = [returned(left(receipt), some({ 0: 1200 }))]
    parts.push(returned(left(receipt, parts), some({ 0: 1200 })))
    parts.push(returned(left(receipt, parts), some({ 0: 1200 })))
    expect(receipt.total).toBe(364)
    expect(parts.map((part) => part.total)).toEqual([121, 122, 121])
    expect(parts[1]?.rows.at(-1)).toMatchObject({ kind: 'item', name: 'Округление', sum: 1 })
  })
  it('below one tenge is not registered', () => {
    const cheap = receiptOf(
      cartOf(
        addFreeLine(createCart({ id: 'c', createdAt: 0 }), { name: 'x', price: tiyn(50), quantity: thousandths(4000) }),
      ),
    )
    expect(previewReturn(left(cheap), some({ 0: 1000 }), texts)).toEqual({ kind: 'totalBelowMinimum', total: 50 })
    expect(previewReturn(left(cheap), some({ 0: 1 }), texts)).toEqual({ kind: 'partRoundsToZero', index: 0 })
  })
})

describe('paying a return', () => {
  it('offers first what the sale was paid with, and no cash that the drawer lacks', () => {
    const tenders = returnTenders(left({ ...sale, payments: { bank: sale.total } }), sale.total, tiyn(5))
    expect(tenders.map((each) => [each.tender, each.asPaid, each.possible])).toEqual([
      ['bank', true, true],
      ['cash', false, false],
      ['tara', false, true],
      ['credit', false, true],
    ])
  })
  it('refuses cash that the drawer lacks before anything is sent', () => {
    expect(buildReturn(left(sale), selectAllLeft(left(sale)), 'cash', { texts, drawer: tiyn(0) })).toMatchObject({
      kind: 'payment',
      problem: { kind: 'drawerTooLow' },
    })
  })
  it('of a purchase brings cash in, so that the drawer does not matter', () => {
    const purchase = left({ ...sale, kind: 'buy' })
    expect(buildReturn(purchase, selectAllLeft(purchase), 'cash', { texts, drawer: tiyn(0) }).kind).toBe('receipt')
  })
})

/** A random part of every line, sometimes all that is left. */
function randomSelection(random: () => number, returnable: ReturnableReceipt): ReturnSelection {
  const selection = new Map<number, Thousandths>()
  for (const line of returnable.lines) {
    const dice = random()
    if (line.left === 0 || dice < 0.3) continue
    const quantity = dice < 0.6 ? line.left : randomInteger(random, 1, line.left)
    const rest = thousandths(line.left - quantity)
    // A rest that could never be returned on its own goes back with this part.
    const whole = rest > 0 && lineSum(line.price, rest) === 0
    selection.set(line.index, whole ? line.left : thousandths(quantity))
  }
  return selection
}

describe('partial returns of random receipts', () => {
  it('add up to the original total to the tiyn, and every one adds up itself', () => {
    let complete = 0
    for (let seed = 0; complete < 2000; seed++) {
      const random = seededRandom(seed)
      const rounds = seed % 3 === 0
      const sold = { ...randomCart(random), wholeTenge: rounds }
      const built = buildReceipt(sold, { cash: cartTotals(sold).total }, { texts })
      if (built.kind !== 'receipt') continue
      const earlier: Receipt[] = []
      for (let round = 0; round < 12; round++) {
        const returnable = left(built.receipt, earlier, rounds)
        const selection = round < 11 ? randomSelection(random, returnable) : selectAllLeft(returnable)
        const result = buildReturn(returnable, selection, 'bank', { texts })
        if (result.kind !== 'receipt') continue
        const { receipt } = result
        const sum = receipt.rows.reduce((total, row) => total + (row.kind === 'item' ? row.sum : -row.discount), 0)
        expect(sum).toBe(receipt.total)
        if (rounds) expect(receipt.total % 100).toBe(0)
        for (const row of receipt.rows) {
          expect(row.kind === 'item' ? row.sum : row.discount).toBeGreaterThan(0)
          if (row.kind === 'item') expect(row.sum).toBe(lineSum(row.price, row.quantity))
        }
        earlier.push(receipt)
      }
      const end = left(built.receipt, earlier)
      if (end.lines.some((line) => line.left > 0)) continue
      complete++
      expect(earlier.reduce((total, receipt) => total + receipt.total, 0)).toBe(built.receipt.total)
    }
  }, 60_000)
})
