/** What an import would change, against the catalogue that the till sells from today. */
import type { CatalogCategory, CatalogItem } from './catalog.ts'
import { codeKey } from './goods-code.ts'
import type { Tiyn } from './money.ts'

/** An item of today's catalogue, as far as it is compared. */
export interface TodayItem extends Pick<CatalogItem, 'code' | 'barcodes' | 'name' | 'price' | 'taxId' | 'weighed'> {
  readonly unit: string | null
  /** Name of its category, empty for none. */
  readonly category: string
  /** The shop set this price itself: it stays over whatever is loaded. */
  readonly ownPrice: boolean
}

export interface PriceJump {
  readonly code: string
  readonly name: string
  readonly before: Tiyn
  readonly after: Tiyn
}

export interface CatalogDiff {
  readonly added: number
  readonly changed: number
  readonly unchanged: number
  /** Goods of today that the file doesn't have: they are no longer sold. */
  readonly gone: number
  /** Goods whose price changes by more than half, the largest change first. */
  readonly jumps: readonly PriceJump[]
}

const sameKeys = (one: readonly string[], other: readonly string[]): boolean => {
  const keys = new Set(one.map(codeKey))
  return keys.size === other.length && other.every((code) => keys.has(codeKey(code)))
}

function isSame(item: CatalogItem, category: string, today: TodayItem): boolean {
  return (
    item.name === today.name &&
    (item.price === today.price || today.ownPrice) &&
    item.taxId === today.taxId &&
    item.weighed === today.weighed &&
    (item.unit ?? null) === today.unit &&
    category === today.category &&
    codeKey(item.code) === codeKey(today.code) &&
    sameKeys(item.barcodes, today.barcodes)
  )
}

/** How many times one price is the other, at least 1. */
const times = ({ before, after }: PriceJump): number => Math.max(before, after) / Math.max(1, Math.min(before, after))

/** Compares what a file gives with today's catalogue; the same item is found by its code, else by a barcode. */
export function compareWithToday(
  items: readonly CatalogItem[],
  categories: readonly CatalogCategory[],
  today: readonly TodayItem[],
): CatalogDiff {
  const names = new Map(categories.map(({ id, name }) => [id, name]))
  const byCode = new Map<string, TodayItem>()
  const byBarcode = new Map<string, TodayItem>()
  for (const item of today) {
    if (!byCode.has(codeKey(item.code))) byCode.set(codeKey(item.code), item)
    for (const barcode of item.barcodes) if (!byBarcode.has(codeKey(barcode))) byBarcode.set(codeKey(barcode), item)
  }
  const met = new Set<TodayItem>()
  const jumps: PriceJump[] = []
  let added = 0
  let unchanged = 0
  for (const item of items) {
    const keys = item.barcodes.map((barcode) => byBarcode.get(codeKey(barcode)))
    const known = [byCode.get(codeKey(item.code)), ...keys].find((one) => one !== undefined && !met.has(one))
    if (known === undefined) {
      added++
      continue
    }
    met.add(known)
    if (isSame(item, names.get(item.categoryId ?? '') ?? '', known)) unchanged++
    const { price: before } = known
    const { price: after } = item
    if (before === null || after === null || known.ownPrice) continue
    if (2 * Math.abs(after - before) > before) jumps.push({ code: item.code, name: item.name, before, after })
  }
  jumps.sort((a, b) => times(b) - times(a))
  return { added, changed: items.length - added - unchanged, unchanged, gone: today.length - met.size, jumps }
}
