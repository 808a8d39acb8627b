/**
 * What a hit is: the one definition that the index and the plain scan share.
 * Every word of the query must occur in the item's name, code or a barcode.
 */
import type { CatalogItem } from './catalog.ts'
import { foldText, twinOf } from './search-fold.ts'
import { soundOf } from './search-sound.ts'

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

/** What an item's name sounds like, from its `searchText`. */
export function soundText(text: string): string {
  return NAME_START + soundOf(text.slice(1, text.indexOf(FIELD_END))) + FIELD_END
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

/** Letters from which on a query is also looked for by its sound beside hits of its own: fewer sound like anything. */
const SOUNDING = 3
/** Letters of a word from which on one wrong one is forgiven: shorter words become one another. */
const LONG_WORD = 5

const lettersIn = (text: string): number => text.replace(/[^a-zа-ѿ]/g, '').length

/**
 * The query by its sound, for `soundText`; null where it has too few letters, or none.
 * @param alone nothing was found as it is written: then one letter is enough
 */
export function soundQuery(query: string, alone: boolean): SearchQuery | null {
  const { words } = readQuery(query)
  const letters = lettersIn(words.join(''))
  if (letters < (alone ? 1 : SOUNDING)) return null
  const sounds = words.map(soundOf).filter((word) => word !== '')
  return sounds.length === 0 ? null : queryOf(sounds)
}

/** A query in which some words may have one typing error. */
export interface NearQuery {
  /** A word of the text begins with each of these, but for one error. */
  readonly long: readonly string[]
  /** These have to occur as they are. */
  readonly exact: readonly string[]
}

/**
 * A query as it is written, or by its sound; null where no word is long enough for a typing error to be told from another
 * word.
 */
export function nearQuery(query: string, spell: 'written' | 'sound'): NearQuery | null {
  const long: string[] = []
  const exact: string[] = []
  for (const word of readQuery(query).words) {
    const text = spell === 'sound' ? soundOf(word) : word
    const isLong = word.length >= LONG_WORD && lettersIn(word) === word.length && text.length >= LONG_WORD - 1
    if (isLong) long.push(text)
    else if (text !== '') exact.push(text)
  }
  return long.length === 0 ? null : { long, exact }
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

/** Whether the rest of a text begins with the rest of a word. */
const goesOn = (text: string, at: number, word: string, from: number): boolean => text.startsWith(word.slice(from), at)

/** Whether a text has the word at `start`, with at most one letter wrong, missing, too much or changed with its neighbour. */
function isNearAt(text: string, start: number, word: string): boolean {
  let same = 0
  while (same < word.length && text.charCodeAt(start + same) === word.charCodeAt(same)) same++
  const at = start + same
  if (same === word.length || goesOn(text, at, word, same + 1)) return true
  // A letter too few may also be the gap between two words.
  if (goesOn(text, at + 1, word, same)) return true
  if (!isWordUnit(text.charCodeAt(at))) return false
  if (goesOn(text, at + 1, word, same + 1)) return true
  return text[at] === word[same + 1] && text[at + 1] === word[same] && goesOn(text, at + 2, word, same + 2)
}

/** Whether a word of the text begins with this one, but for one typing error. */
function hasNear(text: string, word: string): boolean {
  for (let at = 1; at < text.length; at++) {
    if (!isWordUnit(text.charCodeAt(at - 1)) && isWordUnit(text.charCodeAt(at)) && isNearAt(text, at, word)) return true
  }
  return false
}

/** Whether an item's `searchText` or `soundText` fits a query with typing errors. */
export function isNear(text: string, { long, exact }: NearQuery): boolean {
  return exact.every((word) => text.includes(word)) && long.every((word) => hasNear(text, word))
}
