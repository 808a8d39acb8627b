/** How the servers behind the proxy did last, for whoever watches over it: times and kinds, no addresses, no secrets. */
import type { UpstreamHealth } from '../src/contract/health.ts'

/** Hears how each question to one server ended. */
export interface HealthNotes {
  succeeded(): void
  failed(kind: string): void
}

export interface Health {
  /** The notes of one server; `name` is `iiko`, `atol`, or a device's id. */
  notesOf(name: string): HealthNotes
  of(name: string): UpstreamHealth
}

const NOTHING_YET: UpstreamHealth = { lastSuccess: null, lastFailure: null }

/** `now` in ms since 1970. */
export function createHealth(now: () => number = Date.now): Health {
  const seen = new Map<string, UpstreamHealth>()
  const of = (name: string) => seen.get(name) ?? NOTHING_YET
  const at = () => new Date(now()).toISOString()
  return {
    of,
    notesOf: (name) => ({
      succeeded() {
        seen.set(name, { ...of(name), lastSuccess: at() })
      },
      failed(kind) {
        seen.set(name, { ...of(name), lastFailure: { at: at(), kind } })
      },
    }),
  }
}
