/**
 * What appears under the bar moves every product below it. While fingers are at work it waits, so that nobody hits the
 * wrong product; not for long, because it is news.
 */
import { onScopeDispose, readonly, shallowRef, watch, type Ref } from 'vue'

/** ms without a touch or a key after which nobody is in the middle of something. */
const QUIET_MS = 500
/** ms after which it comes or goes all the same. */
const LONGEST_MS = 2_500

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
    const now = performance.now()
    const waitMs = Math.min(touchedAt + QUIET_MS, sinceMs + LONGEST_MS) - now
    if (waitMs <= 0 || Boolean(shown.value) === Boolean(source())) shown.value = source()
    else timer = setTimeout(() => follow(sinceMs), waitMs)
  }

  watch(source, () => {
    // A wait that has begun ends when it would have ended.
    if (timer === undefined || Boolean(shown.value) === Boolean(source())) follow(performance.now())
  })
  for (const kind of ['pointerdown', 'keydown']) hands.addEventListener(kind, touched, { capture: true, passive: true })
  onScopeDispose(() => {
    clearTimeout(timer)
    for (const kind of ['pointerdown', 'keydown']) hands.removeEventListener(kind, touched, { capture: true })
  })
  return readonly(shown) as Readonly<Ref<T>>
}
