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

/** Counts the catalogues that were stored; catalogues from before it was counted have none. */
interface Versioned {
  readonly version?: number
}

export interface CatalogRepository {
  load(): Promise<StoredCatalog>
  /** Which catalogue is stored now, to be named to `replace` by a load that takes time. */
  version(): Promise<number>
  /**
   * Replaces the whole catalogue in one transaction: a reader sees the old or the new one, never a mix.
   * With `over`, only while the stored one is still that version: a slow load is no newer wish than a list that a
   * person took meanwhile, in another window perhaps. False when nothing was stored for that reason.
   */
  replace(catalog: StoredCatalog, over?: number): Promise<boolean>
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
  const readHead = async (store: { get(key: string): Promise<{ readonly value: unknown } | undefined> }) =>
    (await store.get(HEAD))?.value as (Partial<CatalogHead> & Versioned) | undefined
  return {
    async load() {
      const { store } = database.transaction('catalog')
      const { version: _, ...head } = (await readHead(store)) ?? {}
      const items: CatalogItem[] = []
      // One block after another: the page stays alive between two of them, however large the catalogue.
      for (let index = 0; ; index++) {
        const block = (await store.get(blockKey(index)))?.value as readonly CatalogItem[] | undefined
        if (block === undefined) break
        for (const item of block) items.push(item)
      }
      return { ...EMPTY_HEAD, ...head, items }
    },
    async version() {
      return (await readHead(database.transaction('catalog').store))?.version ?? 0
    },
    async replace({ items, ...head }, over) {
      const transaction = database.transaction('catalog', 'readwrite')
      const version = (await readHead(transaction.store))?.version ?? 0
      if (over !== undefined && over !== version) return false
      await transaction.store.clear()
      await transaction.store.put({ key: HEAD, value: { ...head, version: version + 1 } })
      for (let start = 0; start < items.length; start += BLOCK) {
        await transaction.store.put({ key: blockKey(start / BLOCK), value: items.slice(start, start + BLOCK) })
      }
      await transaction.done
      changes?.tell('catalog')
      return true
    },
  }
}
