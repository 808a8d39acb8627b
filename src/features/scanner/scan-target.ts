/** Who gets a scanned code: the screen or dialog that asked for codes last and is still there. */
import { onBeforeUnmount, onMounted } from 'vue'
import { DEFAULT_SCANNER, type ScannerOptions } from '../../domain/scanner.ts'

interface Target {
  take(code: string): void
  options(): ScannerOptions
}

const targets: Target[] = []
/** A code that came while nobody wanted one: the next screen that does gets it. */
let waiting: string | null = null

/**
 * Takes scanned codes while the component is on the screen; a dialog over a page takes them from the page.
 * `options` may change as it goes: beside a field for money only long codes count.
 */
export function useScanTarget(
  take: (code: string) => void,
  options: () => ScannerOptions = () => DEFAULT_SCANNER,
): void {
  const target: Target = { take, options }
  onMounted(() => {
    targets.push(target)
    if (waiting !== null) take(waiting)
    waiting = null
  })
  onBeforeUnmount(() => {
    const place = targets.indexOf(target)
    if (place >= 0) targets.splice(place, 1)
  })
}

/** Hands a code to whoever wants it now. False when nobody does: it then waits for the next one who will. */
export function deliverScan(code: string): boolean {
  const target = targets.at(-1)
  if (target === undefined) waiting = code
  else target.take(code)
  return target !== undefined
}

export const scanOptions = (): ScannerOptions => targets.at(-1)?.options() ?? DEFAULT_SCANNER
