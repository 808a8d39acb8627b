/** The shop's store over either engine: uploads in, reports, lists and tills out. */
import type {
  ConfigurationPage,
  ConfigurationRow,
  ShopEntry,
  ShopReceipt,
  ShopTill,
  StandingReply,
  Upload,
  UploadReply,
} from '../../src/contract/shop.ts'
import { configurationOf, keepConfiguration } from './configurations.ts'
import type { ShopDatabase } from './database.ts'
import { migrate } from './migrations.ts'
import { entryOf, receiptsOf, type ListPlace, type ReceiptQuery } from './receipts.ts'
import { reportsOf, type Period, type Reports } from './reports.ts'
import type { ShopTime } from './shop-time.ts'
import * as tillRows from './till-rows.ts'
import { createUploader } from './uploader.ts'

export interface ShopStore {
  readonly time: ShopTime
  /** Null: another tablet took this till's place. Throws DatabaseError, and RangeError for a record nested too deep. */
  upload(upload: Upload, token: string): Promise<UploadReply | null>
  standing(till: string): Promise<StandingReply>
  /** Every report of a period with the tills, as of one moment. */
  summary(period: Period): Promise<Reports & { readonly tills: ShopTill[] }>
  receipts(query: ReceiptQuery): Promise<{ readonly receipts: ShopReceipt[]; readonly next: ListPlace | null }>
  entry(till: string, id: string): Promise<ShopEntry | null>
  tills(): Promise<ShopTill[]>
  hasTills(): Promise<boolean>
  version(): Promise<number>
  /** False: no such till. */
  name(till: string, name: string): Promise<boolean>
  /** `by` is the tablet's own id until then. Null: no such till. */
  replace(till: string, by: string, letter: string): Promise<tillRows.TakenOver | null>
  history(till: string, after: number, limit: number): Promise<Record<string, unknown>[]>
  /** Keeps how a till is set up, for a tablet that is to be like it. */
  keepConfiguration(
    till: string,
    tenure: number,
    rows: readonly ConfigurationRow[],
  ): Promise<'kept' | 'replaced' | 'unknown'>
  configuration(till: string, after: string): Promise<ConfigurationPage>
  /** Drawn with the database. */
  readonly server: string
  close(): Promise<void>
}

export interface StoreOptions {
  readonly time: ShopTime
  /** Name of the shop that this server stands in; empty for none. */
  readonly shop?: string
  readonly now?: () => number
  /** How long an upload may wait for others to share its write to the disk, ms. */
  readonly gatherMs?: number
}

/** Two or three uploads of a busy chain; nobody waits for an upload's answer. */
const GATHER_MS = 10

/** Brings the tables up to date and gives the store. Throws DatabaseError. */
export async function openStore(database: ShopDatabase, options: StoreOptions): Promise<ShopStore> {
  const { time, shop = '', now = Date.now, gatherMs = GATHER_MS } = options
  await migrate(database)
  const server = await database.read(tillRows.serverIdOf)
  const uploader = createUploader({ database, time, shop, now, gatherMs })
  return {
    time,
    async upload(upload, token) {
      const outcome = await uploader.take(upload, token)
      return outcome.kind === 'replaced' ? null : { server, ...outcome.reply }
    },
    standing: (till) => database.read((sql) => tillRows.standingOf(sql, till)),
    summary: (period) =>
      database.read(async (sql) => {
        const [reports, tills] = await Promise.all([reportsOf(sql, period), tillRows.tillsOf(sql)])
        return { ...reports, tills }
      }),
    receipts: (query) => database.read((sql) => receiptsOf(sql, query)),
    entry: (till, id) => database.read((sql) => entryOf(sql, till, id)),
    tills: () => database.read(tillRows.tillsOf),
    hasTills: () => database.read(tillRows.hasTills),
    version: () => database.read(tillRows.versionOf),
    name: (till, name) => database.transaction((sql) => tillRows.nameTill(sql, till, name)),
    replace: (till, by, letter) => database.transaction((sql) => tillRows.replaceTill(sql, till, by, letter, now())),
    history: (till, after, limit) => database.read((sql) => tillRows.historyOf(sql, till, after, limit)),
    keepConfiguration: (till, tenure, rows) =>
      database.transaction((sql) => keepConfiguration(sql, till, tenure, rows, now())),
    configuration: (till, after) => database.read((sql) => configurationOf(sql, till, after)),
    server,
    close: () => database.close(),
  }
}
