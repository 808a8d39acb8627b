/**
 * Card money outside a sale: what became of the charge of a refused receipt, giving it back, the bank's own operations
 * and the closing of its day (source 004, chapter 6). Fetched when it is needed: no ordinary sale does.
 */
import { defineStore } from 'pinia'
import { errorText, isStorageError } from '../domain/error-text.ts'
import { tiyn, type Tiyn } from '../domain/money.ts'
import { bankStartRequest, MAX_TRACK } from '../ikkm/requests.ts'
import { newBankLeg, type BankLeg, type Entry, type EntryDraft } from '../queue/types.ts'
import { isRefusal, services, type Refusal } from '../till/services.ts'

/** What the bank still holds of a refused receipt. */
export type Charge =
  /** Nothing: it was never charged, or everything went back. */
  | { readonly kind: 'none' }
  /** The customer paid; the receipt may be corrected with this result, or the money given back. */
  | { readonly kind: 'charged'; readonly leg: BankLeg }
  /** It is on its way back to the card. */
  | { readonly kind: 'returning'; readonly entry: Entry }
  /** The receipt was corrected or written off meanwhile. */
  | { readonly kind: 'settled' }

export type BankStart =
  | { readonly kind: 'enqueued'; readonly entry: Entry }
  | { readonly kind: 'noDevice' }
  | Refusal
  /** This dialog's operation was stored before with another content (`entry`); nothing was started. */
  | { readonly kind: 'conflict'; readonly entry: Entry }
  /** The record couldn't be stored: nothing was started. `detail` is technical. */
  | { readonly kind: 'storage'; readonly detail: string }

/** What the bank's page lists: a card operation of its own or of a receipt, or the closing of the bank's day. */
export function concernsBank(entry: Entry): boolean {
  return entry.bank !== null || entry.kind === 'bankClose'
}

/** More attempts to give one charge back than anybody makes; a bound for the search. */
const BACK_LIMIT = 100
/** Operations of one day; more than a till makes. */
const DAY_LIMIT = 10_000

/** The id says whose money goes back: after a crash the same operation is found again and none is made twice. */
function backId(entryId: string, turn: number): string {
  return `${entryId}:back:${turn}`
}

/** The latest operation that gives the charge of this entry back, and the turn of the next one. */
async function lastBack(entryId: string): Promise<{ readonly last: Entry | null; readonly next: number }> {
  let last: Entry | null = null
  for (let turn = 1; turn <= BACK_LIMIT; turn += 1) {
    const entry = (await services().ledger?.entry(backId(entryId, turn))) ?? null
    if (entry === null) return { last, next: turn }
    last = entry
  }
  return { last, next: BACK_LIMIT }
}

export const useBankStore = defineStore('bank', () => {
  /** Reads from the disk what the bank holds of the refused receipt with this id. */
  async function chargeOf(entryId: string): Promise<Charge> {
    const entry = (await services().ledger?.entry(entryId)) ?? null
    if (entry?.state !== 'refused' || entry.resolution !== null) return { kind: 'settled' }
    if (entry.bank?.state !== 'paid') return { kind: 'none' }
    const { last } = await lastBack(entryId)
    if (last === null || last.state === 'refused') return { kind: 'charged', leg: entry.bank }
    return last.state === 'done' ? { kind: 'none' } : { kind: 'returning', entry: last }
  }

  async function enqueue(
    id: string,
    what: Pick<EntryDraft, 'kind' | 'request' | 'amount' | 'bank'>,
  ): Promise<BankStart> {
    const { queue, storageProblem } = services()
    if (storageProblem !== null) return { kind: 'storage', detail: storageProblem }
    if (queue === null) return { kind: 'noDevice' }
    const build = (): EntryDraft => ({
      id,
      deviceId: queue.deviceId,
      ...what,
      receipt: null,
      cashier: services().cashier()?.name ?? '',
      createdAtMs: services().now(),
      shift: null,
    })
    try {
      const result = await queue.enqueue(id, build)
      if (isRefusal(result)) return result
      const { kind, entry } = result
      return kind === 'conflict' ? { kind, entry } : { kind: 'enqueued', entry }
    } catch (error) {
      if (!isStorageError(error)) throw error
      return { kind: 'storage', detail: errorText(error) }
    }
  }

  /** An operation of its own that brings money back. `id` (uuid) stays the same while the person tries again. */
  function operate(id: string, message: 'reversal' | 'refund', amount: Tiyn): Promise<BankStart> {
    return enqueue(id, { kind: 'bank', request: null, amount, bank: newBankLeg(message, amount) })
  }

  /**
   * Gives the charge of a refused sale back by cancelling the payment at the bank; null when there is nothing to give
   * back any more. The refused entry stays open until it is corrected or written off.
   */
  async function giveBack(entry: Entry): Promise<BankStart | null> {
    const charge = await chargeOf(entry.id)
    if (charge.kind !== 'charged' || charge.leg.message !== 'purchase') return null
    const { next } = await lastBack(entry.id)
    return operate(backId(entry.id, next), 'reversal', charge.leg.amount)
  }

  /**
   * The bank closes its day and prints its totals. It moves no money and has no result to read, so it is kept and sent
   * like a report; its track stands outside every terminal's own range. `id` as in `operate`.
   */
  function closeDay(id: string): Promise<BankStart> {
    const request = bankStartRequest('reconciliation', null, MAX_TRACK)
    return enqueue(id, { kind: 'bankClose', request, amount: tiyn(0), bank: null })
  }

  /** Every operation since `fromMs` that concerns the bank, newest first. */
  async function since(fromMs: number): Promise<readonly Entry[]> {
    const { ledger, now } = services()
    const entries = (await ledger?.between(fromMs, now() + 1, DAY_LIMIT)) ?? []
    return entries.filter(concernsBank)
  }

  return { chargeOf, giveBack, operate, closeDay, since, newId: () => services().newId() }
})
