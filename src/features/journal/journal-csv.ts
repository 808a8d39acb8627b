/** The journal as a table for a spreadsheet: semicolons and a byte order mark, as Russian Excel expects them. */
import { tiynToWire } from '../../domain/money.ts'
import { TENDERS } from '../../domain/receipt.ts'
import type { MessageKey } from '../../i18n/schema.ts'
import { formatDateTime } from '../../i18n/format.ts'
import type { Entry } from '../../queue/types.ts'
import { entryTitle, journalLook } from '../queue/entry-look.ts'

/** A text that begins like a formula is one to a spreadsheet: names of goods must stay names. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-?[\d.]+$/.test(text) ? `'${text}` : text
  return /[";\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

function rowOf(entry: Entry, t: (key: MessageKey) => string): string[] {
  const payments = TENDERS.map((tender) => entry.receipt?.payments[tender]).map((paid) =>
    paid === undefined ? '' : tiynToWire(paid),
  )
  return [
    formatDateTime(entry.createdAtMs),
    t(entryTitle(entry)),
    entry.number === null ? '' : String(entry.number),
    entry.mark,
    tiynToWire(entry.amount),
    ...payments,
    t(journalLook(entry).word),
    entry.cashier,
  ]
}

export function journalCsv(entries: readonly Entry[], t: (key: MessageKey) => string): string {
  const head = [
    t('journal.created'),
    t('journal.column.kind'),
    t('journal.column.number'),
    t('journal.markLabel'),
    t('journal.total'),
    ...TENDERS.map((tender) => t(`journal.tender.${tender}`)),
    t('journal.column.state'),
    t('journal.cashier'),
  ]
  const rows = [head, ...entries.map((entry) => rowOf(entry, t))]
  return `\ufeff${rows.map((row) => row.map(cell).join(';')).join('\r\n')}\r\n`
}
