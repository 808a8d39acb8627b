/**
 * Lists of items by three neighbouring letters: what makes the search fast.
 * A list is only a proposal; every proposal is compared with the query (`rankOf`), so that two letters that share
 * a class cost time and never a wrong hit.
 */
import { isWordUnit } from './search-match.ts'

/**
 * 0 what is no letter or digit, 1 start of a field, ten digits, 32 Russian letters; Latin letters share 18 classes
 * and all others two: few classes keep the tables small.
 */
const CLASSES = 64
const FIELD_START = 1
const KEYS = CLASSES ** 3
const LINE_FEED = 10

const classes = new Uint8Array(65_536).fill(255)

function computeClass(unit: number): number {
  if (!isWordUnit(unit)) return 0
  if (unit >= 48 && unit <= 57) return 2 + unit - 48
  if (unit >= 0x430 && unit <= 0x44f) return 12 + unit - 0x430
  return unit >= 97 && unit <= 122 ? 44 + ((unit - 97) % 18) : 62 + (unit % 2)
}

function classOf(unit: number): number {
  const known = classes[unit] ?? 255
  if (known !== 255) return known
  const value = computeClass(unit)
  classes[unit] = value
  return value
}

/** Where the lists of one part of a query lie; `single` lists are sorted and without repetition. */
export interface GramRange {
  readonly from: number
  readonly to: number
  readonly single: boolean
}

export interface GramIndex {
  /** Ids of items, list after list. */
  readonly postings: Uint32Array
  /** Ranges of which each holds every item whose text contains the text, read as the given kind of place. */
  ranges(text: string, place: 'anywhere' | 'wordStart' | 'fieldStart' | 'wholeField'): GramRange[]
}

/** Lists while they are being counted: each text's keys once, one text after another. */
class GramCounter {
  /** Size of each list. */
  readonly sizes = new Uint32Array(KEYS)
  readonly keys: Int32Array
  /** Where the keys of each text end in `keys`. */
  readonly ends: Uint32Array
  private readonly seenIn = new Uint32Array(KEYS)
  private used = 0
  private count = 0

  constructor(texts: readonly string[]) {
    // A text has at most one key a letter and one a field, and every field has a letter to itself.
    this.keys = new Int32Array(2 * texts.reduce((sum, text) => sum + text.length, 0))
    this.ends = new Uint32Array(texts.length)
  }

  /** Notes the key of every three neighbouring classes of a text, and of every field's start. */
  add(text: string): void {
    const last = text.length - 1
    this.count++
    let first = 0
    let second = last > 0 ? classOf(text.charCodeAt(1)) : 0
    let startsField = true
    for (let index = 0; index < last; index++) {
      const third = index + 2 <= last ? classOf(text.charCodeAt(index + 2)) : 0
      this.note((first * CLASSES + second) * CLASSES + third)
      if (startsField) this.note((FIELD_START * CLASSES + second) * CLASSES + third)
      startsField = text.charCodeAt(index + 1) === LINE_FEED
      first = second
      second = third
    }
    this.ends[this.count - 1] = this.used
  }

  /** `seenIn` keeps a text from entering a list twice. */
  private note(key: number): void {
    if (this.seenIn[key] === this.count) return
    this.seenIn[key] = this.count
    this.sizes[key] = (this.sizes[key] ?? 0) + 1
    this.keys[this.used++] = key
  }
}

/** Sizes become starts, in place; returns their sum. */
function startsFromSizes(sizes: Uint32Array): number {
  let total = 0
  for (let key = 0; key < sizes.length; key++) {
    const size = sizes[key] ?? 0
    sizes[key] = total
    total += size
  }
  return total
}

/** Builds the lists over all texts; yields the number of texts done (of twice as many) every `chunk` texts. */
export function* buildGrams(texts: readonly string[], chunk: number): Generator<number, GramIndex> {
  const counter = new GramCounter(texts)
  let done = 0
  for (const text of texts) {
    counter.add(text)
    if (++done % chunk === 0) yield done
  }
  const { keys, sizes: starts } = counter
  const postings = new Uint32Array(startsFromSizes(starts))
  let from = 0
  for (let id = 0; id < texts.length; id++) {
    const to = counter.ends[id] ?? from
    fillLists(postings, starts, keys.subarray(from, to), id)
    from = to
    if (++done % chunk === 0) yield done
  }
  return gramIndex(postings, starts)
}

/** Puts an item into its lists. Every list is filled from its start, which therefore ends as its end. */
function fillLists(postings: Uint32Array, starts: Uint32Array, keys: Int32Array, id: number): void {
  for (const key of keys) {
    const at = starts[key] ?? 0
    postings[at] = id
    starts[key] = at + 1
  }
}

/** `ends[key]` is the end of a list and the start of the next one. */
function gramIndex(postings: Uint32Array, ends: Uint32Array): GramIndex {
  const range = (firstKey: number, lastKey: number): GramRange => ({
    from: firstKey === 0 ? 0 : (ends[firstKey - 1] ?? 0),
    to: ends[lastKey] ?? 0,
    single: firstKey === lastKey,
  })
  const rangesOf = (units: readonly number[]): GramRange[] => {
    const [a = 0, b = 0] = units
    if (units.length === 1) return [range(a * CLASSES * CLASSES, (a + 1) * CLASSES * CLASSES - 1)]
    if (units.length === 2) return [range((a * CLASSES + b) * CLASSES, (a * CLASSES + b + 1) * CLASSES - 1)]
    const ranges: GramRange[] = []
    for (let index = 0; index + 2 < units.length; index++) {
      const key = ((units[index] ?? 0) * CLASSES + (units[index + 1] ?? 0)) * CLASSES + (units[index + 2] ?? 0)
      ranges.push(range(key, key))
    }
    return ranges
  }
  return {
    postings,
    ranges(text, place) {
      const units: number[] = []
      if (place === 'wordStart') units.push(0)
      if (place === 'fieldStart' || place === 'wholeField') units.push(FIELD_START)
      for (let index = 0; index < text.length; index++) units.push(classOf(text.charCodeAt(index)))
      if (place === 'wholeField') units.push(0)
      return rangesOf(units)
    },
  }
}
