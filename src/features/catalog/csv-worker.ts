/** Reads price lists beside the page: 50 000 rows take no frame from the cashier. */
import { compareWithToday, type TodayItem } from '../../domain/csv-import-diff.ts'
import { declaredEncoding, fileKind } from '../../domain/csv-import-file.ts'
import {
  MAX_CSV_ROWS,
  ROWS_TO_GUESS,
  importCsv,
  readCsvTable,
  tableOfRows,
  type CsvImport,
  type CsvTable,
  type CsvTableResult,
} from '../../domain/csv-import.ts'
import { decodeText, detectEncoding, type TextEncoding } from '../../domain/text-encoding.ts'
import { CSV_BLOCK, type CsvAsk, type CsvTell } from './csv-messages.ts'
import type { SheetRows } from './workbook.ts'

const SAMPLE_ROWS = 6
const SAMPLE_ITEMS = 12
/** Remarks that a person would look through. */
const SHOWN_REMARKS = 500

/** The page's compiler settings know windows, not workers. */
const scope = self as unknown as {
  onmessage: ((event: MessageEvent<CsvAsk>) => void) | null
}

let bytes = new Uint8Array()
let sheets: readonly SheetRows[] = []
let table: CsvTable | null = null
let result: CsvImport | null = null
let today: TodayItem[] = []

function tell(found: CsvTableResult, encoding: TextEncoding | null, sheet: number): CsvTell {
  table = found.kind === 'table' ? found.table : null
  result = null
  if (found.kind !== 'table') return { kind: 'problem', problem: found }
  return {
    kind: 'table',
    encoding,
    sheets: sheets.map(({ name }) => name),
    sheet,
    headings: found.table.headings,
    columns: found.table.columns,
    rows: found.table.rows.length,
    mapping: found.mapping,
    sample: found.table.rows.slice(0, SAMPLE_ROWS).map((row) => row.cells),
  }
}

const readText = (encoding: TextEncoding): CsvTell => tell(readCsvTable(decodeText(bytes, encoding)), encoding, 0)
const readSheet = (sheet: number): CsvTell => tell(tableOfRows(sheets[sheet]?.rows ?? []), null, sheet)

/** A page in the encoding that it declares, where the browser knows that one. */
function pageText(): string {
  const declared = declaredEncoding(bytes)
  try {
    if (declared !== null) return new TextDecoder(declared).decode(bytes)
  } catch {
    // Nobody knows that encoding: the page is read like any other text.
  }
  return decodeText(bytes)
}

async function readBook(data: Uint8Array | string): Promise<CsvTell> {
  const { readWorkbook } = await import('./workbook.ts')
  try {
    sheets = readWorkbook(data, MAX_CSV_ROWS + 2 * ROWS_TO_GUESS)
  } catch (error) {
    const locked = /password|encrypt/i.test(String(error))
    return { kind: 'problem', problem: { kind: locked ? 'locked' : 'brokenBook' } }
  }
  return readSheet(0)
}

async function read(): Promise<CsvTell> {
  sheets = []
  const kind = fileKind(bytes)
  switch (kind.kind) {
    case 'foreign':
      return { kind: 'problem', problem: kind }
    case 'workbook':
      return readBook(bytes)
    case 'markup':
      return readBook(pageText())
    case 'text':
      return readText(detectEncoding(bytes))
  }
}

function check(ask: Extract<CsvAsk, { readonly kind: 'check' }>): CsvTell {
  result = importCsv(table ?? { rows: [] }, ask.mapping, ask.taxes, ask.reading)
  const { items, categories, errors, odd, numbers, taxes, units } = result
  const diff = compareWithToday(items, categories, today)
  return {
    kind: 'checked',
    items: items.length,
    sample: items.slice(0, SAMPLE_ITEMS),
    stocked: items.filter(({ stock }) => stock !== undefined).length,
    costed: items.filter(({ cost }) => cost !== undefined).length,
    categories,
    errors,
    odd: odd.slice(0, SHOWN_REMARKS),
    oddCount: odd.length,
    numbers,
    taxes,
    units,
    diff: { ...diff, jumps: diff.jumps.slice(0, SHOWN_REMARKS) },
    jumpCount: diff.jumps.length,
  }
}

function answer(ask: CsvAsk): CsvTell | Promise<CsvTell> {
  switch (ask.kind) {
    case 'read':
      bytes = new Uint8Array(ask.bytes)
      return read()
    case 'encode':
      return readText(ask.encoding)
    case 'sheet':
      return readSheet(ask.sheet)
    case 'today':
      today = ask.first ? [...ask.items] : today.concat(ask.items)
      return { kind: 'noted' }
    case 'check':
      return check(ask)
    case 'take':
      return { kind: 'block', items: result?.items.slice(ask.from, ask.from + CSV_BLOCK) ?? [] }
  }
}

/** One question after another: reading a workbook waits for the library, and a later question for the table. */
let turn: Promise<unknown> = Promise.resolve()

// Each question brings the port that its answer goes to: no answer can be taken for another's.
scope.onmessage = (event) => {
  const [port] = event.ports
  turn = turn.then(async () => port?.postMessage(await answer(event.data))).catch(() => port?.postMessage(null))
}
