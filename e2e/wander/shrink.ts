/** Delta debugging over the steps of a walk: the fewest that still break the same promise. */
import type { Violation } from './model.ts'

/** Leaves out halves, then quarters, then single ones, as long as it still breaks. At most `tries` runs. */
export async function fewestSteps(
  given: readonly number[],
  breaks: (steps: readonly number[]) => Promise<boolean>,
  tries = 60,
): Promise<readonly number[]> {
  let kept = given
  let left = tries
  for (let size = Math.ceil(kept.length / 2); size >= 1 && left > 0;) {
    const before = kept.length
    for (let start = 0; start < kept.length && left > 0;) {
      const without = [...kept.slice(0, start), ...kept.slice(start + size)]
      left -= 1
      if (without.length < kept.length && (await breaks(without))) kept = without
      else start += size
    }
    if (kept.length === before && size === 1) break
    size = size === 1 ? 1 : Math.ceil(size / 2)
  }
  return kept
}

/** Breaks the same promise as before. */
export const sameFault = (found: readonly Violation[], wanted: Violation): boolean =>
  found.some(({ kind }) => kind === wanted.kind)
