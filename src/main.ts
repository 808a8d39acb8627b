/** Starts the terminal: the outside world first, then the stores, then the screen; the service worker last. */
import { createPinia } from 'pinia'
import { createApp, h, ref } from 'vue'
import App from './App.vue'
import { composeTerminal } from './compose/terminal.ts'
import { watchUpdates } from './compose/updates.ts'
import { setLocale } from './i18n/i18n.ts'
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

const updateReady = ref(false)
let applyUpdate = (): void => undefined

const app = createApp({
  render: () => h(App, { updateReady: updateReady.value, onUpdate: () => applyUpdate() }),
})
app.use(createPinia())

async function start(): Promise<void> {
  await composeTerminal()
  const settings = useSettingsStore()
  const [cart, catalog, queue, device] = [useCartStore(), useCatalogStore(), useQueueStore(), useDeviceStore()]
  // A cart is made by the device's rules: they come first.
  await device.loadFacts()
  await Promise.all([setLocale(settings.values.language), useCashiersStore().load(), cart.load(), catalog.load()])
  queue.watch()
  const router = createTerminalRouter()
  app.use(router)
  if (!settings.setupDone && location.pathname !== '/setup') await router.replace('/setup')
  await router.isReady()
  app.mount('#app')
  if (services().device !== null) {
    device.watch()
    if (catalog.items.length === 0) void catalog.loadFromDevice()
  }
  applyUpdate = await watchUpdates((ready) => (updateReady.value = ready))
  void services().askPersistence()
}

void start()
