/** The first taps go first. */
const LATEST_MS = 400

/** Resolves at the browser's next idle moment, after `latestMs` at the latest; in its next turn where it knows none (Safari). */
export function idle(latestMs: number = LATEST_MS): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      resolve()
    }
    if ('requestIdleCallback' in window) requestIdleCallback(end, { timeout: latestMs })
    else setTimeout(end)
  })
}
