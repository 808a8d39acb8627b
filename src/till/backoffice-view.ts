/**
 * One answer of the back office on the screen: what was asked, what is shown, how old it is, what went wrong.
 * Stored data stand in at once and stay when the question fails; the last question asked wins.
 */
import { shallowReactive } from 'vue'
import type { BackofficeOutcome } from '../backoffice/client.ts'
import type { Failure } from '../contract/errors.ts'
import { createBackofficeCache, type CacheData, type CacheSlot } from '../storage/backoffice-cache.ts'
import { services } from './services.ts'

export interface BackofficeView<T> {
  data: T | null
  /** The data were invented. */
  demo: boolean
  /** They come from storage: the question failed or its answer isn't there yet. */
  stored: boolean
  /** ms since the epoch when the shown data were read. */
  readAtMs: number
  /** The question that the shown data answer; another than the asked one where the newest stored answer stands in. */
  question: string
  failure: Failure | null
  loading: boolean
}

export interface ViewLoader<T> {
  readonly view: BackofficeView<T>
  /** Asks; resolves when the answer or the failure is shown, or when a later question overtook this one. */
  load(question: string, ask: () => Promise<BackofficeOutcome<T>>): Promise<void>
  /** Shows what is known already, from a list for instance, until the answer comes. */
  seed(question: string, data: T, demo: boolean, readAtMs: number): void
}

/** A view over one kind of stored answers. `orNewest`: another question's stored answer is better than none. */
export function createBackofficeView<S extends CacheSlot>(slot: S, orNewest = false): ViewLoader<CacheData<S>> {
  type T = CacheData<S>
  const view: BackofficeView<T> = shallowReactive({
    data: null,
    demo: false,
    stored: false,
    readAtMs: 0,
    question: '',
    failure: null,
    loading: false,
  })
  let turn = 0

  async function showStored(question: string, mine: number): Promise<void> {
    const stored = await createBackofficeCache(services().keyValues).find(slot, question, orNewest)
    if (stored === null || mine !== turn || (view.data !== null && view.question === question)) return
    Object.assign(view, { ...stored, stored: true })
  }

  return {
    view,
    seed(question, data, demo, readAtMs) {
      if (view.question === question && view.data !== null) return
      Object.assign(view, { question, data, demo, readAtMs, stored: false, failure: null })
    },
    async load(question, ask) {
      const mine = ++turn
      if (view.question !== question) Object.assign(view, { data: null, stored: false, question })
      Object.assign(view, { loading: true, failure: null })
      const [outcome] = await Promise.all([ask(), view.data === null ? showStored(question, mine) : null])
      if (mine !== turn) return
      view.loading = false
      if (!outcome.ok) {
        Object.assign(view, { failure: outcome.failure, stored: view.data !== null })
        return
      }
      const { demo, data } = outcome.value
      const answer = { question, demo, data, readAtMs: services().now() }
      Object.assign(view, { ...answer, stored: false })
      await createBackofficeCache(services().keyValues).keep(slot, answer)
    },
  }
}
