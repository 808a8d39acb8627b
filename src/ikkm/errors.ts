/**
 * Every way in which the device says no, and what each means (source 004, chapter 11). What happened to the money and
 * what the terminal does follow from the code alone; the reason phrase only chooses a more exact sentence, because it
 * can get lost and the same word comes with different codes.
 */
import type { CodeOutcome, UnknownOutcome, UnknownWhy } from './codec.ts'

/**
 * What is known about the money: `nothing` was registered; `probe` probably nothing, but the device is asked before
 * anything else is sent; `unknown` in doubt until the device or a person has answered.
 */
export type MoneyEffect = 'nothing' | 'probe' | 'unknown'

export type TerminalAction =
  /** Stop, ask for the current key, reconcile, go on. */
  | 'askKey'
  /** The same request again after a pause. */
  | 'wait'
  /** Offer the Z report, then go on with the same entry. */
  | 'closeShift'
  /** Over 72 h without its server: stop and say so. */
  | 'restoreLink'
  /** Charge it, then probe. */
  | 'charge'
  /** Paper or printer, then probe; the entry stays bound to its key. */
  | 'askPaper'
  /** A defect of the entry: park it visibly, a person decides. */
  | 'park'
  /** Another cashier's shift: that cashier, or a Z report. */
  | 'changeCashier'
  /** Only the senior cashier may: sign one in on the device. */
  | 'seniorCashier'
  /** Another host holds the lock: restart the device or use that host. */
  | 'releaseLock'
  /** Probe, then as a lost answer; at most three times, then read the device's log. */
  | 'readLog'
  /** Blocked by the tax authority: stop until it is lifted. */
  | 'unblock'
  /** As a lost answer: the same bytes again, or ask the device. */
  | 'recover'

export interface ErrorEntry {
  readonly code: number
  /** Reason phrase of chapter 11.2; null for the code by itself (chapter 11.1). */
  readonly reason: string | null
  readonly money: MoneyEffect
  readonly action: TerminalAction
  readonly text: ErrorTextId
}

const CODES = {
  '-1': ['unknown', 'askKey'],
  '-2': ['nothing', 'wait'],
  '-3': ['nothing', 'closeShift'],
  '-4': ['nothing', 'restoreLink'],
  '-5': ['probe', 'charge'],
  '-6': ['probe', 'askPaper'],
  '-7': ['nothing', 'park'],
  '-8': ['nothing', 'park'],
  '-9': ['nothing', 'park'],
  '-10': ['nothing', 'park'],
  '-11': ['nothing', 'changeCashier'],
  '-12': ['nothing', 'park'],
  '-13': ['nothing', 'park'],
  '-14': ['nothing', 'park'],
  '-15': ['nothing', 'park'],
  '-16': ['nothing', 'seniorCashier'],
  '-17': ['nothing', 'park'],
  '-18': ['nothing', 'releaseLock'],
  '-99': ['unknown', 'readLog'],
} as const satisfies Record<string, readonly [MoneyEffect, TerminalAction]>

type CodeText = keyof typeof CODES

/** Chapter 11.2 row by row; the document repeats three reasons for cash entry and withdrawal. */
const REASONS = [
  ['no-web-api-key-provided', -7],
  ['incorrect-web-api-key', -1],
  ['ikkm-is-blocked', -100],
  ['check-external-printer', -6],
  ['check-printer-or-batt', -6],
  ['sale-param-error', -9],
  ['buy-param-error', -9],
  ['saleRet-param-error', -9],
  ['buyRet-param-error', -9],
  ['check-all-params', -7],
  ['payment-params-missed', -7],
  ['cache-param-error', -7],
  ['bank-param-error', -7],
  ['tara-param-error', -7],
  ['credit-param-error', -7],
  ['cache-not-in-range', -7],
  ['bank-not-in-range', -7],
  ['tara-not-in-range', -7],
  ['credit-not-in-range', -7],
  ['sale-lq-one', -7],
  ['sale-hq-20mil', -7],
  ['cash-lq-sale', -10],
  ['bank-hq-sale', -10],
  ['tara-hq-sale', -10],
  ['credit-hq-sale', -10],
  ['bank-tara-credit-hq-sale', -13],
  ['no-cache-hq-sale', -13],
  ['no-mixed-payment-allowed', -13],
  ['change-not-allowed', -13],
  ['tax-invlid-num', -14],
  ['tax-not-found', -14],
  ['cash-lq-tax', -12],
  ['no-cash-in-pos', -15],
  ['internal-error', -99],
  ['wrong-cashier', -11],
  ['shift-gt-24h', -3],
  ['no-last-document', -7],
  ['print-lines-parse-error', -7],
  ['only-master-cashier', -16],
  ['cache-param-error', -9],
  ['cache-not-in-range', -9],
  ['shift-gt-7days', -3],
  ['incorrect-method', -8],
  ['unknown-error', -99],
] as const satisfies readonly (readonly [string, number])[]

type ReasonText = Exclude<(typeof REASONS)[number][0], 'ikkm-is-blocked'>

/** A sentence exists for every code, every reason, the tax authority's block, codes of no document, and every silence. */
export type ErrorTextId = CodeText | ReasonText | 'blocked' | 'undocumented' | UnknownWhy

export interface ErrorText {
  /** What happened, in one short sentence. */
  readonly title: string
  /** What to do now. */
  readonly hint: string
}

/** All sentences of one language. `{code}`, `{taxCode}` and `{reason}` are filled in by `describeOutcome`. */
export interface ErrorTexts {
  readonly money: Readonly<Record<MoneyEffect, string>>
  readonly texts: Readonly<Record<ErrorTextId, ErrorText>>
}

function isCode(code: string): code is CodeText {
  return Object.hasOwn(CODES, code)
}

function isBlocked(code: number): boolean {
  return code <= -100 && code >= -199
}

function codeEntry(code: number): ErrorEntry {
  if (isBlocked(code)) return { code, reason: null, money: 'nothing', action: 'unblock', text: 'blocked' }
  const name = String(code)
  if (!isCode(name)) return { code, reason: null, money: 'unknown', action: 'recover', text: 'undocumented' }
  const [money, action] = CODES[name]
  return { code, reason: null, money, action, text: name }
}

const REASON_ENTRIES: readonly ErrorEntry[] = REASONS.map(([reason, code]) => ({
  ...codeEntry(code),
  reason,
  text: reason === 'ikkm-is-blocked' ? 'blocked' : reason,
}))

/** Every code of chapter 11.1 and every pair of chapter 11.2, blocked codes as -100. */
export const ERROR_CATALOGUE: readonly ErrorEntry[] = [
  ...Object.keys(CODES).map((code) => codeEntry(Number(code))),
  codeEntry(-100),
  ...REASON_ENTRIES,
]

const BY_PAIR = new Map(REASON_ENTRIES.map((entry) => [`${entry.code} ${entry.reason}`, entry]))
const BY_CODE = new Map<number, ErrorEntry>()

/** What a code means; an unknown reason falls back to the code, an undocumented code is an unknown outcome. */
export function classifyCode(code: number, reason: string): ErrorEntry {
  const pair = BY_PAIR.get(`${code} ${reason.trim()}`)
  if (pair) return pair
  const known = BY_CODE.get(code) ?? codeEntry(code)
  BY_CODE.set(code, known)
  return known
}

/** The Tax Committee's own number behind -100…-199 (chapter 11.1: subtract 100); null for other codes. */
export function taxCommitteeCode(code: number): number | null {
  return isBlocked(code) ? -code - 100 : null
}

export interface OutcomeDescription extends ErrorText {
  readonly effect: MoneyEffect
  /** What is known about the money, as a sentence; for operations that move money. */
  readonly money: string
  readonly action: TerminalAction
}

/** A refusal or a silence as sentences of one language. */
export function describeOutcome(outcome: CodeOutcome | UnknownOutcome, texts: ErrorTexts): OutcomeDescription {
  if (outcome.kind === 'unknown') {
    const effect = outcome.sent === 'never' ? 'nothing' : 'unknown'
    return { ...texts.texts[outcome.why], effect, money: texts.money[effect], action: 'recover' }
  }
  const entry = classifyCode(outcome.code, outcome.reason)
  const fill = (text: string): string =>
    text
      .replaceAll('{code}', String(outcome.code))
      .replaceAll('{taxCode}', String(taxCommitteeCode(outcome.code) ?? ''))
      .replaceAll('{reason}', () => outcome.reason)
      .trim()
  const { title, hint } = texts.texts[entry.text]
  return {
    title: fill(title),
    hint: fill(hint),
    effect: entry.money,
    money: texts.money[entry.money],
    action: entry.action,
  }
}
