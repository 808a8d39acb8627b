/** A shop server in memory and figures for it: what the page's tests look at. */
import type { ReportRow, ShopReceipt, ShopSummary, ShopTill, ShopTotals } from '../../contract/shop.ts'
import type { ReceiptsQuery, ShopAnswer, ShopApi } from '../api.ts'
import { createKept, type Kept } from '../kept.ts'
import { daysBefore, type DayPeriod } from '../period.ts'

export const TODAY = '2026-11-27'
/** Noon of that day in Almaty, ms. */
export const NOON_MS = Date.UTC(2026, 10, 27, 7)
const TILL = 'till-0001'

export function rowOf(key: string, totalTiyn: number, more: Partial<ReportRow> = {}): ReportRow {
  return { key, receipts: 1, returns: 0, totalTiyn, quantity: 0, costTiyn: null, taxTiyn: null, ...more }
}

export function tillOf(more: Partial<ShopTill> = {}): ShopTill {
  return {
    till: TILL,
    letter: 'A',
    name: '',
    shop: '',
    lastContactMs: NOON_MS,
    waiting: 0,
    unsettled: 0,
    oldestUnsettledMs: null,
    unsettledTiyn: 0,
    conflicts: 0,
    replaced: false,
    register: null,
    ...more,
  }
}

export function receiptOf(id: string, more: Partial<ShopReceipt> = {}): ShopReceipt {
  return {
    till: TILL,
    letter: 'A',
    tillName: '',
    id,
    mark: `A-${id}`,
    number: 1,
    kind: 'sale',
    state: 'done',
    totalTiyn: 100_00,
    cashier: 'Aya',
    createdAtMs: NOON_MS,
    registeredAtMs: NOON_MS,
    ...more,
  }
}

export function summaryOf(period: DayPeriod, more: Partial<ShopSummary> = {}): ShopSummary {
  const totals: ShopTotals = { ...period, totalTiyn: 0, receipts: 0, returns: 0, returnedTiyn: 0 }
  return {
    demo: false,
    today: TODAY,
    timeZone: 'Asia/Almaty',
    totals,
    previous: { ...totals, ...daysBefore(period) },
    byHour: [],
    byDay: [],
    byTill: [],
    byTender: [],
    byWay: [],
    byCashier: [],
    byProduct: [],
    byTax: [],
    tills: [tillOf()],
    ...more,
  }
}

/** The server, with what a test changes about it. */
export interface FakeServer {
  readonly api: ShopApi
  readonly asked: (DayPeriod | null)[]
  today: string
  version: number
  /** What it says to everything; null while it works. */
  failure: 'away' | 'code' | null
  receipts: readonly ShopReceipt[]
  /** What a late upload added to the days before, tiyn. */
  late: number
}

const PAGE = 2

export function fakeServer(): FakeServer {
  const answer = <T>(value: T): Promise<ShopAnswer<T>> =>
    Promise.resolve(server.failure === null ? { ok: true, value } : { ok: false, failure: server.failure })
  const server: FakeServer = {
    asked: [],
    today: TODAY,
    version: 1,
    failure: null,
    receipts: [],
    late: 0,
    api: {
      summary(period) {
        server.asked.push(period)
        const days = period ?? { from: server.today, to: server.today }
        const made = summaryOf(days, { today: server.today })
        if (days.to < server.today) return answer({ ...made, totals: { ...made.totals, totalTiyn: server.late } })
        return answer({ ...made, previous: { ...made.previous, totalTiyn: server.late } })
      },
      receipts({ before = '0' }: ReceiptsQuery) {
        const from = Number(before)
        const next = from + PAGE < server.receipts.length ? String(from + PAGE) : null
        return answer({ demo: false, receipts: server.receipts.slice(from, from + PAGE), next })
      },
      receipt: (_till, id) => answer({ receipt: receiptOf(id), record: {}, conflicts: [] }),
      version: () => answer(server.version),
      nameTill: () => answer(null),
      pair: (code) =>
        code === 'owner' || code === 'till'
          ? answer({ token: `${code}-token-0123456789`, role: code })
          : Promise.resolve({ ok: false, failure: 'wrong-code' }),
    },
  }
  return server
}

/** What a browser keeps, in memory. */
export function fakeKept(): Kept {
  const map = new Map<string, string>()
  return createKept({
    getItem: (key) => map.get(key) ?? null,
    setItem: (key, value) => void map.set(key, value),
    removeItem: (key) => void map.delete(key),
  })
}
