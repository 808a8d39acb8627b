/** What a scanned code means for the sale: an item, an item with its quantity or price, or nothing that is known. */
import { labelLine, readWeightCode, type WeightCodeRules } from '../../domain/barcode.ts'
import type { CatalogItem } from '../../domain/catalog.ts'
import { gtinOf } from '../../domain/goods-code.ts'
import { thousandths, type Thousandths, type Tiyn } from '../../domain/money.ts'
import { codeFromLayout } from '../../domain/scanner.ts'

export type ScanResult =
  | { readonly kind: 'item'; readonly item: CatalogItem }
  /** A label with a quantity, or with a price: then the line's own price (tiyn) is given too. */
  | { readonly kind: 'label'; readonly item: CatalogItem; readonly quantity: Thousandths; readonly price?: Tiyn }
  /** A label with so high a number for goods sold by piece that it may be their weight. */
  | { readonly kind: 'doubtful'; readonly item: CatalogItem; readonly held: Thousandths }
  | { readonly kind: 'unknown'; readonly code: string }

type Find = (code: string) => CatalogItem | null

/** Pieces that scales print on a label; more than that are probably the grams of something that isn't marked as weighed. */
const MOST_PIECES = 99

function readAs(code: string, find: Find, rules: WeightCodeRules): ScanResult | null {
  const item = find(code) ?? find(gtinOf(code) ?? '')
  if (item !== null) return { kind: 'item', item }
  const label = readWeightCode(code, rules)
  if (label === null) return null
  const labelled = find(label.code) ?? find(label.paddedCode)
  if (labelled === null) return null
  const { price, weighed } = labelled
  if (label.kind === 'price') return { kind: 'label', item: labelled, ...labelLine(label.sum, price, weighed) }
  const { quantity } = label
  if (weighed) return { kind: 'label', item: labelled, quantity }
  if (quantity > MOST_PIECES) return { kind: 'doubtful', item: labelled, held: quantity }
  return { kind: 'label', item: labelled, quantity: thousandths(quantity * 1000) }
}

/** The goods' own code in a scanned one: as it was printed, and without the number of this very pack. */
export function goodsCode(scanned: string): string {
  const printed = codeFromLayout(scanned) ?? scanned
  return gtinOf(printed) ?? printed
}

/** The code as it came first; then as it was printed, where the tablet's keyboard layout turned it into letters. */
export function resolveScan(code: string, find: Find, rules: WeightCodeRules): ScanResult {
  const printed = codeFromLayout(code)
  const known = readAs(code, find, rules) ?? (printed === null ? null : readAs(printed, find, rules))
  return known ?? { kind: 'unknown', code: goodsCode(code) }
}
