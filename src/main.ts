/** Starts the terminal: the outside world first, then the stores, then the screen; the service worker last. */
import { createPinia } from 'pinia'
import { computed, createApp, h, ref, watch } from 'vue'
import type { Router } from 'vue-router'
import App from './App.vue'
import { composeTerminal } from './compose/terminal.ts'
import type { Updates } from './compose/updates.ts'
import { whenIdle } from './features/common/when-idle.ts'
import { keepInstallEvent } from './features/common/install-event.ts'
import { fetched } from './features/common/fetched.ts'
import { openRouter, provideRouter } from './features/common/screens.ts'
import { setLocale, translate } from './i18n/i18n.ts'
import { useCartStore } from './stores/cart.ts'
import { useCashiersStore } from './stores/cashiers.ts'
import { useCatalogStore } from './stores/catalog.ts'
import { useDeviceStore } from './stores/device.ts'
import { useQueueStore } from './stores/queue.ts'
import { services } from './till/services.ts'
import { useSettingsStore } from './stores/settings.ts'
import './ui/tokens.css'
import './ui/base.css'
import './ui/shared.css'

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

/** Until the till is set up, every address leads there. */
async function startRouter(setUp: boolean): Promise<Router> {
  const { createTerminalRouter } = await import('./router.ts')
  const router = createTerminalRouter()
  router.onError((error, to) => {
    if (updates?.overtaken() !== true) report(error, `route ${to.path}`)
    // Another tab took an update, and a screen that this page never fetched is only there in the new version. The open
    // receipt is on the disk, and a person asked for the screen: load it there.
    if (updates?.overtaken() === true) void whenSaved(useCartStore(), () => location.assign(to.fullPath))
  })
  app.use(router)
  if (!setUp && location.pathname !== '/setup') await router.replace('/setup')
  await router.isReady()
  return router
}

async function start(): Promise<void> {
  // Over plain HTTP from the network a browser has no locks, no worker and no random ids: nothing would work as it should.
  if (!isSecureContext) throw new Error('no secure context')
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
  const setUp = settings.setupDone
  provideRouter(() => startRouter(setUp))
  if (!setUp || location.pathname !== '/') await openRouter()
  // Goods are on their way: an empty catalogue isn't said before that was tried.
  const firstLoad = services().device !== null && catalog.items.length === 0
  if (firstLoad) catalog.loading = true
  app.mount('#app')
  if (services().device !== null) device.watch()
  if (firstLoad)
    void fetched(() => import('./features/catalog/first-load.ts'))
      .then((first) => first.loadFirstCatalog())
      .finally(() => (catalog.loading = false))
  // What a later start needs comes when this one is done: the worker fetches the whole app.
  await new Promise((resolve) => setTimeout(resolve, SETTLED_MS))
  await whenIdle()
  // Whatever the queue may yet need; where it can't be fetched now, the queue asks for it itself.
  void import('./queue/rare-steps.ts').catch(() => undefined)
  const { followOtherWindows } = await fetched(() => import('./compose/other-windows.ts'))
  followOtherWindows(services().changes)
  const { watchUpdates } = await fetched(() => import('./compose/updates.ts'))
  updates = await watchUpdates(() => (updateWaits.value = true))
  void services().askPersistence()
}

/** What nobody caught: the browser says it in its console, this says it to the person and keeps it. */
function report(error: unknown, where: string): void {
  void import('./features/common/error-report.ts')
    .then(({ reportError }) => reportError(error, where))
    .catch(() => undefined)
}

app.config.errorHandler = (error, _component, where) => {
  console.error(error)
  report(error, where)
}
addEventListener('error', (event) => report(event.error ?? event.message, 'window'))
addEventListener('unhandledrejection', (event) => report(event.reason, 'promise'))

/** Without storage there is no till: nothing may be sold that can't be kept. */
async function showFailure(error: unknown): Promise<void> {
  console.warn('start:', error)
  const place = document.querySelector('#app') ?? document.body
  try {
    await (await import('./features/shell/failed-start.ts')).showFailedStart(error, place)
  } catch {
    place.textContent = translate('failure.screenText')
  }
}

keepInstallEvent()
// The owner's page is another app, which starts itself: nothing of the till is opened for it.
const started = location.pathname.startsWith('/shop') ? import('./shop/main.ts').then((shop) => shop.started) : start()
started.catch(showFailure)
