import { describe, expect, it } from 'vitest'
import { cartTotals, createCart } from './cart.ts'
import { thousandths, tiyn } from './money.ts'
import type { Receipt } from './receipt.ts'
import { repeatReceipt } from './repeat.ts'
import { randomItem, seededRandom } from './testing/random-cart.ts'

const item = { ...randomItem(seededRandom(1), 1), code: '888', name: 'Кофе', price: tiyn(75000), weighed: false }
const receipt: Receipt = {
  kind: 'sale',
  total: tiyn(100000),
  payments: { cash: tiyn(100000) },
  change: tiyn(0),
  taxId: '5',
  rows: [
    { kind: 'item', name: 'Кофе', code: '888', price: tiyn(70000), quantity: thousandths(1000), sum: tiyn(70000) },
    { kind: 'discount', name: 'Скидка', discount: tiyn(10000) },
    { kind: 'item', name: 'Торт', code: null, price: tiyn(40000), quantity: thousandths(1000), sum: tiyn(40000) },
  ],
  printText: null,
  footerText: null,
  basis: null,
}

describe('the same again', () => {
  it('takes prices of today for what the catalogue knows, and says which changed', () => {
    const result = repeatReceipt(createCart({ id: 'a', createdAt: 0 }), receipt, (code) =>
      code === '888' ? item : null,
    )
    expect(result.cart.lines.map((line) => [line.item.itemId, line.item.price])).toEqual([
      ['own:1', 75000],
      [null, 40000],
    ])
    expect(result.repriced.map((row) => row.name)).toEqual(['Кофе'])
    expect(result.refused).toEqual([])
    expect(cartTotals(result.cart)).toMatchObject({ total: 115000, lineDiscount: 0 })
  })
  it('names what it could not add', () => {
    const result = repeatReceipt(createCart({ id: 'a', createdAt: 0 }), receipt, () => ({ ...item, price: tiyn(0) }))
    expect(result.refused).toMatchObject([{ row: { name: 'Кофе' }, refusal: { kind: 'priceNotPositive' } }])
  })
})
