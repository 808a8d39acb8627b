import { describe, expect, it } from 'vitest'
import { thousandths, tiyn } from './money.ts'
import type { ItemRow, Receipt, ReceiptKind, ReceiptRow } from './receipt.ts'
import { seededRandom, randomInteger } from './testing/random-cart.ts'
import {
  afterLine,
  changesOf,
  emptyRow,
  goodsOf,
  goodsOfRow,
  lineOfSheet,
  marginOf,
  quantityOf,
  recount,
  sumMargins,
  type Movement,
} from './stock.ts'

const row = (code: string | null, quantity: number, more: Partial<ItemRow> = {}): ItemRow => ({
  kind: 'item',
  name: 'x',
  code,
  price: tiyn(100_00),
  quantity: thousandths(quantity),
  sum: tiyn(quantity * 10),
  ...more,
})

function receipt(kind: ReceiptKind, rows: readonly ReceiptRow[]): Receipt {
  const total = tiyn(rows.reduce((sum, each) => sum + (each.kind === 'item' ? each.sum : -each.discount), 0))
  const money = { total, payments: { cash: total }, change: tiyn(0) }
  return { kind, ...money, taxId: null, rows, printText: null, footerText: null, basis: null }
}

const registration = (of: Receipt, state = 'done') => ({ kind: 'registration', state, receipt: of })

describe('what a receipt takes and brings', () => {
  it('goes by its kind; free lines and broken ones are none of the stock', () => {
    const rows = [row('A', 2000), row('A', 500), row(null, 1000), { ...row('B', 1), quantity: Number.NaN as never }]
    expect([...changesOf(registration(receipt('sale', rows)))]).toEqual([['A', -2500]])
    expect([...changesOf(registration(receipt('saleReturn', [row('A', 1)])))]).toEqual([['A', 1]])
    expect([...changesOf(registration(receipt('buy', [row('A', 1)])))]).toEqual([['A', 1]])
    expect([...changesOf(registration(receipt('buyReturn', [row('A', 1)])))]).toEqual([['A', -1]])
    expect([...changesOf({ kind: 'deposit', state: 'done', receipt: null })]).toEqual([])
  })

  it('finds a good by its code in any spelling, and by the line’s own key', () => {
    expect(goodsOfRow(row('4870001234567', 1))).toBe(goodsOfRow(row('04870001234567', 1)))
    expect(goodsOfRow(row('NEW', 1, { goods: 'OLD' }))).toBe('OLD')
    expect(goodsOf({ id: 'csv:a1', source: 'csv' }, 'a1')).toBe(goodsOf({ id: 'device:77', source: 'device' }, 'A1'))
    expect(goodsOf({ id: 'own:5', source: 'own' }, 'A1')).toBe('own:5')
  })
})

describe('movements', () => {
  it('add up to the same whatever order they come in', () => {
    const random = seededRandom(7)
    const movements: Movement[] = Array.from({ length: 40 }, (_, place) => ({
      version: 1,
      id: `m${place}`,
      kind: 'delivery',
      atMs: randomInteger(random, 1, 5),
      by: '',
      note: '',
      lines: [{ goods: `g${place % 3}`, code: '', name: '', change: randomInteger(random, -9, 9), cost: tiyn(place) }],
    }))
    const operations = ['g0', 'g1', 'X'].map((code) => registration(receipt('sale', [row(code.toUpperCase(), 1000)])))
    const byGoods = (of: ReturnType<typeof recount>) => [...of.values()].sort((a, b) => (a.goods < b.goods ? -1 : 1))
    expect(byGoods(recount([...movements].reverse(), operations))).toEqual(byGoods(recount(movements, operations)))
  })

  it('of a count change what was found other than expected', () => {
    const line = lineOfSheet({
      sheet: 'count',
      goods: 'A',
      code: 'A',
      name: '',
      quantity: 7000,
      expected: 9000,
      atMs: 0,
    })
    expect(line).toMatchObject({ change: -2000, counted: 7000, expected: 9000 })
    const after = afterLine(
      { ...emptyRow('A'), moved: 9000, sold: -500 },
      { version: 1, id: 'm', kind: 'count', atMs: 1, by: '', note: '' },
      line,
    )
    expect(quantityOf(after)).toBe(6500)
    expect(after.tracked).toBe(true)
  })

  it('leave refused sales out', () => {
    const rows = recount([], [registration(receipt('sale', [row('A', 1000)]), 'refused')])
    expect(rows.size).toBe(0)
  })
})

describe('margin', () => {
  it('is told of the part of the turnover whose cost is known', () => {
    const sale = receipt('sale', [
      row('A', 2000, { cost: tiyn(60_00) }),
      row('B', 1000),
      { kind: 'discount', name: '', discount: tiyn(30_00), scope: 'receipt' },
    ])
    expect(marginOf(sale)).toEqual({ turnover: 270_00, known: 180_00, cost: 120_00 })
    const back = receipt('saleReturn', [row('A', 1000, { cost: tiyn(60_00) })])
    expect(sumMargins([sale, back].map(marginOf))).toEqual({ turnover: 170_00, known: 80_00, cost: 60_00 })
    expect(marginOf(receipt('buy', [row('A', 1000, { cost: tiyn(1) })])).turnover).toBe(0)
  })
})
