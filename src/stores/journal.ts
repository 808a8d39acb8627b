/** The journal of this terminal: pages, search by number, sum, mark or day, and its export. */
import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { typedDay } from '../domain/calendar-day.ts'
import { typedMark } from '../domain/mark.ts'
import { parseTiyn } from '../domain/money.ts'
import type { ReceiptCode } from '../domain/receipt-code.ts'
import { parseDeviceTime } from '../ikkm/device-time.ts'
import { registeredAt, type Entry } from '../queue/types.ts'
import type { JournalPage } from '../storage/journal-repository.ts'
import { useCashiersStore } from './cashiers.ts'
import { services } from '../till/services.ts'

const PAGE = 50
const FOUND_LIMIT = 200
/** Names have no index: so far back a receipt is looked for by one, and among so many operations. */
const WAYS_SEARCHED_MS = 31 * 86_400_000
const WAYS_SEARCHED = 5_000
/**
 * The QR code's time is the register's, like the journal's where the register told it. Where it didn't, the tablet's stands
 * there: its clock and a queue that waited a moment lie between them.
 */
const SAME_TIME_MS = 120_000
const NEAR_TIME_MS = 86_400_000

/** What a receipt's code led to. */
export type FoundReceipt =
  | { readonly kind: 'entry'; readonly entry: Entry }
  /** Of another tablet, from a backup: to be looked at only. */
  | { readonly kind: 'imported'; readonly entry: Entry }
  /** Receipts of this sum (tiyn) around that time, and nothing that tells which of them. */
  | { readonly kind: 'several'; readonly entries: readonly Entry[] }
  /** The letters of its mark are another tablet's. */
  | { readonly kind: 'otherTill' }
  | { readonly kind: 'unknown' }

export const useJournalStore = defineStore('journal', () => {
  const entries = shallowRef<readonly Entry[]>([])
  const next = ref<number | null>(null)
  const loading = ref(false)
  const query = ref('')
  /** The code of a receipt that was scanned on another screen; the journal takes it. */
  const scanned = shallowRef<ReceiptCode | null>(null)

  /** Whoever may not see what others did sees their own; what a customer's paper names is found by anybody. */
  function visible(list: readonly Entry[]): readonly Entry[] {
    const cashiers = useCashiersStore()
    if (cashiers.may('journalOfOthers')) return list
    return list.filter((entry) => entry.cashier === cashiers.current?.name)
  }

  /** The next page with anything to be seen on it. */
  async function page(before?: number): Promise<JournalPage> {
    const { ledger } = services()
    for (let from = before; ;) {
      const read = await ledger?.page({ ...(from === undefined ? {} : { before: from }), limit: PAGE })
      const shown = visible(read?.entries ?? [])
      const following = read?.next ?? null
      if (shown.length > 0 || following === null) return { entries: shown, next: following }
      from = following
    }
  }

  async function find(text: string): Promise<readonly Entry[]> {
    const { ledger, now } = services()
    if (ledger === null) return []
    const mark = typedMark(text)
    if (mark !== null) {
      const entry = await ledger.bySequence(mark.number)
      return entry === null ? [] : [entry]
    }
    const day = typedDay(text, now())
    if (day !== null) return visible(await ledger.between(day.from, day.to, FOUND_LIMIT))
    const amount = parseTiyn(text)
    const digits = /^\d{1,12}$/.test(text) ? Number(text) : null
    const [numbered, summed] = await Promise.all([
      digits === null ? [] : ledger.byNumber(digits, FOUND_LIMIT),
      amount === null ? [] : ledger.byAmount(amount, FOUND_LIMIT),
    ])
    const known = new Set(numbered.map((entry) => entry.id))
    const found = [...numbered, ...visible(summed).filter((entry) => !known.has(entry.id))]
    return found.length > 0 || digits !== null || amount !== null ? found : byWay(text.toLowerCase())
  }

  /** The receipt that the code names. Paper in a customer's hand may be found by anybody. */
  async function findScanned(code: ReceiptCode): Promise<FoundReceipt> {
    const imported = await services().imported()
    if (code.kind === 'mark') return (await byMark(code)) ?? other(await imported?.byMark(code.mark, 1), 'otherTill')
    const at = parseDeviceTime(code.time) ?? 0
    const distance = (entry: Entry) => Math.abs((registeredAt(entry) ?? entry.createdAtMs) - at)
    const ofSum = (await services().ledger?.byAmount(code.total, FOUND_LIMIT)) ?? []
    const near = ofSum.filter((entry) => entry.receipt !== null && distance(entry) < NEAR_TIME_MS)
    const same = near.filter((entry) => distance(entry) < SAME_TIME_MS)
    const entries = same.length > 0 ? same : near
    const [only] = entries
    if (only !== undefined) return entries.length === 1 ? { kind: 'entry', entry: only } : { kind: 'several', entries }
    const theirs = (await imported?.byAmount(code.total, FOUND_LIMIT)) ?? []
    const theirsThen = theirs.filter((entry) => distance(entry) < SAME_TIME_MS)
    return other(theirsThen.length === 1 ? theirsThen : [], 'unknown')
  }

  async function byMark({ mark, number }: Extract<ReceiptCode, { kind: 'mark' }>): Promise<FoundReceipt | null> {
    const { ledger } = services()
    const entry = (await ledger?.bySequence(number)) ?? null
    if (entry?.mark === mark) return { kind: 'entry', entry }
    const newest = (await ledger?.page({ limit: 1 }))?.entries[0]
    // The letters are this tablet's own: its journal has lost that receipt, or it is a practice register's.
    return newest?.mark.split('-')[0] === mark.split('-')[0] ? { kind: 'unknown' } : null
  }

  function other(found: readonly Entry[] | undefined, otherwise: 'otherTill' | 'unknown'): FoundReceipt {
    const [entry] = found ?? []
    return entry === undefined ? { kind: otherwise } : { kind: 'imported', entry }
  }

  /** What of the last weeks was paid by a name of the shop’s own or names such a debtor, newest first. */
  async function byWay(text: string): Promise<readonly Entry[]> {
    const { ledger, now } = services()
    const recent = await ledger?.between(now() - WAYS_SEARCHED_MS, now() + 1, WAYS_SEARCHED)
    const named = ({ name }: { readonly name: string }): boolean => name.toLowerCase().includes(text)
    const found = (recent ?? []).filter(({ ways = [], debt }) => [...ways, ...(debt ? [debt] : [])].some(named))
    return visible(found).slice(0, FOUND_LIMIT)
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
      const first = await page()
      if (query.value.trim() === '') [entries.value, next.value] = [first.entries, first.next]
    } finally {
      loading.value = false
    }
  }

  async function loadMore(): Promise<void> {
    if (next.value === null || loading.value) return
    loading.value = true
    try {
      const more = await page(next.value)
      entries.value = [...entries.value, ...more.entries]
      next.value = more.next
    } finally {
      loading.value = false
    }
  }

  /** What was made from `from` up to but not including `to` (ms), oldest first, as far as it may be seen. */
  async function between(from: number, to: number): Promise<readonly Entry[]> {
    const found = await services().ledger?.between(from, to, Number.MAX_SAFE_INTEGER)
    return [...visible(found ?? [])].reverse()
  }

  /** Every record as JSON lines, oldest first, for a backup or an accountant; null for whoever may not see all. */
  async function exportLines(): Promise<Blob | null> {
    if ((await services().refusal(['journalOfOthers'])) !== null) return null
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
    scanned,
    findScanned,
    hasMore: () => next.value !== null,
    load,
    loadMore,
    between,
    exportLines,
    entry: async (id: string) => (await services().ledger?.entry(id)) ?? null,
    quarantined: async () => (await services().ledger?.quarantined()) ?? [],
  }
})
