/** The shown period as a file. Fetched when somebody saves one, with the spreadsheet library and the Russian words. */
import type { ShopReceipt, ShopSummary } from '../contract/shop.ts'
import { tableCsv, type Table } from '../domain/table.ts'
import { workbookFile } from '../features/export/workbook-file.ts'
import type { MessageKey } from '../i18n/schema.ts'
import type { ShopApi } from './api.ts'
import type { DayPeriod } from './period.ts'
import { receiptsTable, reportTables, type TableWords } from './tables.ts'

/** The server's largest page, and as many receipts as a phone makes a workbook of. */
const PAGE = 500
export const MOST_RECEIPTS = 20_000

export interface ReadReceipts {
  readonly receipts: readonly ShopReceipt[]
  /** There are more than `MOST_RECEIPTS`. */
  readonly cut: boolean
}

/** All receipts of the period, newest first; null where the server stopped answering. `progress`: how many so far. */
export async function readReceipts(
  api: Pick<ShopApi, 'receipts'>,
  period: DayPeriod,
  progress: (count: number) => void,
): Promise<ReadReceipts | null> {
  const receipts: ShopReceipt[] = []
  let before: string | undefined
  do {
    const answer = await api.receipts({ period, limit: PAGE, ...(before === undefined ? {} : { before }) })
    if (!answer.ok) return null
    receipts.push(...answer.value.receipts)
    before = answer.value.next ?? undefined
    progress(receipts.length)
  } while (before !== undefined && receipts.length < MOST_RECEIPTS)
  return { receipts, cut: before !== undefined }
}

/** Every report and the receipts, a sheet each. */
export function workbookOf(summary: ShopSummary, receipts: readonly ShopReceipt[], words: TableWords): Blob {
  return workbookFile([...reportTables(summary, words), receiptsTable(receipts, words)])
}

/** One table for whatever else reads CSV. */
export function csvOf(table: Table): Blob {
  return new Blob([tableCsv(table)], { type: 'text/csv;charset=utf-8' })
}

interface Tree {
  readonly [key: string]: string | Tree
}

/** Words in Russian whatever language the page speaks: what an accountant's program expects. */
export async function russianWords(): Promise<(key: MessageKey) => string> {
  const parts: Readonly<Record<string, unknown>> = await import('../i18n/ru/later.ts')
  const tree: Tree = Object.assign({}, ...Object.values(parts)) as Tree
  return (key) => {
    let found: string | Tree | undefined = tree
    for (const name of key.split('.')) found = typeof found === 'object' ? found[name] : undefined
    return typeof found === 'string' ? found : key
  }
}
