/** Text that the device prints for us: commands inside of it (source 004, chapters 8 and 10.1). */

/** Characters in a line (chapter 5.1): the internal printer by font, an external one by paper width. */
export const LINE_WIDTHS = {
  internalNormal: 24,
  internalSmall: 32,
  internalLarge: 19,
  paper80: 42,
  paper57: 30,
} as const

/** Commands of an external printer (chapter 8). */
export const PRINT_COMMANDS = { cut: '--cut--', line: '--line--', openDrawer: '--open-cash--' } as const

export type BarcodeKind = 'ean13' | 'ean8' | 'code128'

const BARCODES: readonly { readonly kind: BarcodeKind; readonly prefix: string; readonly value: RegExp }[] = [
  { kind: 'ean13', prefix: '--barcodeEAN13-', value: /^\d{13}$/ },
  { kind: 'ean8', prefix: '--barcodeEAN8-', value: /^\d{8}$/ },
  { kind: 'code128', prefix: '--barcode128-', value: /^[a-zA-Z0-9 !?:.,+=_;]{1,128}$/ },
]

/** The command that prints a barcode; null where the value doesn't fit its kind (chapter 10.1). */
export function barcodeCommand(kind: BarcodeKind, value: string): string | null {
  const barcode = BARCODES.find((candidate) => candidate.kind === kind)
  return barcode?.value.test(value) === true ? `${barcode.prefix}${value}--` : null
}

/** What a line of text becomes on paper. */
export type PrintLine =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'barcode'; readonly barcode: BarcodeKind; readonly value: string }
  | { readonly kind: 'command'; readonly command: keyof typeof PRINT_COMMANDS }
  /** Begins like a barcode and isn't one: the device refuses the whole text (print-lines-parse-error). */
  | { readonly kind: 'brokenBarcode'; readonly text: string }

/** Text line by line as the device reads it, for a preview and for the check before sending. */
export function readPrintText(text: string): readonly PrintLine[] {
  return text.split(/\r\n|\r|\n/).map(readLine)
}

function readLine(line: string): PrintLine {
  const trimmed = line.trim()
  for (const command of ['cut', 'line', 'openDrawer'] as const) {
    if (trimmed === PRINT_COMMANDS[command]) return { kind: 'command', command }
  }
  if (!trimmed.startsWith('--barcode')) return { kind: 'text', text: line }
  for (const { kind, prefix, value } of BARCODES) {
    if (!trimmed.startsWith(prefix) || !trimmed.endsWith('--')) continue
    const inner = trimmed.slice(prefix.length, -2)
    if (value.test(inner)) return { kind: 'barcode', barcode: kind, value: inner }
  }
  return { kind: 'brokenBarcode', text: line }
}

/** Numbers (from 0) of the lines for which the device would refuse the text; empty when it may be sent. */
export function brokenPrintLines(text: string): readonly number[] {
  if (!text.includes('--barcode')) return []
  return readPrintText(text).flatMap((line, index) => (line.kind === 'brokenBarcode' ? [index] : []))
}
