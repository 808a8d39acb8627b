/**
 * What a hit is: the one definition that the index and the plain scan share.
 * Every word of the query must occur in the item's name, code or a barcode.
 */
import type { CatalogItem } from './catalog.ts'
import { foldText } from './search-fold.ts'

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

/** A query ready to compare. */
export function readQuery(query: string): SearchQuery {
  const whole = foldText(query)
  const words = whole === '' ? [] : [...new Set(whole.split(' '))]
  return { whole, words, asField: FIELD_END + whole + FIELD_END, asFieldStart: FIELD_END + whole }
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
