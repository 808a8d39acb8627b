/** The journal as tables for a spreadsheet: receipts with their money, and their lines with goods and tax. */
import { includedTax, splitTiyn, thousandths, tiyn, type Tiyn } from '../../domain/money.ts'
import { keptBy, namedBy, wayTotals, type WayTotal } from '../../domain/paid-ways.ts'
import { takesCashOut } from '../../domain/payment.ts'
import { TENDERS, type ItemRow, type Receipt } from '../../domain/receipt.ts'
import { originalLines } from '../../domain/returns.ts'
import { costOfLine } from '../../domain/stock.ts'
import { moneyCell, type Cell, type Table } from '../../domain/table.ts'
import { rateFromTaxName } from '../../domain/tax.ts'
import type { MessageKey } from '../../i18n/schema.ts'
import { provenNumber, registeredAt, type Entry } from '../../queue/types.ts'
import { entryTitle, journalLook } from '../common/entry-look.ts'
import { howPaid } from './how-paid.ts'

/** What a record doesn't hold: words, today's taxes of the register, units of today's catalogue. */
export interface TableWords {
  readonly t: (key: MessageKey) => string
  /** Name of a tax, null id for the register's default; null where it isn't known. */
  readonly taxName: (taxId: string | null) => string | null
  /** Unit of the goods with this code; empty where it isn't known. */
  readonly unit: (code: string | null) => string
  /** Whoever reads it may see what the goods cost. */
  readonly costs: boolean
}

type Registered = Entry & { readonly receipt: Receipt }

const isRegistered = (entry: Entry): entry is Registered => entry.receipt !== null && entry.state === 'done'

/** Money that came in counts up, money that went out counts down: sums of a column are then what was earned. */
const signOf = (receipt: Receipt): 1 | -1 => (takesCashOut(receipt.kind) ? -1 : 1)
const signed = (amount: Tiyn, sign: 1 | -1): Cell => moneyCell(tiyn(sign * amount))

/** Rate in hundredths of a percent: of the name that the tax had at the sale, else of what the register calls it today. */
function rateOf(receipt: Receipt, words: TableWords): number | null {
  const name = receipt.taxName ?? words.taxName(receipt.taxId)
  return name === null ? null : rateFromTaxName(name)
}

const rateCell = (rate: number | null): Cell => (rate === null ? null : { kind: 'percent', hundredths: rate })

function receiptRow(entry: Entry, names: readonly WayTotal[], words: TableWords): Cell[] {
  const { t } = words
  const number = provenNumber(entry)
  const head: Cell[] = [
    { kind: 'time', atMs: registeredAt(entry) ?? entry.createdAtMs },
    t(entryTitle(entry)),
    number === null ? null : { kind: 'whole', value: number },
    entry.mark,
  ]
  const { id = '', name = '' } = entry.receipt?.buyer ?? {}
  const tail: Cell[] = [howPaid(entry, t), t(journalLook(entry).word), entry.cashier, name, id]
  if (!isRegistered(entry)) {
    const done = entry.state === 'done'
    const isCash = entry.kind === 'deposit' || entry.kind === 'withdrawal'
    const moved = done && isCash ? signed(entry.amount, entry.kind === 'deposit' ? 1 : -1) : null
    const waiting = !done && entry.amount > 0 ? moneyCell(entry.amount) : null
    return [...head, null, ...TENDERS.map(() => null), ...names.map(() => null), null, null, moved, waiting, ...tail]
  }
  const { receipt } = entry
  const sign = signOf(receipt)
  const rate = rateOf(receipt, words)
  return [
    ...head,
    signed(receipt.total, sign),
    ...TENDERS.map((tender) => {
      const kept = keptBy(receipt, tender)
      return kept === 0 ? null : signed(kept, sign)
    }),
    ...names.map(({ tender, name }) => {
      const named = namedBy(entry.ways ?? [], tender, name)
      return named === 0 ? null : signed(named, sign)
    }),
    rateCell(rate),
    rate === null ? null : signed(includedTax(receipt.total, rate), sign),
    null,
    null,
    ...tail,
  ]
}

function receiptsTable(entries: readonly Entry[], words: TableWords): Table {
  const { t } = words
  const names = wayTotals(entries.filter(isRegistered).map(({ receipt, ways = [] }) => ({ ...receipt, ways })))
  return {
    name: t('journal.sheet.receipts'),
    head: [
      t('journal.column.date'),
      t('journal.column.kind'),
      t('journal.column.number'),
      t('journal.markLabel'),
      t('journal.total'),
      ...TENDERS.map((tender) => t(`journal.tender.${tender}`)),
      ...names.map(({ tender, name }) => `${t(`journal.tender.${tender}`)}: ${name}`),
      t('journal.column.taxRate'),
      t('journal.column.tax'),
      t('journal.column.moved'),
      t('journal.column.waiting'),
      t('journal.column.paidBy'),
      t('journal.column.state'),
      t('journal.cashier'),
      t('journal.buyer'),
      t('texts.buyerRow'),
    ],
    rows: entries.map((entry) => receiptRow(entry, names, words)),
  }
}

/** What a line's goods had cost and what is left of its price; empty where that wasn't known, and for purchases. */
function costCells({ kind }: Receipt, row: ItemRow, net: Tiyn, sign: 1 | -1): Cell[] {
  const cost = kind === 'sale' || kind === 'saleReturn' ? costOfLine(row) : null
  return cost === null ? [null, null] : [signed(cost, sign), signed(tiyn(net - cost), sign)]
}

function lineRows(entry: Registered, words: TableWords): Cell[][] {
  const { t } = words
  const { receipt } = entry
  const sign = signOf(receipt)
  const rate = rateOf(receipt, words)
  const lines = originalLines(receipt)
  // The receipt's tax is rounded once, as its total: its lines' parts add up to it.
  const taxes =
    rate === null
      ? null
      : splitTiyn(
          includedTax(receipt.total, rate),
          lines.map(({ net }) => net),
        )
  const number = provenNumber(entry)
  return lines.map(({ row, net }, index) => [
    { kind: 'time', atMs: registeredAt(entry) ?? entry.createdAtMs },
    t(entryTitle(entry)),
    number === null ? null : { kind: 'whole', value: number },
    entry.mark,
    row.code ?? '',
    row.name,
    { kind: 'quantity', thousandths: thousandths(sign * row.quantity) },
    words.unit(row.code),
    moneyCell(row.price),
    signed(row.sum, sign),
    signed(tiyn(row.sum - net), sign),
    signed(net, sign),
    rateCell(rate),
    taxes === null ? null : signed(taxes[index] ?? tiyn(0), sign),
    ...(words.costs ? costCells(receipt, row, net, sign) : []),
  ])
}

function linesTable(entries: readonly Entry[], words: TableWords): Table {
  const { t } = words
  return {
    name: t('journal.sheet.lines'),
    head: [
      t('journal.column.date'),
      t('journal.column.kind'),
      t('journal.column.number'),
      t('journal.markLabel'),
      t('journal.column.code'),
      t('journal.column.goods'),
      t('journal.column.quantity'),
      t('journal.column.unit'),
      t('journal.column.price'),
      t('journal.column.gross'),
      t('journal.column.discount'),
      t('journal.column.net'),
      t('journal.column.taxRate'),
      t('journal.column.tax'),
      ...(words.costs ? [t('journal.column.cost'), t('journal.column.margin')] : []),
    ],
    rows: entries.filter(isRegistered).flatMap((entry) => lineRows(entry, words)),
  }
}

/**
 * Receipts (with cash put in and taken out, and what isn't registered), and the lines of what is registered. Money only
 * of registered receipts stands in the columns that are added up: cash as it was kept, returns below zero.
 */
export function journalTables(entries: readonly Entry[], words: TableWords): readonly [receipts: Table, lines: Table] {
  return [receiptsTable(entries, words), linesTable(entries, words)]
}
