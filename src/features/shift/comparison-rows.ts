/** A row of the comparison as text: the same words on the screen, on paper and in a file. */
import type { ComparisonRow } from '../../domain/comparison.ts'
import { moneyCell, tableCsv, type Cell } from '../../domain/table.ts'
import type { WayTotal } from '../../domain/paid-ways.ts'
import type { useText } from '../../i18n/use-text.ts'
import type { ShiftComparison } from '../../stores/comparison.ts'
import type { ChipTone } from '../../ui/UiChip.vue'
import type { IconName } from '../../ui/icons.ts'
import { KINDS } from './shift-text.ts'

type Words = Pick<ReturnType<typeof useText>, 't' | 'money' | 'dateTime'>

export const ROW_STATES = ['matched', 'differing', 'onlyHere', 'onlyThere'] as const

export const ROW_LOOK: Readonly<Record<ComparisonRow['kind'], { readonly tone: ChipTone; readonly icon: IconName }>> = {
  matched: { tone: 'ok', icon: 'check' },
  differing: { tone: 'danger', icon: 'alert' },
  onlyHere: { tone: 'danger', icon: 'minus' },
  onlyThere: { tone: 'warn', icon: 'plus' },
}

/** Both sides of a row; null where it stands on one side only. */
export function sidesOf(row: ComparisonRow) {
  return {
    own: row.kind === 'onlyThere' ? null : row.own,
    device: row.kind === 'onlyHere' ? null : row.device,
  }
}

/** Number under which a row is looked for: the device's, else the journal's. */
export function rowNumber(row: ComparisonRow): number | null {
  const { own, device } = sidesOf(row)
  return device?.number ?? own?.number ?? null
}

export function rowTime(row: ComparisonRow): number | null {
  const { own, device } = sidesOf(row)
  return device?.at ?? own?.at ?? null
}

export function rowKind(row: ComparisonRow) {
  const { own, device } = sidesOf(row)
  return device?.kind ?? own?.kind ?? null
}

/** Why a row isn't simply matched; empty where it is. */
export function rowNote(row: ComparisonRow, { t }: Pick<Words, 't'>): string {
  switch (row.kind) {
    case 'matched':
      return row.withoutDiscounts ? t('compare.withoutDiscounts') : ''
    case 'differing':
      return t('compare.differsIn', { what: row.differences.map((one) => t(`compare.difference.${one}`)).join(', ') })
    case 'onlyHere':
    case 'onlyThere':
      return t(`compare.stateText.${row.kind}`)
  }
}

export interface SummaryLine {
  readonly key: string
  readonly title: string
  readonly own: { readonly count: number; readonly tiyn: number }
  readonly device: { readonly count: number; readonly tiyn: number }
}

/** Sums by type and of cash documents on both sides. The device's are its own counters, not the sum of its list. */
export function summaryLines({ own, report }: ShiftComparison, { t }: Pick<Words, 't'>): readonly SummaryLine[] {
  const kinds = KINDS.map((kind) => ({
    key: kind,
    title: t(`shiftPage.kind.${kind}`),
    own: { count: own.byKind[kind].count, tiyn: own.byKind[kind].total },
    device: { count: report.kinds[kind].count, tiyn: report.kinds[kind].sum },
  }))
  return [
    ...kinds,
    {
      key: 'deposit',
      title: t('shiftPage.deposits'),
      own: { count: own.deposits.count, tiyn: own.deposits.total },
      device: { count: report.cashIn.count, tiyn: report.cashIn.total },
    },
    {
      key: 'withdrawal',
      title: t('shiftPage.withdrawals'),
      own: { count: own.withdrawals.count, tiyn: own.withdrawals.total },
      device: { count: report.cashOut.count, tiyn: report.cashOut.total },
    },
  ]
}

/** A name of the shop with what it is for the register. */
export function wayTitle({ name, tender }: Pick<WayTotal, 'name' | 'tender'>, { t }: Pick<Words, 't'>): string {
  return `${name} (${t(`shiftPage.tender.${tender}`)})`
}

/** Rows agree, and so do the counters of cash documents, which have no rows. */
export function agrees(value: ShiftComparison): boolean {
  const { comparison, report, own } = value
  return (
    comparison.summary.agrees &&
    value.complete &&
    value.unsettled.length === 0 &&
    value.broken.length === 0 &&
    report.cashIn.count === own.deposits.count &&
    report.cashIn.total === own.deposits.total &&
    report.cashOut.count === own.withdrawals.count &&
    report.cashOut.total === own.withdrawals.total
  )
}

/** The comparison as a table for a spreadsheet: numbers and dates as Russian and Kazakh ones read them. */
export function comparisonCsv(value: ShiftComparison, words: Words): string {
  const { t } = words
  const columns = ['number', 'mark', 'time', 'kind', 'here', 'there', 'state', 'difference', 'paidBy'] as const
  const rows = value.comparison.rows.map((row): Cell[] => {
    const { own, device } = sidesOf(row)
    const [number, at, kind] = [rowNumber(row), rowTime(row), rowKind(row)]
    return [
      number === null ? null : { kind: 'whole', value: number },
      own?.mark ?? null,
      at === null ? null : { kind: 'time', atMs: at },
      kind === null ? null : t(`queue.kind.${kind}`),
      own && moneyCell(own.totalTiyn),
      device && moneyCell(device.totalTiyn),
      t(`compare.state.${row.kind}`),
      rowNote(row, words),
      (own?.paidBy ?? []).join(' + '),
    ]
  })
  return tableCsv({ head: columns.map((name) => t(`compare.column.${name}`)), rows })
}

export interface SheetHead {
  readonly shop: string
  readonly serial: string
}

const WIDTH = 78

function pad(text: string, width: number, right = false): string {
  const cut = text.length > width ? text.slice(0, width) : text
  return right ? cut.padStart(width) : cut.padEnd(width)
}

/** The whole comparison as plain text of 78 columns, with a place to sign. */
export function comparisonText(value: ShiftComparison, head: SheetHead, words: Words): string {
  const { t, money, dateTime } = words
  const rule = '-'.repeat(WIDTH)
  const { report, comparison } = value
  const lines = [t('compare.title', { shift: value.shift })]
  if (head.shop !== '') lines.push(`${t('compare.shop')}: ${head.shop}`)
  if (head.serial !== '') lines.push(t('compare.device', { serial: head.serial }))
  lines.push(periodText(report, words), t('compare.madeAt', { time: dateTime(value.atMs) }), rule)
  lines.push(pad('', 26) + pad(t('compare.column.here'), 26, true) + pad(t('compare.column.there'), 26, true))
  for (const line of summaryLines(value, words)) {
    const side = (of: SummaryLine['own']) => pad(`${of.count}  ${money(of.tiyn)}`, 26, true)
    lines.push(pad(line.title, 26) + side(line.own) + side(line.device))
  }
  if (value.ways.length > 0) lines.push('', t('shiftPage.ways'))
  for (const way of value.ways) {
    lines.push(pad(wayTitle(way, words), 26) + pad(`${way.count}  ${money(way.tiyn)}`, 26, true))
  }
  lines.push(rule)
  for (const state of ROW_STATES) lines.push(`${pad(t(`compare.state.${state}`), 26)}${comparison.summary[state]}`)
  lines.push('', t(agrees(value) ? 'compare.agrees' : 'compare.differs').toUpperCase(), rule)
  for (const row of comparison.rows) {
    const { own, device } = sidesOf(row)
    const [number, at] = [rowNumber(row), rowTime(row)]
    lines.push(
      pad(number === null ? '?' : String(number), 9) +
        pad(own?.mark ?? '', 9) +
        pad(at === null ? '' : dateTime(at), 19) +
        pad(own === null ? '-' : money(own.totalTiyn), 14, true) +
        pad(device === null ? '-' : money(device.totalTiyn), 14, true) +
        (row.kind === 'matched' ? '' : `  ${t(`compare.state.${row.kind}`)}`),
    )
    const note = rowNote(row, words)
    if (note !== '') lines.push(`         ${note}`)
  }
  const sign = (name: 'cashierSign' | 'ownerSign' | 'dateSign') => `${pad(t(`compare.${name}`), 12)}${'_'.repeat(30)}`
  lines.push(rule, '', sign('cashierSign'), '', sign('ownerSign'), '', sign('dateSign'), '')
  return lines.join('\r\n')
}

export function periodText(report: ShiftComparison['report'], { t, dateTime }: Words): string {
  const from = report.openedAt === null ? '—' : dateTime(report.openedAt)
  return report.open === true || report.closedAt === null
    ? t('compare.periodOpen', { from })
    : t('compare.period', { from, to: dateTime(report.closedAt) })
}
