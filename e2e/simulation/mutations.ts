/** `npx tsx e2e/simulation/mutations.ts`: is every deliberate defect noticed? The last line is JSON. */
import { fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { catchDefect, MOST_SCHEDULES } from './catch-defect.ts'
import type { Caught } from './catch-defect.ts'
import { DEFECTS } from './defect-table.ts'

interface Report {
  readonly name: string
  readonly caught: Caught | null
}

function inWorker(part: number, parts: number): Promise<Report[]> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), ['--part', String(part), String(parts)])
    child.once('message', (message) => {
      resolve(message as Report[])
    })
    child.once('error', reject)
    child.once('exit', (code) => {
      if (code !== 0) reject(new Error(`a worker ended with ${String(code)}`))
    })
  })
}

function work(part: number, parts: number): Report[] {
  return DEFECTS.filter((_, index) => index % parts === part).map((defect) => ({
    name: defect.name,
    caught: catchDefect(defect),
  }))
}

async function all(): Promise<number> {
  const startedMs = performance.now()
  const parts = availableParallelism()
  const found = (await Promise.all(Array.from({ length: parts }, (_, part) => inWorker(part, parts)))).flat()
  const reports = DEFECTS.map((defect) => found.find((report) => report.name === defect.name))
  for (const report of reports) {
    const { name = '', caught = null } = report ?? {}
    console.log(caught ? `${String(caught.schedule).padStart(7)}  ${name}: ${caught.text}` : `      -  ${name}`)
  }
  const missed = reports.filter((report) => !report?.caught).map((report) => report?.name)
  const seconds = Math.round(performance.now() - startedMs) / 1000
  console.log(
    JSON.stringify({
      defects: DEFECTS.length,
      caught: DEFECTS.length - missed.length,
      missed,
      limit: MOST_SCHEDULES,
      seconds,
    }),
  )
  return missed.length === 0 ? 0 : 1
}

const place = process.argv.indexOf('--part')
if (place < 0) process.exitCode = await all()
else process.send?.(work(Number(process.argv[place + 1]), Number(process.argv[place + 2])))
