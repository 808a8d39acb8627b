/**
 * A price list becomes catalogue items: columns are mapped, prices are read as the whole column has them, taxes by rate
 * or name, and every row that can't be read is named with its reason. Pure: texts in, items and remarks out.
 */
import Papa from 'papaparse'
import { cleanBarcodes } from './barcode-clean.ts'
import type { CatalogCategory, CatalogItem, Tax } from './catalog.ts'
import { readUnit } from './catalog-units.ts'
import { guessFromRow, guessMapping, type CsvField, type CsvMapping } from './csv-import-columns.ts'
import {
  guessQuantitySign,
  guessReading,
  readNumber,
  type DecimalSign,
  type NumberReading,
} from './csv-import-numbers.ts'
import { taxKey, taxValues, type TaxChoices, type TaxValue } from './csv-import-taxes.ts'
import { codeKey } from './goods-code.ts'
import { MAX_AMOUNT, thousandths } from './money.ts'
import type { Thousandths, Tiyn } from './money.ts'
import { rowName } from './receipt.ts'

/** Rows that a file may have below its heading. */
export const MAX_CSV_ROWS = 50_000

export interface CsvTable {
  /** Sign between the cells; empty for a sheet. */
  readonly delimiter: string
  /** Texts of the row with headings (titles above it are left out), empty where the file has none. */
  readonly headings: readonly string[]
  readonly rows: readonly CsvRow[]
  /** Number of columns of the widest row. */
  readonly columns: number
}

export interface CsvRow {
  /** Row of the file as a spreadsheet numbers it, from 1, the heading counted. */
  readonly number: number
  readonly cells: readonly string[]
}

export type CsvTableResult =
  | { readonly kind: 'table'; readonly table: CsvTable; readonly mapping: CsvMapping }
  | { readonly kind: 'empty' }
  | { readonly kind: 'tooManyRows'; readonly rows: number; readonly limit: number }
  /** A quote that never closes: everything after it would be one cell. */
  | { readonly kind: 'openQuote'; readonly row: number }

/** Rows at the beginning of a file that are looked at to understand it: price lists often begin with a title. */
export const ROWS_TO_GUESS = 20

/** The delimiter that stands in most of the first rows, in more than half of them; the decimal comma comes last. */
function guessDelimiter(text: string): string {
  const head = text.slice(0, 20_000).replace(/"[^"]*"/g, '')
  const lines = head.split(/\r\n|\r|\n/).filter((line) => line.trim() !== '')
  const counted = [';', '\t', '|', ','].map((sign) => ({
    sign,
    count: lines.slice(0, ROWS_TO_GUESS).filter((line) => line.includes(sign)).length,
  }))
  const [best] = counted.sort((a, b) => b.count - a.count)
  return best && 2 * best.count > Math.min(lines.length, ROWS_TO_GUESS) ? best.sign : ';'
}

/** Index of the row with headings: the first that names two fields, or a first row that names one; -1 for none. */
function findHeading(rows: readonly CsvRow[]): number {
  const named = rows.slice(0, ROWS_TO_GUESS).map((row) => Object.keys(guessMapping(row.cells)).length)
  const two = named.findIndex((count) => count >= 2)
  return two >= 0 ? two : (named[0] ?? 0) >= 1 && rows.length > 1 ? 0 : -1
}

/** The rows of a sheet or file as a table: headings found out, empty rows left out but counted. */
export function tableOfRows(all: readonly (readonly string[])[], first = 1, delimiter = ''): CsvTableResult {
  const rows = all
    .map((cells, index) => ({ number: index + first, cells }))
    .filter((row) => row.cells.some((cell) => /[\p{L}\p{N}]/u.test(cell)))
  if (rows.length === 0) return { kind: 'empty' }
  const heading = findHeading(rows)
  const below = rows.slice(heading + 1)
  if (below.length > MAX_CSV_ROWS) return { kind: 'tooManyRows', rows: below.length, limit: MAX_CSV_ROWS }
  const headings = rows[heading]?.cells ?? []
  const columns = rows.reduce((widest, row) => Math.max(widest, row.cells.length), 0)
  const mapping = heading < 0 ? guessFromRow(rows[0]?.cells ?? []) : guessMapping(headings)
  return { kind: 'table', table: { delimiter, headings, rows: below, columns }, mapping }
}

/** Reads a file's text as a table: delimiter found out, quotes obeyed. */
export function readCsvTable(text: string): CsvTableResult {
  const source = text.replace(/^\ufeff/, '')
  // Excel writes the delimiter it used into a first line of its own.
  const declared = /^sep=(.)\r?\n/i.exec(source)
  const body = declared ? source.slice(declared[0].length) : source
  const parsed = Papa.parse<string[]>(body, { delimiter: declared?.[1] ?? guessDelimiter(body) })
  const open = parsed.errors.find((error) => error.code === 'MissingQuotes')
  const first = declared ? 2 : 1
  if (open) return { kind: 'openQuote', row: (open.row ?? 0) + first }
  return tableOfRows(parsed.data, first, parsed.meta.delimiter)
}

/** Thousandths of a good that a shelf may hold: 20 000 000 units, as in a receipt. */
const MOST_STOCK = 20_000_000_000

/** What makes a row unusable: it is left out as a whole, so that no item is half right. */
export type CsvErrorKind =
  | 'nameMissing'
  | 'priceUnreadable'
  | 'priceNegative'
  | 'priceAboveLimit'
  | 'codeTwice'
  | 'barcodeTwice'
  /** A number in scientific notation: the file was saved without its digits. */
  | 'barcodeSpoilt'

/** What is to be looked at in a row that is taken. */
export type CsvOddityKind =
  | 'priceMissing'
  /** A computed price of more than two decimals. */
  | 'priceRounded'
  /** Both signs stand before decimals in this column, and this cell may mean thousands. */
  | 'priceDoubtful'
  | 'barcodeCheckDigit'
  /** One of several barcodes lost its digits and is left out. */
  | 'barcodeLost'
  /** Quantity in stock and cost are left out of a row that is taken. */
  | 'stockUnreadable'
  | 'costUnreadable'

export interface CsvRemark<Kind extends string = CsvErrorKind | CsvOddityKind> {
  /** Row of the file, from 1. */
  readonly row: number
  readonly field: CsvField
  readonly kind: Kind
  /** What stands in the cell. */
  readonly value: string
}
export type CsvError = CsvRemark<CsvErrorKind>
export type CsvOddity = CsvRemark<CsvOddityKind>

/** How a person wants the columns to be read; what is absent is found out. */
export interface CsvReading {
  readonly decimal?: DecimalSign
  readonly taxChoices?: TaxChoices
}

/** An item, and what the file says of it that is no part of the catalogue. */
export interface CsvItem extends CatalogItem {
  /** Quantity in stock; absent where the file says none. */
  readonly stock?: Thousandths
  /** What one unit costs the shop. */
  readonly cost?: Tiyn
}

export interface CsvImport {
  /** Rows that could be read, in the file's order. */
  readonly items: readonly CsvItem[]
  readonly categories: readonly CatalogCategory[]
  readonly errors: readonly CsvError[]
  readonly odd: readonly CsvOddity[]
  /** How the prices were read; null without a column of prices. */
  readonly numbers: NumberReading | null
  /** Each text of the tax column; goods of one without an answer have the device's default tax until it is answered. */
  readonly taxes: readonly TaxValue[]
  /** Units that nobody knows, kept as they stand. */
  readonly units: readonly { readonly text: string; readonly rows: number }[]
}

/** What the rows read so far have used up. */
interface Seen {
  readonly codes: Set<string>
  readonly barcodes: Set<string>
  readonly categories: Map<string, CatalogCategory>
  readonly units: Map<string, number>
}

/** How the columns of one import are read. */
interface Columns {
  readonly mapping: CsvMapping
  readonly decimal: DecimalSign
  readonly ambiguous: boolean
  /** Decimal signs of the columns of costs and quantities. */
  readonly cost: DecimalSign
  readonly stock: DecimalSign
  readonly taxes: ReadonlyMap<string, string | null | undefined>
  readonly seen: Seen
}

class RowReader {
  readonly errors: CsvError[] = []
  readonly odd: CsvOddity[] = []
  private readonly row: CsvRow
  private readonly columns: Columns

  constructor(row: CsvRow, columns: Columns) {
    this.row = row
    this.columns = columns
  }

  cell(field: CsvField): string {
    const column = this.columns.mapping[field]
    return column === undefined ? '' : (this.row.cells[column] ?? '').trim()
  }

  private fail(field: CsvField, kind: CsvErrorKind, value = this.cell(field)): void {
    this.errors.push({ row: this.row.number, field, kind, value })
  }

  private remark(field: CsvField, kind: CsvOddityKind, value = this.cell(field)): void {
    this.odd.push({ row: this.row.number, field, kind, value })
  }

  private price(): Tiyn | null {
    const { decimal, ambiguous, mapping } = this.columns
    const read = readNumber(this.cell('price'), decimal)
    if (read.kind === 'unreadable') this.fail('price', 'priceUnreadable')
    if (read.kind !== 'number') {
      if (read.kind === 'none' && mapping.price !== undefined) this.remark('price', 'priceMissing')
      return null
    }
    if (read.amount < 0) this.fail('price', 'priceNegative')
    if (read.amount > MAX_AMOUNT) this.fail('price', 'priceAboveLimit')
    if (read.rounded) this.remark('price', 'priceRounded')
    if (ambiguous && guessReading([this.cell('price')]).ambiguous.length > 0) this.remark('price', 'priceDoubtful')
    // A price of nothing means that the cashier is asked, like an empty cell.
    return read.amount === 0 ? null : read.amount
  }

  private cost(): Tiyn | null {
    const read = readNumber(this.cell('cost'), this.columns.cost)
    if (read.kind === 'none') return null
    if (read.kind === 'number' && read.amount >= 0 && read.amount <= MAX_AMOUNT) return read.amount
    this.remark('cost', 'costUnreadable')
    return null
  }

  private stock(): Thousandths | null {
    // What is left is often written with its unit: `12 шт`.
    const text = this.cell('stock').replace(/(?<=\d)\s*\p{L}+\.?$/u, '')
    const read = readNumber(text, this.columns.stock, 3)
    if (read.kind === 'none') return null
    if (read.kind === 'number' && Math.abs(read.amount) <= MOST_STOCK) return thousandths(read.amount)
    this.remark('stock', 'stockUnreadable')
    return null
  }

  private barcodes(): readonly string[] {
    const { codes, doubts } = cleanBarcodes(this.cell('barcode'))
    for (const { doubt, text } of doubts) {
      if (doubt === 'checkDigit') this.remark('barcode', 'barcodeCheckDigit', text)
      else if (codes.length > 0) this.remark('barcode', 'barcodeLost', text)
      else this.fail('barcode', 'barcodeSpoilt', text)
    }
    for (const code of codes)
      if (this.columns.seen.barcodes.has(codeKey(code))) this.fail('barcode', 'barcodeTwice', code)
    return codes
  }

  /** The row's item, null when anything of it can't be read. */
  item(): CsvItem | null {
    const { seen, taxes, mapping } = this.columns
    const name = rowName(this.cell('name'))
    if (name === '') this.fail('name', 'nameMissing')
    const price = this.price()
    const barcodes = this.barcodes()
    const code = this.cell('code').replace(/^(\d+)[.,]0+$/, '$1') || (barcodes[0] ?? String(this.row.number))
    if (seen.codes.has(codeKey(code))) this.fail('code', 'codeTwice', code)
    const unit = readUnit(this.cell('unit'))
    const flag = readUnit(this.cell('weighed'))
    if (this.errors.length > 0) return null
    for (const one of [unit, flag])
      if (!one.known) seen.units.set(one.text ?? '', (seen.units.get(one.text ?? '') ?? 0) + 1)
    seen.codes.add(codeKey(code))
    for (const barcode of barcodes) seen.barcodes.add(codeKey(barcode))
    const shown = unit.text ?? flag.text
    const [cost, stock] = [this.cost(), this.stock()]
    return {
      id: `csv:${code}`,
      source: 'csv',
      code,
      barcodes,
      name,
      price,
      taxId: taxes.get(taxKey(this.cell('taxId'))) ?? null,
      categoryId: categoryOf(rowName(this.cell('category')), seen.categories),
      weighed: mapping.weighed === undefined ? unit.weighed : flag.weighed,
      ...(shown === null ? {} : { unit: shown }),
      ntin: this.cell('ntin') || null,
      gtin: cleanBarcodes(this.cell('gtin')).codes[0] ?? null,
      markCode: null,
      ...(cost === null ? {} : { cost }),
      ...(stock === null ? {} : { stock }),
    }
  }
}

function categoryOf(name: string, known: Map<string, CatalogCategory>): string | null {
  if (name === '') return null
  const key = name.toLowerCase()
  const category = known.get(key) ?? { id: `csv:${key}`, name }
  known.set(key, category)
  return category.id
}

/**
 * Turns the rows of a table into items. A row with any error is reported and left out. `taxes` are those that the
 * device knows.
 */
export function importCsv(
  table: Pick<CsvTable, 'rows'>,
  mapping: CsvMapping,
  taxes: readonly Tax[] = [],
  reading: CsvReading = {},
): CsvImport {
  const column = (field: CsvField): readonly string[] => {
    const at = mapping[field]
    return at === undefined ? [] : table.rows.map((row) => row.cells[at] ?? '')
  }
  const guessed = guessReading(column('price'))
  const decimal = reading.decimal ?? guessed.decimal
  const values = taxValues(column('taxId'), taxes, reading.taxChoices ?? {})
  const seen: Seen = { codes: new Set(), barcodes: new Set(), categories: new Map(), units: new Map() }
  const columns: Columns = {
    mapping,
    decimal,
    ambiguous: decimal === 'either' && guessed.ambiguous.length > 0,
    cost: guessReading(column('cost')).decimal,
    stock: guessQuantitySign(column('stock').map((cell) => cell.replace(/(?<=\d)\s*\p{L}+\.?$/u, ''))),
    taxes: new Map(values.map(({ key, taxId }) => [key, taxId])),
    seen,
  }
  const items: CsvItem[] = []
  const errors: CsvError[] = []
  const odd: CsvOddity[] = []
  for (const row of table.rows) {
    const reader = new RowReader(row, columns)
    const item = reader.item()
    if (item === null) {
      errors.push(...reader.errors)
      continue
    }
    items.push(item)
    odd.push(...reader.odd)
  }
  const units = [...seen.units].map(([text, rows]) => ({ text, rows })).sort((a, b) => b.rows - a.rows)
  return {
    items,
    categories: [...seen.categories.values()],
    errors,
    odd,
    numbers: mapping.price === undefined ? null : { ...guessed, decimal },
    taxes: values,
    units,
  }
}
