/**
 * Barcodes as people, spreadsheets and accounting programs write them into a cell, as the codes that a scanner reads:
 * `'4870204391277`, `="4870204391277"`, `4870204391277.0`, `4 870204 391277`, several in one cell, a whole GS1 code.
 */
import { checkDigitFits } from './barcode.ts'
import { codeKey, gtinOf } from './goods-code.ts'

export type BarcodeDoubt =
  /** A spreadsheet made `4,87E+12` of the number or kept 15 digits of it: the others are gone, and so is the code. */
  | 'lostDigits'
  /** The number has the length of an EAN, UPC or GTIN and the wrong check digit: kept, but no scanner reads it. */
  | 'checkDigit'

export interface CleanBarcodes {
  /** Each once (whatever its spelling), in the cell's order. */
  readonly codes: readonly string[]
  readonly doubts: readonly { readonly doubt: BarcodeDoubt; readonly text: string }[]
}

/** Whether a number with the length of an EAN, UPC or GTIN has a check digit that is wrong. */
export function isWrongEan(code: string): boolean {
  return /^\d{8}$|^\d{12,14}$/.test(code) && !checkDigitFits(code)
}

/** Longest cell that is looked at: hundreds of codes. */
const LONGEST_CELL = 5_000
/** Digits that a spreadsheet keeps of a number. */
const EXACT_DIGITS = 15

/** `4,87020439127E+12` in digits; null where the number had more of them than it shows. */
function digitsOfScientific(mantissa: string, exponent: number): string | null {
  const [whole = '', fraction = ''] = mantissa.split(/[.,]/)
  return fraction.length === exponent ? whole + fraction : null
}

const SCIENTIFIC = /(?<![\p{L}\d.,])(\d(?:[.,]\d{1,20})?)E\+?(\d{1,2})(?![\p{L}\d])/giu

/** Parts of a text at its spaces, unless together they are one number: `4 870204 391277`, `978-5-17-118366-0`. */
function splitSpaced(text: string): string[] {
  const joined = text.replace(/[\s-]/g, '')
  const parts = text.split(/\s+/)
  const isOne = /^\d{8}$|^\d{12,14}$/.test(joined) && (parts.length === 1 || parts.every((part) => part.length < 8))
  // A first digit that stands alone is how an EAN is written under its bars.
  return isOne && (parts[0]?.length === 1 || !isWrongEan(joined)) ? [joined] : parts
}

/** A comma with zeros behind it belongs to a number, and a slash may belong to a code of letters. */
const BETWEEN = /[\t;|]+|,(?!0+(?:\D|$))|(?<=\d{8})\s*\/\s*(?=\d{8})/

function unwrap(part: string): string {
  return part
    .replace(/^[='"`´’‘“”«»]+|['"`´’‘“”«»]+$/g, '')
    .replace(/^(\d+)[.,]0+$/, '$1')
    .trim()
}

/** The codes of one line that is no GS1 code; `lost` is told each number without its digits. */
function splitLine(line: string, lost: (text: string) => void): string[] {
  const readable = line.replace(SCIENTIFIC, (text, mantissa: string, exponent: string) => {
    const digits = digitsOfScientific(mantissa, Number(exponent))
    if (digits === null) lost(text)
    return digits ?? ''
  })
  const parts = readable.split(BETWEEN).map((part) => unwrap(part.trim()))
  return parts.flatMap(splitSpaced).map(unwrap)
}

/** Reads a cell with barcodes; whatever stands in it, this is an answer and no exception. */
export function cleanBarcodes(cell: string): CleanBarcodes {
  const codes = new Map<string, string>()
  const doubts: { doubt: BarcodeDoubt; text: string }[] = []
  const lost = (text: string): void => {
    doubts.push({ doubt: 'lostDigits', text })
  }
  const plain = cell.slice(0, LONGEST_CELL).replace(/[\u200b-\u200f\u2060\ufeff]/g, '')
  const parts = plain.split(/[\n\r]+/).flatMap((line) => gtinOf(unwrap(line.trim())) ?? splitLine(line, lost))
  for (const part of parts) {
    if (part === '') continue
    if (/^\d+0$/.test(part) && part.length > EXACT_DIGITS) lost(part)
    else codes.set(codeKey(part), codes.get(codeKey(part)) ?? part)
    if (isWrongEan(part)) doubts.push({ doubt: 'checkDigit', text: part })
  }
  return { codes: [...codes.values()], doubts }
}
