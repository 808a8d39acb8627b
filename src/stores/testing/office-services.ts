/** Services for tests of the back-office stores: a memory instead of the disk, and a scripted proxy. */
import { createPinia, setActivePinia } from 'pinia'
import type { BackofficeClient, BackofficeOutcome } from '../../backoffice/client.ts'
import { failed } from '../../contract/errors.ts'
import { provideServices, type Services } from '../../till/services.ts'

export interface OfficeTest {
  readonly values: Map<string, unknown>
  /** Calls in their order: name and arguments as text. */
  readonly calls: string[]
  /** Answers of the proxy from now on; a call without one finds the proxy away. */
  answer(handlers: Partial<BackofficeClient>): void
  setNow(ms: number): void
  readonly token: () => string | null
}

export const shown = <T>(data: T, demo = false): BackofficeOutcome<T> => ({ ok: true, value: { demo, data } })
export const away = () => Promise.resolve(failed('proxy-away'))

/** A fresh pinia over fresh services. */
export function setUpOffice(nowMs = Date.UTC(2026, 10, 22, 9)): OfficeTest {
  const values = new Map<string, unknown>()
  const calls: string[] = []
  let handlers: Partial<BackofficeClient> = {}
  let now = nowMs
  let token: string | null = null
  const backoffice = new Proxy({} as BackofficeClient, {
    get: (_, name) => {
      return (...args: unknown[]) => {
        const told = args.filter((arg) => typeof arg !== 'function')
        calls.push(`${String(name)} ${JSON.stringify(told)}`)
        const handler = handlers[name as keyof BackofficeClient] as ((...given: unknown[]) => unknown) | undefined
        return handler === undefined ? away() : handler(...args)
      }
    },
  })
  setActivePinia(createPinia())
  provideServices({
    backoffice,
    keyValues: {
      get: (key: string) => Promise.resolve(values.get(key)),
      set: (key: string, value: unknown) => {
        values.set(key, structuredClone(value))
        return Promise.resolve()
      },
      update: (key: string, change: (stored: unknown) => unknown) => {
        const next = structuredClone(change(values.get(key)))
        values.set(key, next)
        return Promise.resolve(next)
      },
      all: () => Promise.resolve(values),
    },
    device: null,
    keepProxyToken: (next: string) => {
      token = next
      return Promise.resolve()
    },
    now: () => now,
  } as unknown as Services)
  return {
    values,
    calls,
    answer: (next) => (handlers = next),
    setNow: (ms) => (now = ms),
    token: () => token,
  }
}
