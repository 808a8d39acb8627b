/**
 * `npm run wander -- [--walks N] [--seed S] [--steps N] [--profile P] [--lanes L] [--minutes M]`: random walks over the
 * built till in a real browser. `--replay S` runs one walk and shrinks what it breaks; with `--only 3,7` it runs these
 * of its steps and no others. `--shrink` shrinks every failing walk. The last line is JSON, also in the file `--report`.
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { Violation } from './model.ts'
import { DEFAULT_STEPS, makePlan, PROFILES, type ProfileName } from './plan.ts'
import { Lane, type WalkResult } from './run-walk.ts'
import { fewestSteps, sameFault } from './shrink.ts'
import { openStage } from './stage.ts'
import { STEPS, type StepKind } from './steps.ts'

const { values } = parseArgs({
  options: {
    walks: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    steps: { type: 'string', default: String(DEFAULT_STEPS) },
    lanes: { type: 'string', default: '2' },
    minutes: { type: 'string', default: '0' },
    profile: { type: 'string' },
    replay: { type: 'string' },
    only: { type: 'string' },
    shrink: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
    report: { type: 'string' },
  },
})

const whole = (text: string, name: string): number => {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`--${name} is a whole number`)
  return value
}
const isProfile = (name: string): name is ProfileName => PROFILES.some((known) => known === name)
const profile = values.profile ?? null
if (profile !== null && !isProfile(profile)) throw new Error(`--profile is one of ${PROFILES.join(', ')}`)
const [first, walks, steps, lanes] = [
  whole(values.seed, 'seed'),
  whole(values.walks, 'walks'),
  whole(values.steps, 'steps'),
  Math.max(1, whole(values.lanes, 'lanes')),
]

function tell({ plan, sentences, violations, broken }: WalkResult): string {
  return [
    `walk ${plan.seed} (${plan.profile}${plan.withCashiers ? ', with cashiers' : ''})`,
    ...[...sentences.entries()].map(([place, sentence]) => `  ${place}. ${sentence}`),
    ...broken.map((text) => `  (broken off: ${text})`),
    ...violations.map(({ kind, text }) => `  VIOLATION ${kind}: ${text}`),
  ].join('\n')
}

const startedAt = performance.now()
const stage = await openStage(process.env.DIST_DIR ?? null)

/** Runs a walk again and again with fewer steps. */
async function shrunk(lane: Lane, found: WalkResult): Promise<WalkResult> {
  const { plan } = found
  const [wanted] = found.violations as readonly [Violation]
  let best = found
  await fewestSteps([...found.sentences.keys()], async (kept) => {
    const result = await lane.run(plan, new Set(kept))
    const breaks = sameFault(result.violations, wanted)
    if (breaks) best = result
    return breaks
  })
  return best
}

/** How often each kind of step came up and took effect, and what it took: one that never does proves nothing. */
function table(all: readonly WalkResult[]): string {
  const rows = (Object.keys(STEPS) as StepKind[]).map((kind) => {
    const of = all.map(({ tried }) => tried.get(kind) ?? { times: 0, ms: 0 })
    const times = of.reduce((sum, one) => sum + one.times, 0)
    const ms = of.reduce((sum, one) => sum + one.ms, 0)
    const done = all.reduce(
      (sum, { plan, sentences }) =>
        sum + [...sentences.keys()].filter((place) => plan.steps[place]?.kind === kind).length,
      0,
    )
    return { kind, times, done, ms: times === 0 ? 0 : Math.round(ms / times) }
  })
  return [
    'step: took effect / came up, ms each',
    ...rows.map(({ kind, times, done, ms }) => `  ${kind.padEnd(22)}${String(done).padStart(5)} / ${times}, ${ms}`),
    `never took effect: ${rows.flatMap(({ kind, done }) => (done === 0 ? [kind] : [])).join(', ') || 'none'}`,
  ].join('\n')
}

const lanesOpen: Lane[] = []
async function openLane(): Promise<Lane> {
  const lane = await Lane.open(stage)
  lanesOpen.push(lane)
  return lane
}

const results: WalkResult[] = []
const failing = () => results.filter(({ violations }) => violations.length > 0)

if (values.replay === undefined) {
  const endMs = Number(values.minutes) > 0 ? Date.now() + Number(values.minutes) * 60_000 : Infinity
  let next = 0
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      const lane = await openLane()
      while (next < walks && Date.now() < endMs) {
        const seed = first + next
        next += 1
        const result = await lane.run(makePlan(seed, profile, steps))
        results.push(result)
        if (values.verbose || result.violations.length > 0) console.log(tell(result))
        if (values.shrink && result.violations.length > 0) console.log(`shrunk:\n${tell(await shrunk(lane, result))}`)
        else if (result.broken.length > 0) console.log(`walk ${seed}: ${result.broken.join('; ')}`)
      }
    }),
  )
} else {
  const lane = await openLane()
  const only = values.only === undefined ? null : new Set(values.only.split(',').map(Number))
  const result = await lane.run(makePlan(whole(values.replay, 'replay'), profile, steps), only)
  console.log(tell(result))
  results.push(result)
  if (only === null && result.violations.length > 0) console.log(`shrunk:\n${tell(await shrunk(lane, result))}`)
}
await Promise.all(lanesOpen.map((lane) => lane.close()))
const deaths = lanesOpen.flatMap((lane) => lane.deaths)
for (const death of deaths) console.log(`a browser died under ${death}`)
console.log(table(results))

const seconds = Math.round(performance.now() - startedAt) / 1000
const sum = (pick: (result: WalkResult) => number): number => results.reduce((total, result) => total + pick(result), 0)
const summary = {
  walks: results.length,
  seconds,
  violations: failing().length,
  steps: sum(({ sentences }) => sentences.size),
  documents: sum(({ documents }) => documents),
  broken: sum(({ broken }) => broken.length),
  browserDeaths: deaths.length,
  secondsPerWalk: Math.round((sum(({ seconds: one }) => one) / Math.max(1, results.length)) * 100) / 100,
  failing: failing().map(({ plan }) => plan.seed),
}
if (values.report !== undefined) writeFileSync(values.report, JSON.stringify(summary))
console.log(JSON.stringify(summary))
// A walk that couldn't be walked to its end proves nothing.
const isProof = summary.walks > 0 && summary.broken === 0
process.exit(isProof && summary.violations === 0 ? 0 : 1)
