/**
 * Goods within reach: what the shop marked as its favourites, and what this terminal sold last. Both by code, so that they
 * outlive a load of the catalogue from another source.
 */
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { CatalogItem } from '../domain/catalog.ts'
import { listOf, read, text } from '../storage/shape.ts'
import { services } from '../till/services.ts'

const KEY = 'favourites'
const readCodes = (stored: unknown): readonly string[] => read(listOf(text), stored) ?? []

/** Receipts that are looked through, and goods that are shown of them. */
const LAST_RECEIPTS = 60
const MOST_RECENT = 30

/** The goods with these codes, in the codes' order; of two with one code the first. */
export function itemsByCode(items: readonly CatalogItem[], codes: readonly string[]): CatalogItem[] {
  const wanted = new Map<string, CatalogItem | null>(codes.map((code) => [code, null]))
  for (const item of items) if (wanted.get(item.code) === null) wanted.set(item.code, item)
  return [...wanted.values()].filter((item) => item !== null)
}

export const useShelfStore = defineStore('shelf', () => {
  /** Codes in the order in which they were marked. */
  const favourites = shallowRef<readonly string[]>([])
  /** Codes, the last sold first. */
  const recent = shallowRef<readonly string[]>([])

  async function loadFavourites(): Promise<void> {
    favourites.value = readCodes(await services().keyValues.get(KEY))
  }

  /** Marks an item, or takes its mark back; resolves to whether it is marked now. What other windows marked stays. */
  async function toggle(code: string): Promise<boolean> {
    const stored = await services().keyValues.update(KEY, (before) => {
      const codes = readCodes(before)
      return codes.includes(code) ? codes.filter((other) => other !== code) : [...codes, code]
    })
    favourites.value = readCodes(stored)
    return favourites.value.includes(code)
  }

  /** Reads anew what was sold last. Only when it is asked for: a list that moves by itself is tapped wrongly. */
  async function loadRecent(): Promise<void> {
    const page = await services().ledger?.page({ limit: LAST_RECEIPTS })
    const sold = (page?.entries ?? [])
      .filter(({ receipt }) => receipt?.kind === 'sale')
      .flatMap(({ receipt }) => receipt?.rows.toReversed() ?? [])
      .flatMap((row) => (row.kind === 'item' && row.code !== null ? [row.code] : []))
    recent.value = [...new Set(sold)].slice(0, MOST_RECENT)
  }

  return { favourites, recent, loadFavourites, loadRecent, toggle }
})
