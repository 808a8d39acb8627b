/**
 * Ways to pay under the shop's own names ("Kaspi QR"). The register knows its four tenders only: what each name brought
 * is kept beside the receipt and adds up to the tender's sum or stays below it.
 */
import { sumTiyn, tiyn } from './money.ts'
import type { Tiyn } from './money.ts'
import { takesCashOut } from './payment.ts'
import { TENDERS } from './receipt.ts'
import type { Payments, Receipt, ReceiptKind, Tender } from './receipt.ts'

/** A part of a payment as it was made; a later change of the settings doesn't reach it. */
export interface PaidWay {
  /** Id of the way in the settings of then. */
  readonly id: string
  readonly name: string
  readonly tender: Tender
  /** Tiyn that were kept (of a return: given back): what was handed over less the change. */
  readonly amount: Tiyn
  /** The note or the last digits that the cashier was asked for; absent where nothing was asked. */
  readonly note?: string
  /** Of a credit: a bank pays the shop, so the buyer owes it nothing. */
  readonly bankPays?: true
}

/** How a receipt was paid. */
export interface PaidReceipt {
  readonly kind: ReceiptKind
  readonly payments: Payments
  readonly change: Tiyn
  readonly ways?: readonly PaidWay[]
}

/** Tiyn of a tender that were kept: cash without the change. */
export function keptBy({ payments, change }: Pick<Receipt, 'payments' | 'change'>, tender: Tender): Tiyn {
  return tiyn((payments[tender] ?? 0) - (tender === 'cash' ? change : 0))
}

/** Tiyn of a tender that were paid under these names, or under one of them. */
export function namedBy(ways: readonly PaidWay[], tender: Tender, name?: string): Tiyn {
  const mine = ways.filter((way) => way.tender === tender && (name ?? way.name) === way.name)
  return sumTiyn(mine.map(({ amount }) => amount))
}

/** Tiyn of a receipt that somebody owes: its credit, less what a bank pays for the buyer. */
export function owedBy({ payments }: Pick<Receipt, 'payments'>, ways: readonly PaidWay[] = []): Tiyn {
  const others = ways.filter(({ tender, bankPays }) => tender === 'credit' && bankPays)
  return tiyn((payments.credit ?? 0) - sumTiyn(others.map(({ amount }) => amount)))
}

export interface WayTotal {
  readonly tender: Tender
  readonly name: string
  /** In by sales and purchase returns, out by returns and purchases, tiyn. */
  readonly tiyn: Tiyn
  /** Receipts that have it. */
  readonly count: number
}

/** What each name brought, in the order of tenders and then of names. */
export function wayTotals(receipts: readonly PaidReceipt[]): readonly WayTotal[] {
  const totals = new Map<string, WayTotal>()
  for (const { kind, ways = [] } of receipts) {
    const sign = takesCashOut(kind) ? -1 : 1
    for (const { tender, name, amount } of ways) {
      const key = `${tender}:${name}`
      const { tiyn: before, count } = totals.get(key) ?? { tiyn: tiyn(0), count: 0 }
      totals.set(key, { tender, name, tiyn: tiyn(before + sign * amount), count: count + 1 })
    }
  }
  const place = ({ tender }: WayTotal): number => TENDERS.indexOf(tender)
  return [...totals.values()].sort((a, b) => place(a) - place(b) || a.name.localeCompare(b.name))
}

/** One payment's parts over the receipts that it makes: each tender's names in their order, as far as they reach. */
export function spreadWays(
  receipts: readonly Pick<Receipt, 'payments' | 'change'>[],
  ways: readonly PaidWay[] = [],
): PaidWay[][] {
  const left = ways.map((way) => ({ way, open: Number(way.amount) }))
  return receipts.map((receipt) => {
    const mine: PaidWay[] = []
    for (const tender of TENDERS) {
      let due: number = keptBy(receipt, tender)
      for (const part of left) {
        const used = part.way.tender === tender ? Math.min(part.open, due) : 0
        if (used <= 0) continue
        mine.push({ ...part.way, amount: tiyn(used) })
        part.open -= used
        due -= used
      }
    }
    return mine
  })
}

/**
 * The name under which a return gives money back: the one of its tender under which it came, where it was one. A receipt
 * that was paid by two names of a tender doesn't tell which of them is meant.
 */
export function returnedWay(paid: readonly PaidWay[] = [], tender: Tender, total: Tiyn): readonly PaidWay[] {
  const names = paid.filter((way) => way.tender === tender)
  const [first] = names
  const covered = sumTiyn(names.map(({ amount }) => amount)) >= total
  if (first === undefined || !covered || names.some(({ id, name }) => id !== first.id || name !== first.name)) return []
  return [
    { id: first.id, name: first.name, tender, amount: total, ...(first.bankPays && { bankPays: first.bankPays }) },
  ]
}
