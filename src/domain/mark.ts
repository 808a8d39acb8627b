/**
 * The terminal's own mark on paper, such as `A-0137`: a prefix for the tablet and a running number. It stands in the
 * footer of every receipt and is the only owner mark that a person can read there.
 */
import { MARK_PREFIX, PREFIX_SHAPE } from '../contract/mark-shape.ts'

export interface TerminalMark {
  /** One to three capital letters or digits, the first a letter. */
  readonly prefix: string
  /** From 1. */
  readonly number: number
}

/** Digits that a mark has at least; a longer number simply grows. */
const MARK_DIGITS = 4

/** `A-0137`. */
export function markOf(prefix: string, number: number): string {
  return `${prefix}-${String(number).padStart(MARK_DIGITS, '0')}`
}

/**
 * The mark and under it, as a line of its own, the barcode by which a scanner finds the receipt (source 004, chapter 10.1):
 * `CHK00137DF` for DF-0137. With `CHK` begins no goods' code; the first 0 is what tells a Kazakh keyboard layout
 * (`codeFromLayout`). A mark with letters that no barcode of the register has stays alone.
 */
export function withBarcode(mark: string): string {
  return mark.replace(/^([A-Z][A-Z\d]*)-(\d+)$/, '$&\n--barcode128-CHK0$2$1--')
}

/** With a dash after the prefix; without one a digit can only belong to the number. */
const TYPED = new RegExp(`^(?:(${PREFIX_SHAPE})-|(\\p{Lu}{1,3}))(\\d{1,9})$`, 'u')

/** The mark that a person typed from paper, in small letters too, with or without its zeros and its dash; else null. */
export function typedMark(text: string): TerminalMark | null {
  const match = TYPED.exec(text.trim().toUpperCase())
  if (match === null) return null
  const [, dashed, letters = '', digits] = match
  return { prefix: dashed ?? letters, number: Number(digits) }
}

/**
 * What prefixes are drawn from: no letter that looks like another one, like a digit, or like a Cyrillic one, because a
 * person compares the paper with the screen. Source 004 prints all of them.
 */
const DRAWN_LETTERS = 'DFGJLNQRSUWZ'
const DRAWN_AFTER = `${DRAWN_LETTERS}4789`

/** How many prefixes of two characters there are to draw. */
export const DRAWN_PREFIXES = DRAWN_LETTERS.length * DRAWN_AFTER.length

/**
 * Whether a person may choose this prefix for a terminal from now on: Latin, first a letter, without O and I, 0 and 1.
 * Older ones (`MARK_PREFIX`) stay where they are in use.
 */
export function isSafePrefix(prefix: string): boolean {
  return /^[A-HJ-NP-Z][A-HJ-NP-Z2-9]{0,2}$/.test(prefix)
}

/**
 * A prefix of two characters that isn't among `taken`; of three where all of those are taken. `chance` gives 0 to 1.
 */
export function drawMarkPrefix(taken: ReadonlySet<string>, chance: () => number): string {
  const start = Math.floor(chance() * DRAWN_PREFIXES)
  const third = ['', ...DRAWN_AFTER]
  for (const last of third) {
    for (let step = 0; step < DRAWN_PREFIXES; step += 1) {
      const place = (start + step) % DRAWN_PREFIXES
      const first = DRAWN_LETTERS.charAt(Math.floor(place / DRAWN_AFTER.length))
      const prefix = `${first}${DRAWN_AFTER.charAt(place % DRAWN_AFTER.length)}${last}`
      if (!taken.has(prefix)) return prefix
    }
  }
  throw new RangeError('every prefix is taken')
}

/** Prefix that every terminal had before each drew its own. */
const COMMON_PREFIX = 'A'

export interface MarkKnowledge {
  /** In the settings; empty before the first one. */
  readonly chosen: string
  /** Of the newest entry, or kept with them; null where the ledger is new. */
  readonly inLedger: string | null
  /** That receipts of this tablet may carry, as far as anything remembers them. */
  readonly used: ReadonlySet<string>
  /** Of the other terminals that the server knows. */
  readonly others: ReadonlySet<string>
}

/**
 * The prefix to go on with. A ledger that is there goes on under its own, where its running numbers are; a new one, or
 * one after the storage was lost, takes a prefix that no receipt carries yet.
 */
export function prefixFor({ chosen, inLedger, used, others }: MarkKnowledge, chance: () => number): string {
  if (inLedger !== null) return MARK_PREFIX.test(chosen) ? chosen : inLedger
  const free = MARK_PREFIX.test(chosen) && chosen !== COMMON_PREFIX && !used.has(chosen) && !others.has(chosen)
  return free ? chosen : drawMarkPrefix(new Set([...used, ...others]), chance)
}
