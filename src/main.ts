/** Starts the terminal: the outside world first, then the stores, then the screen; the service worker last. */
import { createPinia } from 'pinia'
import { computed, createApp, h, ref, watch } from 'vue'
import App from './App.vue'
import { composeTerminal } from './compose/terminal.ts'
import type { Updates } from './compose/updates.ts'
import { afterTaps } from './features/shell/after-taps.ts'
import { keepInstallEvent } from './features/shell/install-event.ts'
import { LOCALES, setLocale, translate } from './i18n/i18n.ts'
import { createTerminalRouter } from './router.ts'
import { useCartStore } from './stores/cart.ts'
import { useCashiersStore } from './stores/cashiers.ts'
import { useCatalogStore } from './stores/catalog.ts'
import { useDeviceStore } from './stores/device.ts'
import { useQueueStore } from './stores/queue.ts'
import { services } from './stores/services.ts'
import { useSettingsStore } from './stores/settings.ts'
import './ui/tokens.css'
import './ui/base.css'

/** ms from the first screen until the first goods stand and the first taps are answered. */
const SETTLED_MS = 1_500

const updateWaits = ref(false)
let updates: Updates | null = null

/** Runs `next` once the open receipt is on the disk, or can't be brought there. */
function whenSaved(cart: ReturnType<typeof useCartStore>, next: () => void): Promise<void> {
  return cart
    .saved()
    .catch(() => undefined)
    .then(next)
}

function until(done: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const stop = watch(
      done,
      (now) => {
        if (!now) return
        resolve()
        queueMicrotask(() => stop())
      },
      { immediate: true, flush: 'sync' },
    )
  })
}

const app = createApp({
  setup() {
    const [cart, queue] = [useCartStore(), useQueueStore()]
    // Between two sales: nothing in the open receipt, nothing on its way to the device.
    const updateReady = computed(() => updateWaits.value && cart.cart.lines.length === 0 && !queue.sending)
    const onUpdate = () => void whenSaved(cart, () => updates?.apply())
    return () => h(App, { updateReady: updateReady.value, onUpdate })
  },
})
app.use(createPinia())

/** What needs the settings but no device: read while the ledger opens and the queue takes up its place. */
async function readAhead(settings: ReturnType<typeof useSettingsStore>): Promise<void> {
  await until(() => settings.loaded)
  await Promise.all([setLocale(settings.values.language), useCashiersStore().load(), useCatalogStore().load()])
}

async function start(): Promise<void> {
  const settings = useSettingsStore()
  const ahead = readAhead(settings)
  // Where the composition fails, that is what is said.
  ahead.catch(() => undefined)
  await composeTerminal()
  const [cart, catalog, queue, device] = [useCartStore(), useCatalogStore(), useQueueStore(), useDeviceStore()]
  // A cart is made by the device's rules: they come first.
  await device.loadFacts()
  await Promise.all([ahead, cart.load()])
  queue.watch()
  const router = createTerminalRouter()
  router.onError((_error, to) => {
    // Another tab took an update, and a screen that this page never fetched is only there in the new version. The open
    // receipt is on the disk, and a person asked for the screen: load it there.
    if (updates?.overtaken() === true) void whenSaved(useCartStore(), () => location.assign(to.fullPath))
  })
  app.use(router)
  if (!settings.setupDone && location.pathname !== '/setup') await router.replace('/setup')
  await router.isReady()
  // Goods are on their way: an empty catalogue isn't said before that was tried.
  const firstLoad = services().device !== null && catalog.items.length === 0
  if (firstLoad) catalog.loading = true
  app.mount('#app')
  if (services().device !== null) device.watch()
  if (firstLoad)
    void import('./features/catalog/first-load.ts')
      .then((first) => first.loadFirstCatalog())
      .finally(() => (catalog.loading = false))
  // What a later start needs comes when this one is done: the worker fetches the whole app.
  await new Promise((resolve) => setTimeout(resolve, SETTLED_MS))
  await afterTaps()
  const { watchUpdates } = await import('./compose/updates.ts')
  updates = await watchUpdates(() => (updateWaits.value = true))
  void services().askPersistence()
}

/** Without storage there is no till: nothing may be sold that can't be kept. Said in every language, for none was read. */
async function showFailure(error: unknown): Promise<void> {
  console.warn('start:', error)
  const place = document.querySelector('#app')
  for (const locale of LOCALES) {
    await setLocale(locale)
    const words = document.createElement('p')
    words.lang = locale
    words.setAttribute('role', 'alert')
    words.textContent = `${translate('failure.title')} ${translate('failure.storage')}`
    place?.append(words)
  }
}

keepInstallEvent()
start().catch(showFailure)
