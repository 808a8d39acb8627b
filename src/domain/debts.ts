/**
 * Who owes the shop what, worked out of the journal: sales on credit raise a debt, money paid back and returns lower it.
 * Nothing of it is kept beside the journal, so that no second figure can disagree. All amounts in tiyn.
 */
import { sumTiyn, tiyn } from './money.ts'
import type { Tiyn } from './money.ts'
import { rowName } from './receipt.ts'

/** Who owes, as it is written in a record of the journal. One name is one debtor, however it is capitalised or spaced. */
export interface EntryDebt {
  /** The folded name (`debtorOf`): records of one debtor are found by it. */
  readonly debtor: string
  readonly name: string
  readonly phone?: string
  /** What the cashier wrote beside the name; of a note in the debt book, why it was made. */
  readonly note?: string
  /**
   * Of a note in the debt book (`EntryKind` `debt`) only: `paid` without the register (a card, a transfer), `forgiven`, or
   * `earlier`: a debt from before, or from outside, of this terminal.
   */
  readonly act?: NoteAct
  /** Of an earlier debt: since when, ms since the epoch. */
  readonly sinceMs?: number
}

export const NOTE_ACTS = ['paid', 'forgiven', 'earlier'] as const
export type NoteAct = (typeof NOTE_ACTS)[number]

/** What a record does to a debt: `given` to `paidOut` raise it, the others lower it. */
export type DebtAct = 'given' | 'earlier' | 'paidOut' | 'cashIn' | 'paid' | 'forgiven' | 'returned'

const RAISES: ReadonlySet<DebtAct> = new Set(['given', 'earlier', 'paidOut'])

export const MAX_DEBTOR_NAME = 60
export const MAX_DEBT_NOTE = 100

/** A debtor's name folded: records of one person carry one text, whoever typed it. Empty for no name. */
export function debtorOf(name: string): string {
  return rowName(name.normalize('NFC')).toLowerCase().replaceAll('ё', 'е')
}

const PHONE = /^\+?[\d\s()-]{5,25}$/

/** The debt under this name; a contact that looks like a phone is one, any other text a note. Null for no name. */
export function debtUnder(name: string, contact: string): EntryDebt | null {
  const debtor = debtorOf(name)
  const written = rowName(contact)
  if (debtor === '') return null
  return { debtor, name: rowName(name), ...(written && { [PHONE.test(written) ? 'phone' : 'note']: written }) }
}

/** A record of the journal as the debt book counts it. */
export interface DebtRecord extends Pick<EntryDebt, 'debtor' | 'name' | 'phone' | 'note'> {
  readonly id: string
  readonly act: DebtAct
  /** Above 0. */
  readonly amount: Tiyn
  /** ms since the epoch: of an earlier debt since when it is owed. */
  readonly atMs: number
  /** Where records of one moment stand: the later one rises. */
  readonly sequence: number
  /** The register hasn't confirmed it; it counts all the same, until it is written off. */
  readonly waiting: boolean
  /** Of a return: id of the sale that it gives back, where it is known. */
  readonly of?: string | undefined
}

/** A debt that was raised, and how much of it is still open. */
export interface OpenDebt {
  readonly record: DebtRecord
  readonly left: Tiyn
}

export interface Debtor {
  readonly debtor: string
  /** As they were written last. */
  readonly name: string
  readonly phone: string
  /** Below 0: more came back than was owed, and the shop owes it. */
  readonly owed: Tiyn
  /** Raised and lowered in all. */
  readonly given: Tiyn
  readonly back: Tiyn
  /** What isn't paid back, oldest first. */
  readonly open: readonly OpenDebt[]
  /** Oldest first. */
  readonly records: readonly DebtRecord[]
  /** Something of it waits for the register. */
  readonly waiting: boolean
}

/** Tiyn by which a record raises (above 0) or lowers a debt. */
export function effectOf({ act, amount }: Pick<DebtRecord, 'act' | 'amount'>): Tiyn {
  return tiyn(RAISES.has(act) ? amount : -amount)
}

const byTime = (a: DebtRecord, b: DebtRecord): number => a.atMs - b.atMs || a.sequence - b.sequence

/** One debtor of all the records that name this one. A return lowers the debt of its own sale, money the oldest first. */
function debtorOfRecords(records: readonly DebtRecord[]): Debtor {
  const sorted = [...records].sort(byTime)
  const raised = sorted.filter(({ act }) => RAISES.has(act)).map((record) => ({ record, left: Number(record.amount) }))
  let money = 0
  const take = (debt: { left: number }, amount: number): number => {
    const taken = Math.min(debt.left, amount)
    debt.left -= taken
    return amount - taken
  }
  for (const { act, amount, of } of sorted) {
    if (RAISES.has(act)) continue
    const own = raised.find(({ record }) => act === 'returned' && record.id === of)
    money += own === undefined ? amount : take(own, amount)
  }
  for (const debt of raised) money = take(debt, money)
  const given = sumTiyn(sorted.map((record) => tiyn(Math.max(0, effectOf(record)))))
  const back = sumTiyn(sorted.map((record) => tiyn(Math.max(0, -effectOf(record)))))
  const newest = [...sorted].sort((a, b) => b.sequence - a.sequence)
  return {
    debtor: newest[0]?.debtor ?? '',
    name: newest[0]?.name ?? '',
    phone: newest.find(({ phone }) => phone)?.phone ?? '',
    owed: tiyn(given - back),
    given,
    back,
    open: raised.filter(({ left }) => left > 0).map(({ record, left }) => ({ record, left: tiyn(left) })),
    records: sorted,
    waiting: sorted.some(({ waiting }) => waiting),
  }
}

/** Everybody whom the records name: who owes stands first, the oldest debt before the others; then by name. */
export function debtBook(records: readonly DebtRecord[]): readonly Debtor[] {
  const of = new Map<string, DebtRecord[]>()
  for (const record of records) {
    const mine = of.get(record.debtor)
    if (mine === undefined) of.set(record.debtor, [record])
    else mine.push(record)
  }
  const since = ({ open }: Debtor): number => open[0]?.record.atMs ?? Infinity
  return [...of.values()].map(debtorOfRecords).sort((a, b) => {
    const [mine, other] = [since(a), since(b)]
    return mine === other ? a.name.localeCompare(b.name) : mine - other
  })
}

/** Tiyn that the records come to: what their debtor owes. */
export function owedIn(records: readonly DebtRecord[]): Tiyn {
  return sumTiyn(records.map(effectOf))
}
