/** The debt book on the screen: who owes what, and money that is paid back. */
import { defineStore } from 'pinia'
import { computed, shallowRef, watch } from 'vue'
import { debtBook, type Debtor, type EntryDebt, type NoteAct } from '../domain/debts.ts'
import { errorText, isStorageError } from '../domain/error-text.ts'
import { sumTiyn, tiyn, type Tiyn } from '../domain/money.ts'
import { depositRequest, withdrawalRequest } from '../ikkm/requests.ts'
import type { Entry, EntryDraft } from '../queue/types.ts'
import { debtRecords, isOwed, owes } from '../till/debt-book.ts'
import { isRefusal, services, type Refusal } from '../till/services.ts'
import { useQueueStore } from './queue.ts'

/** How money comes back: into the drawer by the register, or past it by a card or a transfer. */
export type PaidBackBy = 'cash' | 'other'

export type DebtResult =
  | { readonly kind: 'enqueued'; readonly entry: Entry }
  /** Less is owed by now: another window was quicker, or more was typed. Nothing was stored. */
  | { readonly kind: 'notOwed' }
  /** The disk or the browser refuses to keep the record. `detail` is technical. */
  | { readonly kind: 'storage'; readonly detail: string }
  | { readonly kind: 'noDevice' }
  | Refusal
  /** This dialog's operation was stored before with another content (`entry`); nothing was added. */
  | { readonly kind: 'conflict'; readonly entry: Entry }

type Wanted = Pick<EntryDraft, 'kind' | 'request' | 'debt' | 'amount'>

export const useDebtsStore = defineStore('debts', () => {
  const queue = useQueueStore()
  const entries = shallowRef<readonly Entry[] | null>(null)
  const book = computed<readonly Debtor[]>(() => debtBook(debtRecords(entries.value ?? [])))
  /** What is owed to the shop in all, tiyn. */
  const total = computed(() => sumTiyn(book.value.map(({ owed }) => tiyn(Math.max(0, owed)))))
  let newest = 0

  /** Reads the book anew. An answer that a later call overtook is dropped. */
  async function load(): Promise<void> {
    const turn = (newest += 1)
    const repository = await services().debts?.()
    const read = (await repository?.all()) ?? []
    if (turn === newest) entries.value = read
  }

  // What is registered meanwhile, also by another window, changes its state here too.
  watch(
    () => queue.open,
    () => {
      if (entries.value !== null) void load()
    },
  )

  async function enqueue(
    id: string,
    wanted: Wanted,
    owed?: (records: readonly Entry[]) => boolean,
  ): Promise<DebtResult> {
    const { queue: gateway, storageProblem, now, cashier } = services()
    if (storageProblem !== null) return { kind: 'storage', detail: storageProblem }
    if (gateway === null) return { kind: 'noDevice' }
    const draft: EntryDraft = {
      ...wanted,
      id,
      deviceId: gateway.deviceId,
      receipt: null,
      cashier: cashier()?.name ?? '',
      createdAtMs: now(),
      shift: null,
      bank: null,
    }
    try {
      const result = await gateway.enqueue(id, () => draft, owed === undefined ? undefined : { owed })
      if (isRefusal(result)) return result
      if (result.kind === 'conflict') return { kind: 'conflict', entry: result.entry }
      if (result.kind === 'notOwed') return { kind: 'notOwed' }
      queue.refresh()
      return { kind: 'enqueued', entry: result.entry }
    } catch (error) {
      if (!isStorageError(error)) throw error
      return { kind: 'storage', detail: errorText(error) }
    } finally {
      await load()
    }
  }

  const note = (debt: EntryDebt, act: NoteAct, amount: Tiyn): Wanted => ({
    kind: 'debt',
    request: null,
    debt: { ...debt, act },
    amount,
  })

  /**
   * Money of a debtor, at most what is owed at the moment of storing it. `cash` is a deposit at the register, never a second
   * sale (decision 021); what came past the drawer is written down only. `id` (uuid) stays the same while the person tries
   * again, so that it can't become two.
   */
  function payBack(id: string, debt: EntryDebt, amount: Tiyn, by: PaidBackBy): Promise<DebtResult> {
    const wanted: Wanted =
      by === 'cash' ? { kind: 'deposit', request: depositRequest(amount), debt, amount } : note(debt, 'paid', amount)
    return enqueue(id, wanted, owes(amount))
  }

  /** Cash for a debtor whom the shop owes, out of the drawer; at most what it owes. `id` as in `payBack`. */
  function giveOut(id: string, debt: EntryDebt, amount: Tiyn): Promise<DebtResult> {
    return enqueue(id, { kind: 'withdrawal', request: withdrawalRequest(amount), debt, amount }, isOwed(amount))
  }

  /** A debt or a part of it is given up; the reason stands in `debt.note`. `id` as in `payBack`. */
  function forgive(id: string, debt: EntryDebt, amount: Tiyn): Promise<DebtResult> {
    return enqueue(id, note(debt, 'forgiven', amount), owes(amount))
  }

  /** A debt from before this terminal, since `debt.sinceMs`. `id` as in `payBack`. */
  function addEarlier(id: string, debt: EntryDebt, amount: Tiyn): Promise<DebtResult> {
    return enqueue(id, note(debt, 'earlier', amount))
  }

  /** The debtor as it stands in the book; null for nobody. */
  const find = (debtor: string): Debtor | null => book.value.find((one) => one.debtor === debtor) ?? null

  return {
    book,
    total,
    loaded: computed(() => entries.value !== null),
    entryOf: (id: string): Entry | null => entries.value?.find((entry) => entry.id === id) ?? null,
    load,
    find,
    payBack,
    giveOut,
    forgive,
    addEarlier,
    newId: () => services().newId(),
    now: () => services().now(),
  }
})
