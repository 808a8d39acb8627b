import { describe, expect, it } from 'vitest'
import type { AtolDevice } from '../../contract/atol.ts'
import { FAILURE_KINDS } from '../../contract/errors.ts'
import { IIKO_SAVE_ERROR_CODES, type IikoSalesRow, type IikoShift } from '../../contract/iiko.ts'
import { backoffice as english } from '../../i18n/en/backoffice.ts'
import { backoffice as kazakh } from '../../i18n/kk/backoffice.ts'
import { backoffice as russian } from '../../i18n/ru/backoffice.ts'
import type { ShiftReport } from '../../ikkm/reports.ts'
import { byWarnings, daysToExpiry, deviceWarnings } from './atol-health.ts'
import { periodText } from './period-text.ts'
import { sumSales } from './sales-groups.ts'
import { compareShift } from './shift-comparison.ts'
import { shortId } from './use-iiko-names.ts'
import { wireDay, wireMs } from './wire-time.ts'

const DAY = 86_400_000
const NOW = Date.UTC(2026, 10, 22, 9)
const iso = (ms: number) => new Date(ms).toISOString()

const healthy: AtolDevice = {
  serialNumber: '1',
  registrationNumber: null,
  deviceNumber: null,
  fiscalizationDate: null,
  fiscalStorageExpiration: iso(NOW + 200 * DAY),
  signedDocuments: 1,
  fiscalStorageUse: 1_000,
  fiscalStorageInn: null,
  fiscalStorageSerialNumber: null,
  fiscalStoragePaymentAddress: null,
  groupCode: null,
  timestamp: iso(NOW - 60_000),
  isShiftOpened: false,
  shiftNumber: 1,
  shiftReceipt: 0,
  unsentDocs: 0,
  firstUnsentDocTimestamp: null,
  networkErrorCode: 0,
}

describe('what has to be looked at on an ATOL device', () => {
  it.each<[string, Partial<AtolDevice>, readonly string[]]>([
    ['nothing', {}, []],
    ['a storage that expires within a month', { fiscalStorageExpiration: iso(NOW + 30 * DAY) }, ['warn expires']],
    ['one with a day more', { fiscalStorageExpiration: iso(NOW + 31 * DAY) }, []],
    ['an expired storage', { fiscalStorageExpiration: iso(NOW - 1) }, ['danger expired']],
    ['a storage nearly full', { fiscalStorageUse: 9_000 }, ['warn full']],
    ['a full storage', { fiscalStorageUse: 9_999 }, ['danger full']],
    ['fresh unsent documents', { unsentDocs: 2, firstUnsentDocTimestamp: iso(NOW - DAY) }, ['warn unsent']],
    ['unsent documents without a date', { unsentDocs: 2 }, ['warn unsent']],
    ['old unsent documents', { unsentDocs: 2, firstUnsentDocTimestamp: iso(NOW - 8 * DAY) }, ['danger unsentOld']],
    ['a network error, an unknown one as well', { networkErrorCode: 42 }, ['warn network']],
    ['no word of the network', { networkErrorCode: null }, []],
    ['old data', { timestamp: iso(NOW - 2 * DAY) }, ['warn stale']],
    ['texts that are no dates', { timestamp: '<b>', fiscalStorageExpiration: 'soon' }, []],
    ['the worst first', { networkErrorCode: 1, fiscalStorageUse: 9_900 }, ['danger full', 'warn network']],
  ])('%s', (_name, change, expected) => {
    const found = deviceWarnings({ ...healthy, ...change }, NOW).map(({ level, kind }) => `${level} ${kind}`)
    expect(found).toEqual(expected)
  })

  it('puts devices with warnings in front and leaves equal ones in their order', () => {
    const devices = [
      { ...healthy, serialNumber: 'ok1' },
      { ...healthy, serialNumber: 'warn', networkErrorCode: 3 },
      { ...healthy, serialNumber: 'ok2' },
      { ...healthy, serialNumber: 'danger', fiscalStorageUse: 10_000 },
    ]
    expect(byWarnings(devices, NOW).map(({ device }) => device.serialNumber)).toEqual(['danger', 'warn', 'ok1', 'ok2'])
  })

  it('counts whole days to the expiry, negative ones after it', () => {
    expect(daysToExpiry(healthy, NOW)).toBe(200)
    expect(daysToExpiry({ ...healthy, fiscalStorageExpiration: iso(NOW - DAY) }, NOW)).toBe(-1)
    expect(daysToExpiry({ ...healthy, fiscalStorageExpiration: null }, NOW)).toBeNull()
  })
})

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
