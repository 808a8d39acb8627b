import { describe, expect, it } from 'vitest'
import { buildReceipt } from './build-receipt.ts'
import { isTaxpayerId } from './buyer.ts'
import { addFreeLine, setLineNote, setReceiptDetails, type CartResult } from './cart-commands.ts'
import { createCart, type Cart } from './cart.ts'
import { tiyn } from './money.ts'
import { cartOfReceipt } from './receipt-cart.ts'

describe('an IIN or BIN', () => {
  it('has twelve digits whose last one fits, by the first weights or by the second ones', () => {
    // Check digits worked out by hand; those of 12345678901 come from the second weights.
    for (const id of ['940140000385', '050640004954', '123456789013', '900101300811']) {
      expect(isTaxpayerId(id), id).toBe(true)
    }
    for (const id of ['940140000386', '123456789012', '904140000385']) expect(isTaxpayerId(id), id).toBe(false)
  })

  it('is none where both sums come to 10, and none of other lengths or letters', () => {
    for (let last = 0; last < 10; last += 1) expect(isTaxpayerId(`90010130080${last}`), String(last)).toBe(false)
    for (const text of ['', '94014000038', '9401400003855', '94014000038x', '000000000000']) {
      expect(isTaxpayerId(text), text).toBe(false)
    }
  })
})

const done = (result: CartResult): Cart => {
  if (result.kind !== 'done') throw new Error(result.kind)
  return result.cart
}

describe('a receipt with a buyer and a note', () => {
  const buyer = { id: '940140000385', name: 'ТОО «Дүкен»', text: 'ИИН/БИН 940140000385\nТОО «Дүкен»' }
  const open = createCart({ id: 'a', createdAt: 0 })
  const lines = done(addFreeLine(open, { name: 'Кофе', price: tiyn(500_00) }))
  const noted = done(setLineNote(lines, lines.lines[0]?.id ?? '', 'без сахара'))
  const receiptOf = (cart: Cart) => {
    const built = buildReceipt(cart, { cash: tiyn(500_00) }, { texts: { discount: 'Скидка' } })
    if (built.kind !== 'receipt') throw new Error(built.kind)
    return built.receipt
  }

  it('prints them before the goods, after its own text, and keeps the buyer', () => {
    const whole = done(setReceiptDetails(noted, { buyer, printText: 'Стол 5' }))
    const receipt = receiptOf(whole)
    expect(receipt.printText).toBe('Стол 5\nИИН/БИН 940140000385\nТОО «Дүкен»\nКофе: без сахара')
    expect(receipt.buyer).toEqual({ id: '940140000385', name: 'ТОО «Дүкен»' })
    // What the register counts stays what it was.
    expect(receipt.rows).toEqual(receiptOf(lines).rows)
  })

  it('is as before without them: no text, no buyer', () => {
    const receipt = receiptOf(lines)
    expect(receipt.printText).toBeNull()
    expect('buyer' in receipt).toBe(false)
    expect(receiptOf(done(setReceiptDetails(lines, { printText: 'Стол 5' }))).printText).toBe('Стол 5')
  })

  it('is corrected with the same buyer, whose rows are printed once', () => {
    const receipt = receiptOf(done(setReceiptDetails(noted, { buyer })))
    const made = { id: 'b', createdAt: 1, cashier: null, wholeTenge: false, findItem: () => null }
    const again = receiptOf(cartOfReceipt(receipt, made))
    expect([again.printText, again.buyer]).toEqual([receipt.printText, receipt.buyer])
  })
})
