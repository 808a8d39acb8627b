/** The service worker: installed after the first screen, and an update that waits until a person takes it. */
import { fetched } from '../features/common/fetched.ts'

/** A till runs for days without being loaded anew: it looks for a new version by itself, in ms. */
const LOOK_INTERVAL_MS = 30 * 60_000

export interface Updates {
  /** Loads this tab over the new version. Every other tab stays as it is until its own person says so. */
  apply(): void
  /** True once another tab took an update: parts that this page hasn't fetched yet are gone from the cache. */
  overtaken(): boolean
}

/**
 * Registers the worker and reports when a new version waits, or was taken by another tab. No page is loaded anew
 * without its own consent, because a tab may hold an open receipt.
 */
export async function watchUpdates(onReady: () => void): Promise<Updates> {
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD) {
    return { apply: () => undefined, overtaken: () => false }
  }
  const { Workbox } = await fetched(() => import('workbox-window'))
  const workbox = new Workbox('/sw.js')
  let asked = false
  let overtaken = false
  // The first worker ever takes a page over that had none before it: that is no update.
  let controlled = navigator.serviceWorker.controller !== null
  workbox.addEventListener('waiting', onReady)
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (asked) location.reload()
    else if (controlled) {
      overtaken = true
      onReady()
    }
    controlled = true
  })
  // A registration that fails (private mode, no secure context) leaves an app that works with the network only.
  void workbox.register().catch((error: unknown) => console.warn('service worker:', error))
  const look = () => void workbox.update().catch(() => undefined)
  setInterval(look, LOOK_INTERVAL_MS)
  return {
    apply() {
      asked = true
      if (overtaken) location.reload()
      else workbox.messageSkipWaiting()
    },
    overtaken: () => overtaken,
  }
}
