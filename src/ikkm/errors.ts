/**
 * The sentence for every way in which the register says no (source 004, chapter 11). What follows from a code stands in
 * `codes.ts`; the reason phrase only chooses a more exact sentence, because it can get lost and the same word comes with
 * different codes.
 */
import type { CodeOutcome, UnknownOutcome, UnknownWhy } from './codec.ts'
import { codeRow, taxCommitteeCode, type CodeText } from './codes.ts'

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

/** A sentence exists for every code, every reason, and every silence. */
export type ErrorTextId = CodeText | ReasonText | UnknownWhy

export interface ErrorText {
  /** What happened, in one short sentence. */
  readonly title: string
  /** What to do now. */
  readonly hint: string
}

/** All sentences of one language. `{code}`, `{taxCode}` and `{reason}` are filled in by `describeOutcome`. */
export type ErrorTexts = Readonly<Record<ErrorTextId, ErrorText>>

const BY_PAIR: ReadonlyMap<string, ErrorTextId> = new Map(
  REASONS.map(([reason, code]) => [`${code} ${reason}`, reason === 'ikkm-is-blocked' ? 'blocked' : reason]),
)

/** Which sentence a code and its reason phrase get; an unknown reason falls back to the code's own. */
export function errorTextId(code: number, reason: string): ErrorTextId {
  return BY_PAIR.get(`${code} ${reason.trim()}`) ?? codeRow(code).text
}

/** A refusal or a silence as sentences of one language. */
export function describeOutcome(outcome: CodeOutcome | UnknownOutcome, texts: ErrorTexts): ErrorText {
  if (outcome.kind === 'unknown') return texts[outcome.why]
  const fill = (text: string): string =>
    text
      .replaceAll('{code}', String(outcome.code))
      .replaceAll('{taxCode}', String(taxCommitteeCode(outcome.code) ?? ''))
      .replaceAll('{reason}', () => outcome.reason)
      .trim()
  const { title, hint } = texts[errorTextId(outcome.code, outcome.reason)]
  return { title: fill(title), hint: fill(hint) }
}
