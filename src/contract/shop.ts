/**
 * The shop server: what a till uploads of its ledger, and what the owner's page asks. Sums are tiyn, quantities
 * thousandths, times ms since the epoch; a day is `YYYY-MM-DD` in the shop's own time zone (`TIME_ZONE`).
 */
import * as v from 'valibot'
import { prefixSchema, tillIdSchema } from './config.ts'

const whole = v.pipe(v.number(), v.safeInteger())
const count = v.pipe(whole, v.minValue(0))
const text = (max: number) => v.pipe(v.string(), v.maxLength(max))
/** Of a record: random, or a register's factory number; it may stand in an address. */
const idSchema = v.pipe(v.string(), v.regex(/^[!-~]{1,100}$/))
export const daySchema = v.pipe(v.string(), v.regex(/^\d{4}-\d{2}-\d{2}$/))

/** POST, a till's token: changed records of its ledger. */
export const UPLOAD_PATH = '/api/shop/upload'
/** POST, a till's token: how far the server has this till. */
export const STANDING_PATH = '/api/shop/standing'
/** GET, an owner's token, as are all below: `?from=&to=` days, both included; today where they are left out. */
export const SUMMARY_PATH = '/api/shop/summary'
/** GET `?from=&to=&search=&till=&state=&before=&limit=`: newest first. */
export const RECEIPTS_PATH = '/api/shop/receipts'
/** GET `?till=&id=`: one entry as the till stored it. */
export const RECEIPT_PATH = '/api/shop/receipt'
/** GET: tills with their last contact; POST `/api/shop/tills/name` gives one a name. */
export const TILLS_PATH = '/api/shop/tills'
/** GET: a number that rises with each change, so that a page asks for more only when there is more. */
export const VERSION_PATH = '/api/shop/version'
/** POST: a newly paired tablet takes the place of a lost till: it goes on under that till's id, one tenure higher. */
export const REPLACE_PATH = '/api/shop/replace'
/** GET `?till=&after=&limit=`, a till's token or an owner's: that till's entries by their sequence, above `after`. */
export const HISTORY_PATH = '/api/shop/history'

/**
 * POST, a till's token: rows of how the till is set up, that another tablet may become like it. GET `?till=&after=`, an
 * owner's token: them, in pages.
 */
export const CONFIGURATION_PATH = '/api/shop/configuration'

/** The most changes in one upload. */
export const UPLOAD_BATCH = 200

/**
 * One changed record as it stands now. `revision` rises with every change of this ledger; the newest one of a record
 * is the only one that has to come.
 */
export const changeSchema = v.strictObject({
  revision: v.pipe(whole, v.minValue(1)),
  kind: v.picklist(['entry', 'device']),
  id: idSchema,
  /** The record as JSON holds it: an `Entry` or a `DeviceRecord` of `queue/types.ts`. */
  record: v.record(v.string(), v.unknown()),
})
export type ShopChange = v.InferOutput<typeof changeSchema>

export const uploadSchema = v.strictObject({
  till: tillIdSchema,
  letter: prefixSchema,
  /** Whose life of this till speaks; a replaced one is refused. */
  tenure: count,
  /** A practice register: kept apart from what was sold. */
  demo: v.boolean(),
  changes: v.pipe(v.array(changeSchema), v.maxLength(UPLOAD_BATCH)),
  /** Changes that will still wait after these. */
  waiting: count,
})
export type Upload = v.InferOutput<typeof uploadSchema>

export const uploadReplySchema = v.object({
  /** Drawn with the server's database: another one has to be filled from the start. */
  server: text(100),
  /** Revisions that are committed; the till forgets exactly these. */
  acknowledged: v.array(whole),
  /** Ids among them whose version differs from a settled one: kept beside it, shown to the owner. */
  conflicts: v.array(idSchema),
})
export type UploadReply = v.InferOutput<typeof uploadReplySchema>

export const standingRequestSchema = v.strictObject({ till: tillIdSchema, letter: prefixSchema, demo: v.boolean() })
export const standingReplySchema = v.object({
  server: text(100),
  /** Never heard of it: a new till, or a server that was wiped. */
  known: v.boolean(),
  /** Entries of this till that the server has, and the highest revision among them. */
  entries: count,
  revision: count,
  tenure: count,
})
export type StandingReply = v.InferOutput<typeof standingReplySchema>

export const RECEIPT_STATES = ['waiting', 'done', 'refused'] as const
export type ReceiptState = (typeof RECEIPT_STATES)[number]

export const shopReceiptSchema = v.object({
  till: tillIdSchema,
  letter: text(20),
  tillName: text(100),
  id: idSchema,
  mark: text(40),
  /** Fiscal number, once proven. */
  number: v.nullable(whole),
  /** `sale`, `saleReturn`, `buy`, `buyReturn`, `deposit`, … as in the till's journal. */
  kind: text(40),
  state: v.picklist(RECEIPT_STATES),
  totalTiyn: whole,
  cashier: text(300),
  /** When it was rung up, and when the register registered it. */
  createdAtMs: whole,
  registeredAtMs: v.nullable(whole),
})
export type ShopReceipt = v.InferOutput<typeof shopReceiptSchema>

export const shopReceiptsSchema = v.object({
  /** Practice receipts: nothing here was sold. */
  demo: v.boolean(),
  receipts: v.array(shopReceiptSchema),
  /** Hand it in as `before` for the next ones; null at the end. */
  next: v.nullable(text(200)),
})
export type ShopReceipts = v.InferOutput<typeof shopReceiptsSchema>

/** One row of a report. Returns are taken off `totalTiyn`; `receipts` counts sales, `returns` what came back. */
export const reportRowSchema = v.object({
  /** Hour `00` to `23`, day, till id, tender, name of a way to pay, cashier, product or tax. */
  key: text(300),
  receipts: count,
  returns: count,
  totalTiyn: whole,
  /** Of products only: thousandths sold less those given back; 0 else. */
  quantity: whole,
  /** Of products only: cost of what was sold, where the catalogue has it; null else. */
  costTiyn: v.nullable(whole),
  /** Of taxes only: the tax inside `totalTiyn`, where the tax's name tells its rate; null else. */
  taxTiyn: v.nullable(whole),
})
export type ReportRow = v.InferOutput<typeof reportRowSchema>

const totalsSchema = v.object({
  from: daySchema,
  to: daySchema,
  /** Sales less returns. */
  totalTiyn: whole,
  receipts: count,
  returns: count,
  returnedTiyn: count,
})
export type ShopTotals = v.InferOutput<typeof totalsSchema>

export const shopTillSchema = v.object({
  till: tillIdSchema,
  letter: text(20),
  name: text(100),
  shop: text(100),
  lastContactMs: whole,
  /** Changes that it said it still holds. */
  waiting: count,
  /** Not settled: how many, since when, how much. */
  unsettled: count,
  oldestUnsettledMs: v.nullable(whole),
  unsettledTiyn: whole,
  /** Versions that differ from what was settled. */
  conflicts: count,
  /** Another tablet took its place. */
  replaced: v.boolean(),
  /** Factory number of its register; null where it isn't known. */
  register: v.nullable(text(100)),
})
export type ShopTill = v.InferOutput<typeof shopTillSchema>

export const shopSummarySchema = v.object({
  demo: v.boolean(),
  /** The day that it is now in the shop. */
  today: daySchema,
  timeZone: text(60),
  totals: totalsSchema,
  /** As many days, just before. */
  previous: totalsSchema,
  byHour: v.array(reportRowSchema),
  byDay: v.array(reportRowSchema),
  byTill: v.array(reportRowSchema),
  byTender: v.array(reportRowSchema),
  byWay: v.array(reportRowSchema),
  byCashier: v.array(reportRowSchema),
  /** The best 200 by turnover. */
  byProduct: v.array(reportRowSchema),
  byTax: v.array(reportRowSchema),
  tills: v.array(shopTillSchema),
})
export type ShopSummary = v.InferOutput<typeof shopSummarySchema>

export const shopTillsSchema = v.object({ demo: v.boolean(), tills: v.array(shopTillSchema) })
export type ShopTills = v.InferOutput<typeof shopTillsSchema>

export const versionReplySchema = v.object({ version: count })
export const tillNameSchema = v.strictObject({ till: tillIdSchema, name: text(100) })

export const replaceSchema = v.strictObject({
  /** The lost one. */
  till: tillIdSchema,
  /** The tablet's own id and letter until now; asked again for the same one, nothing changes. */
  by: tillIdSchema,
  letter: prefixSchema,
})
export const replaceReplySchema = v.object({
  till: tillIdSchema,
  letter: prefixSchema,
  /** Of the new life: an upload with a lower one is refused from now on. */
  tenure: count,
  /** The highest one that the server has: changes of the new life go on above it. */
  revision: count,
  /** All entries of the till; read them by `HISTORY_PATH`. */
  entries: count,
  devices: v.array(v.record(v.string(), v.unknown())),
  unsettled: v.array(v.record(v.string(), v.unknown())),
})
export type ReplaceReply = v.InferOutput<typeof replaceReplySchema>

export const historyReplySchema = v.object({
  entries: v.array(v.record(v.string(), v.unknown())),
  /** Hand it in as `after` for the next ones; null at the end. */
  next: v.nullable(count),
})

/** One record of a till's settings, cashiers or goods, as JSON; null takes it away. What is in it is the till's to know. */
export const configurationRowSchema = v.strictObject({
  // Neither NUL nor half of a surrogate pair: no database takes them.
  name: v.pipe(v.string(), v.maxLength(300), v.regex(/^[^\0\p{Cs}]+$/u)),
  value: v.nullable(text(3_000_000)),
})
export type ConfigurationRow = v.InferOutput<typeof configurationRowSchema>
export const configurationSchema = v.strictObject({
  till: tillIdSchema,
  tenure: count,
  rows: v.pipe(v.array(configurationRowSchema), v.maxLength(UPLOAD_BATCH)),
})
export const configurationReplySchema = v.object({ server: text(100) })
export const configurationPageSchema = v.object({
  rows: v.array(v.object({ name: text(300), value: v.string() })),
  /** Hand it in as `after` for the next ones; null at the end. */
  next: v.nullable(text(300)),
})
export type ConfigurationPage = v.InferOutput<typeof configurationPageSchema>

/** An entry with the versions that differ from it. */
export const shopEntrySchema = v.object({
  receipt: shopReceiptSchema,
  record: v.record(v.string(), v.unknown()),
  conflicts: v.array(v.object({ receivedAtMs: whole, record: v.record(v.string(), v.unknown()) })),
})
export type ShopEntry = v.InferOutput<typeof shopEntrySchema>
