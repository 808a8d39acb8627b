/** How the device's printer sets a text: fixed width, its own commands as drawings (source 004, chapters 8 and 10.1). */

export type PaperRow =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'rule' }
  | { readonly kind: 'cut' }
  | { readonly kind: 'barcode'; readonly text: string }

const BARCODE = /^--barcode(?:EAN13|EAN8|128)-(.+)--$/

function commandOf(line: string): PaperRow | null {
  if (line === '--line--') return { kind: 'rule' }
  if (line === '--cut--') return { kind: 'cut' }
  if (line === '--open-cash--') return { kind: 'text', text: '' }
  const barcode = BARCODE.exec(line)
  return barcode === null ? null : { kind: 'barcode', text: barcode[1] ?? '' }
}

/** Rows of at most `width` characters; a longer line goes on in the next row. */
export function paperLines(lines: readonly string[], width: number): PaperRow[] {
  return lines.flatMap((line) => {
    const command = commandOf(line.trim())
    if (command !== null) return [command]
    const characters = [...line]
    const rows: PaperRow[] = []
    for (let start = 0; start < Math.max(1, characters.length); start += width) {
      rows.push({ kind: 'text', text: characters.slice(start, start + width).join('') })
    }
    return rows
  })
}
