/**
 * `npm run server:backup -- FILE` copies the shop's database, while the server runs or not; with `--restore FILE` it is
 * read back into an empty one, with the server stopped. With the settings of the server (`STATE_DIR`, `DATABASE_URL`).
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { loadSettings, SettingsError } from './config.ts'
import { backup, BackupError, isSqliteFile, restoreFile, restoreLines } from './shop/backup.ts'
import { DatabaseError } from './shop/database.ts'
import { migrate, NewerDatabaseError } from './shop/migrations.ts'
import { openDatabase, SQLITE_FILE } from './shop/shop.ts'

const USAGE = 'Use: server:backup -- FILE | --restore FILE'

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ options: { restore: { type: 'string' } }, allowPositionals: true })
  const [file] = positionals
  const settings = loadSettings(process.env)
  const open = () => openDatabase(settings)
  if (values.restore !== undefined && file === undefined) {
    if (isSqliteFile(values.restore)) {
      if (settings.databaseUrl !== null) throw new BackupError('a file of SQLite is restored without DATABASE_URL')
      await restoreFile(values.restore, join(settings.stateDir, SQLITE_FILE), open)
    } else {
      const database = await open()
      await restoreLines(values.restore, database).finally(() => database.close())
    }
    console.log(`Restored from ${values.restore}. The tills send again what they sold since.`)
    return
  }
  if (file === undefined || values.restore !== undefined || positionals.length > 1) throw new BackupError(USAGE)
  const database = await open()
  try {
    await migrate(database)
    await backup(database, file)
  } finally {
    await database.close()
  }
  console.log(`Copied to ${file}.`)
}

try {
  await main()
} catch (error) {
  const known = [BackupError, SettingsError, DatabaseError, NewerDatabaseError].some((kind) => error instanceof kind)
  if (!known || !(error instanceof Error)) throw error
  console.error(error.message)
  process.exitCode = 1
}
