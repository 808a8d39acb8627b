import { describe, expect, it } from 'vitest'
import {
  addFreeLine,
  addItem,
  addQuantity,
  changePrice,
  clearCart,
  removeLine,
  setLineDiscount,
  setLineNote,
  setQuantity,
  setReceiptDiscount,
} from './cart-commands.ts'
import type { CartResult } from './cart-commands.ts'
import { MAX_CART_ROWS, cartTotals, createCart } from './cart.ts'
import type { Cart } from './cart.ts'
import type { CatalogItem } from './catalog.ts'
import { MAX_AMOUNT, thousandths, tiyn } from './money.ts'

const empty = createCart({ id: 'a', createdAt: 0 })
const coffee: CatalogItem = {
  id: 'own:1',
  source: 'own',
  code: '888',
  barcodes: [],
  name: 'Кофе',
  price: tiyn(70000),
  taxId: null,
  categoryId: null,
  weighed: false,
  ntin: null,
  gtin: null,
  markCode: null,
}
const cheese: CatalogItem = { ...coffee, id: 'own:2', code: '9', name: 'Сыр', price: tiyn(489050), weighed: true }

function cartOf(result: CartResult): Cart {
  if (result.kind !== 'done') throw new Error(result.kind)
  return result.cart
}
const one = cartOf(addItem(empty, coffee))

describe('adding an item', () => {
  it('takes a snapshot that later edits of the catalogue do not reach', () => {
    expect(one.lines).toEqual([
      {
        id: '1',
        item: { itemId: 'own:1', name: 'Кофе', code: '888', price: 70000, taxId: null, weighed: false },
        quantity: 1000,
        priceOverride: null,
        discount: null,
        note: '',
      },
    ])
    expect(empty.lines).toEqual([])
  })
  it('adds one to the same line at the second tap and names that line', () => {
    const result = addItem(one, coffee)
    expect(result).toMatchObject({ kind: 'done', lineId: '1' })
    expect(cartOf(result).lines).toMatchObject([{ id: '1', quantity: 2000 }])
  })
  it('opens a new line when the old one was changed in price, discount or note, or the catalogue changed', () => {
    const changed = [
      cartOf(changePrice(one, '1', tiyn(60000))),
      cartOf(setLineDiscount(one, '1', { kind: 'percent', hundredths: 500 })),
      cartOf(setLineNote(one, '1', 'без сахара')),
      cartOf(setQuantity(one, '1', thousandths(500))),
    ]
    for (const cart of changed) expect(cartOf(addItem(cart, coffee)).lines).toHaveLength(2)
    expect(cartOf(addItem(one, { ...coffee, price: tiyn(75000) })).lines).toHaveLength(2)
  })
  it('still adds to a line whose quantity was typed', () => {
    const five = cartOf(setQuantity(one, '1', thousandths(5000)))
    expect(cartOf(addItem(five, coffee)).lines).toMatchObject([{ quantity: 6000 }])
  })
  it('asks for the quantity of what is weighed, and never merges it', () => {
    expect(addItem(empty, cheese)).toEqual({ kind: 'quantityNeeded', item: cheese })
    const weighed = cartOf(addItem(empty, cheese, { quantity: thousandths(125) }))
    expect(cartTotals(weighed).total).toBe(61131)
    expect(cartOf(addItem(weighed, cheese, { quantity: thousandths(1000) })).lines).toHaveLength(2)
  })
  it('asks for a price where the catalogue has none, and takes the one given', () => {
    const open = { ...coffee, price: null }
    expect(addItem(empty, open)).toEqual({ kind: 'priceNeeded', item: open })
    expect(cartOf(addItem(empty, open, { price: tiyn(5000) })).lines).toMatchObject([
      { item: { price: 5000 }, priceOverride: null },
    ])
  })
  it('keeps a price given for an item that has one visible as a change', () => {
    expect(cartOf(addItem(empty, coffee, { price: tiyn(5000) })).lines).toMatchObject([
      { item: { price: 70000 }, priceOverride: 5000 },
    ])
  })
  it('never reuses the id of a removed line', () => {
    const again = cartOf(addItem(cartOf(removeLine(one, '1')), coffee))
    expect(again.lines).toMatchObject([{ id: '2' }])
  })
})

describe('free lines', () => {
  it('need a name that prints as something and a price', () => {
    expect(addFreeLine(empty, { name: ' \n\u0000', price: tiyn(100) })).toEqual({ kind: 'nameMissing' })
    expect(addFreeLine(empty, { name: 'x', price: tiyn(0) })).toEqual({ kind: 'priceNotPositive' })
    expect(cartOf(addFreeLine(empty, { name: ' Торт\nна заказ ', price: tiyn(100) })).lines).toMatchObject([
      { item: { itemId: null, name: 'Торт на заказ' }, quantity: 1000 },
    ])
  })
  it('are never merged', () => {
    const cart = cartOf(addFreeLine(empty, { name: 'x', price: tiyn(100) }))
    expect(cartOf(addFreeLine(cart, { name: 'x', price: tiyn(100) })).lines).toHaveLength(2)
  })
})

describe('refusals', () => {
  it('leave the line alone for quantities of nothing or beyond the device', () => {
    expect(setQuantity(one, '1', thousandths(0))).toEqual({ kind: 'quantityNotPositive' })
    expect(addQuantity(one, '1', thousandths(-1000))).toEqual({ kind: 'quantityNotPositive' })
    expect(setQuantity(one, '1', thousandths(20_000_000_001))).toMatchObject({ kind: 'aboveLimit', what: 'quantity' })
    expect(setQuantity(one, '1', thousandths(20_000_000_000))).toMatchObject({ kind: 'aboveLimit', what: 'line' })
  })
  it('name prices and lines beyond twenty millions', () => {
    expect(changePrice(one, '1', tiyn(MAX_AMOUNT + 1))).toMatchObject({ kind: 'aboveLimit', what: 'price' })
    const dear = cartOf(changePrice(one, '1', MAX_AMOUNT))
    expect(setQuantity(dear, '1', thousandths(1001))).toMatchObject({ kind: 'aboveLimit', what: 'line' })
    expect(setQuantity(dear, '1', thousandths(20_000_000_000))).toMatchObject({ kind: 'aboveLimit', what: 'line' })
  })
  it('name a line so small that it rounds to nothing', () => {
    expect(addFreeLine(empty, { name: 'x', price: tiyn(4), quantity: thousandths(100) })).toEqual({
      kind: 'lineRoundsToZero',
    })
  })
  it('name discounts that are nothing, above 100 %, or above what they are taken from', () => {
    expect(setLineDiscount(one, '1', { kind: 'percent', hundredths: 0 })).toEqual({ kind: 'discountNotPositive' })
    expect(setLineDiscount(one, '1', { kind: 'percent', hundredths: 1.5 })).toEqual({ kind: 'discountNotPositive' })
    expect(setLineDiscount(one, '1', { kind: 'percent', hundredths: 10_001 })).toEqual({
      kind: 'discountAboveHundredPercent',
    })
    expect(setLineDiscount(one, '1', { kind: 'amount', amount: tiyn(70001) })).toEqual({
      kind: 'discountAboveLine',
      discount: 70001,
      sum: 70000,
    })
    expect(setReceiptDiscount(one, { kind: 'amount', amount: tiyn(70001) })).toMatchObject({
      kind: 'discountAboveReceipt',
    })
    expect(setReceiptDiscount(one, { kind: 'amount', amount: tiyn(-1) })).toEqual({ kind: 'discountNotPositive' })
  })
  it('keep an amount discount from outgrowing a line made smaller', () => {
    const two = cartOf(setQuantity(one, '1', thousandths(2000)))
    const cart = cartOf(setLineDiscount(two, '1', { kind: 'amount', amount: tiyn(100000) }))
    expect(setQuantity(cart, '1', thousandths(1000))).toMatchObject({ kind: 'discountAboveLine' })
    expect(cartOf(setLineDiscount(cart, '1', null)).lines).toMatchObject([{ discount: null }])
  })
  it('name lines that are not there', () => {
    expect(setQuantity(one, '9', thousandths(1))).toEqual({ kind: 'lineNotFound', lineId: '9' })
    expect(removeLine(one, '9')).toEqual({ kind: 'lineNotFound', lineId: '9' })
  })
  it('stop a cart that would outgrow even a split', () => {
    let cart = empty
    for (let index = 0; index < MAX_CART_ROWS; index++) {
      cart = cartOf(addFreeLine(cart, { name: 'x', price: tiyn(100) }))
    }
    expect(addFreeLine(cart, { name: 'x', price: tiyn(100) })).toEqual({ kind: 'cartFull', limit: MAX_CART_ROWS })
    expect(setLineDiscount(cart, '1', { kind: 'percent', hundredths: 500 })).toMatchObject({ kind: 'cartFull' })
  })
})

describe('other commands', () => {
  it('go back to the price of the catalogue', () => {
    const changed = cartOf(changePrice(one, '1', tiyn(60000)))
    expect(cartOf(changePrice(changed, '1', null)).lines).toEqual(one.lines)
    expect(cartOf(changePrice(changed, '1', tiyn(70000))).lines).toEqual(one.lines)
  })
  it('clear lines and discounts and keep the rest', () => {
    const cart = { ...cartOf(setReceiptDiscount(one, { kind: 'percent', hundredths: 100 })), footerText: 'Рахмет' }
    expect(cartOf(clearCart(cart))).toMatchObject({ id: 'a', lines: [], discount: null, footerText: 'Рахмет' })
  })
})
