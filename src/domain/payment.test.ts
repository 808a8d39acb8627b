import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_AMOUNT, tiyn } from './money.ts'
import { cashSuggestions, changeFor, checkPayments, cleanPayments, leftToPay, splitTender } from './payment.ts'
import type { PaymentContext } from './payment.ts'
import { randomPayments, seededRandom } from './testing/random-cart.ts'

const tenge = (amount: number) => tiyn(amount * 100)
const sale: PaymentContext = { kind: 'sale', total: tenge(800) }

describe('the examples of the document', () => {
  it('take 1000 in cash for 800 and give 200 back', () => {
    expect(checkPayments(sale, { cash: tenge(1000) })).toEqual({ kind: 'ok', paid: 100000, change: 20000 })
  })
  it('take 500 in cash and 400 by card for 800', () => {
    expect(checkPayments(sale, { cash: tenge(500), bank: tenge(400) })).toMatchObject({ kind: 'ok', change: 10000 })
  })
  it('refuse 200 in cash for 800', () => {
    expect(checkPayments(sale, { cash: tenge(200) })).toEqual({ kind: 'tooLittle', missing: 60000 })
  })
  it('refuse cash beside a card that pays it all', () => {
    expect(checkPayments(sale, { cash: tenge(2000), bank: tenge(800) })).toEqual({
      kind: 'cashNotNeeded',
      cash: 200000,
    })
  })
})

describe('a sale', () => {
  it('gives change from cash only', () => {
    expect(checkPayments(sale, { bank: tenge(900) })).toEqual({
      kind: 'nonCashAboveTotal',
      nonCash: 90000,
      total: 80000,
    })
    expect(checkPayments(sale, { bank: tenge(500), credit: tenge(400) })).toMatchObject({ kind: 'nonCashAboveTotal' })
  })
  it('may be paid in all four ways at once', () => {
    const quarter = tenge(200)
    expect(checkPayments(sale, { cash: quarter, bank: quarter, tara: quarter, credit: quarter })).toMatchObject({
      kind: 'ok',
      change: 0,
    })
  })
  it('may not be mixed where the device forbids it', () => {
    const mixed = { cash: tenge(400), bank: tenge(400) }
    expect(checkPayments({ ...sale, mixedAllowed: false }, mixed)).toEqual({ kind: 'mixedNotAllowed' })
    expect(checkPayments({ ...sale, mixedAllowed: false }, { cash: tenge(800), bank: tiyn(0) })).toMatchObject({
      kind: 'ok',
    })
  })
  it('needs a payment, within the limits of the device', () => {
    expect(checkPayments(sale, {})).toEqual({ kind: 'nothingPaid' })
    expect(checkPayments(sale, { cash: tiyn(MAX_AMOUNT + 1) })).toMatchObject({
      kind: 'amountOutOfRange',
      tender: 'cash',
    })
    expect(checkPayments(sale, { cash: tenge(900), bank: tiyn(-1) })).toMatchObject({ kind: 'amountOutOfRange' })
    expect(checkPayments({ kind: 'sale', total: tiyn(99) }, { cash: tenge(1) })).toMatchObject({
      kind: 'totalOutOfRange',
    })
    expect(checkPayments({ kind: 'sale', total: tiyn(MAX_AMOUNT + 1) }, {})).toMatchObject({ kind: 'totalOutOfRange' })
  })
  it('needs no cash in the drawer', () => {
    expect(checkPayments({ ...sale, drawer: tiyn(0) }, { cash: tenge(1000) })).toMatchObject({ kind: 'ok' })
  })
})

describe('returns and purchases', () => {
  it('are paid one way and exactly', () => {
    for (const kind of ['buy', 'saleReturn', 'buyReturn'] as const) {
      const context: PaymentContext = { kind, total: tenge(800) }
      expect(checkPayments(context, { bank: tenge(800) })).toMatchObject({ kind: 'ok', change: 0 })
      expect(checkPayments(context, { cash: tenge(1000) })).toMatchObject({ kind: 'notExact' })
      expect(checkPayments(context, { cash: tenge(700) })).toMatchObject({ kind: 'notExact' })
      expect(checkPayments(context, { cash: tenge(400), bank: tenge(400) })).toEqual({ kind: 'severalTenders' })
    }
  })
  it('take no more cash out than there is, where cash goes out', () => {
    const drawer = tenge(799)
    const low = { kind: 'drawerTooLow', drawer: 79900, needed: 80000 }
    expect(checkPayments({ kind: 'saleReturn', total: tenge(800), drawer }, { cash: tenge(800) })).toEqual(low)
    expect(checkPayments({ kind: 'buy', total: tenge(800), drawer }, { cash: tenge(800) })).toEqual(low)
    expect(checkPayments({ kind: 'buyReturn', total: tenge(800), drawer }, { cash: tenge(800) })).toMatchObject({
      kind: 'ok',
    })
    expect(checkPayments({ kind: 'saleReturn', total: tenge(800), drawer }, { bank: tenge(800) })).toMatchObject({
      kind: 'ok',
    })
    expect(checkPayments({ kind: 'saleReturn', total: tenge(800), drawer: null }, { cash: tenge(800) })).toMatchObject({
      kind: 'ok',
    })
  })
})

describe('helpers', () => {
  it('drop amounts of zero before registering', () => {
    expect(cleanPayments({ cash: tiyn(0), bank: tiyn(5) })).toEqual({ bank: 5 })
  })
  it('say what is left and what is given back', () => {
    expect(leftToPay(tenge(800), { bank: tenge(300) })).toBe(50000)
    expect(leftToPay(tenge(800), { cash: tenge(900) })).toBe(0)
    expect(changeFor(tenge(4895), tenge(10000))).toBe(510500)
    expect(changeFor(tenge(4895), tenge(4000))).toBeNull()
  })
  it('keep a part above the total as it was typed: it is refused, never made smaller unseen', () => {
    const payments = splitTender(tenge(650), 'bank', tenge(700))
    expect(payments).toEqual({ bank: 70_000 })
    expect(checkPayments({ kind: 'sale', total: tenge(650) }, payments)).toEqual({
      kind: 'nonCashAboveTotal',
      nonCash: 70_000,
      total: 65_000,
    })
    expect(splitTender(tenge(650), 'bank', tenge(650))).toEqual({ bank: 65_000 })
  })
  it('split a total between two tenders so that a part up to it is always payable', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: MAX_AMOUNT }),
        fc.integer({ min: -5, max: MAX_AMOUNT }),
        (total, part) => {
          const payments = splitTender(tiyn(total), 'bank', tiyn(Math.min(part, total)))
          expect(checkPayments({ kind: 'sale', total: tiyn(total) }, payments)).toEqual({
            kind: 'ok',
            paid: total,
            change: 0,
          })
        },
      ),
    )
  })
  it('accept every payment that the random generator calls valid', () => {
    for (let seed = 0; seed < 5000; seed++) {
      const random = seededRandom(seed)
      const total = tiyn(100 + Math.floor(random() * 1_000_000))
      expect(checkPayments({ kind: 'sale', total }, randomPayments(random, 'sale', total)).kind).toBe('ok')
    }
  })
})

describe('cash suggestions', () => {
  const inTenge = (amount: number): number[] => cashSuggestions(tenge(amount)).map((value) => value / 100)
  it('are those of the drawing for 4895', () => {
    expect(inTenge(4895)).toEqual([4895, 5000, 5500, 6000, 10_000, 20_000])
  })
  it.each([
    [350, [350, 500, 1000, 2000, 5000, 10_000]],
    [1200, [1200, 1500, 2000, 5000, 10_000, 20_000]],
    [23_450, [23_450, 23_500, 24_000, 25_000, 30_000, 40_000]],
    [20_000, [20_000]],
    [10_000, [10_000, 20_000]],
    [1, [1, 500, 1000, 2000, 5000, 10_000]],
    [20_000_000, [20_000_000]],
  ])('make sense for %d', (total, expected) => {
    expect(inTenge(total)).toEqual(expected)
  })
  it('offer the next whole tenge where tiyn cannot be handed over', () => {
    expect(inTenge(4890.5)).toEqual([4890.5, 4891, 5000, 6000, 10_000, 20_000])
  })
  it('are exact first, ascending, unique, at most six and always enough', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: MAX_AMOUNT }), (total) => {
        const amounts = cashSuggestions(tiyn(total))
        expect(amounts[0]).toBe(total)
        expect(amounts.length).toBeLessThanOrEqual(6)
        expect([...new Set(amounts)].sort((a, b) => a - b)).toEqual(amounts)
        for (const cash of amounts) {
          expect(checkPayments({ kind: 'sale', total: tiyn(total) }, { cash })).toMatchObject({ kind: 'ok' })
        }
      }),
    )
  })
})
