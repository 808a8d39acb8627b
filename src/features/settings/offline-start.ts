/**
 * Whether this terminal will start without a network: a service worker holds its files. There is none where the address isn't
 * secure, and where a person clicked a warning about the certificate away: the page then works, until the network is gone.
 */

/** What is used of the browser; undefined where it knows no service workers here. */
export type Workers = Pick<ServiceWorkerContainer, 'ready' | 'getRegistration'> | undefined

/** A first visit registers its worker after its first screen. */
const REGISTERED_WITHIN_MS = 10_000

/** True when a worker stands or is on its way, false when there is none after `waitMs`. */
export function startsOffline(workers: Workers, waitMs: number = REGISTERED_WITHIN_MS): Promise<boolean> {
  if (workers === undefined) return Promise.resolve(false)
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      workers.getRegistration().then(
        (registration) => resolve(registration !== undefined),
        () => resolve(false),
      )
    }, waitMs)
    void workers.ready.then(() => {
      clearTimeout(timer)
      resolve(true)
    })
  })
}
