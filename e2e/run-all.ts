/**
 * The three loops of this project, one step after another, each with one closing line `N passed, N failed` that counts
 * the tests of every runner (a step without tests of its own counts as one):
 * `npm run check` in a minute and a half, without a browser; `npm test` with a part of every kind of proof;
 * `npm run prove` with all the rest. `npm test` and `npm run prove` together run every test there is.
 * `npx tsx e2e/run-all.ts LOOP [STEP ...]` runs these steps only.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { findBrowser } from './browser.ts'

interface Count {
  readonly passed: number
  readonly failed: number
  readonly skipped?: number
  /** What failed, by name. */
  readonly names?: readonly string[]
}

interface Step {
  readonly name: string
  readonly command: readonly string[]
  /** Reads the runner's own count from its report; absent for a step that counts as one test. */
  readonly count?: () => Count
  /** Settings of this step alone. */
  readonly env?: Readonly<Record<string, string>>
  /** Runs beside the step before it, for either keeps only one core busy. Its output follows in one piece. */
  readonly beside?: boolean
}

interface VitestReport {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numFailedTestSuites: number
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly message?: string
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[]
  }[]
}

interface WanderReport {
  readonly walks: number
  readonly violations: number
  readonly broken: number
  readonly failing: readonly number[]
}

interface PlaywrightSuite {
  readonly suites?: readonly PlaywrightSuite[]
  readonly specs?: readonly {
    readonly title: string
    readonly file: string
    readonly line: number
    readonly ok: boolean
  }[]
}

interface PlaywrightReport {
  readonly suites: readonly PlaywrightSuite[]
  readonly stats: {
    readonly expected: number
    readonly unexpected: number
    readonly flaky: number
    readonly skipped: number
  }
}

const WANDER_REPORT = 'test-results/wander.json'
const VITEST_REPORT = 'test-results/vitest.json'
const PLAYWRIGHT_REPORT = 'test-results/playwright.json'

function readReport<T>(path: string): T | null {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as T) : null
}

function vitestCount(): Count {
  const report = readReport<VitestReport>(VITEST_REPORT)
  if (report === null) return { passed: 0, failed: 1 }
  // A file that doesn't load fails its suite without failing a test.
  const failed = report.numFailedTests === 0 ? report.numFailedTestSuites : report.numFailedTests
  const names = report.testResults.flatMap(({ name, status, message = '', assertionResults }) => {
    const tests = assertionResults.filter((test) => test.status === 'failed').map((test) => `${name}: ${test.fullName}`)
    return tests.length > 0 || status !== 'failed' ? tests : [`${name}: ${message}`]
  })
  return { passed: report.numPassedTests, failed, names }
}

function failedSpecs({ suites = [], specs = [] }: PlaywrightSuite): readonly string[] {
  const own = specs.filter(({ ok }) => !ok).map(({ title, file, line }) => `${file}:${line}: ${title}`)
  return [...own, ...suites.flatMap(failedSpecs)]
}

function playwrightCount(): Count {
  const report = readReport<PlaywrightReport>(PLAYWRIGHT_REPORT)
  if (report === null) return { passed: 0, failed: 1 }
  // A test that needed a second try is a failure: nothing here is retried.
  return {
    passed: report.stats.expected,
    failed: report.stats.unexpected + report.stats.flaky,
    skipped: report.stats.skipped,
    names: report.suites.flatMap(failedSpecs),
  }
}

/** As many walks as begin within three minutes. */
const WANDER_ARGS = ['--walks', '300', '--minutes', '3', '--seed', '1', '--report', WANDER_REPORT]

/** Each walk is a test; one that broke off is none that passed. */
function wanderCount(): Count {
  const report = readReport<WanderReport>(WANDER_REPORT)
  if (report === null || report.walks === 0) return { passed: 0, failed: 1 }
  const failed = Math.min(report.walks, report.violations + report.broken)
  const names = report.failing.map((seed) => `npm run wander -- --replay ${seed}`)
  return { passed: report.walks - failed, failed, names }
}

// Two of about the same length, one a core.
const types: Step = {
  name: 'types and formatting',
  command: ['sh', '-c', 'npm run types --silent && npm run format --silent'],
}
const lint: Step = { name: 'lint', command: ['npm', 'run', 'lint:code', '--silent'], beside: true }
const lintTyped: Step = { name: 'lint with types', command: ['npm', 'run', 'lint:typed', '--silent'] }
const unit = (part: 'quick' | 'all'): Step => ({
  name: 'unit and contract',
  command: ['npx', 'vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${VITEST_REPORT}`],
  count: vitestCount,
  env: { UNIT_PART: part },
})
const simulation = (schedules: number, seed: number): Step => ({
  name: 'simulation',
  command: ['npm', 'run', 'simulate', '--silent', '--', '--schedules', String(schedules), '--seed', String(seed)],
})
/** The service with its windows; the first 2 000 days are among the unit tests. */
const windows = (schedules: number, seed: number): Step => ({
  name: 'simulation of the windows',
  command: [...simulation(schedules, seed).command, '--layer', 'runner'],
})
const build: Step = { name: 'build', command: ['npm', 'run', 'build', '--silent'] }
const size: Step = { name: 'size', command: ['npm', 'run', 'size', '--silent', '--', '--check'] }
const defects = (every: number): Step => ({
  name: 'deliberate defects',
  command: ['npx', 'tsx', 'e2e/simulation/mutations.ts', '--every', String(every)],
})
const endToEnd = (part: 'core' | 'rest'): Step => ({
  name: 'end to end',
  command: ['npx', 'playwright', 'test', '-c', 'e2e/playwright.config.ts'],
  count: playwrightCount,
  env: { E2E_PART: part },
})
const kill = (kills: number, seed: number): Step => ({
  name: 'kill',
  command: [
    'npx',
    'tsx',
    'e2e/kill/main.ts',
    '--kills',
    String(kills),
    '--seed',
    String(seed),
    '--lanes',
    '1',
    '--verbose',
  ],
  beside: true,
})

const wander: Step = {
  name: 'wander',
  command: ['npm', 'run', 'wander', '--silent', '--', ...WANDER_ARGS],
  count: wanderCount,
}

const loops: Readonly<Record<string, readonly Step[]>> = {
  check: [types, lint, unit('quick'), simulation(5_000, 1)],
  test: [
    types,
    lint,
    unit('all'),
    build,
    size,
    simulation(10_000, 1),
    defects(5),
    endToEnd('core'),
    kill(5, 2),
    wander,
  ],
  prove: [
    lintTyped,
    build,
    simulation(100_000, 10_001),
    windows(5_000, 10_001),
    defects(1),
    endToEnd('rest'),
    kill(50, 1),
  ],
}

const [loop = '', ...wanted] = process.argv.slice(2)
const steps = loops[loop]
if (steps === undefined) throw new Error(`which loop: ${Object.keys(loops).join(', ')}`)
const chosen = wanted.length === 0 ? steps : steps.filter((step) => wanted.includes(step.name))
const env = { ...process.env, ...(loop === 'check' ? {} : { BROWSER_PATH: findBrowser() }) }
mkdirSync('test-results', { recursive: true })
for (const report of [VITEST_REPORT, PLAYWRIGHT_REPORT, WANDER_REPORT]) rmSync(report, { force: true })

let passed = 0
let failed = 0
let skipped = 0
const failures: string[] = []

/** The step's exit code is 0. Its output is shown at once, or held back until it ends. */
function run({ command: [command = '', ...args], env: own = {} }: Step, held: boolean): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ['ignore', held ? 'pipe' : 'inherit', held ? 'pipe' : 'inherit'],
      env: { ...env, ...own },
    })
    const output: Buffer[] = []
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (part: Buffer) => output.push(part))
    child.on('error', () => resolve(false))
    child.on('close', (code) => {
      if (held) process.stdout.write(Buffer.concat(output))
      resolve(code === 0)
    })
  })
}

async function account(step: Step, startedAt: number, ending: Promise<boolean>): Promise<void> {
  const ok = await ending
  const count = step.count?.() ?? { passed: ok ? 1 : 0, failed: ok ? 0 : 1 }
  passed += count.passed
  skipped += count.skipped ?? 0
  // A runner that failed without a failed test (a crash, an unhandled error) still counts as a failure.
  failed += !ok && count.failed === 0 ? 1 : count.failed
  const names = count.names ?? []
  if (!ok || count.failed > 0)
    failures.push(...(names.length > 0 ? names : ['see its output']).map((name) => `${step.name}: ${name}`))
  const seconds = Math.round((performance.now() - startedAt) / 1000)
  console.log(`== ${step.name}: ${ok ? 'passed' : 'FAILED'} in ${seconds} s`)
}

for (const [place, step] of chosen.entries()) {
  if (step.beside === true && place > 0) continue
  const startedAt = performance.now()
  console.log(`\n== ${step.name}`)
  const second = chosen[place + 1]
  const beside = second?.beside === true ? { step: second, ending: run(second, true) } : null
  await account(step, startedAt, run(step, false))
  if (beside === null) continue
  console.log(`\n== ${beside.step.name}`)
  await account(beside.step, startedAt, beside.ending)
}

if (skipped > 0) console.log(`\n${skipped} skipped: this machine can't run them, the reason stands above`)
// Named once more where they are seen: whoever keeps only the end of a long log learns what failed.
for (const failure of failures) console.log(`FAILED ${failure}`)
console.log(`\n${passed} passed, ${failed} failed`)
process.exit(failed === 0 && passed > 0 ? 0 : 1)
