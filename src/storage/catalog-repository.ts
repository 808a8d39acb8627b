/** The catalogue as it was last loaded, kept in blocks of items, each list with the moment of its loading. */
import type { CatalogCategory, CatalogItem, CatalogSource, Tax } from '../domain/catalog.ts'
import type { BrokenRow } from '../ikkm/wire-json.ts'
import type { AppDatabase } from './app-db.ts'
import type { Changes } from './changes.ts'

interface CatalogHead {
  readonly categories: readonly CatalogCategory[]
  readonly taxes: readonly Tax[]
  /** ms since the epoch, null while nothing was ever loaded. */
  readonly loadedAt: number | null
  /** Where the items came from; null while nothing was ever loaded. */
  readonly source: CatalogSource | null
  /** Name of the file, of the shop at iiko; empty for none. */
  readonly sourceName: string
  /** Rows of that load that couldn't be read. */
  readonly broken: readonly BrokenRow[]
}

export interface StoredCatalog extends CatalogHead {
  readonly items: readonly CatalogItem[]
}

export interface CatalogRepository {
  load(): Promise<StoredCatalog>
  /** Replaces the whole catalogue in one transaction: a reader sees the old or the new one, never a mix. */
  replace(catalog: StoredCatalog): Promise<void>
}

/** Small enough that copying one block in or out is over before a tap could wait for it. */
const BLOCK = 2_000
const HEAD = 'head'
const EMPTY_HEAD: CatalogHead = {
  categories: [],
  taxes: [],
  loadedAt: null,
  source: null,
  sourceName: '',
  broken: [],
}

const blockKey = (index: number) => `items:${String(index).padStart(6, '0')}`

/** `changes`: who hears that the catalogue was replaced. */
export function createCatalogRepository(database: AppDatabase, changes?: Pick<Changes, 'tell'>): CatalogRepository {
  return {
    async load() {
      const { store } = database.transaction('catalog')
      const head = (await store.get(HEAD))?.value as Partial<CatalogHead> | undefined
      const items: CatalogItem[] = []
      // One block after another: the page stays alive between two of them, however large the catalogue.
      for (let index = 0; ; index++) {
        const block = (await store.get(blockKey(index)))?.value as readonly CatalogItem[] | undefined
        if (block === undefined) break
        for (const item of block) items.push(item)
      }
      return { ...EMPTY_HEAD, ...head, items }
    },
    async replace({ items, ...head }) {
      const transaction = database.transaction('catalog', 'readwrite')
      await transaction.store.clear()
      await transaction.store.put({ key: HEAD, value: head })
      for (let start = 0; start < items.length; start += BLOCK) {
        await transaction.store.put({ key: blockKey(start / BLOCK), value: items.slice(start, start + BLOCK) })
      }
      await transaction.done
      changes?.tell('catalog')
    },
  }
}
