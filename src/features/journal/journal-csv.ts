/** The journal as a table for a spreadsheet. */
import { csvText } from '../../domain/csv-export.ts'
import { tiynToWire } from '../../domain/money.ts'
import { TENDERS } from '../../domain/receipt.ts'
import type { MessageKey } from '../../i18n/schema.ts'
import { formatDateTime } from '../../i18n/format.ts'
import { provenNumber, type Entry } from '../../queue/types.ts'
import { entryTitle, journalLook } from '../common/entry-look.ts'

function rowOf(entry: Entry, t: (key: MessageKey) => string): string[] {
  const payments = TENDERS.map((tender) => entry.receipt?.payments[tender]).map((paid) =>
    paid === undefined ? '' : tiynToWire(paid),
  )
  return [
    formatDateTime(entry.createdAtMs),
    t(entryTitle(entry)),
    String(provenNumber(entry) ?? ''),
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
  return csvText([head, ...entries.map((entry) => rowOf(entry, t))])
}
