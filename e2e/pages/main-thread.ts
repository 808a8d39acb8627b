/** How long the page's main thread was busy at one go: what a tap would have waited on a machine of its own. */
import type { Browser, Page } from '@playwright/test'

interface TraceEvent {
  readonly ph: string
  readonly name: string
  readonly pid: number
  readonly tid: number
  /** Processor time in microseconds: other programs on this machine don't count. */
  readonly tdur?: number
  readonly args?: { readonly name?: string }
}

/** Longest single task of a renderer's main thread while `work` ran, in ms of processor time. */
export async function longestTaskMs(browser: Browser, page: Page, work: () => Promise<void>): Promise<number> {
  await browser.startTracing(page, { categories: ['toplevel'] })
  await work()
  const trace = JSON.parse((await browser.stopTracing()).toString()) as { readonly traceEvents: readonly TraceEvent[] }
  const thread = (event: TraceEvent): string => `${event.pid}:${event.tid}`
  const renderers = new Set(
    trace.traceEvents
      .filter((event) => event.name === 'thread_name' && event.args?.name === 'CrRendererMain')
      .map(thread),
  )
  const times = trace.traceEvents
    .filter((event) => event.ph === 'X' && event.tdur !== undefined && renderers.has(thread(event)))
    .map((event) => (event.tdur ?? 0) / 1000)
  if (times.length === 0) throw new Error('the trace holds no task of the page')
  return times.reduce((longest, time) => Math.max(longest, time), 0)
}
