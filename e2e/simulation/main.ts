/**
 * `npm run simulate -- --schedules N --seed S`: N seeded schedules from S on, over all cores; the last line is JSON.
 * `--replay SEED`: one schedule with its trace, shrunk to the faults that it needs. `--profile NAME` forces a profile.
 * `--layer runner`: the same over the service with its tabs (`tabs/schedule.ts`); `--layer takeover`: a lost tablet's till
 * on another one (`takeover/history.ts`). Their replays aren't shrunk.
 */
import { fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { ProfileName } from './plan.ts'
import { runSchedule } from './schedule.ts'
import type { ScheduleResult } from './schedule.ts'
import { shrink } from './shrink.ts'
import { runTabs } from './tabs/schedule.ts'
import { runTakeover } from './takeover/history.ts'

const LAYERS = ['machine', 'runner', 'takeover'] as const
type Layer = (typeof LAYERS)[number]

interface Job {
  readonly first: number
  readonly count: number
  readonly step: number
  readonly profile: ProfileName | null
  readonly layer: Layer
}

interface Failure {
  readonly seed: number
  readonly kind: string
  readonly text: string
}

interface Tally {
  schedules: number
  entries: number
  requests: number
  faults: number
  failures: Failure[]
}

/** More failures than this tell nothing new. */
const FAILURE_LIMIT = 20

async function work(job: Job): Promise<Tally> {
  const tally: Tally = { schedules: 0, entries: 0, requests: 0, faults: 0, failures: [] }
  for (let index = 0; index < job.count; index += 1) {
    const seed = job.first + index * job.step
    const result = await runLayer(seed, job)
    tally.schedules += 1
    tally.entries += result.entries
    tally.requests += result.requests
    tally.faults += result.faults
    const [finding] = result.findings
    if (finding) tally.failures.push({ seed, kind: finding.kind, text: finding.text })
    if (tally.failures.length >= FAILURE_LIMIT) break
  }
  return tally
}

async function runLayer(seed: number, { layer, profile }: Job) {
  if (layer === 'runner') return runTabs(seed)
  return layer === 'takeover' ? runTakeover(seed) : withFaults(runSchedule(seed, { profile }))
}

function withFaults(result: ScheduleResult): ScheduleResult & { readonly faults: number } {
  return { ...result, faults: result.fired.length }
}

function argument(name: string): string | null {
  const index = process.argv.indexOf(`--${name}`)
  return index < 0 ? null : (process.argv[index + 1] ?? null)
}

function replay(seed: number, profile: ProfileName | null): number {
  const shrunk = shrink(seed, { profile })
  console.log(shrunk.trace.join('\n'))
  console.log(
    JSON.stringify({ seed, findings: shrunk.findings, faults: shrunk.fired.map((one) => `${one.kind}:${one.place}`) }),
  )
  return shrunk.findings.length === 0 ? 0 : 1
}

async function replayRunner(seed: number): Promise<number> {
  const { trace, findings } = await runTabs(seed, { trace: true })
  console.log(trace.join('\n'))
  console.log(JSON.stringify({ seed, findings }))
  return findings.length === 0 ? 0 : 1
}

function replayTakeover(seed: number): number {
  const { findings } = runTakeover(seed)
  console.log(JSON.stringify({ seed, findings }))
  return findings.length === 0 ? 0 : 1
}

async function all(schedules: number, seed: number, profile: ProfileName | null, layer: Layer): Promise<number> {
  const startedMs = performance.now()
  const workers = Math.max(1, Math.min(availableParallelism(), Math.ceil(schedules / 500)))
  const jobs = Array.from({ length: workers }, (_, index): Job => {
    const count = Math.floor(schedules / workers) + (index < schedules % workers ? 1 : 0)
    return { first: seed + index, count, step: workers, profile, layer }
  })
  const tallies = await Promise.all(jobs.map((job) => (workers === 1 ? work(job) : inWorker(job))))
  const failures = tallies.flatMap((tally) => tally.failures)
  const sum = (field: 'schedules' | 'entries' | 'requests' | 'faults'): number =>
    tallies.reduce((total, tally) => total + tally[field], 0)
  const seconds = Math.round(performance.now() - startedMs) / 1000
  const kind = (name: string): number => failures.filter((failure) => failure.kind === name).length
  for (const failure of failures.slice(0, FAILURE_LIMIT)) {
    console.log(
      `seed ${failure.seed}: ${failure.kind}: ${failure.text}   (--replay ${failure.seed}${layer === 'machine' ? '' : ` --layer ${layer}`})`,
    )
  }
  console.log(
    JSON.stringify({
      schedules: sum('schedules'),
      seconds,
      lost: kind('lost'),
      duplicated: kind('duplicated'),
      misattributed: kind('misattributed'),
      stuck: kind('stuck'),
      unsafe: kind('unsafe'),
      entries: sum('entries'),
      requests: sum('requests'),
      faults: sum('faults'),
      schedulesPerSecond: Math.round(sum('schedules') / seconds),
    }),
  )
  return failures.length === 0 ? 0 : 1
}

/** A process of its own: workers don't inherit the loader that reads TypeScript. */
function inWorker(job: Job): Promise<Tally> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), ['--job', JSON.stringify(job)])
    child.once('message', (message) => {
      resolve(message as Tally)
    })
    child.once('error', reject)
    child.once('exit', (code) => {
      if (code !== 0) reject(new Error(`a worker ended with ${String(code)}`))
    })
  })
}

const job = argument('job')
if (job === null) {
  const profile = argument('profile') as ProfileName | null
  const replayed = argument('replay')
  const schedules = Number(argument('schedules') ?? 10_000)
  const seed = Number(argument('seed') ?? 1)
  const layer = LAYERS.find((name) => name === argument('layer')) ?? 'machine'
  if (replayed === null) process.exitCode = await all(schedules, seed, profile, layer)
  else if (layer === 'machine') process.exitCode = replay(Number(replayed), profile)
  else process.exitCode = layer === 'runner' ? await replayRunner(Number(replayed)) : replayTakeover(Number(replayed))
} else {
  process.send?.(await work(JSON.parse(job) as Job))
}
