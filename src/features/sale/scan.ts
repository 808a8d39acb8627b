/** What a scanned code means for the sale: an item, an item with its weight or price, or nothing that is known. */
import { readWeightCode, type WeightCodeRules } from '../../domain/barcode.ts'
import type { CatalogItem } from '../../domain/catalog.ts'
import type { Thousandths, Tiyn } from '../../domain/money.ts'
import { codeFromLayout } from '../../domain/scanner.ts'

export type ScanResult =
  | { readonly kind: 'item'; readonly item: CatalogItem }
  | { readonly kind: 'weighed'; readonly item: CatalogItem; readonly quantity: Thousandths }
  /** The label of the scales holds the sum of the line, in tiyn. */
  | { readonly kind: 'priced'; readonly item: CatalogItem; readonly sum: Tiyn }
  | { readonly kind: 'unknown'; readonly code: string }

type Find = (code: string) => CatalogItem | null

function readAs(code: string, find: Find, rules: WeightCodeRules): ScanResult | null {
  const item = find(code)
  if (item !== null) return { kind: 'item', item }
  const label = readWeightCode(code, rules)
  if (label === null) return null
  const labelled = find(label.code) ?? find(label.paddedCode)
  if (labelled === null) return null
  return label.kind === 'weight'
    ? { kind: 'weighed', item: labelled, quantity: label.quantity }
    : { kind: 'priced', item: labelled, sum: label.sum }
}

/** The code as it came first; then as it was printed, where the tablet's keyboard layout turned it into letters. */
export function resolveScan(code: string, find: Find, rules: WeightCodeRules): ScanResult {
  const printed = codeFromLayout(code)
  return (
    readAs(code, find, rules) ??
    (printed === null ? null : readAs(printed, find, rules)) ?? { kind: 'unknown', code: printed ?? code }
  )
}
