/** What the server reads in an entry that a till uploaded (`Entry` of src/queue/types.ts). The rest is kept as it came. */
import * as v from 'valibot'
import { ENTRY_KINDS } from '../../src/contract/entry-kinds.ts'
import { isRecord, parseJson } from '../../src/contract/json.ts'
import type { ReceiptState } from '../../src/contract/shop.ts'
import { TENDERS } from '../../src/domain/receipt.ts'
import { isSettled, provenNumber, registeredAt } from '../../src/queue/types.ts'
import { canonicalJson } from './canonical.ts'
import { storable } from './database.ts'
import type { ShopTime } from './shop-time.ts'

const whole = v.pipe(v.number(), v.safeInteger())
/** Tiyn or thousandths. Fifty times what a register takes in one receipt: sums of millions of them stay exact. */
const LARGEST = 100_000_000_000
const sum = v.pipe(whole, v.minValue(-LARGEST), v.maxValue(LARGEST))
const moment = v.pipe(whole, v.minValue(0), v.maxValue(8_000_000_000_000))
const tender = v.picklist(TENDERS)

const rowSchema = v.variant('kind', [
  v.object({ kind: v.literal('item'), name: v.string(), quantity: sum, sum }),
  v.object({ kind: v.literal('discount'), discount: sum, scope: v.optional(v.picklist(['line', 'receipt'])) }),
])
const receiptSchema = v.object({
  kind: v.picklist(['sale', 'buy', 'saleReturn', 'buyReturn']),
  total: sum,
  payments: v.record(tender, v.optional(sum)),
  change: sum,
  taxName: v.optional(v.string()),
  rows: v.array(rowSchema),
})
const entrySchema = v.object({
  id: v.string(),
  deviceId: v.string(),
  sequence: v.pipe(whole, v.minValue(1)),
  mark: v.string(),
  kind: v.picklist(ENTRY_KINDS),
  receipt: v.nullable(receiptSchema),
  ways: v.optional(v.array(v.object({ name: v.string(), amount: sum })), []),
  amount: sum,
  cashier: v.string(),
  createdAtMs: moment,
  state: v.picklist(['queued', 'sending', 'acked', 'recon', 'done', 'refused']),
  number: v.nullable(whole),
  doneAtMs: v.nullable(moment),
  deviceAtMs: v.optional(moment),
  question: v.nullable(v.record(v.string(), v.unknown())),
  resolution: v.nullable(v.record(v.string(), v.unknown())),
})
export type ReadEntry = v.InferOutput<typeof entrySchema>
export type ReadReceipt = NonNullable<ReadEntry['receipt']>

/** As far as columns reach; the whole texts are in the record. */
const MOST_MARK = 40
export const MOST_NAME = 300

/** The readable part of an entry, or why there is none. */
export function readEntry(record: unknown): { readonly entry: ReadEntry } | { readonly unreadable: string } {
  const result = v.safeParse(entrySchema, record)
  if (!result.success) {
    const path = result.issues[0].path?.map(({ key }) => String(key)).join('.') ?? ''
    return { unreadable: storable(`${path}: ${result.issues[0].type}`, 200) }
  }
  const entry = result.output
  if ((entry.kind === 'registration') !== (entry.receipt !== null))
    return { unreadable: 'receipt: belongs to a registration' }
  return { entry }
}

/** Parts that an entry keeps all its life. */
const FIXED = ['id', 'sequence', 'mark', 'kind', 'request', 'receipt'] as const

/** Whether two versions, each as `canonicalJson` writes it, are of one and the same entry. */
export function isSameEntry(before: string, now: string): boolean {
  const [one, other] = [parseJson(before), parseJson(now)]
  if (!isRecord(one) || !isRecord(other)) return false
  return FIXED.every((name) => canonicalJson(one[name] ?? null) === canonicalJson(other[name] ?? null))
}

/** An entry's row without the till, its revision and the record's text. */
export interface EntryColumns {
  readonly [column: string]: string | number | null
  readonly sequence: number
  readonly mark: string
  /** As in a till's journal: a registration goes by its receipt's kind. */
  readonly kind: string
  readonly state: ReceiptState
  /** 1 or 0. */
  readonly settled: number
  readonly number: number | null
  readonly amount: number
  readonly cashier: string
  readonly register: string
  readonly created_ms: number
  readonly registered_ms: number | null
  /** What lists are ordered by: when it was registered, else when it was rung up. */
  readonly at_ms: number
  /** The day and hour in which it counts; null while it doesn't. */
  readonly day: string | null
  readonly hour: string | null
}

export function columnsOf(entry: ReadEntry, time: ShopTime): EntryColumns {
  const { state, deviceAtMs, doneAtMs } = entry
  const registered = registeredAt({ state, doneAtMs, ...(deviceAtMs === undefined ? {} : { deviceAtMs }) })
  const at = registered ?? entry.createdAtMs
  const counted = state === 'done' && entry.receipt !== null ? time.at(at) : null
  return {
    sequence: entry.sequence,
    mark: storable(entry.mark, MOST_MARK),
    kind: entry.receipt?.kind ?? entry.kind,
    state: state === 'done' || state === 'refused' ? state : 'waiting',
    settled: isSettled(entry) ? 1 : 0,
    number: provenNumber(entry),
    amount: entry.amount,
    cashier: storable(entry.cashier, MOST_NAME),
    register: storable(entry.deviceId, MOST_NAME),
    created_ms: entry.createdAtMs,
    registered_ms: registered,
    at_ms: at,
    day: counted?.day ?? null,
    hour: counted?.hour ?? null,
  }
}
