/** Runs one deliberate defect until the simulation notices it. */
import type { Defect } from './defect-table.ts'
import { patched } from './patched.ts'
import type * as Schedule from './schedule.ts'
import { runSchedule } from './schedule.ts'
import type { ScheduleOptions } from './schedule.ts'

/** The brief's limit: every defect within this many schedules. */
export const MOST_SCHEDULES = 100_000

export interface Caught {
  /** 1 for the first schedule. */
  readonly schedule: number
  readonly seed: number
  readonly text: string
}

/**
 * Null when `limit` schedules passed without a finding. A machine that breaks down on the way is noticed too. Rejects
 * where a line isn't there any more that the defect replaces.
 */
export async function catchDefect(
  { patches, profile, defects }: Defect,
  limit: number = MOST_SCHEDULES,
): Promise<Caught | null> {
  const wrong = patches.length === 0 ? { runSchedule } : await patched<typeof Schedule>('schedule.ts', patches)
  for (let schedule = 1; schedule <= limit; schedule += 1) {
    const text = firstFinding(wrong.runSchedule, schedule, { profile, ...(defects ? { defects } : {}) })
    // What the right machine trips over too is no sign of the defect.
    if (text !== null && firstFinding(runSchedule, schedule, { profile }) === null) {
      return { schedule, seed: schedule, text }
    }
  }
  return null
}

function firstFinding(run: typeof runSchedule, seed: number, options: ScheduleOptions): string | null {
  try {
    return run(seed, options).findings[0]?.text ?? null
  } catch (error) {
    return `broke down: ${String(error)}`
  }
}
