/** A table for a spreadsheet: semicolons and a byte order mark, as Russian and Kazakh Excel expect them. */

/** A text that begins like a formula is one to a spreadsheet: names of goods must stay names. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-?[\d.,]+%?$/.test(text) ? `'${text}` : text
  return /[";\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Rows of cells, the head among them, as the text of a CSV file. */
export function csvText(rows: readonly (readonly string[])[]): string {
  return `\ufeff${rows.map((row) => row.map(cell).join(';')).join('\r\n')}\r\n`
}
