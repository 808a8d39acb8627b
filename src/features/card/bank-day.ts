/** The card operations of a day as the bank's own report has them: what went through, and its totals. */
import { tiyn, type Tiyn } from '../../domain/money.ts'
import { concernsBank } from '../../stores/bank.ts'
import type { BankAttempt, BankMessage, Entry } from '../../queue/types.ts'

export interface DayTotal {
  readonly count: number
  readonly sum: Tiyn
}

export interface BankDay {
  readonly totals: Readonly<Record<BankMessage, DayTotal>>
  /** Purchases minus refunds and reversals; may be below 0. */
  readonly net: number
}

/** The attempt that went through, or the last one. */
export function deciding(entry: Entry): BankAttempt | null {
  const attempts = entry.bank?.attempts ?? []
  return attempts.find(({ state }) => state === 'success') ?? attempts.at(-1) ?? null
}

/** A corrected receipt carries the charge of the refused one: the same operation counts once. */
function once(entries: readonly Entry[]): readonly Entry[] {
  const seen = new Set<number>()
  return entries.filter((entry) => {
    const track = deciding(entry)?.track
    if (track === undefined) return true
    if (seen.has(track)) return false
    seen.add(track)
    return true
  })
}

/** Rows of the day's list, its closing too: each operation once, the entry that it belongs to now first. */
export function dayOperations(entries: readonly Entry[]): readonly Entry[] {
  return once(entries.filter(concernsBank))
}

/** Totals of what went through. `entries` newest first. */
export function bankDay(entries: readonly Entry[]): BankDay {
  const totals: Record<BankMessage, DayTotal> = {
    purchase: { count: 0, sum: tiyn(0) },
    refund: { count: 0, sum: tiyn(0) },
    reversal: { count: 0, sum: tiyn(0) },
  }
  for (const { bank } of dayOperations(entries)) {
    if (bank?.state !== 'paid') continue
    const before = totals[bank.message]
    totals[bank.message] = { count: before.count + 1, sum: tiyn(before.sum + bank.amount) }
  }
  return { totals, net: totals.purchase.sum - totals.refund.sum - totals.reversal.sum }
}
