/**
 * The shop's own changes to a catalogue that comes from elsewhere. They are kept apart from it and laid over it, so
 * that loading the catalogue anew, even from another source, loses none of them.
 */
import type { CatalogItem } from './catalog.ts'
import { codeKey } from './goods-code.ts'

/** What a person may change of an item. */
export type ItemFields = Pick<CatalogItem, 'name' | 'code' | 'price' | 'barcodes' | 'taxId' | 'categoryId' | 'weighed'>

/** One item's changes. */
export interface CatalogEdit {
  /** Item that was changed. */
  readonly itemId: string
  /** Its code in the source at that time: finds the item again in another source, whose ids are others. */
  readonly sourceCode: string
  /** Only what differs from the source. */
  readonly fields: Partial<ItemFields>
  /** Not offered for sale. */
  readonly hidden: boolean
  /** ms since the epoch. */
  readonly at: number
  /** Name of the cashier, empty for none. */
  readonly by: string
}

export interface ShopChanges {
  /** By the id of the item that was changed. */
  readonly edits: ReadonlyMap<string, CatalogEdit>
  /** Items that only this terminal has. */
  readonly own: readonly CatalogItem[]
}

export const NO_CHANGES: ShopChanges = { edits: new Map(), own: [] }

export interface EditedCatalog {
  /** What is sold: own items first, then the source's in its order, without the hidden ones. */
  readonly items: readonly CatalogItem[]
  /** Items that are hidden, as they would look. */
  readonly hidden: readonly CatalogItem[]
  /** The edit that was laid over an item, by the item's present id. */
  readonly editOf: ReadonlyMap<string, CatalogEdit>
  /** Edits whose item isn't in this catalogue: kept for the day it comes back. */
  readonly unused: readonly CatalogEdit[]
}

/** Finds each edit's item: by id, else the first one with the same code that no other edit names by id. */
function matchEdits(source: readonly CatalogItem[], edits: ReadonlyMap<string, CatalogEdit>): Map<string, CatalogEdit> {
  const found = new Map<string, CatalogEdit>()
  const used = new Set<CatalogEdit>()
  for (const item of source) {
    const edit = edits.get(item.id)
    if (edit === undefined) continue
    found.set(item.id, edit)
    used.add(edit)
  }
  const byCode = new Map<string, CatalogEdit>()
  for (const edit of edits.values()) if (!used.has(edit)) byCode.set(codeKey(edit.sourceCode), edit)
  if (byCode.size === 0) return found
  for (const item of source) {
    const edit = byCode.get(codeKey(item.code))
    if (edit === undefined || found.has(item.id)) continue
    found.set(item.id, edit)
    byCode.delete(codeKey(item.code))
  }
  return found
}

/** Lays the shop's changes over a source's catalogue. Without changes the source's list comes back as it is. */
export function applyChanges(source: readonly CatalogItem[], changes: ShopChanges): EditedCatalog {
  const { edits, own } = changes
  const editOf = edits.size === 0 ? new Map<string, CatalogEdit>() : matchEdits(source, edits)
  const used = new Set(editOf.values())
  const unused = [...edits.values()].filter((edit) => !used.has(edit))
  if (editOf.size === 0) {
    return { items: own.length === 0 ? source : [...own, ...source], hidden: [], editOf, unused }
  }
  const items: CatalogItem[] = [...own]
  const hidden: CatalogItem[] = []
  for (const item of source) {
    const edit = editOf.get(item.id)
    if (edit === undefined) items.push(item)
    else (edit.hidden ? hidden : items).push({ ...item, ...edit.fields })
  }
  return { items, hidden, editOf, unused }
}

function sameValue(a: ItemFields[keyof ItemFields], b: ItemFields[keyof ItemFields]): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return a === b
  return a.length === b.length && a.every((value, index) => value === b[index])
}

/** The fields of `wanted` that differ from the source's item. */
export function changedFields(item: CatalogItem, wanted: ItemFields): Partial<ItemFields> {
  const keys: readonly (keyof ItemFields)[] = ['name', 'code', 'price', 'barcodes', 'taxId', 'categoryId', 'weighed']
  const differing = keys.filter((key) => !sameValue(item[key], wanted[key]))
  return Object.fromEntries(differing.map((key) => [key, wanted[key]]))
}
