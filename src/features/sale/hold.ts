/**
 * A tile that a finger rests on, that is clicked with the other button, or asked for its menu by the keyboard. A mouse that
 * is slow to let go has still clicked: where a hold was seen by mistake, a product would be missing on the receipt.
 */

/** ms that a finger rests on a tile before it is no tap any more. */
const HOLD_MS = 550
/** ms by which a look at the finger may be late: the page was busy then, and the end of the touch may wait behind it. */
const LATE_MS = 60
/** px that a resting finger may tremble. */
const TREMBLE = 10

/** Calls `held` with the tile's place; the click that ends a hold adds nothing. Returns what ends it. */
export function watchHolds(catalog: HTMLElement, held: (place: number) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let from: PointerEvent | null = null
  /** The finger that was held is still down, or its click is to come. */
  let done = false

  const placeOf = (event: Event): number | null => {
    const tile = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-index]') : null
    return tile === null ? null : Number(tile.dataset.index)
  }
  const cancel = (): void => {
    clearTimeout(timer)
    from = null
  }
  const hold = (place: number): void => {
    cancel()
    done = true
    held(place)
  }
  const holdAfter = (place: number, ms: number): void => {
    const due = performance.now() + ms
    timer = setTimeout(() => {
      if (performance.now() - due > LATE_MS) holdAfter(place, LATE_MS)
      else hold(place)
    }, ms)
  }
  const listeners: { [K in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[K]) => void } = {
    pointerdown(event) {
      cancel()
      done = false
      const place = event.pointerType === 'mouse' ? null : placeOf(event)
      if (place === null) return
      from = event
      holdAfter(place, HOLD_MS)
    },
    pointermove(event) {
      if (from !== null && Math.hypot(event.clientX - from.clientX, event.clientY - from.clientY) > TREMBLE) cancel()
    },
    pointerup: cancel,
    pointercancel: cancel,
    contextmenu(event) {
      const place = placeOf(event)
      if (place === null) return
      event.preventDefault()
      // A long touch comes as this too, before or after its own time is over.
      if (done) return
      hold(place)
      // Nothing else comes of another button or of a key.
      if (from === null && !('pointerType' in event && event.pointerType === 'touch')) done = false
    },
    click(event) {
      if (!done || placeOf(event) === null) return
      done = false
      event.stopPropagation()
    },
  }
  const entries = Object.entries(listeners) as [string, EventListener][]
  for (const [kind, listener] of entries) catalog.addEventListener(kind, listener, { capture: true })
  return () => {
    cancel()
    for (const [kind, listener] of entries) catalog.removeEventListener(kind, listener, { capture: true })
  }
}
