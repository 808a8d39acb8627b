/** Long work in slices, so that a tap in the middle of it is answered at once. */

/** Longest slice in ms: with a frame's own work it still fits into a frame. */
const SLICE_MS = 8
/** Waits at most this long for an idle moment, so that a busy page gets on too. */
const PATIENCE_MS = 100

export interface Pace {
  /** ms, of any clock that only runs forward. */
  now(): number
  /** Resolves when the page has nothing better to do. */
  breathe(): Promise<void>
}

/** The browser's next idle moment, after `latestMs` at the latest; its next turn where it knows none (Safari). */
export function idle(latestMs: number): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      resolve()
    }
    if (typeof requestIdleCallback === 'function') requestIdleCallback(end, { timeout: latestMs })
    else setTimeout(end, 0)
  })
}

export const browserPace: Pace = { now: () => performance.now(), breathe: () => idle(PATIENCE_MS) }

/**
 * Runs a generator slice by slice and resolves to what it returns; null as soon as `wanted` says that nobody waits
 * for it any more.
 */
export async function runInSlices<T>(
  steps: Generator<unknown, T>,
  wanted: () => boolean,
  pace: Pace = browserPace,
): Promise<T | null> {
  for (;;) {
    await pace.breathe()
    if (!wanted()) return null
    const started = pace.now()
    do {
      const step = steps.next()
      if (step.done === true) return step.value
    } while (pace.now() - started < SLICE_MS)
  }
}
