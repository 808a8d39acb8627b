import { describe, expect, it } from 'vitest'
import { addFreeLine, setLineDiscount, setReceiptDiscount } from './cart-commands.ts'
import type { CartResult } from './cart-commands.ts'
import { cartProblems, cartTotals, createCart } from './cart.ts'
import type { Cart } from './cart.ts'
import { buildReceipt } from './build-receipt.ts'
import { tiyn } from './money.ts'
import { checkPlanPayments, payPlan, type TaxChoice } from './pay-plan.ts'
import { cartOfReceipt } from './receipt-cart.ts'
import { randomCart, seededRandom } from './testing/random-cart.ts'

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
function plan(cart: Cart, remembered: TaxChoice | null = null) {
  let next = 0
  return payPlan(cart, { ids: () => `new-${++next}`, defaultTaxId: '15', remembered })
}
const mixed = lines(1, 3000, '16', lines(2, 50_000, null))

describe('the plan of a payment', () => {
  it('asks nobody about a cart that is one receipt', () => {
    expect(plan(lines(3, 500))).toMatchObject({
      kind: 'ready',
      option: { parts: [{ taxId: '15', lines: 3, total: 1500 }] },
    })
  })
  it('offers the default tax of the device first, then the others, then a receipt for each tax', () => {
    const made = plan(mixed)
    if (made.kind !== 'chooseTax') throw new Error(made.kind)
    expect(made.options.map((option) => [option.choice, option.parts.map((part) => [part.taxId, part.total])])).toEqual(
      [
        [{ kind: 'one', taxId: '15' }, [['15', 103_000]]],
        [{ kind: 'one', taxId: '16' }, [['16', 103_000]]],
        [
          { kind: 'split' },
          [
            ['15', 100_000],
            ['16', 3000],
          ],
        ],
      ],
    )
    for (const option of made.options) {
      for (const cart of option.carts) expect(cartProblems(cart, '15')).toEqual([])
    }
  })
  it('takes what was chosen before without asking again', () => {
    expect(plan(mixed, { kind: 'split' })).toMatchObject({
      kind: 'ready',
      option: { carts: [{ id: 'first' }, { id: 'new-1' }] },
    })
    expect(plan(mixed, { kind: 'one', taxId: '16' })).toMatchObject({
      kind: 'ready',
      option: { carts: [{ taxId: '16' }] },
    })
  })
  it('asks again where the remembered tax is in none of the lines', () => {
    expect(plan(mixed, { kind: 'one', taxId: '99' }).kind).toBe('chooseTax')
  })
  it('wants a person to agree to several receipts for more than 80 rows or 20 000 000', () => {
    expect(plan(lines(81, 500))).toMatchObject({
      kind: 'confirmSplit',
      option: { parts: [{ lines: 80 }, { lines: 1 }] },
    })
    expect(plan(lines(2, 1_500_000_000))).toMatchObject({ kind: 'confirmSplit', option: { total: 3_000_000_000 } })
  })
  it('splits by tax and by rows together', () => {
    const many = lines(90, 500, '16', lines(90, 500, '15'))
    const made = plan(many)
    if (made.kind !== 'chooseTax') throw new Error(made.kind)
    expect(made.options.map((option) => option.carts.length)).toEqual([3, 3, 4])
  })
  it('says what forbids the sale where no split helps', () => {
    expect(plan(empty)).toEqual({ kind: 'blocked', problems: [{ kind: 'empty' }] })
    expect(plan(lines(1, 50, '16', lines(1, 500, '15'))).kind).toBe('chooseTax')
    expect(plan(lines(1, 20)).kind).toBe('blocked')
  })
  it('rounds every part where the device rounds, and says what the parts come to', () => {
    const cart = { ...lines(1, 60_25, '16', lines(1, 40_25, '15')), wholeTenge: true }
    const made = plan(cart, { kind: 'split' })
    if (made.kind !== 'ready') throw new Error(made.kind)
    expect(made.option.parts.map((part) => part.total)).toEqual([4000, 6000])
    expect(made.option.total).toBe(10_000)
  })
})

describe('one payment for the receipts of a plan', () => {
  const totals = [tiyn(1000), tiyn(500)]
  const check = (payments: Parameters<typeof checkPlanPayments>[2]) =>
    checkPlanPayments(totals, { kind: 'sale' }, payments)

  it('gives the change of all together', () => {
    expect(check({ cash: tiyn(2000) })).toEqual({ kind: 'ok', paid: 2000, change: 500 })
    expect(check({ bank: tiyn(1200), cash: tiyn(300) })).toEqual({ kind: 'ok', paid: 1500, change: 0 })
  })
  it('refuses as the device would', () => {
    expect(check({ cash: tiyn(1400) })).toEqual({ kind: 'tooLittle', missing: 100 })
    expect(check({ bank: tiyn(1600) }).kind).toBe('nonCashAboveTotal')
    expect(check({ bank: tiyn(1500), cash: tiyn(100) }).kind).toBe('cashNotNeeded')
    expect(check({}).kind).toBe('nothingPaid')
  })
  it('takes more than the limit of one receipt when the parts keep it', () => {
    const large = [tiyn(1_500_000_000), tiyn(1_500_000_000)]
    expect(checkPlanPayments(large, { kind: 'sale' }, { cash: tiyn(3_000_000_000) }).kind).toBe('ok')
  })
})

describe('a receipt made a cart again', () => {
  const made = { id: 'again', createdAt: 5, cashier: null, wholeTenge: false, findItem: () => null }

  it('keeps lines, discounts, texts and tax', () => {
    let cart = cartOf(setLineDiscount(lines(2, 10_000), '1', { kind: 'percent', hundredths: 1000 }))
    cart = cartOf(setReceiptDiscount(cart, { kind: 'amount', amount: tiyn(500) }))
    const built = buildReceipt(
      { ...cart, taxId: '16', footerText: 'Рахмет' },
      { cash: tiyn(18_500) },
      { texts: { discount: 'Скидка' } },
    )
    if (built.kind !== 'receipt') throw new Error(built.kind)
    const again = cartOfReceipt(built.receipt, made)
    expect(cartTotals(again)).toMatchObject({ total: 18_500, lineDiscount: 1000, receiptDiscount: 500 })
    expect(again).toMatchObject({ id: 'again', taxId: '16', footerText: 'Рахмет', nextLine: 3 })
  })
  it('always comes to the same total', () => {
    for (let seed = 0; seed < 500; seed++) {
      const cart = randomCart(seededRandom(seed), { maxRows: 80 })
      const { total } = cartTotals(cart)
      const built = buildReceipt(cart, { cash: total }, { texts: { discount: 'Скидка' } })
      if (built.kind === 'receipt') expect(cartTotals(cartOfReceipt(built.receipt, made)).total).toBe(total)
    }
  })
})

describe('a tax that the device does not know', () => {
  const known = new Set(['15', '16'])
  const planKnown = (cart: Cart, replaced: readonly string[] = []) =>
    payPlan(cart, {
      ids: () => 'new',
      defaultTaxId: '15',
      remembered: null,
      knownTaxes: known,
      replaced: new Set(replaced),
    })

  it('is offered as the default tax, and the receipt then names none', () => {
    const made = planKnown(lines(2, 500, '12'))
    if (made.kind !== 'unknownTax') throw new Error(made.kind)
    expect(made.taxIds).toEqual(['12'])
    expect(made.options.map((option) => option.parts)).toEqual([[{ taxId: '15', lines: 2, total: 1000 }]])
    const built = buildReceipt(made.options[0]?.carts[0] ?? empty, { cash: tiyn(1000) }, { texts: { discount: 'd' } })
    expect(built).toMatchObject({ kind: 'receipt', receipt: { taxId: null, total: 1000 } })
  })
  it('is replaced without a question once a person agreed', () => {
    expect(planKnown(lines(2, 500, '12'), ['12'])).toMatchObject({ kind: 'ready' })
    expect(planKnown(lines(1, 500, '13', lines(1, 500, '12')), ['12'])).toMatchObject({ kind: 'unknownTax' })
  })
  it('beside a known tax leaves the choice between the known ones', () => {
    const made = planKnown(lines(1, 3000, '16', lines(1, 500, '12')))
    if (made.kind !== 'unknownTax') throw new Error(made.kind)
    expect(made.options.map(({ choice }) => choice)).toEqual([
      { kind: 'one', taxId: '15' },
      { kind: 'one', taxId: '16' },
      { kind: 'split' },
    ])
  })
  it('chosen for the whole receipt counts instead of those of its lines', () => {
    expect(planKnown({ ...lines(1, 500, '12'), taxId: '16' })).toMatchObject({ kind: 'ready' })
    expect(planKnown({ ...lines(1, 500, '16'), taxId: '12' })).toMatchObject({ kind: 'unknownTax', taxIds: ['12'] })
  })
  it('is nobody’s business while the device was not asked', () => {
    expect(plan(lines(1, 500, '12'))).toMatchObject({ kind: 'ready' })
  })
})
