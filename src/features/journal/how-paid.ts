/** How an operation was paid, as a row of the journal says it. */
import { keptBy, namedBy } from '../../domain/paid-ways.ts'
import { usedTenders } from '../../domain/payment.ts'
import type { MessageKey } from '../../i18n/schema.ts'
import type { Entry } from '../../queue/types.ts'

/** The shop's own names with what was asked for, then the tenders of what was paid without one. */
export function howPaid({ receipt, ways = [] }: Entry, t: (key: MessageKey) => string): string {
  if (receipt === null) return ''
  const names = ways.map(({ name, note = '' }) => (note === '' ? name : `${name} (${note})`))
  const plain = usedTenders(receipt.payments).filter((tender) => namedBy(ways, tender) < keptBy(receipt, tender))
  return [...names, ...plain.map((tender) => t(`journal.tender.${tender}`))].join(' + ')
}
