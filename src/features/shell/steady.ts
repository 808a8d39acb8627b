/**
 * What appears under the bar moves every product below it. While fingers are at work it waits, so that nobody hits the
 * wrong product; not for long, because it is news. Where a tap can't be taken back it waits for the end.
 */
import { onScopeDispose, readonly, ref, shallowRef, watch, type Ref } from 'vue'

/** ms without a touch or a key after which nobody is in the middle of something. */
const QUIET_MS = 500
/** ms after which it comes or goes all the same. */
const LONGEST_MS = 2_500

/** How many screens want nothing to move now. */
const still = ref(0)

/** While the component is there nothing comes or goes above it: one tap on it registers a receipt. */
export function useStillness(): void {
  still.value += 1
  onScopeDispose(() => (still.value -= 1))
}

/**
 * Follows `source`, whose falsy values show nothing: a change between two things that show something at once, coming
 * and going when the hands rest. `hands` tells of touches and keys.
 */
export function useSteady<T>(source: () => T, hands: EventTarget = window): Readonly<Ref<T>> {
  const shown = shallowRef(source())
  let touchedAt = -Infinity
  let timer: ReturnType<typeof setTimeout> | undefined

  const touched = (): void => {
    touchedAt = performance.now()
  }

  function follow(sinceMs: number): void {
    clearTimeout(timer)
    timer = undefined
    if (still.value > 0 && Boolean(shown.value) !== Boolean(source())) return
    const now = performance.now()
    const waitMs = Math.min(touchedAt + QUIET_MS, sinceMs + LONGEST_MS) - now
    if (waitMs <= 0 || Boolean(shown.value) === Boolean(source())) shown.value = source()
    else timer = setTimeout(() => follow(sinceMs), waitMs)
  }

  watch(source, () => {
    // A wait that has begun ends when it would have ended.
    if (timer === undefined || Boolean(shown.value) === Boolean(source())) follow(performance.now())
  })
  watch(still, () => follow(performance.now()), { flush: 'sync' })
  for (const kind of ['pointerdown', 'keydown']) hands.addEventListener(kind, touched, { capture: true, passive: true })
  onScopeDispose(() => {
    clearTimeout(timer)
    for (const kind of ['pointerdown', 'keydown']) hands.removeEventListener(kind, touched, { capture: true })
  })
  return readonly(shown) as Readonly<Ref<T>>
}
