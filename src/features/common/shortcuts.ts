/** Keys that work anywhere on a screen, but not while a dialog asks for something. */
import { onBeforeUnmount, onMounted } from 'vue'

/** `F9`, `Alt+3`, `Ctrl+z`: the modifier, then the key as the browser names it (digits by their place). */
function nameOf(event: KeyboardEvent): string {
  const key = event.altKey && /^Digit\d$/.test(event.code) ? event.code.slice(5) : event.key
  return `${event.ctrlKey || event.metaKey ? 'Ctrl+' : ''}${event.altKey ? 'Alt+' : ''}${key}`
}

/** Enter on a button or in a field belongs to that button or field. */
function ownsEnter(event: KeyboardEvent): boolean {
  return (
    event.key === 'Enter' &&
    event.target instanceof HTMLElement &&
    event.target.matches('button, a, input, select, textarea')
  )
}

/**
 * Runs a handler for its key while the component is on the screen. While `active` says no, the keys are left to
 * whoever else listens.
 */
export function useShortcuts(
  handlers: Readonly<Record<string, (event: KeyboardEvent) => void>>,
  active = (): boolean => true,
): void {
  function onKey(event: KeyboardEvent): void {
    if (!active() || event.defaultPrevented || event.repeat || ownsEnter(event)) return
    if (document.querySelector('dialog[open]') !== null) return
    const handler = handlers[nameOf(event)]
    if (!handler) return
    event.preventDefault()
    handler(event)
  }
  onMounted(() => {
    window.addEventListener('keydown', onKey)
  })
  onBeforeUnmount(() => {
    window.removeEventListener('keydown', onKey)
  })
}
