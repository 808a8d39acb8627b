/**
 * `npm run server:check`: whether the shop's totals equal a recount from its entries and every row can be read. Prints a
 * sentence for each difference; its exit code is then 1. With the settings of the server; it may run meanwhile.
 */
import { loadSettings, SettingsError } from './config.ts'
import { checkShop } from './shop/check.ts'
import { DatabaseError } from './shop/database.ts'
import { migrate, NewerDatabaseError } from './shop/migrations.ts'
import { createShopTime } from './shop/shop-time.ts'
import { openDatabase } from './shop/shop.ts'

async function main(): Promise<void> {
  const settings = loadSettings(process.env)
  const database = await openDatabase(settings)
  try {
    await migrate(database)
    const { entries, totals, differences } = await checkShop(database, createShopTime(settings.timeZone))
    for (const difference of differences) console.error(difference)
    console.log(`${entries} entries and ${totals} rows of totals read, ${differences.length} differences`)
    if (differences.length > 0) process.exitCode = 1
  } finally {
    await database.close()
  }
}

try {
  await main()
} catch (error) {
  const known = [SettingsError, DatabaseError, NewerDatabaseError].some((kind) => error instanceof kind)
  if (!known || !(error instanceof Error)) throw error
  console.error(error.message)
  process.exitCode = 1
}
