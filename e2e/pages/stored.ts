/** What the app's databases hold: a screen may show a change a moment before it is on the disk. */
import { expect, type Page } from '@playwright/test'

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
