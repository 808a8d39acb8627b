/**
 * A keyboard-wedge scanner anywhere on the screen. The pure machine of `domain/scanner.ts` tells it from a person; this
 * is its half in the page: keys that belong to a scan are kept from fields, keys that don't are typed after all.
 */
import { onBeforeUnmount, onMounted } from 'vue'
import {
  DEFAULT_SCANNER,
  IDLE_SCANNER,
  SCAN_SILENCE_MS,
  feedKey,
  settleScan,
  type ScannerOptions,
  type ScannerStep,
} from '../../domain/scanner.ts'

function focusedField(): HTMLElement | null {
  const element = document.activeElement
  return element instanceof HTMLElement && element.matches('input, textarea, [contenteditable]') ? element : null
}

/** Keys that a keypad or a shortcut would take, as a person's would come; `isTrusted` false marks them as ours. */
function pressOnPage(key: string): void {
  ;(document.activeElement ?? document.body).dispatchEvent(
    new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }),
  )
}

/** The document's own editing commands go through `beforeinput` like a person's typing, so every field hears them. */
function takeBack(characters: number): void {
  const field = focusedField()
  for (let left = characters; left > 0; left--) {
    if (field === null) pressOnPage('Backspace')
    else document.execCommand('delete')
  }
}

function giveBack(text: string): void {
  if (text === '') return
  if (focusedField() !== null) document.execCommand('insertText', false, text)
  else for (const character of text) pressOnPage(character)
}

/** Calls `onScan` with every scanned code while the component is on the screen; `options` may change as it goes. */
export function useScanner(onScan: (code: string) => void, options = (): ScannerOptions => DEFAULT_SCANNER): void {
  let state = IDLE_SCANNER
  let silence: ReturnType<typeof setTimeout> | undefined

  function apply(step: ScannerStep): void {
    state = step.state
    giveBack(step.released)
    if (step.scanned === null) return
    takeBack(step.leaked)
    onScan(step.scanned)
  }

  function onKey(event: KeyboardEvent): void {
    if (!event.isTrusted || event.ctrlKey || event.metaKey || event.isComposing) return
    clearTimeout(silence)
    const step = feedKey(state, event.key, event.timeStamp, options(), event.repeat)
    if (step.hold) {
      event.preventDefault()
      event.stopImmediatePropagation()
    }
    apply(step)
    silence = setTimeout(() => {
      apply(settleScan(state, options()))
    }, SCAN_SILENCE_MS)
  }

  onMounted(() => {
    window.addEventListener('keydown', onKey, { capture: true })
  })
  onBeforeUnmount(() => {
    clearTimeout(silence)
    window.removeEventListener('keydown', onKey, { capture: true })
  })
}
