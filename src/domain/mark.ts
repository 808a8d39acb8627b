/**
 * The terminal's own mark on paper, such as `A-0137`: a prefix for the tablet and a running number. It stands in the
 * footer of every receipt and is the only owner mark that a person can read there.
 */

export interface TerminalMark {
  /** One to three capital letters or digits, the first a letter. */
  readonly prefix: string
  /** From 1. */
  readonly number: number
}

/** Digits that a mark has at least; a longer number simply grows. */
const MARK_DIGITS = 4
const PREFIX = /^[A-ZА-ЯЁӘІҢҒҮҰҚӨҺ][A-Z0-9А-ЯЁӘІҢҒҮҰҚӨҺ]{0,2}$/u
/** Not inside a longer word or number: `КА-0137` and `A-01375` are other marks than `A-0137`. */
const MARK = /(?<![\p{L}\p{N}-])(\p{Lu}[\p{Lu}\p{N}]{0,2})-(\d{4,15})(?![\p{L}\p{N}-])/gu

/** Whether a person may choose this prefix for a terminal. */
export function isMarkPrefix(prefix: string): boolean {
  return PREFIX.test(prefix)
}

/** `A-0137`. Throws RangeError for a prefix or number that can't be read back: a defect of the caller. */
export function formatMark(mark: TerminalMark): string {
  if (!isMarkPrefix(mark.prefix) || !Number.isSafeInteger(mark.number) || mark.number < 1) {
    throw new RangeError(`not a terminal mark: ${mark.prefix} ${mark.number}`)
  }
  return `${mark.prefix}-${String(mark.number).padStart(MARK_DIGITS, '0')}`
}

/** All marks in a text, in order. */
export function findMarks(text: string): TerminalMark[] {
  return [...text.matchAll(MARK)].flatMap((match) => {
    const mark = { prefix: match[1] ?? '', number: Number(match[2]) }
    // A number with more zeros in front than a mark has is none of ours.
    return isMarkPrefix(mark.prefix) && mark.number > 0 && formatMark(mark) === match[0] ? [mark] : []
  })
}

/** Reads a text that is one mark and nothing else; null otherwise. */
export function parseMark(text: string): TerminalMark | null {
  const trimmed = text.trim().toUpperCase()
  const [mark] = findMarks(trimmed)
  return mark !== undefined && formatMark(mark) === trimmed ? mark : null
}

/** A document number of the device at a fixed width, so that lists line up: `000164`; longer numbers keep all digits. */
export function formatDocumentNumber(number: number, width = 6): string {
  return String(number).padStart(width, '0')
}
