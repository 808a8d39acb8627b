/** A shift as tables for a spreadsheet: its totals, what was counted before it was closed, and its taxes. */
import { differenceOf } from '../../domain/drawer-count.ts'
import { tiyn, type Tiyn } from '../../domain/money.ts'
import { TENDERS } from '../../domain/receipt.ts'
import { shiftMargin, shiftTotals, shiftWays, tenderFlow, type ShiftEntry } from '../../domain/shift.ts'
import { moneyCell, type Cell, type Table } from '../../domain/table.ts'
import type { MessageKey } from '../../i18n/schema.ts'
import type { ShiftReport } from '../../ikkm/reports.ts'
import type { DrawerCount } from '../../till/drawer-count.ts'
import { KINDS, reasonText } from './shift-text.ts'

interface Shown {
  readonly report: ShiftReport
  /** This terminal's own receipts and cash documents of the shift. */
  readonly entries: readonly ShiftEntry[]
  readonly count: DrawerCount | null
  readonly taxNames: ReadonlyMap<string, string>
  /** Whoever reads it may see what the goods cost. */
  readonly costs: boolean
}

interface Words {
  readonly t: (key: MessageKey) => string
}

const whole = (value: number): Cell => ({ kind: 'whole', value })

function totalsTable({ report, entries }: Shown, { t }: Words): Table {
  const own = shiftTotals(entries)
  const rows: Cell[][] = KINDS.map((kind) => [
    t(`shiftPage.kind.${kind}`),
    whole(report.kinds[kind].count),
    moneyCell(report.kinds[kind].sum),
    whole(own.byKind[kind].count),
    moneyCell(own.byKind[kind].total),
  ])
  const cash = (
    title: string,
    device: { count: number; total: Tiyn },
    mine: { count: number; total: Tiyn },
  ): Cell[] => [title, whole(device.count), moneyCell(device.total), whole(mine.count), moneyCell(mine.total)]
  rows.push(
    cash(t('shiftPage.deposits'), report.cashIn, own.deposits),
    cash(t('shiftPage.withdrawals'), report.cashOut, own.withdrawals),
    [t('shiftPage.drawer'), null, report.cashWeHave === null ? null : moneyCell(report.cashWeHave), null, null],
  )
  for (const tender of TENDERS) {
    rows.push([t(`shiftPage.tender.${tender}`), null, null, null, moneyCell(tenderFlow(own, tender))])
    for (const way of shiftWays(entries).filter((each) => each.tender === tender)) {
      rows.push([`${t(`shiftPage.tender.${tender}`)}: ${way.name}`, null, null, whole(way.count), moneyCell(way.tiyn)])
    }
  }
  return {
    name: t('shiftPage.totals'),
    head: [
      t('shiftPage.sheet.what'),
      `${t('shiftPage.byDevice')}, ${t('shiftPage.sheet.count')}`,
      `${t('shiftPage.byDevice')}, ${t('shiftPage.sheet.sum')}`,
      `${t('shiftPage.byTerminal')}, ${t('shiftPage.sheet.count')}`,
      `${t('shiftPage.byTerminal')}, ${t('shiftPage.sheet.sum')}`,
    ],
    rows,
  }
}

function countTable(count: DrawerCount, words: Words): Table {
  const { t } = words
  const why = [count.reason === undefined ? '' : reasonText(count.reason, words), count.note ?? '']
  const rows: Cell[][] = [
    [
      t('shiftPage.tender.cash'),
      moneyCell(count.expected),
      moneyCell(count.counted),
      moneyCell(count.difference),
      ...why,
      count.cashier,
      { kind: 'time', atMs: count.atMs },
    ],
  ]
  if (count.first !== undefined) {
    const difference = tiyn(count.first - count.expected)
    rows.push([t('past.countedFirst'), moneyCell(count.expected), moneyCell(count.first), moneyCell(difference)])
  }
  for (const one of count.tenders ?? []) {
    const title = one.name === '' ? t(`shiftPage.tender.${one.tender}`) : one.name
    rows.push([title, moneyCell(one.expected), moneyCell(one.counted), moneyCell(differenceOf(one))])
  }
  for (const [denomination, pieces] of count.pieces) {
    rows.push([
      moneyCell(denomination),
      null,
      moneyCell(tiyn(denomination * pieces)),
      null,
      null,
      null,
      null,
      null,
      whole(pieces),
    ])
  }
  return {
    name: t('past.counted'),
    head: [
      t('shiftPage.sheet.what'),
      t('shiftPage.sheet.expected'),
      t('closing.counted'),
      t('shiftPage.sheet.difference'),
      t('closing.reason'),
      t('closing.note'),
      t('compare.cashierSign'),
      t('compare.column.time'),
      t('shiftPage.sheet.pieces'),
    ],
    rows,
  }
}

function taxTable({ report, taxNames }: Shown, { t }: Words): Table {
  const rows = KINDS.flatMap((kind) =>
    (report.taxes[kind] ?? []).map(({ taxId, turnover, details }): Cell[] => [
      t(`shiftPage.kind.${kind}`),
      taxNames.get(taxId) ?? taxId,
      moneyCell(turnover),
      moneyCell(tiyn(details.reduce((sum, { amount }) => sum + amount, 0))),
    ]),
  )
  return {
    name: t('shiftPage.taxes'),
    head: [t('shiftPage.sheet.what'), t('shiftPage.sheet.tax'), t('shiftPage.sheet.turnover'), t('shiftPage.taxes')],
    rows,
  }
}

function marginTable({ entries }: Shown, { t }: Words): Table {
  const { turnover, known, cost } = shiftMargin(entries)
  return {
    name: t('margin.title'),
    head: [t('shiftPage.sheet.what'), t('shiftPage.sheet.sum')],
    rows: [
      [t('margin.turnover'), moneyCell(turnover)],
      [t('margin.known'), moneyCell(known)],
      [t('margin.cost'), moneyCell(cost)],
      [t('margin.margin'), moneyCell(tiyn(known - cost))],
    ],
  }
}

/** Totals first; the count only where somebody counted, taxes only where the register told them. */
export function shiftTables(shown: Shown, words: Words): readonly Table[] {
  const taxes = taxTable(shown, words)
  return [
    totalsTable(shown, words),
    ...(shown.count === null ? [] : [countTable(shown.count, words)]),
    ...(taxes.rows.length === 0 ? [] : [taxes]),
    ...(shown.costs && shiftMargin(shown.entries).known !== 0 ? [marginTable(shown, words)] : []),
  ]
}
