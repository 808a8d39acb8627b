/** After a walk: what people did and were told against what the registers printed and the tills still hold. Pure. */
import type { LedgerEntry } from '../../src/device-model/device.ts'
import { TENDERS, type ReceiptKind } from '../../src/domain/receipt.ts'
import type { Entry } from '../../src/queue/types.ts'
import { paidTiyn, type Intent, type Model, type Operation, type Violation, type Way } from './model.ts'

/** A document of a register, as its paper has it. */
export interface Paper {
  readonly register: Way
  readonly number: number
  readonly kind: LedgerEntry['kind']
  readonly totalTiyn: number
  /** In the order of `TENDERS`. */
  readonly payments: readonly number[]
  readonly changeTiyn: number
  readonly names: readonly string[]
  readonly mark: string
  readonly foreign: boolean
}

/** What a till's ledger holds in the end. */
export interface LedgerLook {
  readonly till: string
  readonly entries: readonly Pick<
    Entry,
    'id' | 'mark' | 'kind' | 'state' | 'open' | 'number' | 'amount' | 'resolution'
  >[]
}

export interface Evidence {
  readonly intents: readonly Intent[]
  readonly operations: readonly Operation[]
  readonly papers: readonly Paper[]
  readonly ledgers: readonly LedgerLook[]
}

const RECEIPTS: ReadonlySet<string> = new Set<ReceiptKind>(['sale', 'buy', 'saleReturn', 'buyReturn'])

/** A register's ledger as papers. A row's name is compared without what the wire does to spaces. */
export function papersOf(register: Way, ledger: readonly LedgerEntry[]): readonly Paper[] {
  return ledger.map((entry) => ({
    register,
    number: entry.number,
    kind: entry.kind,
    totalTiyn: entry.totalTiyn,
    payments: entry.payments,
    changeTiyn: entry.changeTiyn,
    names: namesOf(entry),
    mark: (entry.footer ?? '').split('\n')[0] ?? '',
    foreign: entry.foreign,
  }))
}

function namesOf(entry: LedgerEntry): readonly string[] {
  return (entry.rows ?? []).flatMap((row) => (row.discount === null ? [plainName(row.name)] : [])).sort()
}

/** Letters and digits only: what screens and paper do to quotes and spaces is no difference. */
export function plainName(name: string): string {
  return name.replaceAll(/[^\p{L}\p{N}]+/gu, ' ').trim()
}

const isReceipt = (paper: Paper): boolean => RECEIPTS.has(paper.kind)
const say = (intent: Intent): string =>
  `${intent.kind} ${intent.totalTiyn === null ? '' : intent.totalTiyn / 100} (${intent.names.join(', ')}) paid in ${intent.window}`
const sayPaper = (paper: Paper): string =>
  `document ${paper.number} of register ${paper.register} (${paper.mark}): ${paper.kind} ${paper.totalTiyn / 100} (${paper.names.join(', ')})`

/** What differs between a confirmed payment and its documents; empty for nothing. */
function difference(intent: Intent, papers: readonly Paper[]): string {
  const total = papers.reduce((sum, paper) => sum + paper.totalTiyn, 0)
  if (papers.some((paper) => paper.kind !== intent.kind)) return 'another kind'
  if (intent.totalTiyn !== null && total !== intent.totalTiyn) return `a total of ${total / 100}`
  const names = papers.flatMap((paper) => paper.names).sort()
  if (names.join('|') !== intent.names.join('|')) return `other lines: ${names.join(', ')}`
  if (intent.payments === null || intent.totalTiyn === null) return ''
  const paid = TENDERS.map((_tender, index) => papers.reduce((sum, paper) => sum + (paper.payments[index] ?? 0), 0))
  const change = papers.reduce((sum, paper) => sum + paper.changeTiyn, 0)
  const given = TENDERS.map((tender) => intent.payments?.[tender] ?? 0)
  if (papers.length === 1 && paid.join() !== given.join()) return `paid ${paid.join('+')} instead of ${given.join('+')}`
  const due = intent.kind === 'sale' ? paidTiyn(intent.payments) - intent.totalTiyn : 0
  if (papers.length === 1 && change !== due) return `a change of ${change / 100}`
  return ''
}

class Court {
  readonly violations: Violation[] = []
  private readonly free: Set<Paper>

  constructor(private readonly evidence: Evidence) {
    this.free = new Set(evidence.papers.filter((paper) => isReceipt(paper) && !paper.foreign))
  }

  blame(kind: Violation['kind'], text: string): void {
    this.violations.push({ kind, text })
  }

  private take(intent: Intent, papers: readonly Paper[]): void {
    for (const paper of papers) {
      if (!this.free.delete(paper)) {
        this.blame('misattributed', `${say(intent)} was told the number of another sale: ${sayPaper(paper)}`)
      }
    }
    const differs = difference(intent, papers)
    if (differs !== '') this.blame('content', `${say(intent)} has ${differs}: ${papers.map(sayPaper).join('; ')}`)
    if (intent.forbidden !== null) {
      this.blame('right', `${say(intent)} by a cashier without the right "${intent.forbidden}"`)
    }
  }

  /** Told as registered: these very documents, and nobody else's. */
  registered(intent: Intent, numbers: readonly number[]): void {
    const found = numbers.flatMap((number) => {
      // The registers' numbers are far apart: a number names its register.
      const paper = this.evidence.papers.find((one) => one.number === number && isReceipt(one))
      return paper === undefined ? [] : [paper]
    })
    if (numbers.length === 0 || found.length < numbers.length) {
      this.blame(
        'lost',
        `${say(intent)} was called registered as ${numbers.join(', ') || 'nothing'}; no register has such a document`,
      )
      return
    }
    this.take(intent, found)
  }

  /** Told as saved: one document by its mark, or it still waits. */
  saved(intent: Intent): void {
    const marks = intent.told?.marks ?? []
    const papers = marks.flatMap((mark) => {
      const paper = [...this.free].find(
        (one) => one.mark === mark && (intent.totalTiyn === null || one.totalTiyn <= intent.totalTiyn),
      )
      return paper === undefined ? [] : [paper]
    })
    if (papers.length === marks.length && papers.length > 0) {
      this.take(intent, papers)
      return
    }
    const ledger = this.evidence.ledgers.find((one) => one.till === intent.till)
    for (const mark of marks) {
      if (papers.some((paper) => paper.mark === mark)) continue
      const entry = ledger?.entries.find((one) => one.mark === mark && one.kind === 'registration')
      const kept = entry !== undefined && (entry.open === 1 || entry.resolution !== null)
      if (!kept && !intent.storageLost) this.blame('lost', `${say(intent)} was called saved as ${mark} and is nowhere`)
    }
    if (marks.length === 0 && !intent.storageLost) this.blame('lost', `${say(intent)} was called saved without a mark`)
    if (intent.forbidden !== null) {
      this.blame('right', `${say(intent)} was taken from a cashier without the right "${intent.forbidden}"`)
    }
  }

  /** Nothing was told (the window died): one document at most. */
  untold(intent: Intent): void {
    const paper = [...this.free].find((one) => difference(intent, [one]) === '')
    if (paper !== undefined) this.take(intent, [paper])
  }

  receipts(): void {
    const { intents } = this.evidence
    const told = (...states: readonly string[]) => intents.filter((one) => states.includes(one.told?.state ?? ''))
    for (const intent of told('registered')) {
      if (!intent.isDemo) this.registered(intent, intent.told?.numbers ?? [])
    }
    for (const intent of told('queued', 'unknown')) if (!intent.isDemo) this.saved(intent)
    const silent = intents.filter((one) => one.told === null || one.told.state === '')
    // What was refused to one may stand there and be sold by the next: a document is first of whoever may have made it.
    for (const intent of silent.filter((one) => one.forbidden === null)) this.untold(intent)
    for (const intent of silent.filter((one) => one.forbidden !== null)) this.untold(intent)
    for (const intent of told('rejected')) {
      const paper = [...this.free].find((one) => intent.told?.marks.includes(one.mark))
      if (paper !== undefined) this.blame('content', `${say(intent)} was called refused: ${sayPaper(paper)}`)
    }
    for (const paper of this.free) this.blame('unsold', `nobody sold ${sayPaper(paper)}`)
  }

  marks(): void {
    const seen = new Map<string, Paper>()
    for (const paper of this.evidence.papers) {
      if (!isReceipt(paper) || paper.foreign || paper.mark === '') continue
      const first = seen.get(paper.mark)
      if (first !== undefined) this.blame('markTwice', `${sayPaper(first)} and ${sayPaper(paper)} carry one mark`)
      seen.set(paper.mark, paper)
    }
  }

  operations(): void {
    const { papers, operations, ledgers } = this.evidence
    for (const kind of ['deposit', 'withdrawal', 'z'] as const) {
      const done = papers.filter((paper) => paper.kind === kind && !paper.foreign)
      const meant = operations.filter((one) => one.kind === kind && !one.isDemo)
      const amounts = new Set([...done.map((one) => amountOf(one)), ...meant.map((one) => one.amountTiyn)])
      for (const amount of amounts) {
        const count = done.filter((one) => amountOf(one) === amount).length
        const wanted = meant.filter((one) => one.amountTiyn === amount && one.forbidden === null)
        const refused = meant.filter((one) => one.amountTiyn === amount && one.forbidden !== null)
        const what = kind === 'z' ? 'Z reports' : `${kind}s of ${amount / 100}`
        if (count > wanted.length) {
          const right = refused[0]?.forbidden ?? null
          this.blame(
            right === null ? 'unsold' : 'right',
            `${count} ${what}, ${wanted.length} wanted${right === null ? '' : `, the others by a cashier without the right "${right}"`}`,
          )
        }
        if (kind === 'z') continue
        const waiting = ledgers
          .flatMap((one) => one.entries)
          .filter((one) => one.kind === kind && one.amount === amount && (one.open === 1 || one.resolution !== null))
        const promised = wanted.filter((one) => one.accepted && !one.storageLost && !one.isDemo).length
        if (promised > count + waiting.length) {
          this.blame('lost', `${promised} ${what} were promised, ${count} done, ${waiting.length} waiting`)
        }
      }
    }
  }
}

const amountOf = (paper: Paper): number => (paper.kind === 'z' ? 0 : paper.totalTiyn)

/** Everything that is wrong with what became of the people's work. */
export function judge(evidence: Evidence): readonly Violation[] {
  const court = new Court(evidence)
  court.receipts()
  court.marks()
  court.operations()
  return court.violations
}

/** Fields that hold something else than the last person wrote. `stored`: the till's settings record. */
export function judgeFields(
  till: Model['tills'][number],
  stored: Readonly<Record<string, unknown>>,
): readonly Violation[] {
  return [...till.fields].flatMap(([name, wanted]): Violation[] => {
    const found = stored[name]
    return JSON.stringify(found) === JSON.stringify(wanted)
      ? []
      : [
          {
            kind: 'field',
            text: `${name} of till ${till.name} is ${JSON.stringify(found)}, the last person wrote ${JSON.stringify(wanted)}`,
          },
        ]
  })
}

interface StoredCashier {
  readonly name: string
  readonly role: string
  readonly active: boolean
}

/** Cashiers that were removed and came back, or were added and are gone, or have another role. */
export function judgePeople(till: Model['tills'][number], stored: readonly StoredCashier[]): readonly Violation[] {
  const active = (name: string) => stored.find((one) => one.name === name && one.active)
  return till.people.flatMap((person): Violation[] => {
    const found = active(person.name)
    if (person.active === (found !== undefined) && (found === undefined || found.role === person.role)) return []
    const text = `cashier ${person.name} of till ${till.name} is ${found?.role ?? 'not there'}, should be ${person.active ? person.role : 'removed'}`
    return [{ kind: 'field', text }]
  })
}
