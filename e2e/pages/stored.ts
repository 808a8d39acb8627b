/** What the app's own database holds: a screen may show a change a moment before it is on the disk. */
import { expect, type Page } from '@playwright/test'

const contentsOf = (store: string) => `new Promise((resolve, reject) => {
  const open = indexedDB.open('terminal')
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

/** Waits until a store of the app's database holds this text, as JSON has it. */
export async function expectStored(page: Page, store: 'settings' | 'carts', text: string): Promise<void> {
  await expect.poll(() => page.evaluate(contentsOf(store))).toContain(text)
}
