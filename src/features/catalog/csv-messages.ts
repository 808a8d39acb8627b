/** What the page and the worker that reads a CSV file say to each other. */
import type { CatalogCategory, CatalogItem } from '../../domain/catalog.ts'
import type { CsvError, CsvMapping } from '../../domain/csv-import.ts'
import type { TextEncoding } from '../../domain/text-encoding.ts'

export type CsvAsk =
  /** Reads the file, in the encoding that is asked for or the one that it seems to have. */
  | { readonly kind: 'read'; readonly bytes: ArrayBuffer; readonly encoding: TextEncoding | null }
  /** Reads the same bytes again in another encoding. */
  | { readonly kind: 'encode'; readonly encoding: TextEncoding }
  | { readonly kind: 'check'; readonly mapping: CsvMapping }
  /** Items from this place on, one block at a time, so that no message is long. */
  | { readonly kind: 'take'; readonly from: number }

export type CsvTell =
  | {
      readonly kind: 'table'
      readonly encoding: TextEncoding
      readonly headings: readonly string[]
      readonly columns: number
      readonly rows: number
      readonly mapping: CsvMapping
      /** First rows as they stand in the file. */
      readonly sample: readonly (readonly string[])[]
    }
  | { readonly kind: 'problem'; readonly problem: CsvFileProblem }
  | {
      readonly kind: 'checked'
      readonly items: number
      readonly sample: readonly CatalogItem[]
      readonly categories: readonly CatalogCategory[]
      readonly errors: readonly CsvError[]
    }
  | { readonly kind: 'block'; readonly items: readonly CatalogItem[] }

export type CsvFileProblem =
  | { readonly kind: 'empty' }
  | { readonly kind: 'tooManyRows'; readonly rows: number; readonly limit: number }
  | { readonly kind: 'openQuote'; readonly row: number }

/** Items of one block: copying it takes a few ms. */
export const CSV_BLOCK = 2_000
