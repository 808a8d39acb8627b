/** What the app's databases hold: a screen may show a change a moment before it is on the disk. */
import { expect, type Page } from '@playwright/test'
import type { CatalogCategory, CatalogItem } from '../../src/domain/catalog.ts'

/** Stores that tests look into, and the database of each. */
const DATABASES = {
  settings: 'terminal',
  carts: 'terminal',
  devices: 'ledger',
  entries: 'ledger',
  leases: 'ledger',
} as const

type Store = keyof typeof DATABASES

/** Everything in a store, in the order of its keys. */
export function storedRows<Row>(page: Page, store: Store): Promise<readonly Row[]> {
  return page.evaluate<Row[]>(`new Promise((resolve, reject) => {
    const open = indexedDB.open('${DATABASES[store]}')
    open.onerror = () => reject(open.error)
    open.onsuccess = () => {
      const all = open.result.transaction('${store}').objectStore('${store}').getAll()
      all.onerror = () => reject(all.error)
      all.onsuccess = () => {
        open.result.close()
        resolve(all.result)
      }
    }
  })`)
}

/** Waits until a store holds this text, as JSON has it. */
export async function expectStored(page: Page, store: Store, text: string): Promise<void> {
  await expect.poll(async () => JSON.stringify(await storedRows(page, store))).toContain(text)
}

/** Puts a catalogue where the app finds it at its next start, as if it had been imported. */
export async function storeCatalog(
  page: Page,
  items: readonly CatalogItem[],
  categories: readonly CatalogCategory[] = [],
): Promise<void> {
  await page.evaluate(
    async ({ items, head }) => {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const open = indexedDB.open('terminal')
        open.onerror = () => reject(new Error('the database does not open'))
        open.onsuccess = () => resolve(open.result)
      })
      const transaction = database.transaction('catalog', 'readwrite')
      const store = transaction.objectStore('catalog')
      store.clear()
      store.put({ key: 'head', value: head })
      const block = 2_000
      for (let start = 0; start < items.length; start += block) {
        const key = `items:${String(start / block).padStart(6, '0')}`
        store.put({ key, value: items.slice(start, start + block) })
      }
      await new Promise((resolve) => (transaction.oncomplete = resolve))
      database.close()
    },
    {
      items,
      head: { categories, taxes: [], loadedAt: Date.now(), source: 'csv', sourceName: 'goods.csv', broken: [] },
    },
  )
}
