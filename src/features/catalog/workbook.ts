/**
 * Sheets of a workbook as texts: Excel's old and new formats, OpenDocument, and pages or XML tables that were saved
 * under such a name. Runs in the worker, which fetches this and the library only when such a file was chosen.
 */
import { read, set_cptable, type CellObject, type DenseWorkSheet } from '@e965/xlsx'

export interface SheetRows {
  readonly name: string
  /** Every row from the first one of the sheet. */
  readonly rows: readonly (readonly string[])[]
}

/** Code pages of old workbooks, by the browser's own tables instead of the library's 470 kB. */
function encodingOf(codePage: number): string {
  if (codePage === 1200) return 'utf-16le'
  if (codePage === 65001) return 'utf-8'
  if (codePage === 866) return 'ibm866'
  if (codePage === 10007) return 'x-mac-cyrillic'
  return codePage >= 1250 && codePage <= 1258 ? `windows-${codePage}` : 'windows-1251'
}

const decoders = new Map<number, TextDecoder>()

set_cptable({
  utils: {
    decode(codePage: number, data: ArrayLike<number> | string): string {
      const decoder = decoders.get(codePage) ?? new TextDecoder(encodingOf(codePage))
      decoders.set(codePage, decoder)
      const bytes = typeof data === 'string' ? Array.from(data, (char) => char.charCodeAt(0)) : data
      return decoder.decode(Uint8Array.from(bytes))
    },
  },
})

/** A computed number in plain digits with four decimals: four are never taken for thousands. */
function withDecimals(value: number): string {
  const digits = String(Math.round(Math.abs(value) * 10_000)).padStart(5, '0')
  return `${value < 0 ? '-' : ''}${digits.slice(0, -4)}.${digits.slice(-4)}`
}

/** A cell's text: numbers in plain digits with a dot, a percentage as one, dates and the rest as the sheet shows them. */
function cellText(cell: CellObject | undefined): string {
  if (cell?.v === undefined || cell.v === null) return ''
  if (cell.t === 's') return String(cell.v)
  if (cell.t === 'b') return cell.v === true ? '1' : '0'
  if (cell.t !== 'n') return cell.w ?? ''
  const value = Number(cell.v)
  const format = String(cell.z ?? '')
  if (format.includes('%')) return `${Math.round(value * 10_000) / 100}%`
  // A number that is shown with zeros in front is a code; one shown as a date is none.
  if (/^0+$/.test(format) || /[dmyhs]/i.test(format.replace(/"[^"]*"|\[[^\]]*\]|General/gi, ''))) return cell.w ?? ''
  return Number.isInteger(value) ? String(value) : withDecimals(value)
}

/**
 * Reads the sheets that hold anything, visible ones first; of each at most `maxRows` rows. Text is a page or XML table,
 * bytes are a workbook. Throws what the library throws for a broken or locked file.
 */
export function readWorkbook(data: Uint8Array | string, maxRows: number): readonly SheetRows[] {
  const book = read(data, {
    type: typeof data === 'string' ? 'string' : 'array',
    dense: true,
    // Texts of a page stay texts: what a price means is decided over the whole column.
    raw: true,
    cellNF: true,
    cellFormula: false,
    cellHTML: false,
    sheetRows: maxRows,
  })
  const hidden = (index: number): boolean => (book.Workbook?.Sheets?.[index]?.Hidden ?? 0) !== 0
  const sheets = book.SheetNames.map((name, index) => {
    const cells = (book.Sheets[name] as DenseWorkSheet | undefined)?.['!data'] ?? []
    const rows = Array.from(cells, (row) => Array.from(row ?? [], cellText))
    return { name, rows, hidden: hidden(index) }
  }).filter(({ rows }) => rows.some((row) => row.some((cell) => cell.trim() !== '')))
  return [...sheets.filter((sheet) => !sheet.hidden), ...sheets.filter((sheet) => sheet.hidden)]
}
