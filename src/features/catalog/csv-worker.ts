/** Reads price lists beside the page: 50 000 rows take no frame from the cashier. */
import { importCsv, readCsvTable, type CsvImport, type CsvTable } from '../../domain/csv-import.ts'
import { decodeText, detectEncoding, type TextEncoding } from '../../domain/text-encoding.ts'
import { CSV_BLOCK, type CsvAsk, type CsvTell } from './csv-messages.ts'

const SAMPLE_ROWS = 6
const SAMPLE_ITEMS = 12

/** The page's compiler settings know windows, not workers. */
const scope = self as unknown as {
  onmessage: ((event: MessageEvent<CsvAsk>) => void) | null
}

let bytes = new Uint8Array()
let table: CsvTable | null = null
let result: CsvImport | null = null

function read(encoding: TextEncoding): CsvTell {
  const found = readCsvTable(decodeText(bytes, encoding))
  table = found.kind === 'table' ? found.table : null
  result = null
  if (found.kind !== 'table') return { kind: 'problem', problem: found }
  return {
    kind: 'table',
    encoding,
    headings: found.table.headings,
    columns: found.table.columns,
    rows: found.table.rows.length,
    mapping: found.mapping,
    sample: found.table.rows.slice(0, SAMPLE_ROWS).map((row) => row.cells),
  }
}

function answer(ask: CsvAsk): CsvTell {
  switch (ask.kind) {
    case 'read':
      bytes = new Uint8Array(ask.bytes)
      return read(ask.encoding ?? detectEncoding(bytes))
    case 'encode':
      return read(ask.encoding)
    case 'check': {
      result = importCsv(table ?? { rows: [] }, ask.mapping)
      const { items, categories, errors } = result
      return { kind: 'checked', items: items.length, sample: items.slice(0, SAMPLE_ITEMS), categories, errors }
    }
    case 'take':
      return { kind: 'block', items: result?.items.slice(ask.from, ask.from + CSV_BLOCK) ?? [] }
  }
}

// Each question brings the port that its answer goes to: no answer can be taken for another's.
scope.onmessage = (event) => {
  event.ports[0]?.postMessage(answer(event.data))
}
