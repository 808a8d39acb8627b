/** Keys for the chosen line of the receipt: + and − for a piece, Delete to remove it, arrows to choose another. */
import { nextTick, onBeforeUnmount, onMounted } from 'vue'
import { useCartStore } from '../../stores/cart.ts'

export interface LineCommands {
  step(lineId: string, direction: 1 | -1): void
  remove(lineId: string): void
}

/** Where a key is a person's typing, or moves something else. */
const TYPING = 'input:not([data-testid="search"]), textarea, select, [contenteditable]'
const OWN_ARROWS = 'input, [role="radio"], [role="tab"], .grid *, .categories *'

function searches(focused: Element): boolean {
  return focused instanceof HTMLInputElement && focused.value !== ''
}

/** Listens while the component is on the screen; a dialog and a search that was begun keep their keys. */
export function useLineKeys(commands: LineCommands): void {
  const cart = useCartStore()

  function choose(by: 1 | -1): void {
    const { lines } = cart.cart
    const place = lines.findIndex(({ id }) => id === cart.selectedLineId)
    const next = place === -1 ? (by === 1 ? 0 : lines.length - 1) : Math.min(lines.length - 1, Math.max(0, place + by))
    cart.selectedLineId = lines[next]?.id ?? null
  }

  function act(event: KeyboardEvent, focused: Element): boolean {
    const chosen = cart.selectedLineId
    const arrow = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : null
    if (arrow !== null) {
      if (cart.cart.lines.length === 0 || focused.matches(OWN_ARROWS)) return false
      choose(arrow)
      // The focus goes along, so that Enter is the chosen line's.
      if (focused.closest('.lines') !== null)
        void nextTick(() => document.querySelector<HTMLElement>('.line.chosen > button')?.focus())
      return true
    }
    if (chosen === null) return false
    if (event.key === '+') commands.step(chosen, 1)
    else if (event.key === '-' || event.key === '−') commands.step(chosen, -1)
    else if (event.key === 'Delete') commands.remove(chosen)
    else return false
    return true
  }

  function onKey(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return
    const focused = document.activeElement ?? document.body
    if (focused.matches(TYPING) || searches(focused) || document.querySelector('dialog[open]') !== null) return
    // A held key removes no second line.
    if (event.repeat && event.key === 'Delete') return
    if (act(event, focused)) event.preventDefault()
  }

  onMounted(() => {
    window.addEventListener('keydown', onKey)
  })
  onBeforeUnmount(() => {
    window.removeEventListener('keydown', onKey)
  })
}
