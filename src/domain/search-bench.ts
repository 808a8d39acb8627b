/** Figures of the search for `npm run bench`. The clock is handed in. */
import { createSearchIndex } from './search.ts'
import { randomCatalog, randomQuery } from './testing/random-catalog.ts'
import { seededRandom } from './testing/random-cart.ts'

export interface SearchBench {
  readonly items: number
  readonly queries: number
  readonly buildMs: number
  readonly medianMs: number
  readonly p95Ms: number
  readonly maxMs: number
}

/** Builds an index over a seeded catalogue and times seeded queries; `nowMs` is a clock with fractions of a ms. */
export function benchSearch(nowMs: () => number, size: number, queries: number, seed = 1): SearchBench {
  const random = seededRandom(seed)
  const items = randomCatalog(random, size)
  const started = nowMs()
  const index = createSearchIndex(items)
  const buildMs = nowMs() - started
  const times: number[] = []
  for (let count = 0; count < queries; count++) {
    const query = randomQuery(random, items)
    // The quickest of three: what the search costs, without the pauses of a machine that does other things too.
    let quickest = Infinity
    for (let run = 0; run < 3; run++) {
      const at = nowMs()
      index.find(query)
      quickest = Math.min(quickest, nowMs() - at)
    }
    times.push(quickest)
  }
  times.sort((a, b) => a - b)
  const quantile = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0
  return { items: size, queries, buildMs, medianMs: quantile(0.5), p95Ms: quantile(0.95), maxMs: quantile(1) }
}
