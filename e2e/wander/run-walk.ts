/** Runs one walk on two tablets that are used again for the next. */
import type { BrowserContext } from 'playwright'
import { Random } from '../../src/device-model/random.ts'
import { endWalk } from './ending.ts'
import { Model, type Violation } from './model.ts'
import type { WalkPlan } from './plan.ts'
import {
  launch,
  newContext,
  serve,
  startRegisters,
  stateFor,
  type OpenBrowser,
  type ServedApp,
  type Stage,
} from './stage.ts'
import { PEOPLE } from './steps-cashiers.ts'
import { STEPS, type StepKind } from './steps.ts'
import { Tablet, watchPages } from './tablet.ts'
import { PACE, Walk } from './walk.ts'
import { WalkClock } from './walk-clock.ts'

/** Chromium says so of a network failure; registers that are off belong to a walk. */
const NETWORK_NOISE = /net::ERR_|Failed to load resource/
/** A browser grows from walk to walk; a new one costs two seconds. */
const WALKS_PER_BROWSER = 40

export interface WalkResult {
  readonly plan: WalkPlan
  readonly violations: readonly Violation[]
  /** What was done, by the step's place in the plan. */
  readonly sentences: ReadonlyMap<number, string>
  readonly seconds: number
  /** Steps that an error of the walk itself ended. */
  readonly broken: readonly string[]
  readonly documents: number
  /** How often each kind of step came up, with the real ms that all of them took. */
  readonly tried: ReadonlyMap<StepKind, { readonly times: number; readonly ms: number }>
}

interface Opened extends OpenBrowser {
  readonly contexts: readonly [BrowserContext, BrowserContext]
}

/** A browser with two profiles, used by one walk after another: the worker and its cache stay. */
export class Lane {
  private report: (text: string) => void = () => undefined
  private allowed = new Set<string>()
  private opened: Opened | null = null
  private walks = 0
  /** What a browser that died under a walk said last. */
  readonly deaths: string[] = []

  private constructor(
    readonly stage: Stage,
    readonly served: ServedApp,
  ) {}

  static async open(stage: Stage): Promise<Lane> {
    return new Lane(stage, await serve(stage.dist))
  }

  private async browser(): Promise<Opened> {
    if (this.opened !== null && this.walks < WALKS_PER_BROWSER) return this.opened
    await this.closeBrowser()
    const open = await launch()
    const contexts = [await newContext(open.browser), await newContext(open.browser)] as const
    for (const context of contexts) {
      await watchPages(context)
      this.listen(context)
    }
    this.walks = 0
    this.opened = { ...open, contexts }
    return this.opened
  }

  private async closeBrowser(): Promise<void> {
    const { opened } = this
    this.opened = null
    await opened?.browser.close().catch(() => undefined)
  }

  private listen(context: BrowserContext): void {
    context.on('console', (message) => {
      if (message.type() === 'error' && !NETWORK_NOISE.test(message.text())) this.report(`console: ${message.text()}`)
    })
    context.on('weberror', (error) => this.report(`page error: ${error.error().message}`))
    context.on('request', (request) => {
      const url = new URL(request.url())
      if (url.protocol === 'data:' || url.protocol === 'blob:') return
      if (!this.allowed.has(url.origin)) this.report(`request to ${url.origin}`)
    })
  }

  /**
   * `only`: places of the steps that are done, all unless given. A walk whose browser died proves nothing: it is walked
   * once more in a new one, and the death is noted.
   */
  async run(plan: WalkPlan, only: ReadonlySet<number> | null = null): Promise<WalkResult> {
    const opened = await this.browser()
    const result = await this.walk(plan, only, opened)
    if (opened.browser.isConnected()) return result
    this.deaths.push(`walk ${plan.seed}: ${opened.lastWords().join(' | ')}`)
    await this.closeBrowser()
    return this.walk(plan, only, await this.browser())
  }

  private async walk(plan: WalkPlan, only: ReadonlySet<number> | null, { contexts }: Opened): Promise<WalkResult> {
    const { stage } = this
    const { app, folder } = this.served
    this.walks += 1
    const startedAt = performance.now()
    const clock = new WalkClock(PACE, stage.startMs)
    const registers = await startRegisters(clock)
    const model = new Model(['S', 'T'])
    this.allowed = new Set(
      [app.origin, registers.A.origin, registers.B.origin].flatMap((origin) => [
        origin,
        origin.replace('127.0.0.1', 'localhost'),
      ]),
    )
    this.report = (text) => model.blame('console', text)
    const states = plan.withCashiers ? stage.states.withCashiers : stage.states.plain
    const tills = model.tills.map((till, index) => {
      if (plan.withCashiers) till.people = PEOPLE.map((person) => ({ ...person }))
      const context = contexts[index === 0 ? 0 : 1]
      return { model: till, tablet: new Tablet(till.name, context, app.origin, clock) }
    })
    const walk = new Walk(model, clock, tills, registers, folder)
    const sentences = new Map<number, string>()
    const broken: string[] = []
    const tried = new Map<StepKind, { times: number; ms: number }>()
    try {
      await Promise.all(
        tills.map(({ tablet }, index) =>
          tablet.restore(stateFor(states[index === 0 ? 0 : 1], app.origin, registers.A)),
        ),
      )
      for (const [place, { kind, seed }] of plan.steps.entries()) {
        if (only !== null && !only.has(place)) continue
        const stepAt = performance.now()
        const done = await STEPS[kind].run(walk, Random.seeded(seed)).catch((error: unknown) => {
          broken.push(`${kind}: ${String(error).split('\n')[0] ?? ''}`)
          return null
        })
        if (done !== null) sentences.set(place, done)
        const sofar = tried.get(kind) ?? { times: 0, ms: 0 }
        tried.set(kind, { times: sofar.times + 1, ms: sofar.ms + performance.now() - stepAt })
      }
      await endWalk(walk)
    } catch (error) {
      broken.push(`end: ${String(error).split('\n').slice(0, 4).join(' ')}`)
    } finally {
      this.report = () => undefined
      // A page that lives on would ask the next walk's registers.
      const pages = contexts.flatMap((context) => context.pages())
      await Promise.all(pages.map((page) => page.close().catch(() => undefined)))
      await Promise.all([registers.A.close(), registers.B.close()])
    }
    const documents = registers.A.device.ledger().length + registers.B.device.ledger().length
    const seconds = (performance.now() - startedAt) / 1000
    return { plan, violations: model.violations, sentences, seconds, broken, documents, tried }
  }

  async close(): Promise<void> {
    await this.closeBrowser()
    await this.served.close()
  }
}
