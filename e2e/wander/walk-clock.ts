/**
 * The clock of one walk, for every page and every register of it: it runs faster than the real one, slower while somebody
 * taps twice, and jumps over what would only be waiting. Unlike `pages/fast-clock.ts` its rate changes while pages live.
 */
import type { CDPSession, Page } from 'playwright'
import type { EmulatorClock } from '../emulators/ikkm.ts'

/** Reaches a page's clock. A text, because the page knows nothing of what a compiler puts into functions. */
const SET = (state: ClockState): string => `globalThis.__walkClock?.set(${JSON.stringify(state)})`

interface ClockState extends EmulatorClock {
  /** How far the tablet's own clock on the wall is wrong, in ms. */
  readonly wrongMs: number
}

/** In every page before its own code. Timers follow a change of the rate. */
const IN_PAGE = (state: ClockState): string => `(() => {
  if (globalThis.__walkClock) return
  let now = ${JSON.stringify(state)}
  const RealDate = Date
  const realNow = RealDate.now.bind(RealDate)
  const walk = () => now.sinceMs + (realNow() - now.sinceMs) * now.rate
  const origin = walk()
  const wall = () => Math.round(walk() + now.wrongMs)
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, given, newTarget) => Reflect.construct(target, given.length === 0 ? [wall()] : given, newTarget),
    apply: () => new RealDate(wall()).toString(),
    get: (target, name, receiver) => (name === 'now' ? wall : Reflect.get(target, name, receiver)),
  })
  performance.now = () => walk() - origin
  const stamp = Object.getOwnPropertyDescriptor(Event.prototype, 'timeStamp').get
  Object.defineProperty(Event.prototype, 'timeStamp', {
    configurable: true,
    get() {
      return now.sinceMs + (performance.timeOrigin + stamp.call(this) - now.sinceMs) * now.rate - origin
    },
  })
  const [setReal, clearReal] = [setTimeout.bind(globalThis), clearTimeout.bind(globalThis)]
  const timers = new Map()
  let next = 1
  function arm(id) {
    const timer = timers.get(id)
    clearReal(timer.real)
    timer.real = setReal(() => {
      if (timer.everyMs === null) timers.delete(id)
      else { timer.dueMs = walk() + timer.everyMs; arm(id) }
      timer.run()
    }, Math.max(0, (timer.dueMs - walk()) / now.rate))
  }
  const start = (repeats) => (run, ms = 0, ...given) => {
    const id = next++
    timers.set(id, { run: () => run(...given), dueMs: walk() + ms, everyMs: repeats ? ms : null, real: undefined })
    arm(id)
    return id
  }
  const stop = (id) => { clearReal(timers.get(id)?.real); timers.delete(id) }
  globalThis.setTimeout = start(false)
  globalThis.setInterval = start(true)
  globalThis.clearTimeout = stop
  globalThis.clearInterval = stop
  globalThis.__walkClock = {
    now: walk,
    set(state) { now = state; for (const id of timers.keys()) arm(id) },
  }
})()`

/** A page on this clock: its DevTools session takes the script that every document of it starts with. */
interface Follower {
  readonly page: Page
  readonly session: CDPSession
  wrongMs: number
  script: string | null
}

/** When a clock that shows `nowMs` now agreed with the real one. */
const sinceOf = (nowMs: number, rate: number): number => (nowMs - Date.now() * rate) / (1 - rate)

export class WalkClock implements EmulatorClock {
  sinceMs: number
  private readonly followers = new Map<Page, Follower>()

  /** Shows `startMs` now. */
  constructor(
    public rate: number,
    startMs: number,
  ) {
    this.sinceMs = sinceOf(startMs, rate)
  }

  /** ms since the epoch on this clock. */
  now(): number {
    return this.sinceMs + (Date.now() - this.sinceMs) * this.rate
  }

  /** The page lives on this clock from its next document on; `wrongMs`: how wrong its tablet's clock on the wall is. */
  async follow(page: Page, session: CDPSession, wrongMs: number): Promise<void> {
    await session.send('Page.enable')
    const follower: Follower = { page, session, wrongMs, script: null }
    this.followers.set(page, follower)
    await this.tell(follower)
  }

  leave(page: Page): void {
    this.followers.delete(page)
  }

  /** The tablet's clock on the wall is wrong by so many ms from now on. */
  async setWrong(page: Page, wrongMs: number): Promise<void> {
    const follower = this.followers.get(page)
    if (follower === undefined) return
    follower.wrongMs = wrongMs
    await this.tell(follower)
  }

  /** From now on so many seconds pass in a real one. Must not be 1: two clocks of one rate never meet. */
  setRate(rate: number): Promise<void> {
    return this.turn(this.now(), rate)
  }

  /** So many ms are over at once: timers that are due by then run. */
  jump(ms: number): Promise<void> {
    return this.turn(this.now() + ms, this.rate)
  }

  /** Waits for so many ms on this clock. */
  pass(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms / this.rate))
  }

  /** The clock shows `nowMs` now and runs at `rate`. */
  private async turn(nowMs: number, rate: number): Promise<void> {
    this.sinceMs = sinceOf(nowMs, rate)
    this.rate = rate
    await Promise.all([...this.followers.values()].map((follower) => this.tell(follower)))
  }

  private async tell(follower: Follower): Promise<void> {
    const { session } = follower
    const state: ClockState = { sinceMs: this.sinceMs, rate: this.rate, wrongMs: follower.wrongMs }
    const old = follower.script
    try {
      // A page that is on its way to another address takes the clock from its script there.
      const [{ identifier }] = await Promise.all([
        session.send('Page.addScriptToEvaluateOnNewDocument', { source: IN_PAGE(state) }),
        session.send('Runtime.evaluate', { expression: SET(state) }),
      ])
      follower.script = identifier
      if (old !== null) await session.send('Page.removeScriptToEvaluateOnNewDocument', { identifier: old })
    } catch {
      // The page is gone.
      this.followers.delete(follower.page)
    }
  }
}
