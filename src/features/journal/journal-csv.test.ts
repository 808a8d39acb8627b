import { describe, expect, it } from 'vitest'
import { thousandths, tiyn } from '../../domain/money.ts'
import { newEntry } from '../../queue/types.ts'
import { journalCsv } from './journal-csv.ts'

function entryOf(cashier: string) {
  const draft = {
    id: 'a',
    deviceId: 'd',
    kind: 'registration' as const,
    request: null,
    receipt: {
      kind: 'sale' as const,
      total: tiyn(815_50),
      payments: { cash: tiyn(1000_00) },
      change: tiyn(184_50),
      taxId: null,
      rows: [
        {
          kind: 'item' as const,
          name: 'Чай',
          code: null,
          price: tiyn(815_50),
          quantity: thousandths(1000),
          sum: tiyn(815_50),
        },
      ],
      printText: null,
      footerText: null,
      basis: null,
    },
    amount: tiyn(815_50),
    cashier,
    createdAtMs: new Date(2026, 10, 22, 14, 32).getTime(),
    shift: null,
    bank: null,
  }
  return newEntry(draft, 137, 'A-0137')
}

const lines = (csv: string): string[] => csv.replace('\ufeff', '').trimEnd().split('\r\n')

describe('the journal as a table', () => {
  it('writes amounts with a dot and leaves unused tenders empty', () => {
    expect(lines(journalCsv([entryOf('Айгуль')], (key) => key))[1]).toBe(
      '22.11.2026, 14:32;queue.kind.sale;;A-0137;815.5;1000;;;;journal.state.open;Айгуль',
    )
  })

  it('quotes what would break the table and defuses what a spreadsheet would run', () => {
    const row = lines(journalCsv([entryOf('=HYPERLINK("http://x";1)')], (key) => key))[1]
    expect(row).toContain(`"'=HYPERLINK(""http://x"";1)"`)
  })
})
