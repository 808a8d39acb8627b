/** How letters are compared in the catalogue's search, so that typing on any keyboard finds any spelling. */
import { LATIN_KEYS, RUSSIAN_KEYS } from './keyboard-layouts.ts'

/** Letters that count as another one: ё and е, and the Kazakh letters beside the Russian ones they are typed as. */
const SAME_LETTERS: ReadonlyMap<string, string> = new Map([
  ['ё', 'е'],
  ['ә', 'а'],
  ['і', 'и'],
  ['i', 'и'],
  ['ı', 'и'],
  ['ї', 'и'],
  ['ң', 'н'],
  ['ғ', 'г'],
  ['ү', 'у'],
  ['ұ', 'у'],
  ['қ', 'к'],
  ['ө', 'о'],
  ['һ', 'х'],
  [',', '.'],
  ['–', '-'],
  ['—', '-'],
  ['‑', '-'],
  ['«', '"'],
  ['»', '"'],
  ['„', '"'],
  ['“', '"'],
  ['”', '"'],
  ['’', "'"],
])

/** Folded code unit by code unit; 0 is not yet known, DROPPED leaves nothing. Filled as letters are met. */
const folded = new Uint16Array(65_536)
const DROPPED = 0xffff
const SPACE = 32

function computeFold(unit: number): number {
  const char = String.fromCharCode(unit)
  if (unit <= SPACE || (unit >= 0x7f && /[\s\u007f-\u00a0]/.test(char))) return SPACE
  if (/[\u0300-\u036f\u0483-\u0487\u00ad\u200b-\u200f\ufe00-\ufe0f]/.test(char)) return DROPPED
  const lower = char.toLowerCase().charAt(0)
  const same = SAME_LETTERS.get(lower)
  if (same !== undefined) return same.charCodeAt(0)
  // Accents go from Latin letters only: й is a letter of its own, not an и with a mark.
  const base = unit < 0x80 || unit >= 0x250 ? lower : lower.normalize('NFD').charAt(0)
  if (!/[a-z]/.test(base)) return lower.charCodeAt(0)
  return (SAME_LETTERS.get(base) ?? base).charCodeAt(0)
}

function foldUnit(unit: number): number {
  const known = folded[unit] ?? 0
  if (known !== 0) return known
  const value = computeFold(unit)
  folded[unit] = value
  return value
}

const isDigit = (unit: number): boolean => unit >= 48 && unit <= 57
const isLetter = (unit: number): boolean => (unit >= 97 && unit <= 122) || (unit >= 0x400 && unit <= 0x52f)
/** Whether a number and a word meet here: `1л` is read like `1 л`. */
const meet = (a: number, b: number): boolean => (isDigit(a) && isLetter(b)) || (isLetter(a) && isDigit(b))

/** Index of the first code unit that folding changes, -1 when the text is folded as it stands. */
function firstChange(text: string): number {
  let previous = SPACE
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    const value = foldUnit(unit)
    if (value !== unit || (value === SPACE && previous === SPACE) || meet(previous, value)) return index
    previous = value
  }
  return previous === SPACE && text !== '' ? text.length - 1 : -1
}

/** Strings of one code unit, made once: building texts is the longest part of building an index. */
const units: string[] = []

function unitText(unit: number): string {
  return (units[unit] ??= String.fromCharCode(unit))
}

/** Latin letters and the Cyrillic ones that look like them in small or capital letters, in the same order. */
const LATIN_TWINS = 'abcehkmoptxy'
const CYRILLIC_TWINS = 'авсенкмортху'
/** A Latin letter inside a Cyrillic word or the other way round. An и is neither: a Latin i becomes one. */
const MIXED = /[a-z]и*[а-зй-ѿ]|[а-зй-ѿ]и*[a-z]/

function swapTwins(word: string, from: string, to: string): string {
  return word.replace(/./gu, (char) => to[from.indexOf(char)] ?? char)
}

/** A word in the alphabet that its letters without a twin belong to; one of twins alone becomes Cyrillic. */
function oneAlphabet(word: string): string {
  if (!MIXED.test(word)) return word
  const cyrillic = swapTwins(word, LATIN_TWINS, CYRILLIC_TWINS)
  if (!/[a-z]/.test(cyrillic)) return cyrillic
  const latin = swapTwins(word, CYRILLIC_TWINS, LATIN_TWINS)
  return /[а-зй-ѿ]/.test(latin) ? word : latin
}

/** A word of twins alone as it looks in the other alphabet, any other as it is. */
export function twinOf(word: string): string {
  if (!/^[abcehkmoptxyавсенкмортхуи]+$/.test(word)) return word
  const latin = swapTwins(word, CYRILLIC_TWINS, LATIN_TWINS)
  return latin === word ? swapTwins(word, LATIN_TWINS, CYRILLIC_TWINS) : latin
}

/**
 * Lower case, same letters made equal, accents gone, words and numbers apart, each word in one alphabet, single spaces,
 * none at the ends.
 */
export function foldText(text: string): string {
  const plain = foldUnits(text)
  return MIXED.test(plain) ? plain.replace(/[a-zа-ѿ]+/g, oneAlphabet) : plain
}

function foldUnits(text: string): string {
  const change = firstChange(text)
  if (change < 0) return text
  let result = ''
  let gap = false
  let last = SPACE
  for (let index = 0; index < text.length; index++) {
    const value = foldUnit(text.charCodeAt(index))
    if (value === DROPPED) {
      // A mark of its own may belong to the letter before it, as in a й written in two parts.
      const composed = text.normalize('NFC')
      if (composed !== text) return foldUnits(composed)
    } else if (value === SPACE) {
      gap = result !== ''
    } else {
      if (gap || meet(last, value)) result += ' '
      gap = false
      last = value
      result += unitText(value)
    }
  }
  return result
}

function mapKeys(text: string, from: string, to: string): string {
  return [...text.toLowerCase()].map((char) => to[from.indexOf(char)] ?? char).join('')
}

/** The query as the same keys give it on the other layout (`rjat` is `кофе`); null when there is nothing to swap. */
export function swapLayout(query: string): string | null {
  const swapped = /[a-z]/i.test(query)
    ? mapKeys(query, LATIN_KEYS, RUSSIAN_KEYS)
    : mapKeys(query, RUSSIAN_KEYS, LATIN_KEYS)
  return swapped === query.toLowerCase() ? null : swapped
}
