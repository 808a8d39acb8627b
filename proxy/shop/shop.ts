/**
 * The shop of this server: its database, opened at the first call that needs it, and the practice shop beside it, which
 * lives in memory. A database that can't be opened is tried again at the next call.
 */
import { join } from 'node:path'
import { createRequire } from 'node:module'
import type { ProxySettings } from '../config.ts'
import type { Logger } from '../log.ts'
import { DatabaseError, databaseError, type ShopDatabase } from './database.ts'
import { createShopTime } from './shop-time.ts'
import type { ShopStore } from './store.ts'

export interface Shop {
  /** False where this computer has no database at all: nothing can be uploaded. */
  readonly available: boolean
  /** What was sold. Throws DatabaseError. */
  real(): Promise<ShopStore>
  /** Practice: an invented month, and what tills upload of their practice register. */
  demo(): Promise<ShopStore>
  close(): Promise<void>
}

type ShopSettings = Pick<ProxySettings, 'databaseUrl' | 'timeZone' | 'shopName' | 'stateDir'>

export const SQLITE_FILE = 'shop.sqlite'

/** The database that the settings name. Throws DatabaseError. */
export async function openDatabase({ databaseUrl, stateDir }: ShopSettings): Promise<ShopDatabase> {
  if (databaseUrl !== null) return (await import('./postgres.ts')).openPostgres(databaseUrl)
  return (await import('./sqlite.ts')).openSqlite(join(stateDir, SQLITE_FILE))
}

/** Whether SQLite's library is installed for this computer. Only looks for it: to load it would cost the start its time. */
function hasSqlite(): boolean {
  try {
    createRequire(import.meta.url).resolve('libsql')
    return true
  } catch {
    return false
  }
}

/** Opens once; a failure is forgotten. */
function lazily<T>(open: () => Promise<T>): { get(): Promise<T>; opened(): Promise<T> | null } {
  let opening: Promise<T> | null = null
  return {
    get() {
      opening ??= open().catch((error: unknown) => {
        opening = null
        throw error
      })
      return opening
    },
    opened: () => opening,
  }
}

export function createShop(settings: ShopSettings, logger: Logger, now: () => number = Date.now): Shop {
  // Its clock costs a start some milliseconds, too.
  const time = () => createShopTime(settings.timeZone)

  async function openReal(): Promise<ShopStore> {
    const { openStore } = await import('./store.ts')
    const database = await openDatabase(settings)
    try {
      return await openStore(database, { time: time(), shop: settings.shopName, now })
    } catch (error) {
      await database.close().catch(() => undefined)
      if (!(error instanceof DatabaseError)) logger.log('error', 'database-not-opened', { error: String(error) })
      throw databaseError(error)
    }
  }

  async function openDemo(): Promise<ShopStore> {
    const { openStore } = await import('./store.ts')
    const { openSqlite } = await import('./sqlite.ts')
    const { fillDemoMonth } = await import('./demo-month.ts')
    const store = await openStore(await openSqlite(':memory:'), { time: time(), now, gatherMs: 0 })
    await fillDemoMonth(store, now())
    return store
  }

  const real = lazily(openReal)
  const demo = lazily(openDemo)
  return {
    available: settings.databaseUrl !== null || hasSqlite(),
    real: () => real.get(),
    demo: () => demo.get(),
    async close() {
      for (const store of [real.opened(), demo.opened()])
        await store?.then((opened) => opened.close()).catch(() => undefined)
    },
  }
}
