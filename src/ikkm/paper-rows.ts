/** How a text comes out of the register's printer (source 004, chapters 5.1, 8 and 10.1): fixed width, commands drawn. */
import { commandOf, isExternalPaper, linesOf, type PaperWidth, type Symbology } from './print-text.ts'

export type PaperRow =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'rule' }
  | { readonly kind: 'cut' }
  | { readonly kind: 'barcode'; readonly symbology: Symbology; readonly text: string; readonly readable: boolean }

/**
 * Where a text is printed. `receipt`: above, in or under one (`printHeader`, `print`, `footer`), where only barcodes are
 * commands (chapter 10.1). `free`: by itself (`/apiprint`), where an external printer also cuts, rules and opens the
 * drawer (chapter 8); the one inside leaves these out.
 */
export type PrintPlace = 'receipt' | 'free'

/** Rows of at most `width` characters; the printer breaks a longer line where its width ends, also within a word. */
export function paperRows(text: string, width: PaperWidth, place: PrintPlace): PaperRow[] {
  return linesOf(text).flatMap((line) => rowsOf(line, width, place))
}

function rowsOf(line: string, width: PaperWidth, place: PrintPlace): PaperRow[] {
  const command = commandOf(line)
  if (command?.kind === 'barcode') {
    const { symbology, value, readable } = command
    return [{ kind: 'barcode', symbology, text: value, readable }]
  }
  if (command === null || command.kind === 'brokenBarcode' || place === 'receipt') return brokenAt(line, width)
  if (command.kind === 'openDrawer' || !isExternalPaper(width)) return []
  return [{ kind: command.kind }]
}

function brokenAt(line: string, width: number): PaperRow[] {
  const characters = [...line]
  const rows: PaperRow[] = []
  for (let start = 0; start < Math.max(1, characters.length); start += width) {
    rows.push({ kind: 'text', text: characters.slice(start, start + width).join('') })
  }
  return rows
}
