/** The service worker: installed after the first screen, and an update that waits until a person takes it. */
/**
 * Registers the worker and reports when a new version waits. Returns what applies it: every tab's page is loaded
 * anew only by its own consent, because a tab may hold an open receipt.
 */
export async function watchUpdates(onReady: (ready: boolean) => void): Promise<() => void> {
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return () => undefined
  const { Workbox } = await import('workbox-window')
  const workbox = new Workbox('/sw.js')
  let asked = false
  workbox.addEventListener('waiting', () => onReady(true))
  workbox.addEventListener('controlling', () => {
    if (asked) location.reload()
  })
  // A registration that fails (private mode, no secure context) leaves an app that works with the network only.
  void workbox.register().catch((error: unknown) => console.warn('service worker:', error))
  return () => {
    asked = true
    workbox.messageSkipWaiting()
  }
}
