/** The journal of this terminal: pages, search by number, sum, mark or day, and its export. */
import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { parseTiyn } from '../domain/money.ts'
import type { Entry } from '../queue/types.ts'
import { services } from './services.ts'

const PAGE = 50
const FOUND_LIMIT = 200
const DAY_MS = 86_400_000

/** What a cashier typed: a receipt number, a sum, a mark such as `A-0137`, or a day `14.03.2026`. */
export interface JournalQuery {
  readonly text: string
}

/** Start of the day (ms) that `dd.mm.yyyy` or `dd.mm` names in the tablet's time zone; null for anything else. */
export function parseDay(text: string, nowMs: number): number | null {
  const match = /^(\d{1,2})[./](\d{1,2})(?:[./](\d{4}))?$/.exec(text.trim())
  if (match === null) return null
  const [day, month, year] = [Number(match[1]), Number(match[2]), Number(match[3] ?? new Date(nowMs).getFullYear())]
  const date = new Date(year, month - 1, day)
  return date.getDate() === day && date.getMonth() === month - 1 ? date.getTime() : null
}

export const useJournalStore = defineStore('journal', () => {
  const entries = shallowRef<readonly Entry[]>([])
  const next = ref<number | null>(null)
  const loading = ref(false)
  const query = ref('')

  async function find(text: string): Promise<readonly Entry[]> {
    const { ledger, now } = services()
    if (ledger === null) return []
    const mark = /^\p{L}{1,3}-?(\d{1,9})$/u.exec(text)
    if (mark !== null) {
      const entry = await ledger.bySequence(Number(mark[1]))
      return entry === null ? [] : [entry]
    }
    const day = parseDay(text, now())
    if (day !== null) return ledger.between(day, day + DAY_MS, FOUND_LIMIT)
    const amount = parseTiyn(text)
    const digits = /^\d{1,12}$/.test(text) ? Number(text) : null
    const [numbered, summed] = await Promise.all([
      digits === null ? [] : ledger.byNumber(digits, FOUND_LIMIT),
      amount === null ? [] : ledger.byAmount(amount, FOUND_LIMIT),
    ])
    const known = new Set(numbered.map((entry) => entry.id))
    return [...numbered, ...summed.filter((entry) => !known.has(entry.id))]
  }

  /** Shows the newest entries, or what the query finds. */
  async function load(): Promise<void> {
    loading.value = true
    const wanted = query.value.trim()
    try {
      if (wanted !== '') {
        const found = await find(wanted)
        if (wanted === query.value.trim()) [entries.value, next.value] = [found, null]
        return
      }
      const page = await services().ledger?.page({ limit: PAGE })
      if (query.value.trim() === '') [entries.value, next.value] = [page?.entries ?? [], page?.next ?? null]
    } finally {
      loading.value = false
    }
  }

  async function loadMore(): Promise<void> {
    if (next.value === null || loading.value) return
    loading.value = true
    try {
      const page = await services().ledger?.page({ before: next.value, limit: PAGE })
      entries.value = [...entries.value, ...(page?.entries ?? [])]
      next.value = page?.next ?? null
    } finally {
      loading.value = false
    }
  }

  /** Every record as JSON lines, oldest first, for a backup or an accountant. */
  async function exportLines(): Promise<Blob> {
    const parts: string[] = []
    for await (const batch of services().ledger?.batches(500) ?? []) {
      for (const entry of batch) parts.push(`${JSON.stringify(entry)}\n`)
    }
    return new Blob(parts, { type: 'application/x-ndjson' })
  }

  return {
    entries,
    query,
    loading,
    hasMore: () => next.value !== null,
    load,
    loadMore,
    exportLines,
    entry: async (id: string) => (await services().ledger?.entry(id)) ?? null,
    quarantined: async () => (await services().ledger?.quarantined()) ?? [],
  }
})
