/** The shop's own changes of the catalogue on the disk: one record each, so that saving one never rewrites the rest. */
import type { CatalogEdit, ShopChanges } from '../domain/catalog-edits.ts'
import type { CatalogCategory, CatalogItem } from '../domain/catalog.ts'
import { tiyn, type Tiyn } from '../domain/money.ts'
import type { KeyValueStore } from './key-value.ts'
import {
  flag,
  integer,
  listOf,
  number,
  objectOf,
  oneOf,
  orNull,
  read,
  someOf,
  text,
  Wrong,
  type Shape,
} from './shape.ts'

const EDIT = 'catalog-edit:'
const OWN = 'catalog-own:'
const CATEGORY = 'catalog-category:'

const price: Shape<Tiyn | null> = orNull((value) => {
  const amount = integer()(value)
  return amount instanceof Wrong ? amount : tiyn(amount)
})
const fields = {
  name: text,
  code: text,
  price,
  barcodes: listOf(text),
  taxId: orNull(text),
  categoryId: orNull(text),
  weighed: flag,
}
const Edit = objectOf({ itemId: text, sourceCode: text, fields: someOf(fields), hidden: flag, at: number, by: text })
const Own = objectOf({
  ...fields,
  id: text,
  source: oneOf('own'),
  ntin: orNull(text),
  gtin: orNull(text),
  markCode: orNull(text),
})
const Category = objectOf({ id: text, name: text })

function readAll<T>(records: ReadonlyMap<string, unknown>, shape: Shape<T>): readonly T[] {
  return [...records.values()].flatMap((record) => read(shape, record) ?? [])
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

/**
 * Keeps what `change` makes of one item's stored changes, read in the same transaction: what another window changed of
 * the item stays. Null takes them back.
 */
export async function saveEdit(
  keyValues: KeyValueStore,
  itemId: string,
  change: (stored: CatalogEdit | null) => CatalogEdit | null,
): Promise<void> {
  await keyValues.update(EDIT + itemId, (stored) => change(read(Edit, stored)))
}

/** Keeps what `change` makes of an own item as it is stored; null removes it. */
export async function saveOwn(
  keyValues: KeyValueStore,
  id: string,
  change: (stored: CatalogItem | null) => CatalogItem | null,
): Promise<void> {
  await keyValues.update(OWN + id, (stored) => change(read(Own, stored)))
}

export function saveCategory(keyValues: KeyValueStore, category: CatalogCategory): Promise<void> {
  return keyValues.set(CATEGORY + category.id, category)
}
