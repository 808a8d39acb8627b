/** What the app's databases hold: a screen may show a change a moment before it is on the disk. */
import { expect, type Page } from '@playwright/test'

/** Stores that tests look into, and the database of each. */
const DATABASES = { settings: 'terminal', carts: 'terminal', devices: 'ledger' } as const

const contentsOf = (store: keyof typeof DATABASES) => `new Promise((resolve, reject) => {
  const open = indexedDB.open('${DATABASES[store]}')
  open.onerror = () => reject(open.error)
  open.onsuccess = () => {
    const all = open.result.transaction('${store}').objectStore('${store}').getAll()
    all.onerror = () => reject(all.error)
    all.onsuccess = () => {
      open.result.close()
      resolve(JSON.stringify(all.result))
    }
  }
})`

/** Waits until a store holds this text, as JSON has it. */
export async function expectStored(page: Page, store: keyof typeof DATABASES, text: string): Promise<void> {
  await expect.poll(() => page.evaluate(contentsOf(store))).toContain(text)
}
