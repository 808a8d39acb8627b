/** The shown period as tables for a spreadsheet. */
import type { ReportRow, ShopReceipt, ShopSummary } from '../contract/shop.ts'
import { thousandths, tiyn } from '../domain/money.ts'
import { moneyCell, type Cell, type Table } from '../domain/table.ts'
import type { MessageKey } from '../i18n/schema.ts'
import { rowsByShop } from './chain.ts'
import { averageReceipt, marginOf } from './comparison.ts'
import { kindWord, sumOf, tenderWord, tillName } from './names.ts'

export interface TableWords {
  readonly t: (key: MessageKey) => string
  /** This device's clock showing the shop's time at a moment: a spreadsheet's date has no time zone. */
  readonly wall: (ms: number) => number
}

const money = (value: number | null): Cell => (value === null ? null : moneyCell(tiyn(value)))
const whole = (value: number): Cell => ({ kind: 'whole', value })

function totalsTable({ totals, previous }: ShopSummary, { t }: TableWords): Table {
  const row = (word: MessageKey, cell: (of: ShopSummary['totals']) => Cell): Cell[] => [
    t(word),
    cell(totals),
    cell(previous),
  ]
  const days = ({ from, to }: ShopSummary['totals']): string => (from === to ? from : `${from} – ${to}`)
  return {
    name: t('shop.sheet.totals'),
    head: [t('shop.column.what'), days(totals), days(previous)],
    rows: [
      row('shop.total', ({ totalTiyn }) => money(totalTiyn)),
      row('shop.receiptCount', ({ receipts }) => whole(receipts)),
      row('shop.average', (of) => money(averageReceipt(of))),
      row('shop.returnCount', ({ returns }) => whole(returns)),
      row('shop.returned', ({ returnedTiyn }) => money(returnedTiyn)),
    ],
  }
}

/** One table of a report: `name` is what its rows are called. */
function reportTable(
  sheet: MessageKey,
  heading: MessageKey,
  rows: readonly ReportRow[],
  { t }: TableWords,
  name: (row: ReportRow) => string,
): Table {
  return {
    name: t(sheet),
    head: [t(heading), t('shop.total'), t('shop.receiptCount'), t('shop.returnCount')],
    rows: rows.map((row) => [name(row), money(row.totalTiyn), whole(row.receipts), whole(row.returns)]),
  }
}

function productsTable(rows: readonly ReportRow[], { t }: TableWords): Table {
  return {
    name: t('shop.sheet.products'),
    head: [
      t('shop.column.product'),
      t('shop.quantity'),
      t('shop.total'),
      t('shop.column.cost'),
      t('shop.margin'),
      t('shop.column.marginShare'),
    ],
    rows: rows.map((row) => {
      const margin = marginOf(row)
      const share = margin?.hundredths ?? null
      return [
        row.key,
        { kind: 'quantity', thousandths: thousandths(row.quantity) },
        money(row.totalTiyn),
        money(row.costTiyn),
        money(margin?.tiyn ?? null),
        share === null ? null : { kind: 'percent', hundredths: share },
      ]
    }),
  }
}

/** The reports of the summary, a sheet each; one without rows is left out. */
export function reportTables(summary: ShopSummary, words: TableWords): readonly Table[] {
  const { t } = words
  const tills = new Map(summary.tills.map((till) => [till.till, till]))
  const tables = [
    reportTable('shop.sheet.hours', 'shop.column.hour', summary.byHour, words, ({ key }) => `${key}:00`),
    reportTable('shop.sheet.days', 'shop.column.day', summary.byDay, words, ({ key }) => key),
    reportTable('shop.sheet.shops', 'shop.column.shop', rowsByShop(summary), words, ({ key }) =>
      key === '' ? t('shop.noShop') : key,
    ),
    reportTable('shop.sheet.tills', 'shop.column.till', summary.byTill, words, ({ key }) => tillName(key, tills, t)),
    reportTable('shop.sheet.tenders', 'shop.column.tender', summary.byTender, words, ({ key }) => tenderWord(key, t)),
    reportTable('shop.sheet.ways', 'shop.column.way', summary.byWay, words, ({ key }) => key),
    reportTable('shop.sheet.cashiers', 'shop.column.cashier', summary.byCashier, words, ({ key }) =>
      key === '' ? t('shop.noCashier') : key,
    ),
    productsTable(summary.byProduct, words),
    {
      name: t('shop.sheet.taxes'),
      head: [t('shop.column.taxName'), t('shop.total'), t('shop.column.tax')],
      rows: summary.byTax.map(({ key, totalTiyn, taxTiyn }) => [key, money(totalTiyn), money(taxTiyn)]),
    } satisfies Table,
  ]
  return [totalsTable(summary, words), ...tables.filter(({ rows }) => rows.length > 0)]
}

/** Receipts a row each; what was given back stands below zero, and what isn't registered in a column of its own. */
export function receiptsTable(receipts: readonly ShopReceipt[], { t, wall }: TableWords): Table {
  return {
    name: t('shop.sheet.receipts'),
    head: [
      t('shop.column.time'),
      t('shop.column.kind'),
      t('shop.column.number'),
      t('shop.mark'),
      t('shop.total'),
      t('shop.column.waiting'),
      t('shop.column.state'),
      t('shop.column.till'),
      t('shop.column.cashier'),
    ],
    rows: receipts.map((receipt) => {
      const { state, number } = receipt
      return [
        { kind: 'time', atMs: wall(receipt.registeredAtMs ?? receipt.createdAtMs) },
        kindWord(receipt.kind, t),
        number === null ? null : whole(number),
        receipt.mark,
        state === 'done' ? money(sumOf(receipt)) : null,
        state === 'done' ? null : money(receipt.totalTiyn),
        t(`shop.state.${state}`),
        receipt.tillName === '' ? receipt.letter : receipt.tillName,
        receipt.cashier,
      ]
    }),
  }
}
