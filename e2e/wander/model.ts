/** What the people of a walk did and were told. Whatever the program believes about it isn't here. */
import type { CashierRole, Right } from '../../src/domain/cashier.ts'
import { TENDERS, type Payments, type ReceiptKind } from '../../src/domain/receipt.ts'

/** Where a till works: one of the two registers, or the demo. */
export type Way = 'A' | 'B' | 'demo'

/** What a window said of a sale, as it stood there last. */
export interface Told {
  readonly state: string
  readonly numbers: readonly number[]
  readonly marks: readonly string[]
  readonly changeTiyn: number | null
}

/** A person confirmed a payment. */
export interface Intent {
  readonly id: number
  readonly till: string
  readonly window: string
  /** The window said that it plays: no register prints anything. */
  readonly isDemo: boolean
  readonly kind: ReceiptKind
  /** Names of the lines as they stood on the screen, sorted. */
  readonly names: readonly string[]
  /** null where only the lines were read. */
  readonly totalTiyn: number | null
  /** What the customer gave; null where the walk can't tell (a corrected card sale). */
  readonly payments: Payments | null
  /** The right that whoever stood there lacks for it; null for none. */
  readonly forbidden: Right | null
  told: Told | null
  /** The till's storage was thrown away before the register had it. */
  storageLost: boolean
}

/** Cash put in or taken out, or a shift closed, with the button that says so. */
export interface Operation {
  readonly till: string
  readonly kind: 'deposit' | 'withdrawal' | 'z'
  /** 0 for a Z. */
  readonly amountTiyn: number
  readonly isDemo: boolean
  readonly forbidden: Right | null
  /** The window said that it is on its way. */
  accepted: boolean
  storageLost: boolean
}

export interface Person {
  readonly name: string
  role: CashierRole
  pin: string
  active: boolean
}

export type ViolationKind =
  | 'lost'
  | 'misattributed'
  | 'content'
  | 'unsold'
  | 'markTwice'
  | 'hidden'
  | 'stuck'
  | 'field'
  | 'right'
  | 'relinked'
  | 'keyAskedAgain'
  | 'vanished'
  | 'console'
  | 'deadEnd'

export interface Violation {
  readonly kind: ViolationKind
  readonly text: string
}

/** What the people know of one till. */
export interface TillModel {
  readonly name: string
  way: Way | null
  /** What somebody began to choose and left: it may still come about. */
  maybeWay: Way | null
  /** Fields of settings that somebody wrote, as the last one wrote them. */
  readonly fields: Map<string, unknown>
  /** Goods whose price somebody changed: tiyn by code. */
  readonly prices: Map<string, number>
  /** Goods that a file brought last, tiyn by code; null once another list may stand in their place. */
  imported: ReadonlyMap<string, number> | null
  people: Person[]
  /** The key that was typed last and found right, while the register keeps it. */
  keyGiven: { readonly way: Way; readonly key: string } | null
  /** How often its databases were thrown away. */
  storageLost: number
}

/** The sum that these payments come to, in tiyn. */
export function paidTiyn(payments: Payments): number {
  return TENDERS.reduce((sum, tender) => sum + (payments[tender] ?? 0), 0)
}

export class Model {
  readonly intents: Intent[] = []
  readonly operations: Operation[] = []
  readonly violations: Violation[] = []
  readonly tills: readonly TillModel[]

  constructor(names: readonly string[]) {
    this.tills = names.map((name) => ({
      name,
      way: 'A',
      maybeWay: null,
      fields: new Map(),
      prices: new Map(),
      imported: null,
      people: [],
      keyGiven: null,
      storageLost: 0,
    }))
  }

  /** Notes a violation once. */
  blame(kind: ViolationKind, text: string): void {
    if (!this.violations.some((known) => known.kind === kind && known.text === text)) {
      this.violations.push({ kind, text })
    }
  }

  intend(given: Omit<Intent, 'id' | 'told' | 'storageLost'>): Intent {
    const intent: Intent = { ...given, id: this.intents.length + 1, told: null, storageLost: false }
    this.intents.push(intent)
    return intent
  }

  operate(given: Omit<Operation, 'accepted' | 'storageLost'>): Operation {
    const operation: Operation = { ...given, accepted: false, storageLost: false }
    this.operations.push(operation)
    return operation
  }

  /** The till's databases are gone: what the register doesn't have by now is nowhere. */
  loseStorage(till: TillModel): void {
    till.storageLost += 1
    till.way = null
    till.maybeWay = null
    till.fields.clear()
    till.prices.clear()
    till.imported = null
    till.people = []
    till.keyGiven = null
    for (const one of [...this.intents, ...this.operations]) if (one.till === till.name) one.storageLost = true
  }
}
