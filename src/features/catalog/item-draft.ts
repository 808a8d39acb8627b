/** An item while a person edits it: texts as typed, and what is still wrong with them. */
import type { ItemFields } from '../../domain/catalog-edits.ts'
import { cleanBarcodes } from '../../domain/barcode-clean.ts'
import type { CatalogItem } from '../../domain/catalog.ts'
import { MAX_AMOUNT, parseTiyn } from '../../domain/money.ts'
import { formatAmount } from '../../i18n/format.ts'

export interface ItemDraft {
  name: string
  /** As typed; empty asks for the price at the sale. */
  price: string
  code: string
  /** One a line. */
  barcodes: string
  /** Empty for none. */
  categoryId: string
  /** Empty for the device's default. */
  taxId: string
  weighed: boolean
  hidden: boolean
}

export type DraftProblem =
  | { readonly kind: 'name' | 'price' | 'priceLimit' | 'code' }
  | { readonly kind: 'codeTwice'; readonly name: string }
  | { readonly kind: 'barcodeTwice'; readonly code: string; readonly name: string }

/** The field of the form that a problem stands under. */
export const FIELD_OF: Readonly<Record<DraftProblem['kind'], 'name' | 'price' | 'code' | 'barcodes'>> = {
  name: 'name',
  price: 'price',
  priceLimit: 'price',
  code: 'code',
  codeTwice: 'code',
  barcodeTwice: 'barcodes',
}

export function draftOf(item: CatalogItem, hidden: boolean): ItemDraft {
  return {
    name: item.name,
    price: item.price === null ? '' : formatAmount(item.price, 'ru').replaceAll(/\s/g, ''),
    code: item.code,
    barcodes: item.barcodes.join('\n'),
    categoryId: item.categoryId ?? '',
    taxId: item.taxId ?? '',
    weighed: item.weighed,
    hidden,
  }
}

/** An empty form; `barcode` is one that was just scanned. */
export function emptyDraft(barcode = ''): ItemDraft {
  return {
    name: '',
    price: '',
    code: barcode,
    barcodes: barcode,
    categoryId: '',
    taxId: '',
    weighed: false,
    hidden: false,
  }
}

export function barcodesOf(draft: ItemDraft): readonly string[] {
  return cleanBarcodes(draft.barcodes).codes
}

/**
 * The fields of a draft, or everything that is wrong with it. `find` gives the item that has a code now; the item
 * under edit (`id`, null for a new one) is in nobody's way.
 */
export function readDraft(
  draft: ItemDraft,
  id: string | null,
  find: (code: string) => CatalogItem | null,
): ItemFields | readonly DraftProblem[] {
  const problems: DraftProblem[] = []
  const other = (code: string): CatalogItem | null => {
    const item = find(code)
    return item === null || item.id === id ? null : item
  }
  const name = draft.name.trim()
  if (name === '') problems.push({ kind: 'name' })
  const price = draft.price.trim() === '' ? null : parseTiyn(draft.price)
  if (draft.price.trim() !== '' && (price === null || price < 0)) problems.push({ kind: 'price' })
  if (price !== null && price > MAX_AMOUNT) problems.push({ kind: 'priceLimit' })
  const code = draft.code.trim()
  if (code === '') problems.push({ kind: 'code' })
  const sameCode = other(code)
  if (sameCode !== null) problems.push({ kind: 'codeTwice', name: sameCode.name })
  const barcodes = barcodesOf(draft)
  for (const barcode of barcodes) {
    const same = other(barcode)
    if (same !== null) problems.push({ kind: 'barcodeTwice', code: barcode, name: same.name })
  }
  if (problems.length > 0) return problems
  return {
    name,
    // A price of nothing can't be sold: it is asked, as the device's own catalogue means it.
    price: price === 0 ? null : price,
    code,
    barcodes,
    categoryId: draft.categoryId === '' ? null : draft.categoryId,
    taxId: draft.taxId === '' ? null : draft.taxId,
    weighed: draft.weighed,
  }
}
