/**
 * Hands are faster than screens. What comes under the bar moves every product below it: while fingers are at work it
 * waits, so that nobody hits the wrong one; not for long, because it is news. And what just came takes no tap that
 * can't be taken back: that tap was meant for what stood there before.
 */
import { onScopeDispose, readonly, ref, shallowRef, watch, type Ref } from 'vue'

/** ms without a touch or a key after which nobody is in the middle of something. */
const QUIET_MS = 500
/** ms after which it comes or goes all the same. */
const LONGEST_MS = 2_500

/** False for `QUIET_MS` after something came or went that could take a tap meant for something else. */
const settled = ref(true)
/** `performance.now()` since when it is settled. */
let settledAt = -Infinity
let settling: ReturnType<typeof setTimeout> | undefined

/** A screen, a dialog or a button came, went or moved: for `QUIET_MS` no tap on it is final. */
export function changePlaces(): void {
  settled.value = false
  clearTimeout(settling)
  settling = setTimeout(() => {
    settledAt = performance.now()
    settled.value = true
  }, QUIET_MS)
}

/** When the finger or the key that is down went down, and the same of the click that is being handled. */
let pressedAt: number | null = null
let clickBeganAt = 0

/** An event's moment on the clock of `performance.now()`: a busy page hears of it late. */
function momentOf(event: Event): number {
  const lateMs = new Event(event.type).timeStamp - event.timeStamp
  return performance.now() - Math.max(0, lateMs)
}

/** A key that is held down presses nothing again: what it would press came after it. */
function dropHeldKey(event: KeyboardEvent): void {
  const typesLines = event.target instanceof HTMLTextAreaElement
  const types = typesLines || event.target instanceof HTMLInputElement
  if (!event.repeat || !((event.key === 'Enter' && !typesLines) || (event.key === ' ' && !types))) return
  event.preventDefault()
  event.stopPropagation()
}

/** Follows the hands over the whole page; called once, by the app. */
export function watchHands(page: EventTarget = window): void {
  page.addEventListener('keydown', (event) => dropHeldKey(event as KeyboardEvent), { capture: true })
  page.addEventListener('pointerdown', (event) => (pressedAt = momentOf(event)), { capture: true, passive: true })
  page.addEventListener(
    'click',
    (event) => {
      clickBeganAt = pressedAt ?? momentOf(event)
      pressedAt = null
    },
    { capture: true, passive: true },
  )
}

/** Whether a tap or key was begun when what it hits had stood there long enough to be meant. */
function isMeant(event: Event): boolean {
  return settled.value && (event.type === 'click' ? clickBeganAt : momentOf(event)) >= settledAt
}

export interface FinalTap {
  /** False while a tap doesn't count yet: the button says so, and automation waits. */
  readonly settled: Readonly<Ref<boolean>>
  isMeant(event: Event): boolean
  /** For a capturing click listener on the button: nobody else hears of a click that isn't meant. */
  keep(event: Event): void
}

/** For what has a tap or key that can't be taken back, beginning with its own coming. */
export function useFinalTap(): FinalTap {
  changePlaces()
  onScopeDispose(changePlaces)
  return {
    settled: readonly(settled),
    isMeant,
    keep(event) {
      if (isMeant(event)) return
      event.preventDefault()
      event.stopImmediatePropagation()
    },
  }
}

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
    const moves = Boolean(shown.value) !== Boolean(source())
    if (still.value > 0 && moves) return
    const now = performance.now()
    const waitMs = Math.min(touchedAt + QUIET_MS, sinceMs + LONGEST_MS) - now
    if (waitMs > 0 && moves) {
      timer = setTimeout(() => follow(sinceMs), waitMs)
      return
    }
    if (moves) changePlaces()
    shown.value = source()
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
