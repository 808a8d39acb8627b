/**
 * `npx tsx e2e/wander/defect-table.ts [--only TEXT] [--walks N] [--seed S] [--shrinking N]`: builds the till with each defect and walks
 * until it is caught; prints which walk met it and the steps that matter. The exit code tells of one that got away.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { buildWith, DEFECTS, type Defect } from './defects.ts'
import { makePlan } from './plan.ts'
import { Lane, type WalkResult } from './run-walk.ts'
import { fewestSteps } from './shrink.ts'
import { openStage, type Stage } from './stage.ts'

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    walks: { type: 'string', default: '12' },
    seed: { type: 'string', default: '1' },
    /** Runs of one walk to find the steps that matter. */
    shrinking: { type: 'string', default: '25' },
  },
})
const [walks, first, shrinkingRuns] = [Number(values.walks), Number(values.seed), Number(values.shrinking)]

/** What of a walk breaks a promise that this defect breaks. */
const caughtBy = ({ breaks }: Defect, { violations }: WalkResult) =>
  violations.find(({ kind }) => breaks.includes(kind))

async function catchIn(stage: Stage, defect: Defect): Promise<string> {
  const lane = await Lane.open(stage)
  try {
    return await catchOn(lane, defect)
  } finally {
    await lane.close()
  }
}

async function catchOn(lane: Lane, defect: Defect): Promise<string> {
  for (let seed = first; seed < first + walks; seed += 1) {
    const plan = makePlan(seed, defect.profile)
    let best = await lane.run(plan)
    const found = caughtBy(defect, best)
    const kinds = [...new Set(best.violations.map(({ kind }) => kind)), ...(best.broken.length > 0 ? ['broken'] : [])]
    console.error(`walk ${seed} (${Math.round(best.seconds)} s): ${kinds.join(', ') || 'nothing'}`)
    if (found === undefined) continue
    const same = (result: WalkResult) => result.violations.some(({ kind }) => kind === found.kind)
    await fewestSteps(
      [...best.sentences.keys()],
      async (kept) => {
        const result = await lane.run(plan, new Set(kept))
        if (same(result)) best = result
        return same(result)
      },
      shrinkingRuns,
    )
    const told = best.violations.find(({ kind }) => kind === found.kind) ?? found
    return [
      `caught by walk ${seed} (${defect.profile}), number ${seed - first + 1}: ${told.kind}: ${told.text}`,
      ...[...best.sentences.values()].map((sentence) => `    ${sentence}`),
    ].join('\n')
  }
  return ''
}

let escaped = 0
for (const defect of DEFECTS.filter(({ name }) => name.includes(values.only))) {
  const folder = mkdtempSync(join(tmpdir(), 'defect-'))
  const startedAt = performance.now()
  try {
    await buildWith(defect, folder)
    const stage = await openStage(folder)
    const row = await catchIn(stage, defect)
    if (row === '') escaped += 1
    const seconds = Math.round((performance.now() - startedAt) / 1000)
    console.log(`${defect.name}\n  ${row === '' ? `NOT CAUGHT by ${walks} walks` : row}\n  (${seconds} s)`)
  } catch (error) {
    escaped += 1
    console.log(`${defect.name}\n  ERROR ${String(error)}`)
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}
console.log(escaped === 0 ? 'every defect was caught' : `${escaped} not caught`)
process.exit(escaped === 0 ? 0 : 1)
