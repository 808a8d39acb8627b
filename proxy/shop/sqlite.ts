/** SQLite inside the process: a file, or `:memory:` for what must not last. */
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Database, Statement } from 'libsql'
import {
  databaseError,
  type Cells,
  type Parameter,
  type Row,
  type RowWrite,
  type ShopDatabase,
  type Sql,
} from './database.ts'

/** Another process may be writing: a second server process, or a technician's command. */
const BUSY_TIMEOUT_MS = 5_000
const CACHE_KIB = 32_768

const given = (parameter: Parameter) => (Array.isArray(parameter) ? JSON.stringify(parameter) : parameter)

function sqlOver(database: Database): Sql {
  const prepared = new Map<string, Statement>()
  const statement = (text: string) => {
    const known = prepared.get(text)
    if (known !== undefined) return known
    const fresh = database.prepare(text)
    prepared.set(text, fresh)
    return fresh
  }
  /** The engine answers at once; a promise that is rejected is what callers expect of either engine. */
  const asked = <T>(work: () => T): Promise<T> => {
    try {
      return Promise.resolve(work())
    } catch (error) {
      return Promise.reject(databaseError(error))
    }
  }
  return {
    locked: '',
    oneOf: (place) => `IN (SELECT value FROM json_each(?${place}))`,
    pairs: (place) => `json_each(?${place})`,
    all: (text, parameters = []) => asked(() => statement(text).all(parameters.map(given)) as Row[]),
    run: (text, parameters = []) =>
      asked(() => {
        statement(text).run(parameters.map(given))
      }),
    write: (into: RowWrite, rows: readonly Cells[]) =>
      asked(() => {
        const names = Object.keys(into.columns)
        const places = names.map((_, index) => `?${index + 1}`)
        const insert = statement(
          `INSERT INTO ${into.table} (${names.join(', ')}) VALUES (${places.join(', ')}) ON CONFLICT ${into.conflict}`,
        )
        for (const row of rows) insert.run(names.map((name) => row[name] ?? null))
      }),
  }
}

/**
 * Opens `path` and makes the file, readable by its owner only, where there is none. The library is loaded here and no
 * earlier. Throws DatabaseError.
 */
export async function openSqlite(path: string): Promise<ShopDatabase> {
  let database: Database
  try {
    const { default: Libsql } = await import('libsql')
    if (path !== ':memory:') {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
      closeSync(openSync(path, 'a', 0o600))
    }
    database = new Libsql(path)
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`)
    database.exec('PRAGMA journal_mode = WAL')
    database.exec('PRAGMA synchronous = FULL')
    database.exec(`PRAGMA cache_size = -${CACHE_KIB}`)
    database.exec('PRAGMA temp_store = MEMORY')
  } catch (error) {
    throw databaseError(error)
  }
  const sql = sqlOver(database)
  let before: Promise<unknown> = Promise.resolve()

  /** One connection: whoever comes in the middle of a transaction waits for its end. */
  function alone<T>(work: () => Promise<T>): Promise<T> {
    const mine = before.then(work)
    before = mine.catch(() => undefined)
    return mine
  }

  async function within<T>(begin: string, work: (inside: Sql) => Promise<T>): Promise<T> {
    await sql.run(begin)
    try {
      const result = await work(sql)
      await sql.run('COMMIT')
      return result
    } catch (error) {
      if (database.inTransaction) await sql.run('ROLLBACK')
      throw error
    }
  }

  return {
    engine: 'sqlite',
    read: (work) => alone(() => within('BEGIN', work)),
    transaction: (work) => alone(() => within('BEGIN IMMEDIATE', work)),
    copyTo: (file) => alone(() => sql.run('VACUUM INTO ?1', [file])),
    close: () =>
      alone(() => {
        if (database.open) database.close()
        return Promise.resolve()
      }),
  }
}
