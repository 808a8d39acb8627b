/** Runs one deliberate defect of a takeover until a history notices it. */
import type { Caught } from '../catch-defect.ts'
import { patched } from '../patched.ts'
import type { TakeoverDefect } from './defect-table.ts'
import type * as History from './history.ts'
import { runTakeover } from './history.ts'

/** Every defect is noticed within so many histories. */
const MOST_HISTORIES = 5_000

/** Null when `limit` histories passed without a finding. A machine that breaks down on the way is noticed too. */
export async function catchTakeoverDefect(
  defect: TakeoverDefect,
  limit: number = MOST_HISTORIES,
): Promise<Caught | null> {
  const wrong = await patched<typeof History>('takeover/history.ts', defect.patches)
  for (let seed = 1; seed <= limit; seed += 1) {
    const text = firstFinding(wrong.runTakeover, seed)
    // What the right machine trips over too is no sign of the defect.
    if (text !== null && firstFinding(runTakeover, seed) === null) return { schedule: seed, seed, text }
  }
  return null
}

function firstFinding(run: typeof runTakeover, seed: number): string | null {
  try {
    return run(seed).findings[0]?.text ?? null
  } catch (error) {
    return `broke down: ${String(error)}`
  }
}
