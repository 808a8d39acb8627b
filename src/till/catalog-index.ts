/**
 * Look-up over the catalogue, built in slices behind the screen. Codes are there at once, for the scanner; the search by
 * words is no part of the first screen and fetched behind it. Who searches before it is built has it built sooner: to look
 * through all goods in one go would stop the page for as long.
 */
import { shallowRef } from 'vue'
import type { CatalogItem } from '../domain/catalog.ts'
import { codeKey, codesOf } from '../domain/goods-code.ts'
import type { buildSearchIndex, SearchIndex } from '../domain/search.ts'
import { browserPace, runInSlices, type Pace } from './time-slices.ts'

interface Search {
  readonly buildSearchIndex: typeof buildSearchIndex
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
  /** Somebody waits: the index is built without pauses for idleness, in slices still. */
  let hurried = false
  const pressed: Pace = {
    now: pace.now,
    breathe: () => (hurried ? new Promise((resolve) => setTimeout(resolve)) : pace.breathe()),
  }

  let fetching: Promise<Search> | null = null
  async function untilFetched(): Promise<Search> {
    for (;;) {
      try {
        return await fetched()
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
    hurried = false
    const wanted = () => items === next
    const codes = await runInSlices(indexCodes(next), wanted, pressed)
    if (codes === null) return
    byCode.value = codes
    const found = await (fetching ??= untilFetched())
    const built = await runInSlices(found.buildSearchIndex(next, STEP), wanted, pressed)
    if (built !== null) index.value = built
  }

  return {
    replace,
    /** Whether `search` can answer: before, no hit doesn't mean that there is none. */
    searchable: () => index.value !== null,
    /** Items that the query finds, best first; none while the index is built. */
    search(query: string): readonly CatalogItem[] {
      hurried = true
      return index.value?.search(query) ?? []
    },
    /** The first item with this code or barcode; without one, that has it in another spelling (`codeKey`). */
    find(code: string): CatalogItem | null {
      if (codeKey(code) === '') return null
      const codes = byCode.value
      return (codes === null ? scanCodes(items, code) : (codes.get(code) ?? codes.get(codeKey(code)))) ?? null
    },
  }
}
