import { describe, expect, it } from 'vitest'
import { FAILURE_KINDS } from '../../contract/errors.ts'
import { IIKO_SAVE_ERROR_CODES, type IikoSalesRow, type IikoShift } from '../../contract/iiko.ts'
import { atol as englishAtol } from '../../i18n/en/atol.ts'
import { iiko as englishIiko } from '../../i18n/en/iiko.ts'
import { office as englishOffice } from '../../i18n/en/office.ts'
import { atol as kazakhAtol } from '../../i18n/kk/atol.ts'
import { iiko as kazakhIiko } from '../../i18n/kk/iiko.ts'
import { office as kazakhOffice } from '../../i18n/kk/office.ts'
import { atol as russianAtol } from '../../i18n/ru/atol.ts'
import { iiko as russianIiko } from '../../i18n/ru/iiko.ts'
import { office as russianOffice } from '../../i18n/ru/office.ts'
import type { ShiftReport } from '../../ikkm/reports.ts'
import { periodText } from './period-text.ts'
import { sumSales } from './sales-groups.ts'
import { compareShift } from './shift-comparison.ts'
import { shortId } from './use-iiko-names.ts'
import { wireDay, wireMs } from './wire-time.ts'

describe('times of iiko', () => {
  it('keep the digits that the server wrote, whatever the zone', () => {
    const date = new Date(wireMs('2017-02-21T09:56:32.937') ?? 0)
    expect([date.getFullYear(), date.getMonth(), date.getDate(), date.getHours(), date.getMinutes()]).toEqual([
      2017, 1, 21, 9, 56,
    ])
    expect(wireMs('2017-02-21T22:28:18.63')).not.toBeNull()
    expect(wireDay('2017-02-21T22:28:18.63')).toBe('2017-02-21')
  })

  it('are nothing where there is no time', () => {
    expect(wireMs(null)).toBeNull()
    expect(wireMs('вчера')).toBeNull()
    expect(wireDay('вчера')).toBe('')
  })

  it('name the period of stored data, or the question itself', () => {
    const date = (ms: number) => String(new Date(ms).getDate())
    expect(periodText('{"from":"2026-11-01","to":"2026-11-07","status":"ANY"}', date)).toBe('1 – 7')
    expect(periodText('names', date)).toBe('names')
  })
})

describe('the sales report', () => {
  const row = (date: string, dish: string, sum: number): IikoSalesRow => ({
    date,
    shiftNumber: date.slice(-1),
    openTime: null,
    closeTime: null,
    dish,
    orderType: null,
    customerName: null,
    customerPhone: null,
    payTypes: null,
    sum,
    sumBeforeDiscount: sum,
  })
  const rows = [row('2026-11-02', 'Чай', 100), row('2026-11-01', 'Кофе', 250), row('2026-11-02', 'Кофе', 50)]

  it('goes by day in order and by dish with the best first; shares are of the total', () => {
    expect(sumSales(rows, 'day').map(({ key, sum }) => [key, sum])).toEqual([
      ['2026-11-01', 250],
      ['2026-11-02', 150],
    ])
    expect(sumSales(rows, 'dish')).toEqual([
      { key: 'Кофе', sum: 300, share: 7_500, rows: 2 },
      { key: 'Чай', sum: 100, share: 2_500, rows: 1 },
    ])
  })

  it('puts what has no payment type together and shares nothing of nothing', () => {
    expect(sumSales(rows, 'payment')).toMatchObject([{ key: '', sum: 400 }])
    expect(sumSales([row('2026-11-01', 'Чай', -5)], 'day')).toMatchObject([{ sum: -5, share: null }])
  })
})

describe('the fiscal device beside iiko', () => {
  const sums = (sum: number) => ({ count: 1, sum, totalCount: null })
  const report = {
    kinds: { sale: sums(500), saleReturn: sums(100), buy: sums(0), buyReturn: sums(0) },
    cashIn: { count: 1, total: 30 },
    cashOut: { count: 1, total: 70 },
  } as unknown as ShiftReport
  const shift = { salesCash: 300, salesCard: 100, salesCredit: 0, payIn: 30, payOut: 20, payIncome: -50 } as IikoShift

  it('compares sales less returns, deposits, and withdrawals with the one at the end', () => {
    expect(compareShift(report, shift)).toEqual([
      { row: 'sales', device: 400, iiko: 400 },
      { row: 'deposits', device: 30, iiko: 30 },
      { row: 'withdrawals', device: 70, iiko: 70 },
    ])
  })

  it.each([
    ['both negative', { payOut: -20, payIncome: -50 }, 70],
    ['both positive', { payOut: 20, payIncome: 50 }, 70],
    ['nothing at the end', { payOut: 70, payIncome: 0 }, 70],
    ['only at the end', { payOut: 0, payIncome: -70 }, 70],
    ['no end yet', { payOut: 20, payIncome: null }, 20],
  ])('counts withdrawals whatever their sign: %s', (_name, change, expected) => {
    expect(compareShift(report, { ...shift, ...change })[2]).toEqual({ row: 'withdrawals', device: 70, iiko: expected })
  })

  it("agrees with the document's own sample: cash sales and the deposit leave at the end of the shift", () => {
    const sample = { salesCash: 978_700, salesCard: 1_156_400, salesCredit: 0, payIn: 200_000, payOut: 0 }
    const device = {
      kinds: { sale: sums(2_135_100), saleReturn: sums(0), buy: sums(0), buyReturn: sums(0) },
      cashIn: { count: 1, total: 200_000 },
      cashOut: { count: 1, total: 1_178_700 },
    } as unknown as ShiftReport
    for (const row of compareShift(device, { ...shift, ...sample, payIncome: -1_178_700 }))
      expect(row.device, row.row).toBe(row.iiko)
  })

  it('says nothing where iiko says nothing', () => {
    const empty = { ...shift, salesCash: null, salesCard: null, salesCredit: null, payOut: null, payIncome: null }
    expect(compareShift(report, empty).map((row) => row.iiko)).toEqual([null, 30, null])
  })
})

const russian = { ...russianOffice, ...russianIiko, ...russianAtol }
const kazakh = { ...kazakhOffice, ...kazakhIiko, ...kazakhAtol }
const english = { ...englishOffice, ...englishIiko, ...englishAtol }

describe('words', () => {
  const leaves = (tree: object, prefix = ''): [string, string][] =>
    Object.entries(tree).flatMap(([key, value]) =>
      typeof value === 'string'
        ? [[prefix + key, value] as [string, string]]
        : leaves(value as object, `${prefix}${key}.`),
    )
  const places = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort()

  it.each([
    ['kk', kazakh],
    ['en', english],
  ])('have the same places in %s as in Russian', (_name, other) => {
    const russianLeaves = new Map(leaves(russian))
    const odd = leaves(other).filter(
      ([key, text]) => places(text).join() !== places(russianLeaves.get(key) ?? '').join(),
    )
    expect(odd).toEqual([])
  })

  it('are there for every failure and every error code of the documents', () => {
    expect(FAILURE_KINDS.filter((kind) => !(kind in russian.failure))).toEqual([])
    expect(IIKO_SAVE_ERROR_CODES.filter((code) => !(code in russian.saveError))).toEqual([])
  })

  it('stand in for a name with the beginning of its id', () => {
    expect(shortId('1b17ee6b-c499-4916-9347-fe854d3067b4')).toBe('1b17ee6b…')
    expect(shortId('12')).toBe('12')
  })
})
