/**
 * Search over the whole catalogue: name, code and barcodes, in any alphabet. Exact code first, then what begins with
 * the query, then where its words begin words, then the rest; inside each in the catalogue's order.
 * `plainScan` defines the answer; the index gives the same one faster.
 */
import type { CatalogItem } from './catalog.ts'
import { swapLayout } from './search-fold.ts'
import { buildGrams } from './search-grams.ts'
import type { GramIndex, GramRange } from './search-grams.ts'
import { RANK, otherSpellings, rankOf, readQuery, searchText } from './search-match.ts'
import type { Rank, SearchQuery } from './search-match.ts'

/** Hits that a search gives when no other limit is asked for: several screens full. */
export const DEFAULT_SEARCH_LIMIT = 200

export interface SearchResult {
  /** Best first. */
  readonly items: readonly CatalogItem[]
  /** There are more hits than the limit. */
  readonly more: boolean
  /** Query on the other keyboard layout that gave these hits, null when the typed one did. */
  readonly swapped: string | null
}

export interface SearchIndex {
  /** Number of items. */
  readonly size: number
  find(query: string, limit?: number): SearchResult
  /** The items of `find`. */
  search(query: string, limit?: number): readonly CatalogItem[]
}

const RANKS: readonly Rank[] = [RANK.exactCode, RANK.prefix, RANK.wordStarts, RANK.substring]

/** Hits of one query; `ids` holds at most one more than the limit. */
type Lookup = (query: SearchQuery, atMost: number) => readonly number[]

function lookUp(items: readonly CatalogItem[], lookup: Lookup, typed: string, limit: number): SearchResult {
  const answer = (ids: readonly number[], swapped: string | null): SearchResult => ({
    items: ids.slice(0, limit).flatMap((id) => items[id] ?? []),
    more: ids.length > limit,
    swapped,
  })
  const found = (query: string): readonly number[] => {
    let ids = lookup(readQuery(query), limit + 1)
    for (const other of otherSpellings(query)) {
      if (ids.length <= limit) ids = [...new Set([...ids, ...lookup(other, limit + 1)])].slice(0, limit + 1)
    }
    return ids
  }
  const ids = found(typed)
  const swapped = ids.length === 0 ? swapLayout(typed) : null
  if (swapped === null) return answer(ids, null)
  const others = found(swapped)
  return answer(others, others.length === 0 ? null : swapped)
}

/** The definition of the search: every item compared, hits sorted by rank and then by their place in the catalogue. */
export function plainScan(
  items: readonly CatalogItem[],
  query: string,
  limit: number = DEFAULT_SEARCH_LIMIT,
): SearchResult {
  const scan: Lookup = (wanted) => {
    const hits: { id: number; rank: Rank }[] = []
    items.forEach((item, id) => {
      const rank = rankOf(searchText(item), wanted)
      if (rank !== null) hits.push({ id, rank })
    })
    return hits.sort((a, b) => a.rank - b.rank || a.id - b.id).map((hit) => hit.id)
  }
  return lookUp(items, scan, query, limit)
}

/** Lists longer than this are not sorted: where so many items fit, walking the catalogue finds enough sooner. */
const LONGEST_SORT = 8_000
/** A list longer than this is cut with that of the next word before its items are compared. */
const WORTH_INTERSECTING = 200

const sizeOf = (range: GramRange): number => range.to - range.from

function intersect(a: Uint32Array, b: Uint32Array): Uint32Array {
  const both = new Uint32Array(Math.min(a.length, b.length))
  let size = 0
  let j = 0
  for (const id of a) {
    while (j < b.length && (b[j] ?? 0) < id) j++
    if (b[j] === id) both[size++] = id
  }
  return both.subarray(0, size)
}

function shortest(ranges: readonly GramRange[]): GramRange[] {
  const [first, ...rest] = ranges
  return first === undefined ? [] : [rest.reduce((best, range) => (sizeOf(range) < sizeOf(best) ? range : best), first)]
}

/**
 * Ids (ascending; repetitions possible) that hold every hit, or null to walk the whole catalogue.
 * @param parts the ranges of each word: every hit is in all of them
 */
function proposals(grams: GramIndex, parts: readonly (readonly GramRange[])[]): Uint32Array | null {
  // Two lists of one word hold much the same items: the shortest of each word cuts more.
  const [first, ...others] = parts.flatMap(shortest).sort((a, b) => sizeOf(a) - sizeOf(b))
  if (first === undefined) return null
  let list = grams.postings.subarray(first.from, first.to)
  if (!first.single) {
    if (list.length > LONGEST_SORT) return null
    list = list.slice().sort()
  }
  for (const other of others) {
    if (list.length <= WORTH_INTERSECTING) break
    if (other.single) list = intersect(list, grams.postings.subarray(other.from, other.to))
  }
  return list
}

function partsFor(grams: GramIndex, query: SearchQuery, rank: Rank): GramRange[][] {
  if (rank === RANK.exactCode) return [grams.ranges(query.whole, 'wholeField')]
  if (rank === RANK.prefix) return [grams.ranges(query.whole, 'fieldStart')]
  return query.words.map((word) => grams.ranges(word, rank === RANK.wordStarts ? 'wordStart' : 'anywhere'))
}

function lookupIn(texts: readonly string[], grams: GramIndex): Lookup {
  return (query, atMost) => {
    const ids: number[] = []
    if (query.whole === '') {
      for (let id = 0; id < texts.length && id < atMost; id++) ids.push(id)
      return ids
    }
    for (const rank of RANKS) {
      const list = proposals(grams, partsFor(grams, query, rank))
      const size = list?.length ?? texts.length
      let previous = -1
      for (let index = 0; index < size; index++) {
        const id = list === null ? index : (list[index] ?? 0)
        if (id === previous) continue
        previous = id
        if (rankOf(texts[id] ?? '', query) !== rank) continue
        ids.push(id)
        if (ids.length >= atMost) return ids
      }
    }
    return ids
  }
}

/** Builds the index at once: below 100 ms for 10 000 items. */
export function createSearchIndex(items: readonly CatalogItem[]): SearchIndex {
  const building = buildSearchIndex(items, Infinity)
  for (;;) {
    const step = building.next()
    if (step.done) return step.value
  }
}

/**
 * Builds the index in steps of `chunk` items, so that the page stays alive with a large catalogue: the caller lets
 * the browser breathe between two steps. Yields the share that is done, 0 to 1.
 */
export function* buildSearchIndex(items: readonly CatalogItem[], chunk = 2_000): Generator<number, SearchIndex> {
  const texts: string[] = []
  for (const item of items) {
    texts.push(searchText(item))
    if (texts.length % chunk === 0) yield texts.length / items.length / 3
  }
  const building = buildGrams(texts, chunk)
  let step = building.next()
  while (!step.done) {
    yield (1 + step.value / items.length) / 3
    step = building.next()
  }
  const lookup = lookupIn(texts, step.value)
  const find = (query: string, limit: number = DEFAULT_SEARCH_LIMIT): SearchResult =>
    lookUp(items, lookup, query, limit)
  return { size: items.length, find, search: (query, limit) => find(query, limit).items }
}
