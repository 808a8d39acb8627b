import 'fake-indexeddb/auto'
import { describe, expect, it } from 'vitest'
import { thousandths, tiyn } from '../domain/money.ts'
import type { Receipt, ReceiptKind } from '../domain/receipt.ts'
import { quantityOf, type SheetKind } from '../domain/stock.ts'
import { randomInteger, seededRandom } from '../domain/testing/random-cart.ts'
import { CONTRACT_DEVICE, contractDevice, contractDraft } from '../queue/testing/store-contract.ts'
import type { Entry } from '../queue/types.ts'
import { openLedger } from './ledger-db.ts'
import { createLedgerStore } from './ledger-store.ts'
import { openStock } from './stock-db.ts'
import { createStockRepository, type StockChange } from './stock-repository.ts'

let databases = 0

async function till(name = `stock-test-${(databases += 1)}`) {
  const ledger = await openLedger(`${name}-ledger`)
  const store = createLedgerStore(ledger, { markPrefix: () => 'A', now: () => 5_000 })
  await store.createDevice(contractDevice())
  const told: StockChange[] = []
  let ids = 0
  const open = () => {
    const database = openStock(name)
    return createStockRepository({
      stock: () => database,
      ledger,
      newId: () => `new-${(ids += 1)}`,
      now: () => 9_000,
      tell: (change) => told.push(change),
    })
  }
  const stock = open()
  const sell = (id: string, lines: Readonly<Record<string, number>>, kind: ReceiptKind = 'sale') =>
    store.enqueue(id, () => ({ ...contractDraft(id), kind: 'registration', receipt: receiptOf(kind, lines) }))
  const put = async (id: string, change: Partial<Entry>) => {
    const claim = await store.claim(CONTRACT_DEVICE, 'tab', 10_000)
    const entry = await store.entry(id)
    if (claim === null || entry === null) throw new Error('the entry was just stored')
    await store.commit(CONTRACT_DEVICE, { entries: [{ ...entry, ...change }] }, claim.epoch)
  }
  const quantities = async () => {
    const all: Record<string, number> = {}
    for await (const block of stock.rows()) for (const row of block) all[row.goods] = quantityOf(row)
    return all
  }
  return { name, ledger, store, stock, open, sell, put, quantities, told }
}

function receiptOf(kind: ReceiptKind, lines: Readonly<Record<string, number>>): Receipt {
  const rows = Object.entries(lines).map(([code, quantity]) => ({
    kind: 'item' as const,
    name: code,
    code,
    price: tiyn(100),
    quantity: thousandths(quantity),
    sum: tiyn(Math.round(quantity / 10)),
  }))
  const total = tiyn(rows.reduce((sum, row) => sum + row.sum, 0))
  const money = { total, payments: { cash: total }, change: tiyn(0) }
  return { kind, ...money, taxId: null, rows, printText: null, footerText: null, basis: null }
}

const WHO = { by: 'Aliya', atMs: 2_000 }
const loaded = (id: string, counted: number, goods = 'TEA') => ({
  ...WHO,
  id,
  kind: 'load' as const,
  note: '',
  lines: [{ goods, code: goods, name: goods, counted }],
})

describe('the stock', () => {
  it('is nothing until somebody says what there is; then sales take and returns bring', async () => {
    const { stock, sell, quantities } = await till()
    await sell('before', { TEA: 3000 })
    expect(await stock.inUse()).toBe(false)
    expect(await stock.catchUp()).toBe(0)
    await stock.record(loaded('load-1', 10_000))
    await sell('s1', { TEA: 2000, MILK: 500 })
    await sell('r1', { TEA: 1000 }, 'saleReturn')
    await sell('b1', { TEA: 4000 }, 'buy')
    expect(await stock.catchUp()).toBe(3)
    expect(await quantities()).toEqual({ TEA: 13_000, MILK: -500 })
    expect(await stock.catchUp()).toBe(0)
    expect(await stock.recount()).toBe(0)
  })

  it('counts a refused sale back, however it ends, and its correction instead', async () => {
    const { stock, store, sell, put, quantities } = await till()
    await stock.record(loaded('load-1', 10_000))
    await sell('s1', { TEA: 2000 })
    await stock.catchUp()
    expect(await quantities()).toEqual({ TEA: 8000 })
    await put('s1', { state: 'refused', code: 5 })
    await stock.catchUp()
    expect(await quantities()).toEqual({ TEA: 10_000 })
    await store.enqueue(
      's2',
      () => ({ ...contractDraft('s2'), kind: 'registration', receipt: receiptOf('sale', { TEA: 1000 }) }),
      { corrects: 's1', nowMs: 1 },
    )
    await put('s2', { state: 'done', number: 7 })
    await stock.catchUp()
    await stock.catchUp()
    expect(await quantities()).toEqual({ TEA: 9000 })
    expect(await stock.recount()).toBe(0)
  })

  it('takes a movement once, and a file with a known id changes nothing', async () => {
    const { stock, quantities } = await till()
    await Promise.all([stock.record(loaded('load-1', 10_000)), stock.record(loaded('load-1', 10_000))])
    await stock.record(loaded('load-1', 77_000))
    expect(await quantities()).toEqual({ TEA: 10_000 })
    expect(await stock.movements(10)).toHaveLength(1)
  })

  it('is counted by what should have been there when a good was counted, not when the sheet was accepted', async () => {
    const { stock, sell, quantities, open } = await till()
    await stock.record(loaded('load-1', 10_000))
    const begin = { id: 'count-1', atMs: 3_000 }
    const add = (line: { readonly quantity: number } | null) => ({
      code: 'TEA',
      name: 'Tea',
      quantity: (line?.quantity ?? 0) + 1000,
      atMs: 3_000,
    })
    for (let pieces = 0; pieces < 9; pieces += 1) await stock.editLine('count', 'TEA', add, begin)
    await sell('s1', { TEA: 2000 })
    await stock.catchUp()
    // The tablet was killed: another start finds the sheet.
    const sheet = await open().sheet('count')
    expect(sheet?.lines).toMatchObject([{ goods: 'TEA', quantity: 9000, expected: 10_000 }])
    if (sheet === null) throw new Error('the sheet is there')
    const both = await Promise.all([stock.accept(sheet.head, '', WHO), open().accept(sheet.head, '', WHO)])
    expect(both.map(({ kind }) => kind).sort()).toEqual(['accepted', 'gone'])
    expect(await quantities()).toEqual({ TEA: 7000 })
    expect(await stock.sheet('count')).toBeNull()
    expect(await stock.recount()).toBe(0)
  })

  it('accepts a sheet only as it was seen', async () => {
    const { stock } = await till()
    const line = { code: 'TEA', name: 'Tea', quantity: 1000, atMs: 1 }
    await stock.editLine('delivery', 'TEA', () => line, { id: 'd-1', atMs: 1 })
    const seen = await stock.sheet('delivery')
    await stock.editLine('delivery', 'MILK', () => line, { id: 'd-2', atMs: 2 })
    if (seen === null) throw new Error('the sheet is there')
    expect(await stock.accept(seen.head, '', WHO)).toEqual({ kind: 'changed' })
    const now = await stock.sheet('delivery')
    expect(now?.head.id).toBe('d-1')
    expect(now?.lines).toHaveLength(2)
  })

  it('keeps what a lost journal had counted, and counts the new one from its beginning', async () => {
    const first = await till()
    await first.stock.record(loaded('load-1', 10_000))
    await first.sell('s1', { TEA: 2000 })
    await first.stock.catchUp()
    first.ledger.close()
    await new Promise((resolve) => {
      indexedDB.deleteDatabase(`${first.name}-ledger`).onsuccess = resolve
    })
    const second = await till(first.name)
    await second.sell('s2', { TEA: 1000 })
    await second.stock.catchUp()
    expect(await second.quantities()).toEqual({ TEA: 7000 })
    expect(await second.stock.recount()).toBe(0)
  })

  it('has the newest cost, whatever order the deliveries came in', async () => {
    const { stock } = await till()
    const cost = (id: string, atMs: number, amount: number) =>
      stock.record({
        ...loaded(id, 0),
        atMs,
        kind: 'cost',
        lines: [{ goods: 'TEA', code: '', name: '', cost: tiyn(amount) }],
      })
    await cost('a', 2_000, 150)
    await cost('b', 1_000, 120)
    for await (const [row] of stock.rows()) expect(row).toMatchObject({ cost: 150, tracked: false })
  })

  it('equals a recount after any history of sales, refusals, sheets, races and crashes', async () => {
    for (let seed = 1; seed <= 12; seed += 1) {
      const random = seededRandom(seed)
      const { stock, sell, put, open, quantities } = await till()
      const windows = [stock, open()]
      const someone = () => windows[randomInteger(random, 0, 1)] ?? stock
      const goods = ['TEA', 'MILK', '4870001', 'BREAD']
      const some = () => goods[randomInteger(random, 0, 3)] ?? 'TEA'
      const left = new Map<string, number>()
      const unsettled: string[] = []
      const started = { yes: false }
      const change = (each: string, by: number) => {
        if (started.yes) left.set(each, (left.get(each) ?? 0) + by)
      }
      for (let turn = 0; turn < 60; turn += 1) {
        const what = randomInteger(random, 0, 9)
        if (what <= 3) {
          const id = `sale-${turn}`
          const lines = { [some()]: randomInteger(random, 1, 5000) }
          const back = what === 3
          await sell(id, lines, back ? 'saleReturn' : 'sale')
          for (const [each, quantity] of Object.entries(lines)) change(each, back ? quantity : -quantity)
          if (random() < 0.5 && started.yes) unsettled.push(JSON.stringify({ id, lines, back }))
          else await put(id, { state: 'done', number: turn })
        } else if (what === 4 && unsettled.length > 0) {
          const { id, lines, back } = JSON.parse(unsettled.shift() ?? '{}') as {
            readonly id: string
            readonly lines: Record<string, number>
            readonly back: boolean
          }
          const gone = random() < 0.5
          await put(id, gone ? { state: 'refused', code: 5 } : { state: 'done', number: turn })
          if (gone) for (const [each, quantity] of Object.entries(lines)) change(each, back ? -quantity : quantity)
        } else if (what <= 6) {
          // Two windows at once: one of them comes too late.
          await Promise.all([someone().catchUp(), someone().catchUp()])
        } else {
          const kind = (['delivery', 'count', 'writeOff'] as const satisfies readonly SheetKind[])[what - 7] ?? 'count'
          const each = some()
          const quantity = randomInteger(random, 0, 9000)
          await someone().catchUp()
          const line = { code: each, name: each, quantity, atMs: turn }
          await someone().editLine(kind, each, () => line, { id: `sheet-${turn}`, atMs: turn })
          const sheet = await someone().sheet(kind)
          if (sheet === null) throw new Error('the sheet is there')
          await Promise.all(windows.map((one) => one.accept(sheet.head, '', WHO)))
          started.yes = true
          if (kind === 'count') left.set(each, quantity)
          else change(each, kind === 'delivery' ? quantity : -quantity)
        }
      }
      await Promise.all(windows.map((one) => one.catchUp()))
      if (started.yes) expect(await quantities()).toMatchObject(Object.fromEntries(left))
      expect(await stock.recount(), `seed ${seed}`).toBe(0)
    }
  })
})
