import { describe, expect, it } from 'vitest'
import type { CatalogItem } from './catalog.ts'
import { benchSearch } from './search-bench.ts'
import { createSearchIndex, plainScan } from './search.ts'
import { seededRandom } from './testing/random-cart.ts'
import { randomCatalog, randomQuery } from './testing/random-catalog.ts'

const names = (items: readonly CatalogItem[]): string[] => items.map((each) => each.name)

describe('the index of a large catalogue', () => {
  it('finds exactly what a plain scan finds among 100 000 items, with no limit on the hits', () => {
    const random = seededRandom(99)
    const items = randomCatalog(random, 100_000)
    const index = createSearchIndex(items)
    for (let count = 0; count < 12; count++) {
      const query = randomQuery(random, items)
      expect(names(index.find(query, Infinity).items), query).toEqual(names(plainScan(items, query, Infinity).items))
    }
  }, 120_000)
  it('answers within 10 ms at p95 among 100 000 items, and is built in 100 ms for 10 000', () => {
    /** ms that this process worked: what other programs of the machine do doesn't count. */
    const now = (): number => {
      const { user, system } = process.cpuUsage()
      return (user + system) / 1000
    }
    const large = benchSearch(now, 100_000, 1500)
    expect(large.p95Ms).toBeLessThanOrEqual(10)
    // The best of five: the first ones also pay for being compiled.
    const builds = [1, 2, 3, 4, 5].map((seed) => benchSearch(now, 10_000, 1, seed).buildMs)
    expect(Math.min(...builds)).toBeLessThan(100)
  }, 120_000)
})
