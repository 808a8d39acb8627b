/** A table whose cells keep what they mean, so that a spreadsheet gets numbers and dates and no texts of them. */
import { csvText } from './csv-export.ts'
import { thousandthsToWire, tiynToWire } from './money.ts'
import type { Thousandths, Tiyn } from './money.ts'

export type Cell =
  | string
  | { readonly kind: 'money'; readonly tiyn: Tiyn }
  | { readonly kind: 'quantity'; readonly thousandths: Thousandths }
  /** Hundredths of a percent: 16 % is 1600. */
  | { readonly kind: 'percent'; readonly hundredths: number }
  | { readonly kind: 'whole'; readonly value: number }
  /** ms since the epoch. */
  | { readonly kind: 'time'; readonly atMs: number }
  /** Nothing to be said: empty, and no zero. */
  | null

export interface Table {
  /** Name of its sheet, at most 31 characters. */
  readonly name: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}

export const moneyCell = (tiyn: Tiyn): Cell => ({ kind: 'money', tiyn })

const two = (value: number): string => String(value).padStart(2, '0')

/** `22.11.2026 14:32:07` on the tablet's clock: without a comma, which makes a text of it in a spreadsheet. */
function timeText(atMs: number): string {
  const at = new Date(atMs)
  const day = `${two(at.getDate())}.${two(at.getMonth() + 1)}.${at.getFullYear()}`
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
}

/** As Russian and Kazakh spreadsheets read it: a decimal comma, no spaces, no sign of money. */
function cellText(cell: Cell): string {
  if (cell === null || typeof cell === 'string') return cell ?? ''
  switch (cell.kind) {
    case 'money':
      return tiynToWire(cell.tiyn).replace('.', ',')
    case 'quantity':
      return thousandthsToWire(cell.thousandths).replace('.', ',')
    case 'percent':
      return `${tiynToWire(cell.hundredths as Tiyn).replace('.', ',')}%`
    case 'whole':
      return String(cell.value)
    case 'time':
      return timeText(cell.atMs)
  }
}

/** The table as a CSV file for a spreadsheet with Russian settings. */
export function tableCsv({ head, rows }: Pick<Table, 'head' | 'rows'>): string {
  return csvText([head, ...rows.map((row) => row.map(cellText))])
}
