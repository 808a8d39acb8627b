/**
 * A keyboard-wedge scanner among a person's keystrokes, told apart by timing alone. A pure state machine: keys and
 * their times go in, scanned codes come out. Nothing that a person types is ever lost: keys are held back only once
 * their pace proves a machine, and given back if no code comes of them.
 */
import { LATIN_KEYS, RUSSIAN_KEYS } from './keyboard-layouts.ts'

export interface ScannerOptions {
  /** Longest pause in ms between two keys of a scan. People stay well above it. */
  readonly maxGapMs: number
  /** Keys at that pace after which a machine is proven and further keys are held back. */
  readonly provenAfter: number
  /** Shortest code. */
  readonly minLength: number
  /** Keys that end a code. A scanner without one is recognised by silence (`settleScan`). */
  readonly endKeys: readonly string[]
}

export const DEFAULT_SCANNER: ScannerOptions = {
  maxGapMs: 35,
  provenAfter: 4,
  minLength: 4,
  endKeys: ['Enter', 'Tab'],
}
/** Silence in ms after which a scan without an end key is over: call `settleScan` then. */
export const SCAN_SILENCE_MS = 120
/** Longer than anything printed on goods: a key that got stuck must not grow the buffer for ever. */
const LONGEST_CODE = 256

export interface ScannerState {
  readonly buffer: string
  /** Time of the last key in ms; any clock that only runs forward (an event's `timeStamp`). */
  readonly lastAtMs: number
  /** Keys of `buffer` that were held back; the earlier ones reached whatever has the focus. */
  readonly held: number
}

export const IDLE_SCANNER: ScannerState = { buffer: '', lastAtMs: -Infinity, held: 0 }

export interface ScannerStep {
  readonly state: ScannerState
  /** The code that is complete now, null for none. */
  readonly scanned: string | null
  /** Hold this key back (`preventDefault`): it belongs to a scan. */
  readonly hold: boolean
  /** Characters of the scan that had reached the focused field before it was recognised: take them out again. */
  readonly leaked: number
  /** Keys that were held back and turned out to be a person's: type them into the focused field. */
  readonly released: string
}

function step(state: ScannerState, rest: Partial<Omit<ScannerStep, 'state'>> = {}): ScannerStep {
  return { state, scanned: null, hold: false, leaked: 0, released: '', ...rest }
}

function heldText(state: ScannerState): string {
  return state.held === 0 ? '' : state.buffer.slice(-state.held)
}

function scannedStep(state: ScannerState, hold: boolean): ScannerStep {
  return step(IDLE_SCANNER, { scanned: state.buffer, hold, leaked: state.buffer.length - state.held })
}

/**
 * One key press. `key` is the event's `key`, `atMs` its `timeStamp` (not the time of handling: a busy page would make
 * a scanner look slow). `repeat` is true for the repetitions of a key held down.
 */
export function feedKey(
  state: ScannerState,
  key: string,
  atMs: number,
  options: ScannerOptions = DEFAULT_SCANNER,
  repeat = false,
): ScannerStep {
  const quick = atMs - state.lastAtMs <= options.maxGapMs
  if (options.endKeys.includes(key)) {
    const proven = quick && state.buffer.length >= options.minLength
    return proven ? scannedStep(state, true) : step(IDLE_SCANNER, { released: heldText(state) })
  }
  // Shift and the like come with capital letters of a scan: they neither belong to it nor end it.
  if (key === 'Shift' || key === 'CapsLock' || key === 'Alt' || key === 'AltGraph') return step(state)
  if ([...key].length !== 1 || repeat) return step(IDLE_SCANNER, { released: heldText(state) })
  if (!quick || state.buffer.length >= LONGEST_CODE) {
    return step({ buffer: key, lastAtMs: atMs, held: 0 }, { released: heldText(state) })
  }
  const buffer = state.buffer + key
  const hold = buffer.length > options.provenAfter
  return step({ buffer, lastAtMs: atMs, held: state.held + (hold ? key.length : 0) }, { hold })
}

/** Silence: call it `SCAN_SILENCE_MS` after the last key. Ends a scan without an end key, gives back held keys. */
export function settleScan(state: ScannerState, options: ScannerOptions = DEFAULT_SCANNER): ScannerStep {
  // Without an end key only what is long enough for goods counts: a person's quick pair of keys never does.
  const proven = state.held > 0 && state.buffer.length >= Math.max(options.minLength, 8)
  if (proven) return scannedStep(state, false)
  // The page may have stood still between two keys of one scan: a key whose time is near the last one's still belongs to it.
  return step({ ...state, held: 0 }, { released: heldText(state) })
}

/** What the digit keys type on the Kazakh layout. */
const KAZAKH_DIGIT_KEYS: Readonly<Record<string, string>> = {
  '"': '1',
  ә: '2',
  і: '3',
  ң: '4',
  ғ: '5',
  ',': '6',
  '.': '7',
  ү: '8',
  ұ: '9',
  қ: '0',
}

/**
 * The code as it was printed when the scanner typed it on a Kazakh or Russian keyboard layout: a Kazakh one turns
 * every digit into a letter. Null when the code has no such letters and stands as it is.
 */
export function codeFromLayout(scanned: string): string | null {
  if (!/[а-яёәіңғүұқөһ]/iu.test(scanned)) return null
  const kazakh = /[әіңғүұқ]/iu.test(scanned)
  return [...scanned]
    .map((char) => {
      const lower = char.toLowerCase()
      const digit = kazakh ? KAZAKH_DIGIT_KEYS[lower] : undefined
      if (digit !== undefined) return digit
      const latin = RUSSIAN_KEYS.includes(lower) ? LATIN_KEYS.charAt(RUSSIAN_KEYS.indexOf(lower)) : char
      return char === lower ? latin : latin.toUpperCase()
    })
    .join('')
}
