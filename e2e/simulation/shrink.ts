/** Delta debugging over the faults that fired: the fewest that still break the same kind of promise. */
import type { Fired } from './faults.ts'
import { runSchedule } from './schedule.ts'
import type { ScheduleOptions, ScheduleResult } from './schedule.ts'

function nameOf(fault: Fired): string {
  return `${fault.kind}:${fault.place}`
}

/** Replays a seed with as few faults as possible, with a readable trace. A clean seed is replayed as it is. */
export function shrink(seed: number, options: ScheduleOptions = {}): ScheduleResult {
  const whole = runSchedule(seed, options)
  const wanted = whole.findings[0]?.kind
  if (wanted === undefined) return runSchedule(seed, { ...options, trace: true })
  const breaks = (faults: readonly string[]): boolean =>
    runSchedule(seed, { ...options, only: new Set(faults) }).findings[0]?.kind === wanted
  const kept = fewest([...new Set(whole.fired.map(nameOf))], breaks)
  return runSchedule(seed, { ...options, only: new Set(kept), trace: true })
}

/** The classic: leave out halves, then quarters, then single faults, as long as it still breaks. */
function fewest(given: readonly string[], breaks: (faults: readonly string[]) => boolean): readonly string[] {
  let kept = given
  for (let size = Math.ceil(kept.length / 2); size >= 1;) {
    const before = kept.length
    for (let start = 0; start < kept.length;) {
      const without = [...kept.slice(0, start), ...kept.slice(start + size)]
      if (breaks(without)) kept = without
      else start += size
    }
    if (kept.length === before && size === 1) break
    size = size === 1 ? 1 : Math.ceil(size / 2)
  }
  return kept
}
