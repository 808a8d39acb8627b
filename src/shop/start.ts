/**
 * Starts the owner's page: another app than the till on the same address. Nothing of the till is opened here: no
 * ledger, no settings, no register.
 */
import { createApp } from 'vue'
import { loadPart, setLocale, type MessagePart } from '../i18n/i18n.ts'
import ShopApp from './ShopApp.vue'
import { createShopApi } from './api.ts'
import { createKept } from './kept.ts'
import { codeIn, readRoute } from './route.ts'
import { createShop, SHOP_KEY } from './use-shop.ts'

/** Its own words, and those that the till's journal has for the same things. */
const PARTS: readonly MessagePart[] = ['shop', 'journal', 'queue']

/** An installed page opens at itself and not at the till. */
function nameThePage(): void {
  const manifest = document.querySelector<HTMLLinkElement>('link[rel="manifest"]')
  if (manifest !== null) manifest.href = '/shop.webmanifest'
}

/** The worker keeps the page for a start without a network; a new version is taken by the next visit. */
function keepThePage(): void {
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return
  navigator.serviceWorker.register('/sw.js').catch((error: unknown) => {
    console.warn('service worker:', error)
  })
}

export async function startShop(): Promise<void> {
  nameThePage()
  const kept = createKept(localStorage)
  const code = codeIn(location.hash)
  // Nobody reads the code from the address bar or the history.
  if (code !== null) history.replaceState(null, '', location.pathname + location.search)
  await setLocale(kept.language() ?? 'ru')
  await Promise.all(PARTS.map(loadPart))
  const shop = createShop({
    api: createShopApi({ token: () => kept.token() }),
    kept,
    period: readRoute(location.pathname, location.search).period,
    now: Date.now,
    visible: () => document.visibilityState === 'visible',
    after(ms, step) {
      const timer = setTimeout(step, ms)
      return () => {
        clearTimeout(timer)
      }
    },
  })
  document.addEventListener('visibilitychange', shop.wake)
  addEventListener('online', shop.wake)
  createApp(ShopApp, { kept }).provide(SHOP_KEY, shop).mount('#app')
  if (code === null) shop.start()
  else await shop.pairOrStart(code)
  keepThePage()
}
