/** Tables as a workbook of real numbers and dates. Fetched with the spreadsheet library when somebody saves one. */
import { utils, write, type CellObject, type WorkSheet } from '@e965/xlsx'
import { thousandthsToWire, tiynToWire, type Tiyn } from '../../domain/money.ts'
import type { Cell, Table } from '../../domain/table.ts'

const DAY_MS = 86_400_000

/** The tablet's clock as a spreadsheet counts it: days since 30 December 1899, without a time zone. */
function serialOf(atMs: number): number {
  const at = new Date(atMs)
  const wall = Date.UTC(at.getFullYear(), at.getMonth(), at.getDate(), at.getHours(), at.getMinutes(), at.getSeconds())
  return (wall - Date.UTC(1899, 11, 30)) / DAY_MS
}

/** A decimal becomes the nearest number that a spreadsheet has for it: `815.5`, once and from its digits. */
function cellOf(cell: Cell): CellObject | null {
  if (cell === null) return null
  if (typeof cell === 'string') return cell === '' ? null : { t: 's', v: cell }
  switch (cell.kind) {
    case 'money':
      return { t: 'n', v: Number(tiynToWire(cell.tiyn)), z: '#,##0.00' }
    case 'quantity':
      return { t: 'n', v: Number(thousandthsToWire(cell.thousandths)), z: '0.###' }
    case 'percent':
      return { t: 'n', v: Number(`${tiynToWire(cell.hundredths as Tiyn)}e-2`), z: '0.##%' }
    case 'whole':
      return { t: 'n', v: cell.value, z: '0' }
    case 'time':
      return { t: 'n', v: serialOf(cell.atMs), z: 'dd.mm.yyyy hh:mm' }
  }
}

const NARROW = 8
const WIDE = 40

/** Widths in characters: what stands in a column decides, a long name is cut. */
function widths({ head, rows }: Table): { wch: number }[] {
  return head.map((title, column) => {
    let longest = title.length
    for (const row of rows) {
      const cell = row[column] ?? null
      const size = typeof cell === 'string' ? cell.length : cell?.kind === 'time' ? 16 : 12
      if (cell !== null) longest = Math.max(longest, size)
    }
    return { wch: Math.min(WIDE, Math.max(NARROW, longest + 1)) }
  })
}

function sheetOf(table: Table): WorkSheet {
  const sheet: WorkSheet = utils.aoa_to_sheet([[...table.head], ...table.rows.map((row) => row.map(cellOf))])
  sheet['!cols'] = widths(table)
  if (sheet['!ref'] !== undefined) sheet['!autofilter'] = { ref: sheet['!ref'] }
  return sheet
}

/** The bytes of an .xlsx file with a sheet for each table. */
export function workbookBytes(tables: readonly Table[]): ArrayBuffer {
  const book = utils.book_new()
  for (const table of tables) utils.book_append_sheet(book, sheetOf(table), table.name.slice(0, 31))
  return write(book, { type: 'array', bookType: 'xlsx', compression: true }) as ArrayBuffer
}

/** The same as a file to be saved. */
export function workbookFile(tables: readonly Table[]): Blob {
  return new Blob([workbookBytes(tables)], {
    type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  })
}
