/**
 * What a hit is: the one definition that the index and the plain scan share.
 * Every word of the query must occur in the item's name, code or a barcode.
 */
import type { CatalogItem } from './catalog.ts'
import { foldText, twinOf } from './search-fold.ts'

/** Before the name. Codes and barcodes stand between line feeds, so that a whole one can be told from a part. */
const NAME_START = '\u0002'
const FIELD_END = '\n'

function codeField(code: string): string {
  const folded = foldText(code)
  return folded === '' ? '' : folded + FIELD_END
}

/** Folded text of an item: name, code and barcodes, each a field of its own. */
export function searchText(item: CatalogItem): string {
  let text = NAME_START + foldText(item.name) + FIELD_END
  text += codeField(item.code)
  for (const barcode of item.barcodes) text += codeField(barcode)
  return text
}

export interface SearchQuery {
  /** Folded, single spaces. */
  readonly whole: string
  readonly words: readonly string[]
  /** `whole` as a field of its own, and as the beginning of a code's field. */
  readonly asField: string
  readonly asFieldStart: string
}

function queryOf(parts: readonly string[]): SearchQuery {
  const whole = parts.join(' ')
  return { whole, words: [...new Set(parts)], asField: FIELD_END + whole + FIELD_END, asFieldStart: FIELD_END + whole }
}

/** A query ready to compare. What stands together in it stands together in a hit: `1л` is no 1 and some л. */
export function readQuery(query: string): SearchQuery {
  const typed = query.split(/[\s\u0000-\u0020\u007f-\u00a0]+/).map(foldText)
  // A whole UPC, EAN or GTIN is the same number however many zeros it was given.
  return queryOf(typed.filter((word) => word !== '').map((word) => word.replace(/^0+(?=\d{8,}$)/, '')))
}

/**
 * The same query in other spellings, whose hits come after its own: a х for the қ that the search takes for a к
 * (`казахстан` is `Қазақстан`), and words of letters that look alike in the other alphabet.
 */
export function otherSpellings(query: string): SearchQuery[] {
  const own = readQuery(query)
  const typed = readQuery(query.replace(/(?<=\p{L})қ/giu, 'х'))
  const spellings = [typed, queryOf(own.words.map((word) => word.replaceAll('х', 'к'))), queryOf(own.words.map(twinOf))]
  return spellings.filter(({ whole }) => whole !== own.whole)
}

/** How well an item fits; smaller is better. */
export const RANK = { exactCode: 0, prefix: 1, wordStarts: 2, substring: 3 } as const
export type Rank = (typeof RANK)[keyof typeof RANK]

/** Whether a code unit belongs to a word: a letter or a digit. */
const wordUnits = new Uint8Array(65_536)
export function isWordUnit(unit: number): boolean {
  let known = wordUnits[unit] ?? 0
  if (known === 0) {
    // Most texts never reach the last test, whose tables take milliseconds to load.
    const ascii = (unit >= 48 && unit <= 57) || (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90)
    const cyrillic = unit >= 0x400 && unit <= 0x52f
    const other = unit >= 0x80 && /[\p{L}\p{N}\p{Cs}]/u.test(String.fromCharCode(unit))
    known = ascii || cyrillic || other ? 2 : 1
    wordUnits[unit] = known
  }
  return known === 2
}

function startsWord(text: string, word: string): boolean {
  // Every text begins with NAME_START, so that there is always a unit before a hit.
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!isWordUnit(text.charCodeAt(at - 1))) return true
  }
  return false
}

/** Rank of an item's `searchText` for a query, null for no hit. An empty query fits everything alike. */
export function rankOf(text: string, query: SearchQuery): Rank | null {
  const { whole } = query
  if (whole === '') return RANK.substring
  for (const word of query.words) if (!text.includes(word)) return null
  if (text.includes(query.asField)) return RANK.exactCode
  if (text.startsWith(whole, 1) || text.includes(query.asFieldStart)) return RANK.prefix
  return query.words.every((word) => startsWord(text, word)) ? RANK.wordStarts : RANK.substring
}
