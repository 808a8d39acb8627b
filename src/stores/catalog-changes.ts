/** The shop's own changes of the catalogue on the disk: one record each, so that saving one never rewrites the rest. */
import * as v from 'valibot'
import type { CatalogEdit, ShopChanges } from '../domain/catalog-edits.ts'
import type { CatalogCategory, CatalogItem } from '../domain/catalog.ts'
import { tiyn, type Tiyn } from '../domain/money.ts'
import type { KeyValueStore } from '../storage/key-value.ts'

const EDIT = 'catalog-edit:'
const OWN = 'catalog-own:'
const CATEGORY = 'catalog-category:'

const price = v.nullable(
  v.pipe(
    v.number(),
    v.safeInteger(),
    v.transform((value): Tiyn => tiyn(value)),
  ),
)
const fields = {
  name: v.string(),
  code: v.string(),
  price,
  barcodes: v.array(v.string()),
  taxId: v.nullable(v.string()),
  categoryId: v.nullable(v.string()),
  weighed: v.boolean(),
}
const Edit = v.object({
  itemId: v.string(),
  sourceCode: v.string(),
  fields: v.partial(v.object(fields)),
  hidden: v.boolean(),
  at: v.number(),
  by: v.string(),
})
const Own = v.object({
  ...fields,
  id: v.string(),
  source: v.literal('own'),
  ntin: v.nullable(v.string()),
  gtin: v.nullable(v.string()),
  markCode: v.nullable(v.string()),
})
const Category = v.object({ id: v.string(), name: v.string() })

function readAll<T extends v.GenericSchema>(
  records: ReadonlyMap<string, unknown>,
  schema: T,
): readonly v.InferOutput<T>[] {
  return [...records.values()].flatMap((record) => {
    const parsed = v.safeParse(schema, record)
    return parsed.success ? [parsed.output] : []
  })
}

export interface StoredChanges extends ShopChanges {
  readonly categories: readonly CatalogCategory[]
}

/** Reads everything; a record that is no change (or was taken back) counts for nothing. */
export async function loadChanges(keyValues: KeyValueStore): Promise<StoredChanges> {
  const [edits, own, categories] = await Promise.all([keyValues.all(EDIT), keyValues.all(OWN), keyValues.all(CATEGORY)])
  return {
    edits: new Map(readAll(edits, Edit).map((edit) => [edit.itemId, edit as CatalogEdit])),
    own: readAll(own, Own),
    categories: readAll(categories, Category),
  }
}

/** Keeps one item's changes; null takes them back. */
export function saveEdit(keyValues: KeyValueStore, itemId: string, edit: CatalogEdit | null): Promise<void> {
  return keyValues.set(EDIT + itemId, edit)
}

/** Keeps an own item; null removes it. */
export function saveOwn(keyValues: KeyValueStore, id: string, item: CatalogItem | null): Promise<void> {
  return keyValues.set(OWN + id, item)
}

export function saveCategory(keyValues: KeyValueStore, category: CatalogCategory): Promise<void> {
  return keyValues.set(CATEGORY + category.id, category)
}
