/** The journal's entries as the debt book counts them. */
import { owedIn, type DebtAct, type DebtRecord } from '../domain/debts.ts'
import type { Tiyn } from '../domain/money.ts'
import { owedBy } from '../domain/paid-ways.ts'
import { isSettled, registeredAt, type Entry } from '../queue/types.ts'

/** What an entry that names a debtor does; null where it moves no money. */
function actOf({ kind, receipt, debt }: Entry): DebtAct | null {
  switch (kind) {
    case 'registration':
      if (receipt?.kind === 'sale') return 'given'
      return receipt?.kind === 'saleReturn' ? 'returned' : null
    case 'deposit':
      return 'cashIn'
    case 'withdrawal':
      return 'paidOut'
    case 'debt':
      return debt?.act ?? null
    default:
      return null
  }
}

const amountOf = ({ receipt, amount, ways }: Entry): Tiyn => (receipt === null ? amount : owedBy(receipt, ways))

/** Names a receipt of a register: its record and its number. */
const placeOf = (deviceId: string, number: number): string => `${String(number)} ${deviceId}`

/**
 * The records among these entries, in no order. What was refused and then corrected or written off never took place; what
 * still waits counts, and is marked.
 */
export function debtRecords(entries: readonly Entry[]): readonly DebtRecord[] {
  const sales = new Map<string, string>()
  for (const { id, deviceId, number } of entries) if (number !== null) sales.set(placeOf(deviceId, number), id)
  return entries.flatMap((entry): readonly DebtRecord[] => {
    const { id, debt, sequence, deviceId, receipt } = entry
    const act = actOf(entry)
    const amount = amountOf(entry)
    if (debt === undefined || act === null || amount <= 0 || entry.resolution !== null) return []
    const { debtor, name, phone, note } = debt
    const basis = receipt?.basis ?? null
    return [
      {
        id,
        debtor,
        name,
        ...(phone === undefined ? {} : { phone }),
        ...(note === undefined ? {} : { note }),
        act,
        amount,
        atMs: debt.sinceMs ?? registeredAt(entry) ?? entry.createdAtMs,
        sequence,
        waiting: !isSettled(entry),
        of: basis === null ? undefined : sales.get(placeOf(deviceId, basis.number)),
      },
    ]
  })
}

/** Whether the debtor of these entries owes `amount` (tiyn) or more. */
export const owes =
  (amount: Tiyn) =>
  (entries: readonly Entry[]): boolean =>
    owedIn(debtRecords(entries)) >= amount

/** Whether the shop owes the debtor of these entries `amount` (tiyn) or more. */
export const isOwed =
  (amount: Tiyn) =>
  (entries: readonly Entry[]): boolean =>
    -owedIn(debtRecords(entries)) >= amount
