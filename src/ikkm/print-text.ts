/**
 * The language of what the register prints for us (source 004, chapters 5.1, 8 and 10.1): lines, widths, commands, and
 * what it refuses. How a text comes out on paper stands in `paper-rows.ts`.
 */
import { checkDigitFits } from '../domain/barcode.ts'

/** Characters in a line (chapter 5.1): the printer inside with its three fonts, an external one with 80 and 57 mm. */
export const PAPER_WIDTHS = [24, 32, 19, 42, 30] as const
export type PaperWidth = (typeof PAPER_WIDTHS)[number]

/** The large font of the printer inside: a line no longer than this is broken nowhere. */
export const NARROWEST_PAPER = 19

/** Whether the paper of this width is an external printer's: only that one cuts, rules and opens a drawer (chapter 8). */
export function isExternalPaper(width: PaperWidth): boolean {
  return width === 42 || width === 30
}

/** Lines of a text, however its breaks are written; none for no text. */
export function linesOf(text: string | null): string[] {
  return text === null || text === '' ? [] : text.split(/\r\n|\r|\n/)
}

export type Symbology = 'EAN13' | 'EAN8' | '128'

export type PrintCommand =
  | { readonly kind: 'cut' | 'rule' | 'openDrawer' }
  /** `readable`: a scanner can read it. An EAN with another check digit is printed all the same, as far as is known. */
  | { readonly kind: 'barcode'; readonly symbology: Symbology; readonly value: string; readonly readable: boolean }
  /** Begins as a barcode and isn't a whole one: the register refuses the text that holds it. */
  | { readonly kind: 'brokenBarcode' }

const COMMANDS: ReadonlyMap<string, PrintCommand> = new Map([
  ['--cut--', { kind: 'cut' }],
  ['--line--', { kind: 'rule' }],
  ['--open-cash--', { kind: 'openDrawer' }],
])
const BARCODE = /^--barcode(?:(EAN13)-(\d{13})|(EAN8)-(\d{8})|(128)-([a-zA-Z0-9 !?:.,+=_;]{1,128}))--$/

/** The command in a line; null for text. Commands are case-sensitive and alone in their line. */
export function commandOf(line: string): PrintCommand | null {
  const trimmed = line.trim()
  const command = COMMANDS.get(trimmed)
  if (command) return command
  if (!trimmed.startsWith('--barcode')) return null
  const match = BARCODE.exec(trimmed)
  if (!match) return { kind: 'brokenBarcode' }
  const symbology = (match[1] ?? match[3] ?? match[5]) as Symbology
  const value = match[2] ?? match[4] ?? match[6] ?? ''
  return { kind: 'barcode', symbology, value, readable: symbology === '128' || checkDigitFits(value) }
}

/** Characters of one text: a metre of paper. */
const MAX_PRINT_TEXT = 2_000

/** Why a text isn't sent. Lines are counted from 1. */
export type PrintTextProblem =
  | { readonly kind: 'barcode'; readonly line: number }
  | { readonly kind: 'tooLong'; readonly length: number; readonly limit: number }

/**
 * Why the device would refuse a text that is printed with a receipt, above it or alone; null when it may be sent.
 * Asked wherever such a text is typed or comes from, and once more before a receipt is frozen.
 */
export function printTextProblem(text: string): PrintTextProblem | null {
  if (text.length > MAX_PRINT_TEXT) return { kind: 'tooLong', length: text.length, limit: MAX_PRINT_TEXT }
  const index = linesOf(text).findIndex((line) => commandOf(line)?.kind === 'brokenBarcode')
  return index < 0 ? null : { kind: 'barcode', line: index + 1 }
}
