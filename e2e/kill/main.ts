/**
 * `npx tsx e2e/kill/main.ts --kills N [--seed S] [--lanes L] [--verbose]`: the built app in real Chromium processes
 * that die by SIGKILL at random moments around Pay, each restarted on its profile, against the device's emulator
 * over HTTP. The last line is JSON; the exit code tells of any violation.
 */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { loadSettings } from '../../proxy/config.ts'
import { startProxy } from '../../proxy/server.ts'
import { findBrowser } from '../browser.ts'
import { runLane } from './lane.ts'

/** Lanes wait for the device's one request a second most of the time: more of them than cores. */
const LANES = Math.min(4, availableParallelism() + 1)

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
    lanes: { type: 'string', default: String(LANES) },
    verbose: { type: 'boolean', default: false },
  },
})
const [kills, seed, lanes] = [Number(values.kills), Number(values.seed), Number(values.lanes)]
if (![kills, seed, lanes].every((value) => Number.isSafeInteger(value) && value >= 0) || lanes < 1) {
  throw new Error('--kills, --seed and --lanes are whole numbers')
}

const startedAt = performance.now()
const app = await startProxy(
  loadSettings({ PORT: '0', ...(process.env.DIST_DIR ? { DIST_DIR: process.env.DIST_DIR } : {}) }),
)
const say = (text: string): void => {
  if (values.verbose || text.startsWith('VIOLATION'))
    console.log(`${Math.round((performance.now() - startedAt) / 1000)} s ${text}`)
}
const executable = findBrowser()
const runs = await Promise.allSettled(
  Array.from({ length: lanes }, (_, lane) =>
    runLane({
      lane,
      seed,
      kills: Math.floor(kills / lanes) + (lane < kills % lanes ? 1 : 0),
      executable,
      appOrigin: app.origin,
      say,
    }),
  ),
)
await app.close()

const results = runs.flatMap((run) => (run.status === 'fulfilled' ? [run.value] : []))
const broken = runs.flatMap((run) => (run.status === 'rejected' ? [String(run.reason)] : []))
for (const text of broken) console.error(text)
const sum = (pick: (result: (typeof results)[number]) => number): number =>
  results.reduce((total, result) => total + pick(result), 0)
const moments: Record<string, number> = {}
for (const result of results) {
  for (const [name, count] of Object.entries(result.moments)) moments[name] = (moments[name] ?? 0) + count
}
const summary = {
  kills: sum((result) => result.kills),
  sales: sum((result) => result.sales),
  receipts: sum((result) => result.receipts),
  lost: sum((result) => result.lost),
  doubled: sum((result) => result.doubled),
  misattributed: sum((result) => result.misattributed),
  carts: sum((result) => result.carts),
  stuck: sum((result) => result.stuck),
  unstored: sum((result) => result.unstored),
  broken: broken.length,
  seed,
  moments,
  seconds: Math.round(performance.now() - startedAt) / 1000,
}
console.log(JSON.stringify(summary))
const violations = summary.lost + summary.doubled + summary.misattributed + summary.carts + broken.length
process.exit(violations === 0 && summary.kills >= kills && summary.sales === summary.receipts ? 0 : 1)
