/**
 * A page whose clock runs faster: a shop's day of one request a second would last most of an hour. Everything that the
 * terminal's own code can tell the time by runs at the same rate, so its pacing and its time-outs stay what they are
 * in its own seconds; the device's clock keeps up.
 */
import type { Page } from '@playwright/test'
import type { IkkmEmulator } from '../emulators/ikkm.ts'

const DEVICE_STEP_MS = 20

/** Speeds up this page, from its next load on. The returned function stops the device's clock from following. */
export async function runFast(page: Page, device: IkkmEmulator, factor: number): Promise<() => void> {
  const start = Date.now()
  await page.addInitScript(
    ({ since, rate }) => {
      const RealDate = Date
      const realNow = Date.now.bind(Date)
      const fastNow = (): number => Math.round(since + (realNow() - since) * rate)
      globalThis.Date = new Proxy(RealDate, {
        construct: (target, given, newTarget) =>
          Reflect.construct(target, given.length === 0 ? [fastNow()] : given, newTarget) as Date,
        apply: () => new RealDate(fastNow()).toString(),
        get: (target, name, receiver) => (name === 'now' ? fastNow : (Reflect.get(target, name, receiver) as unknown)),
      })
      const realPerformanceNow = performance.now.bind(performance)
      performance.now = () => realPerformanceNow() * rate
      const realTimeout = globalThis.setTimeout.bind(globalThis)
      const realInterval = globalThis.setInterval.bind(globalThis)
      const faster =
        (real: (run: TimerHandler, ms?: number, ...given: unknown[]) => number) =>
        (run: TimerHandler, ms = 0, ...given: unknown[]): number =>
          real(run, ms / rate, ...given)
      globalThis.setTimeout = faster(realTimeout) as typeof setTimeout
      globalThis.setInterval = faster(realInterval) as typeof setInterval
    },
    { since: start, rate: factor },
  )
  const follow = (): void => {
    device.setClockOffset((Date.now() - start) * (factor - 1))
  }
  const timer = setInterval(follow, DEVICE_STEP_MS)
  return () => {
    clearInterval(timer)
  }
}
