/**
 * A keyboard-wedge scanner wherever the focus is. The pure machine of `domain/scanner.ts` tells it from a person; this
 * is its half in the page: keys that belong to a scan are kept from everything, keys that don't are typed after all.
 */
import { onBeforeUnmount, onMounted } from 'vue'
import {
  IDLE_SCANNER,
  SCAN_SILENCE_MS,
  feedKey,
  settleScan,
  type ScannerOptions,
  type ScannerStep,
} from '../../domain/scanner.ts'
import { createFieldMemory } from './field-memory.ts'

/** A field that wants a scanner's keys as typing: the key that the device shows as a code. */
const TAKES_KEYS = '[data-scanner="types"]'

/** A key that was heard later than this many ms says nothing about the next one. */
const LATEST_MS = 500

function focused(): Element {
  return document.activeElement ?? document.body
}

/** Types held keys as the person's they are; `isTrusted` false marks them as ours where no field has the focus. */
function giveBack(text: string): void {
  if (text === '') return
  if (focused().matches('input, textarea, [contenteditable]')) document.execCommand('insertText', false, text)
  else
    for (const key of text) {
      focused().dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
    }
}

/** Calls `onScan` with every scanned code while the component is on the screen; `options` may change as it goes. */
export function useWedge(onScan: (code: string) => void, options: () => ScannerOptions): void {
  const memory = createFieldMemory()
  let state = IDLE_SCANNER
  let silence: ReturnType<typeof setTimeout> | undefined

  function apply(step: ScannerStep): void {
    state = step.state
    giveBack(step.released)
    if (step.scanned === null) return
    memory.restore()
    onScan(step.scanned)
  }

  function onKey(event: KeyboardEvent): void {
    if (!event.isTrusted || event.ctrlKey || event.metaKey || event.isComposing) return
    if (focused().matches(TAKES_KEYS)) return
    clearTimeout(silence)
    const step = feedKey(state, event.key, event.timeStamp, options(), event.repeat)
    // The machine begins anew with this key: what it is about to change is remembered first.
    if (step.state.buffer === event.key) {
      giveBack(step.released)
      memory.remember()
      state = step.state
    } else {
      apply(step)
    }
    if (step.hold) {
      event.preventDefault()
      event.stopImmediatePropagation()
    }
    // On a busy tablet keys are heard late, and the next one as much later: silence is only what outlasts that.
    const lateMs = Math.min(LATEST_MS, Math.max(0, performance.now() - event.timeStamp))
    silence = setTimeout(
      () => {
        apply(settleScan(state, options()))
      },
      SCAN_SILENCE_MS + 2 * lateMs,
    )
  }

  onMounted(() => {
    window.addEventListener('keydown', onKey, { capture: true })
  })
  onBeforeUnmount(() => {
    clearTimeout(silence)
    window.removeEventListener('keydown', onKey, { capture: true })
  })
}
