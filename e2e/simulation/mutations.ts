/**
 * `npx tsx e2e/simulation/mutations.ts [--every N]`: is every (Nth) deliberate defect of the machine, of its runner and of
 * a takeover noticed? The last line is JSON.
 */
import { fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { catchDefect, MOST_SCHEDULES } from './catch-defect.ts'
import type { Caught } from './catch-defect.ts'
import { DEFECTS } from './defect-table.ts'
import { catchTabDefect, MOST_DAYS } from './tabs/catch-tab-defect.ts'
import { TAB_DEFECTS } from './tabs/defect-table.ts'
import { catchTakeoverDefect } from './takeover/catch-takeover-defect.ts'
import { TAKEOVER_DEFECTS } from './takeover/defect-table.ts'

interface Report {
  readonly name: string
  readonly caught: Caught | null
}

const { values } = parseArgs({
  options: {
    every: { type: 'string', default: '1' },
    part: { type: 'string' },
    parts: { type: 'string', default: '1' },
  },
})
const every = Number(values.every)
const parts = Number(values.parts)
if (![every, parts].every((value) => Number.isSafeInteger(value) && value > 0))
  throw new Error('--every is a whole number')
const all = [
  ...DEFECTS.map((defect) => ({ name: defect.name, caught: () => catchDefect(defect) })),
  ...TAKEOVER_DEFECTS.map((defect) => ({
    name: `takeover: ${defect.name}`,
    caught: () => catchTakeoverDefect(defect),
  })),
  ...TAB_DEFECTS.map((defect) => ({ name: `runner: ${defect.name}`, caught: () => catchTabDefect(defect) })),
]
const chosen = all.filter((_, index) => index % every === 0)

function inWorker(part: number, parts: number): Promise<Report[]> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), [
      '--every',
      String(every),
      '--part',
      String(part),
      '--parts',
      String(parts),
    ])
    child.once('message', (message) => {
      resolve(message as Report[])
    })
    child.once('error', reject)
    child.once('exit', (code) => {
      if (code !== 0) reject(new Error(`a worker ended with ${String(code)}`))
    })
  })
}

async function work(part: number, parts: number): Promise<Report[]> {
  const reports: Report[] = []
  for (const [index, { name, caught }] of chosen.entries()) {
    if (index % parts === part) reports.push({ name, caught: await caught() })
  }
  return reports
}

async function run(): Promise<number> {
  const startedMs = performance.now()
  const parts = availableParallelism()
  const found = (await Promise.all(Array.from({ length: parts }, (_, part) => inWorker(part, parts)))).flat()
  const reports = chosen.map((defect) => found.find((report) => report.name === defect.name))
  for (const report of reports) {
    const { name = '', caught = null } = report ?? {}
    console.log(caught ? `${String(caught.schedule).padStart(7)}  ${name}: ${caught.text}` : `      -  ${name}`)
  }
  const missed = reports.filter((report) => !report?.caught).map((report) => report?.name)
  const seconds = Math.round(performance.now() - startedMs) / 1000
  console.log(
    JSON.stringify({
      defects: chosen.length,
      caught: chosen.length - missed.length,
      missed,
      limit: MOST_SCHEDULES,
      runnerLimit: MOST_DAYS,
      seconds,
    }),
  )
  return missed.length === 0 ? 0 : 1
}

if (values.part === undefined) process.exitCode = await run()
else process.send?.(await work(Number(values.part), parts))
