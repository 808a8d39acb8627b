/**
 * Look-up over the catalogue, built in slices behind the screen; until it is there a plain scan gives the same hits.
 * Codes are there at once, for the scanner; the search by words is no part of the first screen and fetched behind it.
 */
import { shallowRef } from 'vue'
import type { CatalogItem } from '../domain/catalog.ts'
import { codeKey, codesOf } from '../domain/goods-code.ts'
import type { buildSearchIndex, plainScan, SearchIndex } from '../domain/search.ts'
import { browserPace, runInSteps, type Pace } from './in-steps.ts'

interface Search {
  readonly buildSearchIndex: typeof buildSearchIndex
  readonly plainScan: typeof plainScan
}

const fetchSearch = (): Promise<Search> => import('../domain/search.ts')

/** ms until the search is asked for again, where it couldn't be fetched. */
const RETRY_MS = 2_000

/** Items of one step: some 2 ms of work on a slow tablet. */
const STEP = 250

/** A code as it stands goes before one that is the same in another spelling. */
const SPELLINGS = [(code: string) => code, codeKey] as const

function scanCodes(items: readonly CatalogItem[], code: string): CatalogItem | undefined {
  const [asItStands] = SPELLINGS
  const first = (wanted: string, spell: (code: string) => string) =>
    items.find((item) => codesOf(item).some((one) => spell(one) === wanted))
  const key = codeKey(code)
  return first(code, asItStands) ?? first(key, asItStands) ?? first(key, codeKey)
}

function* indexCodes(items: readonly CatalogItem[]): Generator<unknown, ReadonlyMap<string, CatalogItem>> {
  const byCode = new Map<string, CatalogItem>()
  let done = 0
  for (const spell of SPELLINGS) {
    for (const item of items) {
      for (const code of codesOf(item)) {
        const key = spell(code)
        if (!byCode.has(key)) byCode.set(key, item)
      }
      if (++done % STEP === 0) yield
    }
  }
  return byCode
}

/** @param fetched the search's code; asked for with the first list of items, and until it came */
export function createCatalogIndex(pace: Pace = browserPace, fetched: () => Promise<Search> = fetchSearch) {
  let items: readonly CatalogItem[] = []
  /** Null while they are built or fetched; screens that searched meanwhile follow the change. */
  const byCode = shallowRef<ReadonlyMap<string, CatalogItem> | null>(null)
  const index = shallowRef<SearchIndex | null>(null)
  const search = shallowRef<Search | null>(null)

  let fetching: Promise<Search> | null = null
  async function untilFetched(): Promise<Search> {
    for (;;) {
      try {
        return (search.value = await fetched())
      } catch {
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
      }
    }
  }

  /** Takes another list of items. The index for it follows by itself; the promise is for tests. */
  async function replace(next: readonly CatalogItem[]): Promise<void> {
    items = next
    byCode.value = null
    index.value = null
    const wanted = () => items === next
    const codes = await runInSteps(indexCodes(next), wanted, pace)
    if (codes === null) return
    byCode.value = codes
    const found = await (fetching ??= untilFetched())
    const built = await runInSteps(found.buildSearchIndex(next, STEP), wanted, pace)
    if (built !== null) index.value = built
  }

  return {
    replace,
    ready: () => index.value !== null,
    /** Whether `search` can answer: before, no hit doesn't mean that there is none. */
    searchable: () => search.value !== null,
    /** Items that the query finds, best first. */
    search: (query: string): readonly CatalogItem[] =>
      index.value?.search(query) ?? search.value?.plainScan(items, query).items ?? [],
    /** The first item with this code or barcode; without one, that has it in another spelling (`codeKey`). */
    find(code: string): CatalogItem | null {
      if (codeKey(code) === '') return null
      const codes = byCode.value
      return (codes === null ? scanCodes(items, code) : (codes.get(code) ?? codes.get(codeKey(code)))) ?? null
    },
  }
}
