/** Runs one deliberate defect of the runner until a day of the shop notices it. */
import type { Caught } from '../catch-defect.ts'
import { patched } from '../patched.ts'
import type { TabDefect } from './defect-table.ts'
import type * as Schedule from './schedule.ts'
import { runTabs } from './schedule.ts'

/** Every defect is noticed within so many days. */
export const MOST_DAYS = 3_000

/** Null when `limit` days passed without a finding. A runner that breaks down on the way is noticed too. */
export async function catchTabDefect(defect: TabDefect, limit: number = MOST_DAYS): Promise<Caught | null> {
  const wrong = await patched<typeof Schedule>('tabs/schedule.ts', defect.patches)
  for (let seed = 1; seed <= limit; seed += 1) {
    const text = await firstFinding(wrong.runTabs, seed)
    // What the right runner trips over too is no sign of the defect.
    if (text !== null && (await firstFinding(runTabs, seed)) === null) return { schedule: seed, seed, text }
  }
  return null
}

async function firstFinding(run: typeof runTabs, seed: number): Promise<string | null> {
  try {
    return (await run(seed)).findings[0]?.text ?? null
  } catch (error) {
    return `broke down: ${String(error)}`
  }
}
