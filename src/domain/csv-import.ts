/**
 * A price list from a CSV file becomes catalogue items: columns are mapped, every row that can't be read is named with
 * its reason, and nothing of it is guessed. Pure: text in, items and errors out.
 */
import Papa from 'papaparse'
import type { CatalogCategory, CatalogItem } from './catalog.ts'
import { MAX_AMOUNT, parseTiyn } from './money.ts'
import type { Tiyn } from './money.ts'
import { rowName } from './receipt.ts'

/** Rows that a file may have below its heading. */
export const MAX_CSV_ROWS = 50_000

export const CSV_FIELDS = ['name', 'code', 'barcode', 'price', 'category', 'taxId', 'weighed', 'ntin', 'gtin'] as const
export type CsvField = (typeof CSV_FIELDS)[number]

/** Column (counted from 0) of each field; a field that is absent isn't in the file. */
export type CsvMapping = Readonly<Partial<Record<CsvField, number>>>

export interface CsvTable {
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

/** Words by which headings are recognised, in three languages; the first field that fits takes the column. */
const HEADINGS: readonly (readonly [CsvField, RegExp])[] = [
  ['barcode', /штрих|шк$|barcode|ean|сканкод/u],
  ['ntin', /ntin|нтин/u],
  ['gtin', /gtin/u],
  ['price', /цена|price|баға|стоимость|сумма/u],
  ['category', /категор|группа|папка|category|group|санат|раздел/u],
  ['taxId', /налог|ндс|tax|vat|салық|ққс/u],
  ['weighed', /весов|weighed|салмақпен|делим|ед\.?\s*изм|единиц|өлшем|unit|measure/u],
  ['code', /код|артикул|code|sku|plu|id$/u],
  ['name', /наимен|назван|товар|name|атау|тауар|номенклатура/u],
]

/** Columns by their headings. */
export function guessMapping(headings: readonly string[]): CsvMapping {
  const mapping: Partial<Record<CsvField, number>> = {}
  headings.forEach((heading, column) => {
    const text = heading.trim().toLowerCase()
    const found = HEADINGS.find(([field, words]) => mapping[field] === undefined && words.test(text))
    if (found) mapping[found[0]] = column
  })
  return mapping
}

/** Columns of a file without a heading: the first cells that look like their field. */
function guessFromRow(cells: readonly string[]): CsvMapping {
  const mapping: Partial<Record<CsvField, number>> = {}
  cells.forEach((cell, column) => {
    const text = cell.trim()
    if (/^\d{8}$|^\d{12,14}$/.test(text)) mapping.barcode ??= column
    else if (/[\p{L}]{2}/u.test(text)) mapping.name ??= column
    else if (/^\d+$/.test(text) && mapping.code === undefined && mapping.name === undefined) mapping.code = column
    else if (parseTiyn(text) !== null) mapping.price ??= column
  })
  return mapping
}

/** Rows at the beginning of a file that are looked at to understand it: price lists often begin with a title. */
const ROWS_TO_GUESS = 20

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

/** Reads a file's text as a table: delimiter found out, quotes obeyed, empty rows left out but counted. */
export function readCsvTable(text: string): CsvTableResult {
  const source = text.replace(/^\ufeff/, '')
  // Excel writes the delimiter it used into a first line of its own.
  const declared = /^sep=(.)\r?\n/i.exec(source)
  const body = declared ? source.slice(declared[0].length) : source
  const parsed = Papa.parse<string[]>(body, { delimiter: declared?.[1] ?? guessDelimiter(body) })
  const open = parsed.errors.find((error) => error.code === 'MissingQuotes')
  const first = declared ? 2 : 1
  if (open) return { kind: 'openQuote', row: (open.row ?? 0) + first }
  const rows = parsed.data
    .map((cells, index) => ({ number: index + first, cells }))
    .filter((row) => row.cells.some((cell) => /[\p{L}\p{N}]/u.test(cell)))
  if (rows.length === 0) return { kind: 'empty' }
  const heading = findHeading(rows)
  const below = rows.slice(heading + 1)
  if (below.length > MAX_CSV_ROWS) return { kind: 'tooManyRows', rows: below.length, limit: MAX_CSV_ROWS }
  const headings = rows[heading]?.cells ?? []
  const columns = rows.reduce((widest, row) => Math.max(widest, row.cells.length), 0)
  const mapping = heading < 0 ? guessFromRow(rows[0]?.cells ?? []) : guessMapping(headings)
  return { kind: 'table', table: { delimiter: parsed.meta.delimiter, headings, rows: below, columns }, mapping }
}

export type CsvErrorKind =
  | 'nameMissing'
  | 'priceUnreadable'
  | 'priceNegative'
  | 'priceAboveLimit'
  | 'codeTwice'
  | 'barcodeTwice'
  /** A number in scientific notation: the file was saved without its digits. */
  | 'barcodeSpoilt'
  | 'weighedUnreadable'
  | 'taxUnreadable'

export interface CsvError {
  /** Row of the file, from 1. */
  readonly row: number
  readonly field: CsvField
  readonly kind: CsvErrorKind
  /** What stands in the cell. */
  readonly value: string
}

export interface CsvImport {
  /** Rows that could be read, in the file's order. */
  readonly items: readonly CatalogItem[]
  readonly categories: readonly CatalogCategory[]
  /** Rows with an error are left out as a whole, so that no item is half right. */
  readonly errors: readonly CsvError[]
}

/** Answers and units of measure that mean "asked for a quantity with decimals", and those that mean pieces. */
const WEIGHED = new Set('1 да yes true иә + x х кг kg г гр л l литр м m метр весовой весовая'.split(' '))
const PIECES = new Set(
  ['', ...'0 нет no false жоқ - шт штука дана pcs pc уп упак бут бан банка пач пачка'.split(' ')].concat(
    'компл порц порция усл услуга рул рулон кор короб пар пара'.split(' '),
  ),
)

/** Reads an amount as people and programs write it: `1 200,50`, `1200.5`, `1 200 ₸`, `1200 тг.`; null for none. */
export function readCsvPrice(text: string): Tiyn | null {
  const bare = text.replace(/(₸|тенге|теңге|тг\.?|kzt|т\.?)\s*$/iu, '').trim()
  // `1.234,56` and `1,234.56`: the last sign is the decimal one, the others stand between thousands.
  const grouped = /^(\d{1,3}(?:([.,])\d{3})+)([.,])(\d{1,2})$/.exec(bare)
  if (grouped && grouped[2] !== grouped[3]) return parseTiyn(`${(grouped[1] ?? '').replace(/[.,]/g, '')}.${grouped[4]}`)
  return parseTiyn(bare)
}

/** What the rows read so far have used up. */
interface Seen {
  readonly codes: Set<string>
  readonly barcodes: Set<string>
  readonly categories: Map<string, CatalogCategory>
}

function priceError(text: string, price: Tiyn | null): CsvErrorKind | null {
  if (text === '') return null
  if (price === null) return 'priceUnreadable'
  if (price < 0) return 'priceNegative'
  return price > MAX_AMOUNT ? 'priceAboveLimit' : null
}

/** A spreadsheet makes `4,87E+12` of a barcode and loses its digits: such a cell is no barcode. */
const SPOILT_BARCODE = /^\d[.,]?\d*e\+?\d+$/i

function barcodesOf(text: string): string[] {
  return [...new Set(text.split(/[\s,;|]+/).filter((code) => code !== ''))]
}

function readRow(row: CsvRow, mapping: CsvMapping, seen: Seen): CatalogItem | CsvError[] {
  const cell = (field: CsvField): string => {
    const column = mapping[field]
    return column === undefined ? '' : (row.cells[column] ?? '').trim()
  }
  const errors: CsvError[] = []
  const fail = (field: CsvField, kind: CsvErrorKind, value = cell(field)): void => {
    errors.push({ row: row.number, field, kind, value })
  }
  const name = rowName(cell('name'))
  if (name === '') fail('name', 'nameMissing')
  const price = readCsvPrice(cell('price'))
  const wrongPrice = priceError(cell('price'), price)
  if (wrongPrice) fail('price', wrongPrice)
  if (SPOILT_BARCODE.test(cell('barcode'))) fail('barcode', 'barcodeSpoilt')
  const barcodes = barcodesOf(cell('barcode'))
  for (const barcode of barcodes) if (seen.barcodes.has(barcode)) fail('barcode', 'barcodeTwice', barcode)
  const code = cell('code') || (barcodes[0] ?? String(row.number))
  if (seen.codes.has(code)) fail('code', 'codeTwice', code)
  const measure = cell('weighed').toLowerCase().replace(/\.$/, '')
  if (!WEIGHED.has(measure) && !PIECES.has(measure)) fail('weighed', 'weighedUnreadable')
  if (!/^\d{0,9}$/.test(cell('taxId'))) fail('taxId', 'taxUnreadable')
  if (errors.length > 0) return errors
  seen.codes.add(code)
  for (const barcode of barcodes) seen.barcodes.add(barcode)
  return {
    id: `csv:${code}`,
    source: 'csv',
    code,
    barcodes,
    name,
    // A price of nothing means that the cashier is asked, like an empty cell.
    price: price === 0 ? null : price,
    taxId: cell('taxId') || null,
    categoryId: categoryOf(rowName(cell('category')), seen.categories),
    weighed: WEIGHED.has(measure),
    ntin: cell('ntin') || null,
    gtin: cell('gtin') || null,
    markCode: null,
  }
}

function categoryOf(name: string, known: Map<string, CatalogCategory>): string | null {
  if (name === '') return null
  const key = name.toLowerCase()
  const category = known.get(key) ?? { id: `csv:${key}`, name }
  known.set(key, category)
  return category.id
}

/** Turns the rows of a table into items. A row with any error is reported and left out. */
export function importCsv(table: Pick<CsvTable, 'rows'>, mapping: CsvMapping): CsvImport {
  const seen: Seen = { codes: new Set(), barcodes: new Set(), categories: new Map() }
  const items: CatalogItem[] = []
  const errors: CsvError[] = []
  for (const row of table.rows) {
    const read = readRow(row, mapping, seen)
    if (Array.isArray(read)) errors.push(...read)
    else items.push(read)
  }
  return { items, categories: [...seen.categories.values()], errors }
}
