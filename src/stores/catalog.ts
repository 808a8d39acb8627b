/**
 * The catalogue on the sale screen: what a source gave (device, file, iiko), under the shop's own changes, searched
 * as a whole. The open receipt keeps what the catalogue said when a line was added: nothing here reaches it.
 */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { applyChanges, changedFields, NO_CHANGES, type ItemFields, type ShopChanges } from '../domain/catalog-edits.ts'
import type { CatalogCategory, CatalogItem, CatalogSource, Tax } from '../domain/catalog.ts'
import type { CodeOutcome, UnknownOutcome } from '../ikkm/codec.ts'
import { catalogRequest, itemsRequest, taxesRequest } from '../ikkm/requests.ts'
import type { BrokenRow } from '../ikkm/wire-json.ts'
import { loadChanges, saveCategory, saveEdit, saveOwn } from '../storage/catalog-changes.ts'
import { createCatalogIndex } from '../till/catalog-index.ts'
import { services, type NoKey } from '../till/services.ts'

export type CatalogLoad =
  | { readonly kind: 'loaded'; readonly items: number; readonly broken: readonly BrokenRow[] }
  /** Another catalogue was taken while this one was read, and stays. */
  | { readonly kind: 'overtaken' }
  | CodeOutcome
  | UnknownOutcome
  | NoKey

/** A catalogue as a source gives it. */
export interface SourceCatalog {
  readonly items: readonly CatalogItem[]
  readonly categories: readonly CatalogCategory[]
  /** Where from; without it the source of the first item. */
  readonly source?: CatalogSource
  /** Name of the file or of the shop, to be recognised later. */
  readonly sourceName?: string
  readonly broken?: readonly BrokenRow[]
}

export const useCatalogStore = defineStore('catalog', () => {
  /** What the source gave, without the shop's changes. */
  const base = shallowRef<readonly CatalogItem[]>([])
  const baseCategories = shallowRef<readonly CatalogCategory[]>([])
  const ownCategories = shallowRef<readonly CatalogCategory[]>([])
  const changes = shallowRef<ShopChanges>(NO_CHANGES)
  const taxes = shallowRef<readonly Tax[]>([])
  const loadedAt = ref<number | null>(null)
  const source = ref<CatalogSource | null>(null)
  const sourceName = ref('')
  const ready = ref(false)
  const loading = ref(false)
  /** Rows of the last load that couldn't be read: shown, never dropped in silence. */
  const broken = shallowRef<readonly BrokenRow[]>([])
  const index = createCatalogIndex()
  const edited = shallowRef(applyChanges([], NO_CHANGES))

  const categories = computed(() => [...baseCategories.value, ...ownCategories.value])
  const baseById = computed(() => new Map(base.value.map((item) => [item.id, item])))

  function show(list: readonly CatalogItem[], own: ShopChanges): void {
    base.value = list
    changes.value = own
    edited.value = applyChanges(list, own)
    void index.replace(edited.value.items)
  }

  /** Shows what was stored last, also after another window loaded another catalogue. */
  async function load(): Promise<void> {
    const { catalog, keyValues } = services()
    const [stored, own] = await Promise.all([catalog.load(), loadChanges(keyValues)])
    baseCategories.value = stored.categories
    ownCategories.value = own.categories
    taxes.value = stored.taxes
    loadedAt.value = stored.loadedAt
    source.value = stored.source ?? stored.items[0]?.source ?? null
    sourceName.value = stored.sourceName
    broken.value = stored.broken
    show(stored.items, own)
    ready.value = true
  }

  /** Shows the shop's own changes as they are stored now, those of other windows too. */
  async function loadOwn(): Promise<void> {
    const own = await loadChanges(services().keyValues)
    ownCategories.value = own.categories
    show(base.value, own)
  }

  /** Stores what a source gave and shows what is stored then; false when another list was taken since `over`. */
  async function takeOver(next: SourceCatalog, over?: number): Promise<boolean> {
    const stored = await services().catalog.replace(
      {
        items: next.items,
        categories: next.categories,
        taxes: taxes.value,
        loadedAt: services().now(),
        source: next.source ?? null,
        sourceName: next.sourceName ?? '',
        broken: next.broken ?? [],
      },
      over,
    )
    await load()
    return stored
  }

  /** Whoever may not change goods is told; nothing is changed then. */
  const refused = async () => (await services().refusal(['settings'])) !== null

  /**
   * Replaces what the source gave (file, iiko) and stores it; the shop's own changes stay over it. False when another
   * list was taken since the stored one was `over`: that one stays.
   */
  async function replace(next: SourceCatalog, over?: number): Promise<boolean> {
    return (await refused()) || takeOver(next, over)
  }

  /** Reads goods, folders and taxes from the device (source 004, chapter 9.1); on trouble the old catalogue stays. */
  async function loadFromDevice(): Promise<CatalogLoad> {
    const { device, catalog } = services()
    if (device === null) return { kind: 'noKey' }
    loading.value = true
    try {
      const over = await catalog.version()
      const { decodeCatalog, decodeItems, decodeTaxes } = await import('../ikkm/directories.ts')
      const goods = await device.read(itemsRequest(), decodeItems)
      if (goods.kind !== 'ok') return goods
      const folders = await device.read(catalogRequest(), decodeCatalog)
      if (folders.kind !== 'ok') return folders
      const rates = await device.read(taxesRequest(), decodeTaxes)
      if (rates.kind === 'ok') taxes.value = rates.value.rows
      const unreadable = [...goods.value.broken, ...folders.value.broken]
      const list = {
        items: goods.value.rows,
        categories: folders.value.rows,
        source: 'device',
        broken: unreadable,
      } as const
      if (!(await takeOver(list, over))) return { kind: 'overtaken' }
      return { kind: 'loaded', items: goods.value.rows.length, broken: unreadable }
    } finally {
      loading.value = false
    }
  }

  /** Reads the device's taxes anew, whose ids change when one is edited; without an answer the known ones stay. */
  async function readTaxes(): Promise<void> {
    const { decodeTaxes } = await import('../ikkm/directories.ts')
    const rates = await services().device?.read(taxesRequest(), decodeTaxes)
    if (rates?.kind === 'ok') taxes.value = rates.value.rows
  }

  /** Adds an item that only this terminal has; null for whoever may not. */
  async function addItem(fields: ItemFields): Promise<CatalogItem | null> {
    if (await refused()) return null
    const id = `own:${services().newId()}`
    const item: CatalogItem = { ...fields, id, source: 'own', ntin: null, gtin: null, markCode: null }
    await saveOwn(services().keyValues, id, () => item)
    await loadOwn()
    return item
  }

  /** Removes an own item for good, or takes back every change of a source's item. */
  async function restore(item: CatalogItem): Promise<void> {
    if (await refused()) return
    const edit = edited.value.editOf.get(item.id)
    if (item.source === 'own') await saveOwn(services().keyValues, item.id, () => null)
    else if (edit !== undefined) await saveEdit(services().keyValues, edit.itemId, () => null)
    await loadOwn()
  }

  /**
   * Keeps what a person changed of an item: what differs in `fields` from `item`, as the form was opened with it.
   * `hidden` takes it off the sale screen (own items are removed instead).
   */
  async function changeItem(item: CatalogItem, fields: ItemFields, hidden = false): Promise<void> {
    if (await refused()) return
    const { keyValues, now, cashier } = services()
    const wanted = changedFields(item, fields)
    if (item.source === 'own') {
      await saveOwn(keyValues, item.id, (stored) => ({ ...(stored ?? item), ...wanted }))
      await loadOwn()
      return
    }
    const original = baseById.value.get(item.id)
    if (original === undefined) return
    const before = edited.value.editOf.get(item.id)
    await saveEdit(keyValues, item.id, (stored) => {
      const differing = changedFields(original, { ...original, ...(stored ?? before)?.fields, ...wanted })
      if (!hidden && Object.keys(differing).length === 0) return null
      return {
        itemId: item.id,
        sourceCode: original.code,
        fields: differing,
        hidden,
        at: now(),
        by: cashier()?.name ?? '',
      }
    })
    // An edit that was made over another source moved to the id that the item has now.
    if (before !== undefined && before.itemId !== item.id) await saveEdit(keyValues, before.itemId, () => null)
    await loadOwn()
  }

  /** Adds a category of the shop's own; one of the same name is taken as it is. */
  async function addCategory(name: string): Promise<CatalogCategory> {
    const known = categories.value.find((other) => other.name.toLowerCase() === name.trim().toLowerCase())
    if (known !== undefined) return known
    const category = { id: `own:${services().newId()}`, name: name.trim() }
    await saveCategory(services().keyValues, category)
    ownCategories.value = [...ownCategories.value, category]
    return category
  }

  return {
    items: computed(() => edited.value.items),
    categories,
    taxes,
    loadedAt,
    source,
    sourceName,
    ready,
    loading,
    broken,
    hidden: computed(() => edited.value.hidden),
    /** Changes whose item isn't in the present catalogue. */
    unusedEdits: computed(() => edited.value.unused),
    /** The shop's change of an item, null for none. */
    editOf: (item: CatalogItem) => edited.value.editOf.get(item.id) ?? null,
    editCount: computed(() => edited.value.editOf.size + changes.value.own.length),
    /** The item as the source gave it. */
    original: (item: CatalogItem) => baseById.value.get(item.id) ?? null,
    /** Whether the search is there: before, no hit doesn't mean that there is none. */
    searchable: computed(index.searchable),
    load,
    loadOwn,
    replace,
    loadFromDevice,
    readTaxes,
    addItem,
    changeItem,
    restore,
    addCategory,
    search: index.search,
    find: index.find,
  }
})
