/**
 * Text for `print`, `footer`, `printHeader` and the text printer at the true width of the paper
 * (source 004, chapters 5.1, 8 and 10.1). Cyrillic and Kazakh letters take one place like any other.
 */
import { barcodeProblem } from './barcode.ts'
import type { BarcodeProblem, Symbology } from './barcode.ts'

/** Characters in a line. */
export const PAPER_WIDTHS = {
  'internal-normal': 24,
  'internal-small': 32,
  'internal-large': 19,
  'external-80mm': 42,
  'external-57mm': 30,
} as const
export type Paper = keyof typeof PAPER_WIDTHS

/** Text as places on paper: composed letters, one array element a place; marks stay with their letter. */
function places(text: string): string[] {
  const composed = text
    .normalize('NFC')
    .replace(/\t/g, ' ')
    .replace(/\p{Cc}/gu, '')
  return composed.match(/\P{M}\p{M}*|\p{M}+/gu) ?? []
}

/** Places that a text takes in a line. */
export function textWidth(text: string): number {
  return places(text).length
}

/** Breaks one line at spaces; a word longer than the line is cut. */
function wrapLine(line: string, width: number): string[] {
  const lines: string[] = []
  let current: string[] = []
  for (const word of line.split(/(?<=\S)(?=\s)/u)) {
    const letters = places(word)
    if (current.length + letters.length <= width) {
      current.push(...letters)
      continue
    }
    if (current.length > 0) lines.push(current.join(''))
    // The space before a word that begins a new line is where the line was broken.
    current = places(word.trimStart())
    while (current.length > width) lines.push(current.splice(0, width).join(''))
  }
  lines.push(current.join(''))
  return lines.map((each) => each.trimEnd())
}

/** Lines of at most `width` places. Line breaks stay, command lines (`--cut--`, barcodes) are never broken. */
export function wrapText(text: string, width: number): string[] {
  if (!Number.isInteger(width) || width < 1) throw new RangeError(`not a width: ${width}`)
  return text.split(/\r\n|\r|\n/).flatMap((line) => (isCommandLine(line) ? [line.trim()] : wrapLine(line, width)))
}

/** `Name.......1 200.00`: left and right at the edges, dots between. A name too long is wrapped, its sum comes last. */
export function columns(left: string, right: string, width: number, fill = '.'): string[] {
  const rightWidth = textWidth(right)
  if (rightWidth >= width) return [...wrapText(left, width), ...wrapText(right, width)]
  const lines = wrapText(left, width)
  const last = lines.pop() ?? ''
  const gap = width - textWidth(last) - rightWidth
  if (gap >= 1) return [...lines, last + fill.repeat(gap) + right]
  return [...lines, last, fill.repeat(width - rightWidth) + right]
}

/** A line in the middle of the paper; wider text is wrapped and every line centred. */
export function centred(text: string, width: number): string[] {
  return wrapText(text, width).map((line) => ' '.repeat(Math.floor((width - textWidth(line)) / 2)) + line)
}

/** What a line of a print text becomes on paper. */
export type PrintLine =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'cut' }
  | { readonly kind: 'rule' }
  | { readonly kind: 'openDrawer' }
  | {
      readonly kind: 'barcode'
      readonly symbology: Symbology
      readonly value: string
      /** null when the device can print it. */
      readonly problem: BarcodeProblem | null
    }

const BARCODE = /^--barcode(EAN13|EAN8|128)-(.*)--$/
const COMMANDS: Readonly<Record<string, PrintLine>> = {
  '--cut--': { kind: 'cut' },
  '--line--': { kind: 'rule' },
  '--open-cash--': { kind: 'openDrawer' },
}

function isCommandLine(line: string): boolean {
  const trimmed = line.trim()
  return trimmed in COMMANDS || BARCODE.test(trimmed)
}

/** Reads one line: a command or text. Commands are case-sensitive and alone in their line. */
export function readPrintLine(line: string): PrintLine {
  const trimmed = line.trim()
  const command = COMMANDS[trimmed]
  if (command) return command
  const match = BARCODE.exec(trimmed)
  if (!match) return { kind: 'text', text: line }
  const symbology: Symbology = match[1] === '128' ? 'CODE128' : match[1] === 'EAN8' ? 'EAN8' : 'EAN13'
  const value = match[2] ?? ''
  return { kind: 'barcode', symbology, value, problem: barcodeProblem(symbology, value) }
}

/** A print text as it comes out of the printer: wrapped at the paper's width, commands read. */
export function layOut(text: string, paper: Paper): PrintLine[] {
  return wrapText(text, PAPER_WIDTHS[paper]).map(readPrintLine)
}

export type PrintProblem =
  /** A barcode that the device refuses (print-lines-parse-error). */
  | { readonly kind: 'barcode'; readonly line: number; readonly value: string; readonly problem: BarcodeProblem }
  /** Cutting, ruling and opening the drawer work on an external printer only (chapter 8). */
  | { readonly kind: 'externalOnly'; readonly line: number; readonly command: string }
  /** Looks like a command and isn't one: it would be printed as text. Not forbidden, but rarely meant. */
  | { readonly kind: 'unknownCommand'; readonly line: number; readonly text: string }
  /** The printer breaks it where its width ends. */
  | { readonly kind: 'tooWide'; readonly line: number; readonly width: number; readonly limit: number }

function problemOfLine(line: string, number: number, paper: Paper): PrintProblem | null {
  const read = readPrintLine(line)
  switch (read.kind) {
    case 'barcode':
      return read.problem && { kind: 'barcode', line: number, value: read.value, problem: read.problem }
    case 'text': {
      const text = line.trim()
      if (/^--.+--$/.test(text)) return { kind: 'unknownCommand', line: number, text }
      const width = textWidth(line)
      const limit = PAPER_WIDTHS[paper]
      return width > limit ? { kind: 'tooWide', line: number, width, limit } : null
    }
    default:
      return paper.startsWith('internal') ? { kind: 'externalOnly', line: number, command: line.trim() } : null
  }
}

/** What is wrong with a print text on this paper, line by line (numbered from 1). */
export function printProblems(text: string, paper: Paper): PrintProblem[] {
  return text.split(/\r\n|\r|\n/).flatMap((line, index) => problemOfLine(line, index + 1, paper) ?? [])
}

/** The command that prints a barcode. Throws RangeError for one that the device refuses: check it first. */
export function barcodeCommand(symbology: Symbology, value: string): string {
  const problem = barcodeProblem(symbology, value)
  if (problem !== null) throw new RangeError(`not a printable barcode: ${problem}`)
  return `--barcode${symbology === 'CODE128' ? '128' : symbology}-${value}--`
}
