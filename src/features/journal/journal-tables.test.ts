import { read, utils, type WorkSheet } from '@e965/xlsx'
import Papa from 'papaparse'
import { describe, expect, it } from 'vitest'
import { parseTiyn, thousandths, tiyn } from '../../domain/money.ts'
import type { PaidWay } from '../../domain/paid-ways.ts'
import type { Receipt, ReceiptRow } from '../../domain/receipt.ts'
import { tableCsv } from '../../domain/table.ts'
import { newEntry, type Entry, type EntryDraft } from '../../queue/types.ts'
import { workbookBytes } from '../export/workbook-file.ts'
import { journalTables, type TableWords } from './journal-tables.ts'

const AT = new Date(2026, 10, 22, 14, 32, 5).getTime()

const WORDS: TableWords = {
  t: (key) => key,
  taxName: (taxId) => (taxId === null ? 'НДС 12%' : null),
  unit: (code) => (code === null ? 'шт' : 'кг'),
  costs: false,
}

function item(name: string, price: number, quantity: number, sum: number, code: string | null = null): ReceiptRow {
  return { kind: 'item', name, code, price: tiyn(price), quantity: thousandths(quantity), sum: tiyn(sum) }
}

function receiptOf(fields: Partial<Receipt>): Receipt {
  return {
    kind: 'sale',
    total: tiyn(101_00),
    payments: { cash: tiyn(101_00) },
    change: tiyn(0),
    taxId: null,
    rows: [item('Чай', 101_00, 1000, 101_00)],
    printText: null,
    footerText: null,
    basis: null,
    ...fields,
  }
}

let sequence = 0
function entryOf(fields: Partial<EntryDraft>, more: Partial<Entry> = {}): Entry {
  sequence += 1
  const receipt = fields.receipt ?? null
  const draft: EntryDraft = {
    id: `e${sequence}`,
    deviceId: 'd',
    kind: receipt === null ? 'deposit' : 'registration',
    request: null,
    receipt,
    amount: receipt?.total ?? tiyn(0),
    cashier: 'Айгуль',
    createdAtMs: AT,
    shift: null,
    bank: null,
    ...fields,
  }
  return { ...newEntry(draft, sequence, `A-${sequence}`), state: 'done', number: 100 + sequence, doneAtMs: AT, ...more }
}

const kaspi = (amount: number, note?: string): PaidWay => ({
  id: 'k',
  name: 'Kaspi QR',
  tender: 'bank',
  amount: tiyn(amount),
  ...(note === undefined ? {} : { note }),
})

/** A day with everything that made the old table wrong: change, returns, names, discounts, and what isn't registered. */
function day(): readonly Entry[] {
  return [
    // Case 34: total 101, 5 000 handed over.
    entryOf({ receipt: receiptOf({ payments: { cash: tiyn(5_000_00) }, change: tiyn(4_899_00), taxName: 'НДС 16%' }) }),
    entryOf({
      receipt: receiptOf({
        total: tiyn(1_234_56),
        payments: { cash: tiyn(500_00), bank: tiyn(1_000_00) },
        change: tiyn(265_44),
        rows: [
          item('Сыр', 2_999_99, 333, 999_00, '00101'),
          { kind: 'discount', name: 'Скидка 10%', discount: tiyn(99_90), scope: 'line' },
          item('Чай', 400_00, 1000, 400_00),
          { kind: 'discount', name: 'Скидка', discount: tiyn(64_54), scope: 'receipt' },
        ],
      }),
      ways: [kaspi(600_00, '4321')],
    }),
    entryOf({
      receipt: receiptOf({
        kind: 'saleReturn',
        total: tiyn(51_50),
        payments: { cash: tiyn(51_50) },
        rows: [item('Чай', 101_00, 510, 51_50)],
      }),
    }),
    entryOf({ kind: 'withdrawal', amount: tiyn(30_00) }),
    entryOf(
      { receipt: receiptOf({ total: tiyn(777_00), payments: { cash: tiyn(777_00) } }) },
      { state: 'refused', number: null },
    ),
    entryOf({ receipt: receiptOf({ taxId: '9', payments: { credit: tiyn(101_00) } }) }),
  ]
}

const REGISTERED = 101_00 + 1_234_56 - 51_50 + 101_00

function column(rows: readonly (readonly unknown[])[], title: string): readonly unknown[] {
  const at = rows[0]?.indexOf(title) ?? -1
  expect(at, title).toBeGreaterThanOrEqual(0)
  return rows.slice(1).map((row) => row[at])
}

/** What a spreadsheet's SUM gives, to the tiyn: texts count for nothing there. */
const sum = (values: readonly unknown[]): number =>
  values.reduce<number>((all, value) => all + (typeof value === 'number' ? Math.round(value * 100) : 0), 0)

const commas = (values: readonly unknown[]): number =>
  values.reduce<number>((all, value) => {
    const text = String(value)
    // A Russian spreadsheet takes nothing but this for a number.
    return all + (/^-?\d+(?:,\d+)?$/.test(text) ? (parseTiyn(text) ?? NaN) : 0)
  }, 0)

function sheets(entries: readonly Entry[]): readonly (readonly (readonly unknown[])[])[] {
  const book = read(workbookBytes(journalTables(entries, WORDS)), { type: 'array', cellNF: true })
  return book.SheetNames.map((name) =>
    utils.sheet_to_json<unknown[]>(book.Sheets[name] as WorkSheet, { header: 1, raw: true, blankrows: true }),
  )
}

describe('the journal as CSV', () => {
  const rows = (entries: readonly Entry[]): readonly (readonly string[])[] =>
    Papa.parse<string[]>(tableCsv(journalTables(entries, WORDS)[0]).replace('\ufeff', ''), {
      delimiter: ';',
      skipEmptyLines: true,
    }).data

  it('has cash as it was kept: 101 of 5 000 is 101', () => {
    const [first] = day()
    expect(column(rows(first === undefined ? [] : [first]), 'journal.tender.cash')).toEqual(['101'])
  })

  it('adds up in a Russian spreadsheet: sums are what was earned, and tenders are the sums', () => {
    const table = rows(day())
    expect(commas(column(table, 'journal.total'))).toBe(REGISTERED)
    const tenders = ['cash', 'bank', 'tara', 'credit'].map((tender) =>
      commas(column(table, `journal.tender.${tender}`)),
    )
    expect(tenders).toEqual([101_00 + 234_56 - 51_50, 1_000_00, 0, 101_00])
    expect(tenders.reduce((a, b) => a + b, 0)).toBe(REGISTERED)
    expect(commas(column(table, 'journal.tender.bank: Kaspi QR'))).toBe(600_00)
    expect(commas(column(table, 'journal.column.moved'))).toBe(-30_00)
    expect(commas(column(table, 'journal.column.waiting'))).toBe(777_00)
  })

  it('writes a date as a spreadsheet reads one, and how a receipt was paid in words', () => {
    const table = rows(day())
    expect(column(table, 'journal.column.date')[0]).toBe('22.11.2026 14:32:05')
    expect(column(table, 'journal.column.paidBy')[1]).toBe(
      'Kaspi QR (4321) + journal.tender.cash + journal.tender.bank',
    )
  })

  it('quotes what would break the table and defuses what a spreadsheet would run', () => {
    const text = tableCsv(
      journalTables([entryOf({ receipt: receiptOf({}), cashier: '=HYPERLINK("http://x";1)' })], WORDS)[0],
    )
    expect(text).toContain(`"'=HYPERLINK(""http://x"";1)"`)
  })
})

describe('the journal as a workbook', () => {
  it('holds numbers and dates, and its sums are what was earned', () => {
    const [receipts = []] = sheets(day())
    expect(sum(column(receipts, 'journal.total'))).toBe(REGISTERED)
    expect(sum(column(receipts, 'journal.tender.cash'))).toBe(101_00 + 234_56 - 51_50)
    expect(sum(column(receipts, 'journal.tender.bank: Kaspi QR'))).toBe(600_00)
    const [date] = column(receipts, 'journal.column.date')
    // The wall's clock: a spreadsheet knows no time zones, and the library reads its dates as UTC.
    expect(date).toEqual(new Date(Date.UTC(2026, 10, 22, 14, 32, 5)))
  })

  it('has a second sheet of goods whose sums and taxes add up to those of the receipts', () => {
    const [receipts = [], lines = []] = sheets(day())
    expect(lines).toHaveLength(1 + 1 + 2 + 1 + 1)
    expect(sum(column(lines, 'journal.column.net'))).toBe(REGISTERED)
    expect(sum(column(lines, 'journal.column.gross')) - sum(column(lines, 'journal.column.discount'))).toBe(REGISTERED)
    // 16 % of the name at the sale, 12 % of today's default, nothing where the register's tax is unknown.
    const taxes = [13_93, 132_27, -5_52]
    expect(sum(column(receipts, 'journal.column.tax'))).toBe(taxes.reduce((a, b) => a + b, 0))
    expect(sum(column(lines, 'journal.column.tax'))).toBe(taxes.reduce((a, b) => a + b, 0))
    expect(column(receipts, 'journal.column.taxRate').filter((rate) => rate !== undefined)).toEqual([0.16, 0.12, 0.12])
  })

  it('names a line by its code with zeros in front, its quantity, unit, price and discount', () => {
    const [, lines = []] = sheets(day())
    const [, , cheese = [], , tea = []] = lines
    expect(cheese.slice(4, 12)).toEqual(['00101', 'Сыр', 0.333, 'кг', 2999.99, 999, 144.57, 854.43])
    expect(tea.slice(5, 12)).toEqual(['Чай', -0.51, 'шт', 101, -51.5, 0, -51.5])
  })

  it('leaves money that never was out of the sums: what waits, was refused or written off', () => {
    const waiting = entryOf({ receipt: receiptOf({}) }, { state: 'queued', number: null })
    const [receipts = [], lines = []] = sheets([waiting])
    expect(column(receipts, 'journal.total')).toEqual([undefined])
    expect(column(receipts, 'journal.column.waiting')).toEqual([101])
    expect(lines).toHaveLength(1)
  })
})

describe('what goods had cost', () => {
  const tea = { ...item('Чай', 100_00, 2000, 200_00, 'T'), cost: tiyn(60_00) } as ReceiptRow
  const entries = [
    entryOf({
      receipt: receiptOf({
        total: tiyn(280_00),
        payments: { cash: tiyn(280_00) },
        rows: [
          tea,
          item('Сыр', 100_00, 1000, 100_00, 'S'),
          { kind: 'discount', name: 'Скидка', discount: tiyn(20_00), scope: 'line' },
        ],
      }),
    }),
    entryOf({
      receipt: receiptOf({
        kind: 'saleReturn',
        total: tiyn(100_00),
        payments: { cash: tiyn(100_00) },
        rows: [{ ...tea, quantity: thousandths(1000), sum: tiyn(100_00) } as ReceiptRow],
      }),
    }),
    entryOf({
      receipt: receiptOf({ kind: 'buy', rows: [tea], total: tiyn(200_00), payments: { cash: tiyn(200_00) } }),
    }),
  ]
  const lines = (costs: boolean) => {
    const [, table] = journalTables(entries, { ...WORDS, costs })
    return [table.head, ...table.rows] as const
  }

  it('stands with the lines that know it, for whoever may see it', () => {
    const rows = lines(true)
    const of = (title: string) => column(rows, title).map((cell) => (cell as { readonly tiyn?: number } | null)?.tiyn)
    expect(of('journal.column.cost')).toEqual([120_00, undefined, -60_00, undefined])
    expect(of('journal.column.margin')).toEqual([80_00, undefined, -40_00, undefined])
  })

  it('is nobody else’s', () => {
    expect(lines(false)[0]).not.toContain('journal.column.cost')
    expect(JSON.stringify(lines(false))).not.toContain('6000')
  })
})
