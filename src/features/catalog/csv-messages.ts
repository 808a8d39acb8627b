/** What the page and the worker that reads a file of goods say to each other. */
import type { CatalogCategory, Tax } from '../../domain/catalog.ts'
import type { CsvMapping } from '../../domain/csv-import-columns.ts'
import type { CatalogDiff, TodayItem } from '../../domain/csv-import-diff.ts'
import type { ForeignFile } from '../../domain/csv-import-file.ts'
import type { NumberReading } from '../../domain/csv-import-numbers.ts'
import type { TaxValue } from '../../domain/csv-import-taxes.ts'
import type { CsvError, CsvItem, CsvOddity, CsvReading } from '../../domain/csv-import.ts'
import type { TextEncoding } from '../../domain/text-encoding.ts'

export type CsvAsk =
  /** Reads the file: what it is, and where it is text in which encoding, is found out. */
  | { readonly kind: 'read'; readonly bytes: ArrayBuffer }
  /** Reads the same bytes again in another encoding, or another sheet of the same workbook. */
  | { readonly kind: 'encode'; readonly encoding: TextEncoding }
  | { readonly kind: 'sheet'; readonly sheet: number }
  /** A block of today's catalogue, to compare with; the first one begins it anew. */
  | { readonly kind: 'today'; readonly items: readonly TodayItem[]; readonly first: boolean }
  | {
      readonly kind: 'check'
      readonly mapping: CsvMapping
      readonly reading: CsvReading
      readonly taxes: readonly Tax[]
    }
  /** Items from this place on, one block at a time, so that no message is long. */
  | { readonly kind: 'take'; readonly from: number }

export type CsvTell =
  | {
      readonly kind: 'table'
      /** Null for a workbook, which says itself what its letters are. */
      readonly encoding: TextEncoding | null
      /** Names of the sheets; none for text. */
      readonly sheets: readonly string[]
      readonly sheet: number
      readonly headings: readonly string[]
      readonly columns: number
      readonly rows: number
      readonly mapping: CsvMapping
      /** First rows as they stand in the file. */
      readonly sample: readonly (readonly string[])[]
    }
  | { readonly kind: 'problem'; readonly problem: CsvFileProblem }
  | { readonly kind: 'noted' }
  | {
      readonly kind: 'checked'
      readonly items: number
      readonly sample: readonly CsvItem[]
      /** Goods whose quantity in stock, and whose cost the file says. */
      readonly stocked: number
      readonly costed: number
      readonly categories: readonly CatalogCategory[]
      readonly errors: readonly CsvError[]
      /** The first of `oddCount`. */
      readonly odd: readonly CsvOddity[]
      readonly oddCount: number
      readonly numbers: NumberReading | null
      readonly taxes: readonly TaxValue[]
      readonly units: readonly { readonly text: string; readonly rows: number }[]
      /** `jumps` are the first of `jumpCount`. */
      readonly diff: CatalogDiff
      readonly jumpCount: number
    }
  | { readonly kind: 'block'; readonly items: readonly CsvItem[] }

export type CsvFileProblem =
  | { readonly kind: 'empty' }
  | { readonly kind: 'tooManyRows'; readonly rows: number; readonly limit: number }
  | { readonly kind: 'openQuote'; readonly row: number }
  /** No file of goods at all. */
  | { readonly kind: 'foreign'; readonly what: ForeignFile }
  /** A workbook that is broken, and one with a password. */
  | { readonly kind: 'brokenBook' }
  | { readonly kind: 'locked' }

/** Items of one block: copying it takes a few ms. */
export const CSV_BLOCK = 2_000
