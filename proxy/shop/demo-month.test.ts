import { expect, it } from 'vitest'
import { fillDemoMonth } from './demo-month.ts'
import { periodOf } from './reports.ts'
import { createShopTime } from './shop-time.ts'
import { openSqlite } from './sqlite.ts'
import { openStore } from './store.ts'

const NOW = Date.UTC(2026, 10, 27, 14)

async function month() {
  const store = await openStore(await openSqlite(':memory:'), {
    time: createShopTime('Asia/Almaty'),
    now: () => NOW,
    gatherMs: 0,
  })
  await fillDemoMonth(store, NOW)
  const period = periodOf('2026-10-31', '2026-11-27')
  if (period === null) throw new Error('no period')
  const summary = await store.summary(period)
  const unsettled = await store.receipts({
    fromMs: null,
    toMs: null,
    search: '',
    till: null,
    state: 'waiting',
    before: null,
    limit: 50,
  })
  await store.close()
  return { summary, unsettled: unsettled.receipts }
}

it('the demo shop has four weeks of three tills with returns, and one receipt that waits; the same ones each time', async () => {
  const { summary, unsettled } = await month()
  expect(summary.tills.map(({ name, unsettled: waiting }) => [name, waiting]).sort()).toEqual([
    ['Касса 1', 0],
    ['Касса 2', 0],
    ['Кофе', 1],
  ])
  expect(unsettled).toHaveLength(1)
  expect(summary.byDay).toHaveLength(28)
  expect(summary.totals.receipts).toBeGreaterThan(1_500)
  expect(summary.totals.returns).toBeGreaterThan(5)
  expect(summary.byHour).toHaveLength(14)
  const sums = [summary.byTill, summary.byTender, summary.byCashier, summary.byProduct, summary.byTax, summary.byHour]
  for (const rows of sums)
    expect(rows.reduce((sum, { totalTiyn }) => sum + totalTiyn, 0)).toBe(summary.totals.totalTiyn)
  expect((await month()).summary.totals).toEqual(summary.totals)
})
