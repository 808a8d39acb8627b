/** The very first catalogue: read from the device, and tried again until it is there. */
import { loadPart } from '../../i18n/i18n.ts'
import { text } from '../../i18n/use-text.ts'
import { useCatalogStore } from '../../stores/catalog.ts'
import { useDeviceStore } from '../../stores/device.ts'
import { showToast } from '../../ui/toasts.ts'
import { watch } from 'vue'

/** ms until the next try: long enough that a device at work isn't asked twice in a sale. */
const PAUSES_MS = [3_000, 10_000, 30_000, 60_000] as const
const STAY_MS = 15_000

/** Waits, but no longer than until the device answers again. */
function pause(ms: number): Promise<void> {
  const device = useDeviceStore()
  return new Promise((resolve) => {
    const end = () => {
      stop()
      clearTimeout(timer)
      resolve()
    }
    const timer = setTimeout(end, ms)
    const stop = watch(
      () => device.state,
      (state, before) => {
        if (state === 'ready' && before === 'offline') end()
      },
    )
  })
}

/** Until the catalogue has something, from the device or from anywhere else. Says once that it didn't work. */
export async function loadFirstCatalog(): Promise<void> {
  const catalog = useCatalogStore()
  for (let attempt = 0; catalog.items.length === 0; attempt += 1) {
    const result = await catalog.loadFromDevice().catch(() => null)
    if (result?.kind === 'loaded') return
    if (attempt === 1) {
      await loadPart('dialogs')
      showToast(text('firstCatalog.failed'), { key: 'first-catalog', icon: 'box', stayMs: STAY_MS })
    }
    await pause(PAUSES_MS[Math.min(attempt, PAUSES_MS.length - 1)] ?? STAY_MS)
  }
}
