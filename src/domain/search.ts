/**
 * Search over the whole catalogue: name, code and barcodes, in any alphabet. Exact code first, then what begins with
 * the query, then where its words begin words, then the rest; inside each in the catalogue's order. Below that what is
 * written otherwise and sounds the same, and where next to nothing was found, what a typing error is apart.
 * `plainScan` defines the answer; the index gives the same one faster.
 */
import type { CatalogItem } from './catalog.ts'
import { swapLayout } from './search-fold.ts'
import { buildGrams } from './search-grams.ts'
import type { GramIndex, GramRange } from './search-grams.ts'
import {
  RANK,
  isNear,
  nearQuery,
  otherSpellings,
  rankOf,
  readQuery,
  searchText,
  soundQuery,
  soundText,
} from './search-match.ts'
import type { NearQuery, Rank, SearchQuery } from './search-match.ts'

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

const WRITTEN: readonly Rank[] = [RANK.exactCode, RANK.prefix, RANK.wordStarts, RANK.substring]
const WORDS: readonly Rank[] = [RANK.prefix, RANK.wordStarts]
const INSIDE: readonly Rank[] = [RANK.substring]

/** Where fewer hits of a word were found, a typing error is thought of. */
const TOO_LITTLE = 3

const SPELLINGS = ['written', 'sound'] as const
type Spelling = (typeof SPELLINGS)[number]

/** The three ways in which items are found; each gives ids, best first, at most `atMost`. */
interface Lookup {
  /** In what is written: names, codes, barcodes. */
  written(query: SearchQuery, atMost: number): readonly number[]
  /** In what names sound like. */
  sounding(query: SearchQuery, ranks: readonly Rank[], atMost: number): readonly number[]
  /** In what is written or what names sound like, but for a typing error; in the catalogue's order. */
  near(query: NearQuery, spell: Spelling, atMost: number): readonly number[]
}

/** The passes of a search: each adds what those before it didn't find, until there are more hits than the limit. */
class Hits {
  private readonly ids = new Set<number>()
  constructor(readonly atMost: number) {}
  get size(): number {
    return this.ids.size
  }
  get full(): boolean {
    return this.ids.size >= this.atMost
  }
  add(find: () => readonly number[]): void {
    if (this.full) return
    for (const id of find()) if (!this.full) this.ids.add(id)
  }
  list(): number[] {
    return [...this.ids]
  }
}

function lookUp(items: readonly CatalogItem[], lookup: Lookup, typed: string, limit: number): SearchResult {
  const hits = new Hits(limit + 1)
  let swapped: string | null = null
  const written = (query: string): void => {
    hits.add(() => lookup.written(readQuery(query), hits.atMost))
    for (const other of otherSpellings(query)) hits.add(() => lookup.written(other, hits.atMost))
  }
  const sounding = (query: string, ranks: readonly Rank[]): void => {
    const sound = hits.full ? null : soundQuery(query, hits.size === 0)
    if (sound !== null) hits.add(() => lookup.sounding(sound, ranks, hits.atMost))
  }
  const near = (query: string): void => {
    // Who typed several words and found something has found it.
    if (hits.size >= (readQuery(query).words.length === 1 ? TOO_LITTLE : 1)) return
    for (const spell of SPELLINGS) {
      const errors = nearQuery(query, spell)
      if (errors !== null) hits.add(() => lookup.near(errors, spell, hits.atMost))
    }
  }
  written(typed)
  sounding(typed, WORDS)
  if (hits.size === 0) {
    // The keys of another layout: what they give is rather meant than what only sounds alike inside a word.
    const other = swapLayout(typed)
    if (other !== null) {
      written(other)
      sounding(other, WORDS)
      if (hits.size > 0) swapped = other
    }
  }
  if (hits.size === 0) sounding(typed, INSIDE)
  if (swapped === null) near(typed)
  const ids = hits.list()
  return { items: ids.slice(0, limit).flatMap((id) => items[id] ?? []), more: ids.length > limit, swapped }
}

/** The definition of the search: every item compared, hits sorted by rank and then by their place in the catalogue. */
export function plainScan(
  items: readonly CatalogItem[],
  query: string,
  limit: number = DEFAULT_SEARCH_LIMIT,
): SearchResult {
  const scan =
    (textOf: (item: CatalogItem) => string) =>
    (wanted: SearchQuery, ranks: readonly Rank[]): number[] => {
      const hits: { id: number; rank: Rank }[] = []
      items.forEach((item, id) => {
        const rank = rankOf(textOf(item), wanted)
        if (rank !== null && ranks.includes(rank)) hits.push({ id, rank })
      })
      return hits.sort((a, b) => a.rank - b.rank || a.id - b.id).map((hit) => hit.id)
    }
  const sound = (item: CatalogItem): string => soundText(searchText(item))
  const lookup: Lookup = {
    written: (wanted) => scan(searchText)(wanted, WRITTEN),
    sounding: scan(sound),
    near: (wanted, spell) =>
      items.flatMap((item, id) => (isNear((spell === 'sound' ? sound : searchText)(item), wanted) ? [id] : [])),
  }
  return lookUp(items, lookup, query, limit)
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

/** Texts with the lists of their letters. */
interface TextIndex {
  readonly texts: readonly string[]
  readonly grams: GramIndex
}

function ranked({ texts, grams }: TextIndex, query: SearchQuery, ranks: readonly Rank[], atMost: number): number[] {
  const ids: number[] = []
  if (query.whole === '') {
    for (let id = 0; id < texts.length && id < atMost; id++) ids.push(id)
    return ids
  }
  for (const rank of ranks) {
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

/**
 * Lists of which at least one holds a text with this word but for one typing error: the error lies in one half of the
 * word and leaves the other as it is, or changes the two letters where the halves meet.
 */
function nearRanges(grams: GramIndex, word: string): GramRange[] {
  const half = word.length >> 1
  const [first, second] = [word.slice(0, half), word.slice(half)]
  const changed = first.slice(0, -1) + second.charAt(0) + first.slice(-1) + second.slice(1)
  return [
    ...shortest(grams.ranges(first, 'wordStart')),
    ...shortest(grams.ranges(second, 'anywhere')),
    ...shortest(grams.ranges(changed, 'wordStart')),
  ]
}

const sizeOfAll = (ranges: readonly GramRange[]): number => ranges.reduce((sum, range) => sum + sizeOf(range), 0)

function nearIn({ texts, grams }: TextIndex, query: NearQuery, atMost: number): number[] {
  // One word's lists hold every hit already: those of the rarest word are the fewest to compare.
  const lists = query.long.map((word) => nearRanges(grams, word))
  const ranges = lists.reduce((best, other) => (sizeOfAll(other) < sizeOfAll(best) ? other : best))
  const seen = new Set<number>()
  for (const { from, to } of ranges) {
    for (let at = from; at < to; at++) {
      const id = grams.postings[at] ?? 0
      if (!seen.has(id) && isNear(texts[id] ?? '', query)) seen.add(id)
    }
  }
  return [...seen].sort((a, b) => a - b).slice(0, atMost)
}

/** Builds the index at once: below 100 ms for 10 000 items. */
export function createSearchIndex(items: readonly CatalogItem[]): SearchIndex {
  const building = buildSearchIndex(items, Infinity)
  for (;;) {
    const step = building.next()
    if (step.done) return step.value
  }
}

/** Indexes the text of each `part`; yields the number of steps done, of three each, every `chunk` parts. */
function* indexTexts<T>(parts: readonly T[], textOf: (part: T) => string, chunk: number): Generator<number, TextIndex> {
  const texts: string[] = []
  for (const part of parts) {
    texts.push(textOf(part))
    if (texts.length % chunk === 0) yield texts.length
  }
  const building = buildGrams(texts, chunk)
  let step = building.next()
  for (; !step.done; step = building.next()) yield parts.length + step.value
  return { texts, grams: step.value }
}

/** The same generator with its steps counted as `from` and above, of `of`. */
function* counted(building: Generator<number, TextIndex>, from: number, of: number): Generator<number, TextIndex> {
  let step = building.next()
  for (; !step.done; step = building.next()) yield (from + step.value) / of
  return step.value
}

/**
 * Builds the index in steps of `chunk` items, so that the page stays alive with a large catalogue: the caller lets
 * the browser breathe between two steps. Yields the share that is done, 0 to 1.
 */
export function* buildSearchIndex(items: readonly CatalogItem[], chunk = 2_000): Generator<number, SearchIndex> {
  const each = 3 * items.length
  const names = yield* counted(indexTexts(items, searchText, chunk), 0, 2 * each)
  const sounds = yield* counted(indexTexts(names.texts, soundText, chunk), each, 2 * each)
  const lookup: Lookup = {
    written: (query, atMost) => ranked(names, query, WRITTEN, atMost),
    sounding: (query, ranks, atMost) => ranked(sounds, query, ranks, atMost),
    near: (query, spell, atMost) => nearIn(spell === 'sound' ? sounds : names, query, atMost),
  }
  const find = (query: string, limit: number = DEFAULT_SEARCH_LIMIT): SearchResult =>
    lookUp(items, lookup, query, limit)
  return { size: items.length, find, search: (query, limit) => find(query, limit).items }
}
