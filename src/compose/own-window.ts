/**
 * Which window of the till this one is. A Web Lock, held as long as the page lives, tells the other windows that it is
 * there; a reload finds its name again in the session's storage, and a duplicated tab, which copies that storage, finds
 * the lock taken and takes another name.
 */
import type { WindowOfTill } from '../storage/cart-repository.ts'

const KEPT = 'window'
/** The page before a reload may hold its lock for a moment longer, in ms. */
const RELOAD_MS = 300
/** Without Web Locks a window that stored nothing for so long (ms) is taken for gone. */
const SILENT_MS = 10 * 60_000

const lockName = (id: string) => `window:${id}`

/** Resolves to true once the lock is this page's, to false when it isn't within `waitMs`. */
function hold(id: string, waitMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const forEver = () => {
      resolve(true)
      return new Promise<never>(() => undefined)
    }
    void navigator.locks.request(lockName(id), { signal: AbortSignal.timeout(waitMs) }, forEver).catch(() => {
      resolve(false)
    })
  })
}

function kept(): string | null {
  try {
    return sessionStorage.getItem(KEPT)
  } catch {
    return null
  }
}

function keep(id: string): void {
  try {
    sessionStorage.setItem(KEPT, id)
  } catch {
    // After a reload the receipt is then found as that of a window that is gone.
  }
}

/** Names this window; resolves when the name is its own. */
export async function openOwnWindow(): Promise<WindowOfTill> {
  const locks = 'locks' in navigator
  const before = kept()
  let id = before ?? crypto.randomUUID()
  if (locks && !(await hold(id, RELOAD_MS))) {
    id = crypto.randomUUID()
    await hold(id, RELOAD_MS)
  }
  if (id !== before) keep(id)
  return {
    id,
    async ifGone(other, savedAt, work) {
      if (!locks) {
        if (Date.now() - savedAt > SILENT_MS) await work()
        return
      }
      await navigator.locks.request(lockName(other), { ifAvailable: true }, async (lock) => {
        if (lock !== null) await work()
      })
    },
  }
}
