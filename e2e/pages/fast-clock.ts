/**
 * Pages whose clock runs faster. The device takes one request a second (source 004, chapter 3), so most of a test at
 * the shop's own pace is waiting. Everything that the terminal's own code can tell the time by runs at one rate: its
 * pacing and its time-outs stay what they are in its own seconds. The device's clock runs at the same rate.
 */
import type { BrowserContext, Page } from '@playwright/test'
import type { EmulatorClock } from '../emulators/ikkm.ts'

/** Speeds up the pages of this context, from their next load on. */
export async function runFast(context: BrowserContext, { sinceMs, rate }: EmulatorClock): Promise<void> {
  if (rate === 1) return
  await context.addInitScript(
    ({ since, factor }) => {
      const RealDate = Date
      const realNow = Date.now.bind(Date)
      const fastNow = (): number => Math.round(since + (realNow() - since) * factor)
      globalThis.Date = new Proxy(RealDate, {
        construct: (target, given, newTarget) =>
          Reflect.construct(target, given.length === 0 ? [fastNow()] : given, newTarget) as Date,
        apply: () => new RealDate(fastNow()).toString(),
        get: (target, name, receiver) => (name === 'now' ? fastNow : (Reflect.get(target, name, receiver) as unknown)),
      })
      const realPerformanceNow = performance.now.bind(performance)
      performance.now = () => realPerformanceNow() * factor
      const realTimeout = globalThis.setTimeout.bind(globalThis)
      const realInterval = globalThis.setInterval.bind(globalThis)
      const faster =
        (real: (run: TimerHandler, ms?: number, ...given: unknown[]) => number) =>
        (run: TimerHandler, ms = 0, ...given: unknown[]): number =>
          real(run, ms / factor, ...given)
      globalThis.setTimeout = faster(realTimeout) as typeof setTimeout
      globalThis.setInterval = faster(realInterval) as typeof setInterval
    },
    { since: sinceMs, factor: rate },
  )
}

/** What a page's own clock is ahead of the right time, ms; a page changes it by setting this name on `globalThis`. */
const AHEAD = 'tabletAheadMs'

/** The tablet's clock shows another time than it is, from the next load of a page on. Its steady clock is right. */
export async function setTabletClock(context: BrowserContext, aheadMs: number): Promise<void> {
  await context.addInitScript(
    ({ name, ahead }) => {
      const given = globalThis as unknown as Record<string, number | undefined>
      given[name] = ahead
      const RightDate = Date
      const now = (): number => RightDate.now() + (given[name] ?? 0)
      globalThis.Date = new Proxy(RightDate, {
        construct: (target, args, newTarget) =>
          Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as Date,
        apply: () => new RightDate(now()).toString(),
        get: (target, key, receiver) => (key === 'now' ? now : (Reflect.get(target, key, receiver) as unknown)),
      })
    },
    { name: AHEAD, ahead: aheadMs },
  )
}

/** Somebody sets the clock of a tablet that is in use. */
export async function changeTabletClock(page: Page, aheadMs: number): Promise<void> {
  await page.evaluate(
    ({ name, ahead }) => {
      ;(globalThis as unknown as Record<string, number>)[name] = ahead
    },
    { name: AHEAD, ahead: aheadMs },
  )
}
