/** All databases of an origin as one text, and back: a walk begins where a technician left the till. */
import type { Page } from 'playwright'

/** In the page. Values are plain records; a binary one would be lost and is named. */
const READ = `(async () => {
  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
  const databases = []
  for (const { name, version } of await indexedDB.databases()) {
    const database = await done(indexedDB.open(name))
    const stores = []
    for (const store of database.objectStoreNames) {
      const opened = database.transaction(store).objectStore(store)
      const [keys, values] = await Promise.all([done(opened.getAllKeys()), done(opened.getAll())])
      const indexes = [...opened.indexNames].map((index) => {
        const { name, keyPath, unique, multiEntry } = opened.index(index)
        return { name, keyPath, unique, multiEntry }
      })
      stores.push({ name: store, keyPath: opened.keyPath, autoIncrement: opened.autoIncrement, indexes, keys, values })
    }
    database.close()
    databases.push({ name, version, stores })
  }
  return JSON.stringify({ databases, local: { ...localStorage } }, (key, value) => {
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer || value instanceof Map || value instanceof Set) {
      throw new Error('not a plain value under ' + key)
    }
    return value
  })
})()`

/** What a browser throws away: everything, databases and caches when the disk is full, what a page wrote after a week. */
export type Loss = 'everything' | 'fullDisk' | 'sevenDays'

/** In a page of the origin that runs nothing of the app. The app's own files stay cached unless a browser takes them. */
const CLEAR = (loss: Loss): string => `(async () => {
  const loss = ${JSON.stringify(loss)}
  if (loss !== 'fullDisk') localStorage.clear()
  sessionStorage.clear()
  if (loss === 'everything') {
    for (const one of document.cookie.split('; ')) document.cookie = one.split('=')[0] + '=; Max-Age=0; Path=/'
    await caches.delete('till')
  } else {
    for (const name of await caches.keys()) await caches.delete(name)
    for (const one of await navigator.serviceWorker.getRegistrations()) await one.unregister()
  }
  for (const { name } of await indexedDB.databases()) {
    await new Promise((resolve, reject) => {
      const request = indexedDB.deleteDatabase(name)
      request.onsuccess = () => resolve()
      request.onerror = () => reject(request.error)
    })
  }
})()`

const WRITE = (text: string): string => `(async () => {
  const { databases, local } = ${text}
  for (const [key, value] of Object.entries(local)) localStorage.setItem(key, value)
  // What the till remembers of itself stands in three places (\`compose/till-memory.ts\`).
  if (local.till !== undefined) {
    document.cookie = 'till-' + location.port + '=' + encodeURIComponent(local.till) + '; Path=/; SameSite=Strict; Max-Age=86400'
    await (await caches.open('till')).put('/till-memory', new Response(local.till))
  }
  for (const { name, version, stores } of databases) {
    const request = indexedDB.open(name, version)
    request.onupgradeneeded = () => {
      for (const { name, keyPath, autoIncrement, indexes } of stores) {
        const store = request.result.createObjectStore(name, { keyPath, autoIncrement })
        for (const { name, keyPath, ...options } of indexes) store.createIndex(name, keyPath, options)
      }
    }
    const database = await new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
    if (stores.length > 0) {
      const transaction = database.transaction(stores.map((store) => store.name), 'readwrite')
      for (const { name, keyPath, keys, values } of stores) {
        const store = transaction.objectStore(name)
        values.forEach((value, index) => (keyPath === null ? store.put(value, keys[index]) : store.put(value)))
      }
      await new Promise((resolve, reject) => {
        transaction.oncomplete = () => resolve()
        transaction.onabort = () => reject(transaction.error)
      })
    }
    database.close()
  }
})()`

/** Reads everything that the page's origin stored. The app's own connections stay open. */
export function readState(page: Page): Promise<string> {
  return page.evaluate<string>(READ)
}

/** Throws away what the page's origin stored. */
export function clearState(page: Page, loss: Loss): Promise<void> {
  return page.evaluate(CLEAR(loss))
}

/** Replaces everything that the page's origin stored. No page of the app may be open. */
export async function writeState(page: Page, text: string): Promise<void> {
  await clearState(page, 'everything')
  await page.evaluate(WRITE(text))
}

/** Code that resolves to every row of one store of one database, [] where there is none of that name. */
export const rowsOf = (database: string, store: string): string =>
  `(async () => {
    const known = (await indexedDB.databases()).some(({ name }) => name === ${JSON.stringify(database)})
    if (!known) return []
    const done = (request) => new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
    const opened = await done(indexedDB.open(${JSON.stringify(database)}))
    try {
      if (!opened.objectStoreNames.contains(${JSON.stringify(store)})) return []
      return await done(opened.transaction(${JSON.stringify(store)}).objectStore(${JSON.stringify(store)}).getAll())
    } finally {
      opened.close()
    }
  })()`
