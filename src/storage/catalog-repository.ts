/** The catalogue as it was last loaded, kept in blocks of items, each list with the moment of its loading. */
import type { CatalogCategory, CatalogItem, Tax } from '../domain/catalog.ts'
import type { AppDatabase } from './app-db.ts'

export interface StoredCatalog {
  readonly items: readonly CatalogItem[]
  readonly categories: readonly CatalogCategory[]
  readonly taxes: readonly Tax[]
  /** ms since the epoch, null while nothing was ever loaded. */
  readonly loadedAt: number | null
}

export interface CatalogRepository {
  load(): Promise<StoredCatalog>
  /** Replaces the whole catalogue in one transaction: a reader sees the old or the new one, never a mix. */
  replace(catalog: StoredCatalog): Promise<void>
}

const BLOCK = 2_000

interface CatalogHead {
  readonly categories: readonly CatalogCategory[]
  readonly taxes: readonly Tax[]
  readonly loadedAt: number | null
}

const blockKey = (index: number) => `items:${String(index).padStart(6, '0')}`

export function createCatalogRepository(database: AppDatabase): CatalogRepository {
  return {
    async load() {
      const rows = await database.getAll('catalog')
      const head = rows.find((row) => row.key === 'head')?.value as CatalogHead | undefined
      const items = rows.filter((row) => row.key.startsWith('items:')).flatMap((row) => row.value as CatalogItem[])
      return {
        items,
        categories: head?.categories ?? [],
        taxes: head?.taxes ?? [],
        loadedAt: head?.loadedAt ?? null,
      }
    },
    async replace({ items, ...head }) {
      const transaction = database.transaction('catalog', 'readwrite')
      const writes: Promise<unknown>[] = [
        transaction.store.clear(),
        transaction.store.put({ key: 'head', value: head }),
      ]
      for (let start = 0; start < items.length; start += BLOCK) {
        const value = items.slice(start, start + BLOCK)
        writes.push(transaction.store.put({ key: blockKey(start / BLOCK), value }))
      }
      await Promise.all([...writes, transaction.done])
    },
  }
}
