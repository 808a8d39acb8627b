/** Who gets a scanned code: the screen or dialog that asked for codes last and is still there. */
import { onBeforeUnmount } from 'vue'

export type ScanTarget = (code: string) => void

const targets: ScanTarget[] = []

/** Takes scanned codes while the component is on the screen; a dialog over a page takes them from the page. */
export function useScanTarget(target: ScanTarget): void {
  targets.push(target)
  onBeforeUnmount(() => {
    const place = targets.lastIndexOf(target)
    if (place >= 0) targets.splice(place, 1)
  })
}

/** Hands a code to whoever wants it now; false when nobody does. */
export function deliverScan(code: string): boolean {
  const target = targets.at(-1)
  target?.(code)
  return target !== undefined
}
