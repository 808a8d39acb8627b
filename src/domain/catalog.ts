/** What is sold: items, categories and taxes, wherever they came from (device, CSV, iiko, own edits). */
import type { Tiyn } from './money.ts'

export type CatalogSource = 'device' | 'csv' | 'iiko' | 'own'

export interface CatalogItem {
  /** Stable id inside the terminal: `<source>:<id there>`. */
  readonly id: string
  readonly source: CatalogSource
  /** Code that a cashier types and that tests look for (`code1` of the device). */
  readonly code: string
  /** Barcodes as printed (EAN-13, EAN-8, Code 128); empty for none. */
  readonly barcodes: readonly string[]
  readonly name: string
  /** Retail price; null asks for a price at every sale. */
  readonly price: Tiyn | null
  /** Tax id of the device, null for its default. */
  readonly taxId: string | null
  readonly categoryId: string | null
  /** Sold by weight or measure: quantity with decimals is asked. */
  readonly weighed: boolean
  /** Unit of measure as it is shown; absent for pieces and kilograms. */
  readonly unit?: string
  /** Codes of the national catalogue and marking, kept but not sent until the device's document names them. */
  readonly ntin: string | null
  readonly gtin: string | null
  readonly markCode: string | null
}

export interface CatalogCategory {
  readonly id: string
  readonly name: string
}

/** Colours that a category can be marked with: `--mark-0` and so on. */
export const MARK_COUNT = 8

/** How a category is known by its name, whatever its id is in the source of today. */
export const categoryKey = (name: string): string => name.trim().toLowerCase()

export interface Tax {
  /** Internal id of the device; changes when the tax is edited (source 004, chapter 9.1). */
  readonly id: string
  readonly name: string
}
