/** One profile and one device: life after life is killed, and in the end the journal and the device must agree. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startIkkmEmulator, type IkkmEmulator } from '../emulators/ikkm.ts'
import { launchOnProfile, StillAlive, type LiveBrowser } from './browser-process.ts'
import { planLife, type LifePlan, type Moment } from './plan.ts'
import { readLedger, Till, waitFor } from './till.ts'
import { judgeLedger } from './verdict.ts'

/** Longest wait for a moment on the wire: an earlier receipt may be in its back-off. */
const MOMENT_LIMIT_MS = 20_000
const DRAIN_LIMIT_MS = 90_000

export interface LaneOptions {
  readonly lane: number
  readonly seed: number
  readonly kills: number
  readonly executable: string
  readonly appOrigin: string
  readonly say: (text: string) => void
}

export interface LaneResult {
  kills: number
  /** Records that were durable in the end. */
  sales: number
  /** Receipts in the device's ledger. */
  receipts: number
  lost: number
  doubled: number
  misattributed: number
  /** A paid cart was offered again, or an unpaid one was gone. */
  carts: number
  /** Not drained, or a question where nothing foreign happened. */
  stuck: number
  /** Taps on Pay that the death was quicker than: no record, the cart is still there. */
  unstored: number
  moments: Record<string, number>
}

/** What has to be true after the next start. */
interface Expectation {
  readonly known: readonly string[]
  readonly tapped: boolean
  readonly accepted: number
  readonly linesBefore: number
}

interface Lane {
  readonly options: LaneOptions
  readonly device: IkkmEmulator
  readonly profile: string
  readonly result: LaneResult
  expectation: Expectation
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Runs all lives of a lane. Throws only for trouble of the test itself. */
export async function runLane(options: LaneOptions): Promise<LaneResult> {
  const device = await startIkkmEmulator({ seed: options.seed * 100 + options.lane })
  const profile = mkdtempSync(join(tmpdir(), 'kill-'))
  const result: LaneResult = {
    kills: 0,
    sales: 0,
    receipts: 0,
    lost: 0,
    doubled: 0,
    misattributed: 0,
    carts: 0,
    stuck: 0,
    unstored: 0,
    moments: {},
  }
  const nothing = { known: [], tapped: false, accepted: 0, linesBefore: 0 }
  const lane: Lane = { options, device, profile, result, expectation: nothing }
  try {
    for (let life = 0; result.kills < options.kills; life += 1) await live(lane, life)
    await lastLife(lane)
  } finally {
    await device.close()
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
  }
  return result
}

async function withBrowser(lane: Lane, work: (browser: LiveBrowser) => Promise<void>): Promise<void> {
  const browser = await launchOnProfile(lane.options.executable, lane.profile)
  try {
    await work(browser)
  } catch (error) {
    // What was under way in a killed browser fails, as it should.
    if (!browser.isDead() || error instanceof StillAlive) throw error
  } finally {
    await browser.kill()
  }
}

function startPath(lane: Lane, life: number): string {
  if (life > 0) return '/'
  const query = new URLSearchParams({ device: lane.device.origin, transport: 'direct', lang: 'ru' })
  return `/setup?${query.toString()}#key=${lane.device.device.currentKey()}`
}

async function live(lane: Lane, life: number): Promise<void> {
  const { device, result, options } = lane
  const plan = planLife(options.seed, options.lane, life)
  await withBrowser(lane, async (browser) => {
    const till = new Till(browser.page, options.appOrigin)
    await till.open(startPath(lane, life))
    const open = await check(lane, till)
    if (plan.moment.kind === 'recovery' && life > 0) {
      const known = (await readLedger(till.page)).entries.map((entry) => entry.id)
      lane.expectation = { known, tapped: false, accepted: 0, linesBefore: await till.lines() }
      await pause(plan.moment.afterMs)
    } else {
      await sellAndDie(lane, till, plan, browser, open)
    }
    await browser.kill()
    result.kills += 1
    const name = plan.moment.kind
    result.moments[name] = (result.moments[name] ?? 0) + 1
    options.say(`lane ${options.lane} life ${life}: ${name}${open > 0 ? `, ${open} open before` : ''}`)
  })
  await device.faults.clear()
}

async function sellAndDie(lane: Lane, till: Till, plan: LifePlan, browser: LiveBrowser, open: number): Promise<void> {
  if (plan.drainsFirst && open > 0) await expectDrained(lane, till)
  // A cart that survived the last death is sold first.
  if ((await till.lines()) === 0) await till.addProduct(plan.product)
  if (plan.extraSale) {
    await till.sell()
    await till.addProduct(plan.product + 1)
  }
  for (const fault of plan.faults) await lane.device.faults.add(fault)
  const linesBefore = await till.lines()
  const tap = await till.readyToPay()
  const known = (await readLedger(till.page)).entries.map((entry) => entry.id)
  // The cart's own save is under way since the tap on the product: long through by the time a person pays.
  const accepted = till.accepted
  lane.expectation = { known, tapped: plan.moment.kind !== 'beforeTap', accepted: 0, linesBefore }
  if (plan.moment.kind === 'beforeTap') return
  const moment = momentOf(lane.device, plan.moment)
  const tapped = tap()
  tapped.catch(() => undefined)
  await moment
  await browser.kill()
  lane.expectation = { ...lane.expectation, accepted: till.accepted - accepted }
}

/** Resolves at the moment of death. */
async function momentOf(device: IkkmEmulator, moment: Moment): Promise<void> {
  const from = device.log().length
  const since = () => device.log().slice(from)
  const registration = () => since().find((request) => request.path === '/api/')
  const reached = (): boolean => {
    switch (moment.kind) {
      case 'wire':
        return registration() !== undefined
      case 'answered':
        return since().some((request) => request.path === '/api/' && request.answeredMs !== null)
      case 'audit': {
        const sent = registration()
        return sent !== undefined && since().some((later) => later.path !== '/api/' && later.atMs > sent.atMs)
      }
      default:
        return true
    }
  }
  // A fault may leave a moment out (a dropped answer never leaves): dying late is a moment like any other.
  await waitFor(moment.kind, MOMENT_LIMIT_MS, () => Promise.resolve(reached()), 1).catch(() => undefined)
  if ('afterMs' in moment && moment.afterMs > 0) await pause(moment.afterMs)
}

async function expectDrained(lane: Lane, till: Till): Promise<void> {
  const trouble = await till.drained(DRAIN_LIMIT_MS)
  if (trouble === null) return
  lane.result.stuck += 1
  throw new Error(`lane ${lane.options.lane}: ${trouble}`)
}

/** After a start: everything that was durable is there, and the cart stands where it must. Returns what is open. */
async function check(lane: Lane, till: Till): Promise<number> {
  const { known, tapped, accepted, linesBefore } = lane.expectation
  const { entries } = await readLedger(till.page)
  const ids = new Set(entries.map((entry) => entry.id))
  for (const id of known) if (!ids.has(id)) violation(lane, 'lost', `the record ${id} is gone`)
  const fresh = entries.length - known.length
  if (fresh < accepted) violation(lane, 'lost', `${accepted} sale(s) were confirmed, ${fresh} record(s) are there`)
  if (fresh > (tapped ? 1 : 0)) violation(lane, 'doubled', `${fresh} records after ${tapped ? 'one tap' : 'none'}`)
  if (tapped && fresh === 0) lane.result.unstored += 1
  if (linesBefore > 0) {
    const lines = await till.lines()
    if (fresh > 0 && lines > 0) violation(lane, 'carts', 'a paid cart is offered again')
    if (fresh === 0 && lines !== linesBefore)
      violation(lane, 'carts', `an unpaid cart had ${linesBefore} lines, now ${lines}`)
  }
  return entries.filter((entry) => entry.open === 1).length
}

function violation(lane: Lane, kind: 'lost' | 'doubled' | 'misattributed' | 'carts', text: string): void {
  lane.result[kind] += 1
  lane.options.say(`VIOLATION lane ${lane.options.lane}: ${text}`)
}

async function lastLife(lane: Lane): Promise<void> {
  await withBrowser(lane, async (browser) => {
    const till = new Till(browser.page, lane.options.appOrigin)
    await till.open('/')
    await check(lane, till)
    await expectDrained(lane, till)
    const { entries } = await readLedger(till.page)
    const receipts = lane.device.device.ledger().filter((document) => document.kind === 'sale')
    for (const { kind, text } of judgeLedger(entries, receipts)) violation(lane, kind, text)
    lane.result.sales = entries.length
    lane.result.receipts = receipts.length
  })
}
