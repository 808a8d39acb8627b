/** The catalogue on the sale screen: stored locally, loaded from the device, searched as a whole. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { CatalogCategory, CatalogItem, Tax } from '../domain/catalog.ts'
import { createSearchIndex, type SearchIndex } from '../domain/search.ts'
import type { CodeOutcome, UnknownOutcome } from '../ikkm/codec.ts'
import { decodeCatalog, decodeItems, decodeTaxes } from '../ikkm/directories.ts'
import { catalogRequest, itemsRequest, taxesRequest } from '../ikkm/requests.ts'
import type { BrokenRow } from '../ikkm/wire-json.ts'
import { services, type NoKey } from './services.ts'

export type CatalogLoad =
  | { readonly kind: 'loaded'; readonly items: number; readonly broken: readonly BrokenRow[] }
  | CodeOutcome
  | UnknownOutcome
  | NoKey

export const useCatalogStore = defineStore('catalog', () => {
  const items = shallowRef<readonly CatalogItem[]>([])
  const categories = shallowRef<readonly CatalogCategory[]>([])
  const taxes = shallowRef<readonly Tax[]>([])
  const loadedAt = ref<number | null>(null)
  const ready = ref(false)
  const loading = ref(false)
  /** Rows of the last load that couldn't be read: shown, never dropped in silence. */
  const broken = shallowRef<readonly BrokenRow[]>([])
  let index: SearchIndex | null = null

  const byCode = computed(() => {
    const found = new Map<string, CatalogItem>()
    for (const item of items.value) {
      for (const code of [item.code, ...item.barcodes]) if (!found.has(code)) found.set(code, item)
    }
    return found
  })

  function show(list: readonly CatalogItem[]): void {
    items.value = list
    index = null
  }

  /** Shows what was stored last. */
  async function load(): Promise<void> {
    const stored = await services().catalog.load()
    show(stored.items)
    categories.value = stored.categories
    taxes.value = stored.taxes
    loadedAt.value = stored.loadedAt
    ready.value = true
  }

  /** Replaces the catalogue by what another source gave (file, iiko) and stores it. */
  async function replace(next: {
    readonly items: readonly CatalogItem[]
    readonly categories: readonly CatalogCategory[]
  }): Promise<void> {
    const at = services().now()
    show(next.items)
    categories.value = next.categories
    loadedAt.value = at
    await services().catalog.replace({ ...next, taxes: taxes.value, loadedAt: at })
  }

  /** Reads goods, folders and taxes from the device (source 004, chapter 9.1); on trouble the old catalogue stays. */
  async function loadFromDevice(): Promise<CatalogLoad> {
    const { device } = services()
    if (device === null) return { kind: 'noKey' }
    loading.value = true
    try {
      const [goods, folders, rates] = [
        await device.read(itemsRequest(), decodeItems),
        await device.read(catalogRequest(), decodeCatalog),
        await device.read(taxesRequest(), decodeTaxes),
      ]
      if (goods.kind !== 'ok') return goods
      if (folders.kind === 'ok') categories.value = folders.value.rows
      if (rates.kind === 'ok') taxes.value = rates.value.rows
      broken.value = goods.value.broken
      await replace({ items: goods.value.rows, categories: categories.value })
      return { kind: 'loaded', items: goods.value.rows.length, broken: goods.value.broken }
    } finally {
      loading.value = false
    }
  }

  /** Items that the query finds, best first; the index is built at the first search. */
  function search(query: string): readonly CatalogItem[] {
    index ??= createSearchIndex(items.value)
    return index.search(query)
  }

  return {
    items,
    categories,
    taxes,
    loadedAt,
    ready,
    loading,
    broken,
    load,
    replace,
    loadFromDevice,
    search,
    /** The item with exactly this code or barcode. */
    find: (code: string) => byCode.value.get(code) ?? null,
  }
})
