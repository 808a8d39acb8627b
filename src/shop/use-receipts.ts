/** The list of receipts: what was asked for, page by page, and new ones on top while somebody looks. */
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import type { ReceiptState, ShopReceipt } from '../contract/shop.ts'
import { useShop } from './use-shop.ts'

const PAGE = 50
const TYPING_PAUSE_MS = 300

/** What a receipt is found again by: a till's ids are its own. */
export const keyOf = ({ till, id }: Pick<ShopReceipt, 'till' | 'id'>): string => `${till}/${id}`

export function useReceipts() {
  const shop = useShop()
  const search = ref('')
  const everywhere = ref(false)
  /** Empty: every till, every state. */
  const till = ref('')
  const state = ref<ReceiptState | ''>('')
  const rows = shallowRef<readonly ShopReceipt[] | null>(null)
  const next = shallowRef<string | null>(null)
  const failed = ref(false)
  const reading = ref(false)
  let turn = 0
  let pause: ReturnType<typeof setTimeout> | undefined

  const query = computed(() => ({
    period: everywhere.value ? null : shop.wanted.value,
    limit: PAGE,
    ...(search.value.trim() === '' ? {} : { search: search.value.trim() }),
    ...(till.value === '' ? {} : { till: till.value }),
    ...(state.value === '' ? {} : { state: state.value }),
  }))

  /** `keep`: what was paged to stays below what is new. */
  async function load(keep: boolean): Promise<void> {
    const mine = ++turn
    reading.value = true
    const answer = await shop.api.receipts(query.value)
    if (mine !== turn) return
    reading.value = false
    failed.value = !answer.ok
    if (!answer.ok) return
    const fresh = answer.value.receipts
    const older = keep && answer.value.next !== null ? (rows.value ?? []) : []
    const known = new Set(fresh.map(keyOf))
    const rest = older.filter((row) => !known.has(keyOf(row)))
    rows.value = [...fresh, ...rest]
    if (rest.length === 0) next.value = answer.value.next
  }

  async function more(): Promise<void> {
    if (next.value === null) return
    const mine = ++turn
    reading.value = true
    const answer = await shop.api.receipts({ ...query.value, before: next.value })
    if (mine !== turn) return
    reading.value = false
    failed.value = !answer.ok
    if (!answer.ok) return
    const known = new Set((rows.value ?? []).map(keyOf))
    rows.value = [...(rows.value ?? []), ...answer.value.receipts.filter((row) => !known.has(keyOf(row)))]
    next.value = answer.value.next
  }

  watch([shop.wanted, everywhere, till, state], () => void load(false))
  watch(search, () => {
    clearTimeout(pause)
    pause = setTimeout(() => void load(false), TYPING_PAUSE_MS)
  })
  watch(shop.changes, () => void load(true))
  onScopeDispose(() => {
    clearTimeout(pause)
  })
  void load(false)
  return { search, everywhere, till, state, rows, next, failed, reading, more }
}
