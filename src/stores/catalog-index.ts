/** Look-up over the catalogue: built in slices behind the screen; until it is there a plain scan gives the same hits. */
import { shallowRef } from 'vue'
import type { CatalogItem } from '../domain/catalog.ts'
import { buildSearchIndex, plainScan, type SearchIndex } from '../domain/search.ts'
import { browserPace, runInSteps, type Pace } from './in-steps.ts'

interface Lookup {
  readonly search: SearchIndex
  readonly byCode: ReadonlyMap<string, CatalogItem>
}

/** Items of one step: some 2 ms of work on a slow tablet. */
const STEP = 250

function hasCode(item: CatalogItem, code: string): boolean {
  return item.code === code || item.barcodes.includes(code)
}

function* buildLookup(items: readonly CatalogItem[]): Generator<unknown, Lookup> {
  const byCode = new Map<string, CatalogItem>()
  let done = 0
  for (const item of items) {
    if (!byCode.has(item.code)) byCode.set(item.code, item)
    for (const barcode of item.barcodes) if (!byCode.has(barcode)) byCode.set(barcode, item)
    if (++done % STEP === 0) yield
  }
  const search = yield* buildSearchIndex(items, STEP)
  return { search, byCode }
}

export function createCatalogIndex(pace: Pace = browserPace) {
  let items: readonly CatalogItem[] = []
  /** Null while it is being built; screens that searched meanwhile follow the change. */
  const lookup = shallowRef<Lookup | null>(null)

  /** Takes another list of items. The index for it follows by itself; the promise is for tests. */
  async function replace(next: readonly CatalogItem[]): Promise<void> {
    items = next
    lookup.value = null
    const built = await runInSteps(buildLookup(next), () => items === next, pace)
    if (built !== null) lookup.value = built
  }

  return {
    replace,
    ready: () => lookup.value !== null,
    /** Items that the query finds, best first. */
    search: (query: string): readonly CatalogItem[] =>
      lookup.value?.search.search(query) ?? plainScan(items, query).items,
    /** The first item with exactly this code or barcode. */
    find: (code: string): CatalogItem | null =>
      (lookup.value === null ? items.find((item) => hasCode(item, code)) : lookup.value.byCode.get(code)) ?? null,
  }
}
