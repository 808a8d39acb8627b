/** A tile that is held down, clicked with the other button, or asked for its menu by the keyboard. */

/** ms that a finger rests on a tile before it is no tap any more. */
const HOLD_MS = 550
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
  const listeners: { [K in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[K]) => void } = {
    pointerdown(event) {
      cancel()
      done = false
      const place = event.button === 0 ? placeOf(event) : null
      if (place === null) return
      from = event
      timer = setTimeout(() => hold(place), HOLD_MS)
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
