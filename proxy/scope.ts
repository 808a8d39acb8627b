/** What belongs to one request of a page while it is worked on: its number for the log, and how long somebody listens. */
import { AsyncLocalStorage } from 'node:async_hooks'

export interface RequestScope {
  /** The number that the screen shows with a failure. */
  readonly requestId: string
  /** When the page stops waiting for an answer, as `performance.now()` counts. */
  readonly deadline: number
}

const scopes = new AsyncLocalStorage<RequestScope>()

/** Runs `work`, and all that it starts, as part of one request. */
export function inScope<T>(scope: RequestScope, work: () => T): T {
  return scopes.run(scope, work)
}

/** The request that the caller works for; undefined for what the proxy does by itself. */
export function currentScope(): RequestScope | undefined {
  return scopes.getStore()
}
