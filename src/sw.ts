/**
 * The service worker keeps the app shell so that the terminal starts without a network. It has exactly one
 * navigation route and no runtime routes: a device or proxy call that passed through a worker would fail
 * or, worse, be repeated.
 *
 * It also keeps the page from calling anybody else: the policy must allow plain HTTP because the device may stand
 * anywhere, and to a browser `http:` in a policy means HTTPS as well.
 */
import { clientsClaim } from 'workbox-core'
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching'
import { NavigationRoute, registerRoute } from 'workbox-routing'

/** Nothing of the terminal is on another host but devices, and those speak plain HTTP. */
function isForeign(url: URL): boolean {
  return url.origin !== location.origin && url.protocol !== 'http:'
}

declare const self: ServiceWorkerGlobalScope &
  typeof globalThis & { __WB_MANIFEST: { url: string; revision: string | null }[] }

self.addEventListener('fetch', (event: FetchEvent) => {
  if (isForeign(new URL(event.request.url))) event.respondWith(Response.error())
})
precacheAndRoute(self.__WB_MANIFEST)
cleanupOutdatedCaches()
registerRoute(new NavigationRoute(createHandlerBoundToURL('/index.html'), { denylist: [/^\/api\//, /^\/healthz/] }))

// The first visit is served from the cache from then on; an update still waits for `skip-waiting`.
clientsClaim()

self.addEventListener('message', (event: ExtendableMessageEvent) => {
  const message: unknown = event.data
  if (typeof message === 'object' && message !== null && 'type' in message && message.type === 'SKIP_WAITING') {
    void self.skipWaiting()
  }
})
