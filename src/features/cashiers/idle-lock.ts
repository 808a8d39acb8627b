/** Locks the terminal when nobody has touched it for as long as the settings say. */
import { onBeforeUnmount, onMounted, watch } from 'vue'
import { lockInMs } from '../../domain/cashier.ts'
import { useCashiersStore } from '../../stores/cashiers.ts'
import { useQueueStore } from '../../stores/queue.ts'
import { useSettingsStore } from '../../stores/settings.ts'
import { keptOpen } from '../common/keep-open.ts'

const MINUTE_MS = 60_000
const TOUCHES = ['pointerdown', 'keydown', 'wheel'] as const

export function useIdleLock(): void {
  const cashiers = useCashiersStore()
  const settings = useSettingsStore()
  const queue = useQueueStore()
  let lastActivityAt = Date.now()
  let timer: ReturnType<typeof setTimeout> | undefined

  function schedule(): void {
    clearTimeout(timer)
    const leftMs = lockInMs(
      {
        hasPin: cashiers.hasPin && !cashiers.locked,
        idleLimitMs: settings.values.idleLockMinutes * MINUTE_MS,
        lastActivityAt,
        busy: keptOpen() || queue.sending,
      },
      Date.now(),
    )
    if (leftMs === 0) cashiers.lock()
    else if (leftMs !== null) timer = setTimeout(schedule, leftMs)
  }

  function touched(): void {
    lastActivityAt = Date.now()
  }

  /** A sleeping tablet's timers stand still: the time that passed is looked at when it wakes. */
  function woke(): void {
    if (document.visibilityState === 'visible') schedule()
  }

  watch(
    () => [cashiers.hasPin, cashiers.locked, settings.values.idleLockMinutes, keptOpen(), queue.sending],
    () => {
      // The end of a payment is a touch: nobody is locked out with the change still in hand.
      touched()
      schedule()
    },
  )
  onMounted(() => {
    for (const touch of TOUCHES) window.addEventListener(touch, touched, { capture: true, passive: true })
    document.addEventListener('visibilitychange', woke)
    schedule()
  })
  onBeforeUnmount(() => {
    clearTimeout(timer)
    for (const touch of TOUCHES) window.removeEventListener(touch, touched, { capture: true })
    document.removeEventListener('visibilitychange', woke)
  })
}
