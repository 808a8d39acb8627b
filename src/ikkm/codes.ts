/**
 * Every negative code, and what follows from it, once: one row a code (source 004, chapter 11.1). The queue, the
 * diagnosis and the screens read it here and compare no code themselves.
 */

import type { CodeOutcome } from './codec.ts'

/** The register is locked to another host (chapters 10.1 and 11.1). */
export const OTHER_HOST = -18

/**
 * Stands for a code where our own relay refused a request for what it is, before anything was sent. Four digits: no
 * device's answer is read as one.
 */
export const NOT_CARRIED = -1000
/** The same where our relay lets another till write to this register. */
export const HELD_BY_TILL = -1001
/** The same where another till wrote to the register since this one looked, and it holds the register again. */
export const HANDED_ON = -1002

/** What a code speaks of. */
export type CodeClass =
  /** The key isn't the current one. */
  | 'key'
  /** A registration, a print, a shift's closing or a card operation is under way. */
  | 'busy'
  /** The shift is open for too long. */
  | 'shift'
  /** Battery, paper, no server for 72 h, the tax authority's block. */
  | 'register'
  /** Another cashier opened the shift. */
  | 'cashier'
  /** Only the senior cashier may. */
  | 'rights'
  /** The parameters; a read gets it for what the register doesn't have. */
  | 'request'
  /** What the receipt holds: payments, tax, rows, or more cash than there is. */
  | 'receipt'
  /** The register is locked to another host. */
  | 'host'
  /** Our relay lets another till write. */
  | 'till'
  /** Our relay doesn't carry such a request. */
  | 'carrier'
  /** The register's own defect, or a code that the document doesn't name. */
  | 'internal'

/**
 * What is known about the money: `nothing` was registered; `probe` probably nothing, but the register is asked before
 * anything else is sent; `unknown` in doubt until the register or a person has answered.
 */
export type MoneyEffect = 'nothing' | 'probe' | 'unknown'

/** What the queue does with the operation that got the code. */
export type QueueStep =
  /** Stop, ask a person for the current key, look up what was bound to the old one. */
  | 'askKey'
  /** The same request again after a pause. */
  | 'wait'
  /** Offer the Z report, then go on with the same operation. */
  | 'closeShift'
  /** Ask a person to put it right, look at the register, then the same request again. */
  | 'fix'
  /** Nothing can make the register take this request: refused, a person decides. */
  | 'refuse'
  /** It provably never left: as before the send, until the register is ours again. */
  | 'unsend'
  /** As without an answer; where it stays so, a person reads the register's event log. */
  | 'doubt'

export interface CodeRow {
  readonly class: CodeClass
  readonly money: MoneyEffect
  readonly step: QueueStep
  /** Sentences of what happened and what helps (`error-texts-*.ts`). */
  readonly text: CodeText
  /** Why the register has stopped, as part of a sentence (`fix` in `dialogs.ts` of each language). */
  readonly cause: CodeCause
}

const ROWS = [
  [-1, 'key', 'unknown', 'askKey', '-1', 'fix.other'],
  [-2, 'busy', 'nothing', 'wait', '-2', 'fix.other'],
  [-3, 'shift', 'nothing', 'closeShift', '-3', 'fix.c3'],
  [-4, 'register', 'nothing', 'fix', '-4', 'fix.c4'],
  [-5, 'register', 'probe', 'fix', '-5', 'fix.c5'],
  [-6, 'register', 'probe', 'fix', '-6', 'fix.c6'],
  [-7, 'request', 'nothing', 'refuse', '-7', 'fix.other'],
  [-8, 'request', 'nothing', 'refuse', '-8', 'fix.other'],
  [-9, 'request', 'nothing', 'refuse', '-9', 'fix.other'],
  [-10, 'receipt', 'nothing', 'refuse', '-10', 'fix.other'],
  [-11, 'cashier', 'nothing', 'fix', '-11', 'fix.c11'],
  [-12, 'receipt', 'nothing', 'refuse', '-12', 'fix.other'],
  [-13, 'receipt', 'nothing', 'refuse', '-13', 'fix.other'],
  [-14, 'receipt', 'nothing', 'refuse', '-14', 'fix.other'],
  [-15, 'receipt', 'nothing', 'refuse', '-15', 'fix.other'],
  [-16, 'rights', 'nothing', 'fix', '-16', 'fix.c16'],
  [-17, 'receipt', 'nothing', 'refuse', '-17', 'fix.other'],
  [OTHER_HOST, 'host', 'nothing', 'fix', '-18', 'fix.c18'],
  [-99, 'internal', 'unknown', 'doubt', '-99', 'fix.c99'],
  [-100, 'register', 'nothing', 'fix', 'blocked', 'fix.blocked'],
  [NOT_CARRIED, 'carrier', 'nothing', 'refuse', 'notCarried', 'fix.other'],
  [HELD_BY_TILL, 'till', 'nothing', 'unsend', 'heldByTill', 'fix.other'],
  [HANDED_ON, 'till', 'nothing', 'unsend', 'handedOn', 'fix.other'],
] as const satisfies readonly (readonly [number, CodeClass, MoneyEffect, QueueStep, string, string])[]

/** A sentence exists for every row, and for codes that the document doesn't name. */
export type CodeText = (typeof ROWS)[number][4] | 'undocumented'
export type CodeCause = (typeof ROWS)[number][5]

/** What nobody has described may have done anything. */
const UNNAMED: CodeRow = {
  class: 'internal',
  money: 'unknown',
  step: 'doubt',
  text: 'undocumented',
  cause: 'fix.other',
}

const TABLE: ReadonlyMap<number, CodeRow> = new Map(
  ROWS.map(([code, about, money, step, text, cause]) => [code, { class: about, money, step, text, cause }]),
)

/** What a code means and what follows from it; a code that the document doesn't name is an unknown outcome. */
export function codeRow(code: number): CodeRow {
  return TABLE.get(taxCommitteeCode(code) === null ? code : -100) ?? UNNAMED
}

/** What the queue does with an operation whose last answer was this code; null where it was none. */
export function stepFor(code: number | null): QueueStep | null {
  return code === null ? null : codeRow(code).step
}

/** The Tax Committee's own number behind -100…-199 (chapter 11.1: subtract 100); null for other codes. */
export function taxCommitteeCode(code: number): number | null {
  return code <= -100 && code >= -199 ? -code - 100 : null
}

/** Whether what came is a code of that class; for whoever reads, where most of what comes is none. */
export function isCodeOf(about: CodeClass, came: CodeOutcome | { readonly kind: string } | null | undefined): boolean {
  return came?.kind === 'code' && 'code' in came && codeRow(came.code).class === about
}

const OF_ANY_REQUEST: ReadonlySet<CodeClass> = new Set<CodeClass>(['key', 'busy', 'host', 'till'])

/** Whether it is no word about the request itself: the key is another one, the register is busy, or somebody else writes. */
export function concernsAnyRequest(code: number): boolean {
  return OF_ANY_REQUEST.has(codeRow(code).class)
}

/** Whether our own relay said so: the register never saw the request. */
export function isRelaysOwn(code: number): boolean {
  return code <= NOT_CARRIED
}
