/** Shows in this window what another window of the till changed. Fetched after the first screen stands. */
import { watch } from 'vue'
import type { Changes } from '../storage/changes.ts'
import { useCartStore } from '../stores/cart.ts'
import { useCashiersStore } from '../stores/cashiers.ts'
import { useCatalogStore } from '../stores/catalog.ts'
import { usePaymentStore } from '../stores/payment.ts'
import { useQueueStore } from '../stores/queue.ts'
import { services } from '../till/services.ts'
import { useSettingsStore } from '../stores/settings.ts'

/** Several records of the catalogue changed in one go are read once, so many ms after the last one. */
const GATHER_MS = 200
/** A window that was just closed lets its lock go a moment later: what it left open is looked for once more then. */
const GONE_MS = 1_000

/** Topic of a register's waiting operations: a window that works with another register counts them too. */
const WAITING = 'waiting:'

/** Follows the other windows from now on, and reads once what they changed before. */
export function followOtherWindows(changes: Changes): void {
  const [settings, cashiers, catalog] = [useSettingsStore(), useCashiersStore(), useCatalogStore()]
  const [cart, queue, payment] = [useCartStore(), useQueueStore(), usePaymentStore()]
  let gathering: ReturnType<typeof setTimeout> | undefined
  let later: ReturnType<typeof setTimeout> | undefined
  let whole = false
  const readCatalog = (all: boolean) => {
    whole ||= all
    clearTimeout(gathering)
    gathering = setTimeout(() => {
      void (whole ? catalog.load() : catalog.loadOwn())
      whole = false
    }, GATHER_MS)
  }
  const ownWaiting = WAITING + (services().queue?.deviceId ?? '')
  // A broken storage is told by the queue itself.
  const readOtherRegisters = () => void queue.readOtherRegisters().catch(() => undefined)
  changes.listen((topic) => {
    if (topic === 'settings') void settings.load()
    if (topic === 'cashiers' || topic === 'pin-attempts') void cashiers.load()
    if (topic === 'parked') void cart.gather()
    if (topic.startsWith('catalog')) readCatalog(topic === 'catalog')
    if (topic.startsWith(WAITING) && topic !== ownWaiting) readOtherRegisters()
  })
  // Windows of one register hear of each other's receipts from the queue itself. Those of two registers, where the
  // register was exchanged and a window still works with the one before, hear it here.
  watch(
    () => queue.open.length,
    () => changes.tell(ownWaiting),
    { immediate: true },
  )
  // What waited for another register was moved or written off in this window: all others count anew.
  watch(
    () => queue.atOtherRegisters.length,
    (count, before) => {
      if (count < before) changes.tell(WAITING)
    },
  )
  const look = () => {
    if (document.hidden) return
    readOtherRegisters()
    void settings.load()
    void cashiers.load()
    void cart.gather()
    clearTimeout(later)
    later = setTimeout(() => void cart.gather(), GONE_MS)
  }
  // Between two sales a window that works with the register of before is started anew over the present one.
  watch(
    () => settings.moved && cart.cart.lines.length === 0 && !queue.sending && payment.last === null,
    (idle) => {
      if (idle && location.pathname === '/') location.reload()
    },
    { immediate: true },
  )
  // A window that was frozen in the background may have missed what was said.
  document.addEventListener('visibilitychange', look)
  window.addEventListener('focus', look)
  look()
}
