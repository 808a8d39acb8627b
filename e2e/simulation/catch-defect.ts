/** Runs one deliberate defect until the simulation notices it. */
import type { Defect } from './defect-table.ts'
import { runSchedule } from './schedule.ts'

/** The brief's limit: every defect within this many schedules. */
export const MOST_SCHEDULES = 100_000

export interface Caught {
  /** 1 for the first schedule. */
  readonly schedule: number
  readonly seed: number
  readonly text: string
}

/** Null when `limit` schedules passed without a finding. A machine that breaks down on the way is noticed too. */
export function catchDefect(defect: Defect, limit: number = MOST_SCHEDULES): Caught | null {
  for (let schedule = 1; schedule <= limit; schedule += 1) {
    const text = firstFinding(schedule, defect)
    // What the right machine trips over too is no sign of the defect.
    if (text !== null && firstFinding(schedule, { name: '', profile: defect.profile }) === null)
      return { schedule, seed: schedule, text }
  }
  return null
}

function firstFinding(seed: number, { profile, rules, defects }: Defect): string | null {
  try {
    const { findings } = runSchedule(seed, { profile, ...(rules ? { rules } : {}), ...(defects ? { defects } : {}) })
    return findings[0]?.text ?? null
  } catch (error) {
    return `broke down: ${String(error)}`
  }
}
