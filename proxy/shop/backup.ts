/**
 * A copy of the shop's database while the server runs, and the way back into an empty one. SQLite's copy is a file of
 * SQLite; PostgreSQL's has a JSON object a line, and either engine reads it, so that a shop can move to PostgreSQL.
 *
 * What is restored gets a new server id: whatever tills uploaded after the copy comes once more, and nothing twice.
 */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import {
  closeSync,
  copyFileSync,
  createReadStream,
  createWriteStream,
  existsSync,
  fsyncSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { createInterface } from 'node:readline'
import { isRecord, parseJson } from '../../src/contract/json.ts'
import type { Cells, Row, ShopDatabase, Sql } from './database.ts'
import { eachRow } from './each-row.ts'
import { migrate, MIGRATIONS } from './migrations.ts'
import { TABLES, type Table } from './tables.ts'

const FORMAT = 'ikkm-shop'
const SQLITE_HEAD = 'SQLite format 3\u0000'
/** Rows that are written at once. */
const ROWS = 500

/** What a person has to put right; `message` is for them. */
export class BackupError extends Error {}

async function writeCopy(copyTo: (file: string) => Promise<void>, file: string): Promise<void> {
  // Made first, so that nobody else can read it.
  closeSync(openSync(file, 'wx', 0o600))
  await copyTo(file)
  const copy = openSync(file, 'r+')
  fsyncSync(copy)
  closeSync(copy)
}

/** All tables as JSON lines. */
async function writeLines(database: ShopDatabase, file: string): Promise<void> {
  const stream = createWriteStream(file, { flags: 'wx', mode: 0o600, flush: true })
  const line = async (content: object) => {
    if (!stream.write(`${JSON.stringify(content)}\n`)) await once(stream, 'drain')
  }
  await database.read(async (sql) => {
    await line({ format: FORMAT, version: MIGRATIONS.length })
    for (const table of Object.values<Table>(TABLES))
      for await (const row of eachRow(sql, table)) await line({ table: table.table, row: cellsOf(table, row) })
  })
  await new Promise<void>((resolve, reject) => {
    stream.once('error', reject)
    stream.end(resolve)
  })
}

function cellsOf({ columns, table }: Table, row: Row): Cells {
  return Object.fromEntries(
    Object.keys(columns)
      .filter((name) => name in row)
      .map((name) => {
        const value = row[name]
        if (value !== null && typeof value !== 'string' && typeof value !== 'number')
          throw new BackupError(`${table}.${name}: a value that no backup holds`)
        return [name, value]
      }),
  )
}

/** Copies the database of either engine to `file`. Throws BackupError where that is there already, DatabaseError. */
export async function backup(database: ShopDatabase, file: string): Promise<void> {
  if (existsSync(file)) throw new BackupError(`${file} is there already`)
  await (database.copyTo === null ? writeLines(database, file) : writeCopy(database.copyTo, file))
}

async function isEmpty(database: ShopDatabase): Promise<boolean> {
  await migrate(database)
  return database.read(async (sql) => (await sql.all('SELECT till FROM tills LIMIT 1')).length === 0)
}

async function drawServerId(sql: Sql): Promise<void> {
  await sql.run(`UPDATE meta SET value = ?1 WHERE name = 'server'`, [randomUUID()])
}

/** Whether a file is one of SQLite; any other is read as JSON lines. Throws BackupError where it can't be read. */
export function isSqliteFile(file: string): boolean {
  if (!existsSync(file)) throw new BackupError(`${file} isn't there`)
  const head = Buffer.alloc(SQLITE_HEAD.length)
  const open = openSync(file, 'r')
  readSync(open, head)
  closeSync(open)
  return head.toString('latin1') === SQLITE_HEAD
}

/**
 * Puts a copy of SQLite in the place of the server's file, which holds nothing yet. `open` opens that file. The server
 * has to be stopped. Throws BackupError, DatabaseError.
 */
export async function restoreFile(copy: string, path: string, open: () => Promise<ShopDatabase>): Promise<void> {
  if (existsSync(path)) {
    const database = await open()
    const empty = await isEmpty(database)
    await database.close()
    if (!empty) throw new BackupError(`${path} holds a shop already: move it away first`)
  }
  copyFileSync(copy, `${path}.new`)
  for (const rest of ['', '-wal', '-shm']) rmSync(path + rest, { force: true })
  renameSync(`${path}.new`, path)
  const database = await open()
  try {
    await migrate(database)
    await database.transaction(drawServerId)
  } finally {
    await database.close()
  }
}

/** Reads JSON lines into a database of either engine that holds nothing yet, whole or not at all. */
export async function restoreLines(file: string, database: ShopDatabase): Promise<void> {
  if (!(await isEmpty(database))) throw new BackupError('the database holds a shop already')
  await database.transaction(async (sql) => {
    let waiting: Cells[] = []
    let into: Table | null = null
    const write = async () => {
      if (into === null || waiting.length === 0) return
      await sql.write({ ...into, conflict: `(${into.key.join(', ')}) DO NOTHING` }, waiting)
      waiting = []
    }
    let first = true
    for await (const text of createInterface({ input: createReadStream(file) })) {
      const line = parseJson(text)
      if (first) {
        checkHead(line)
        first = false
        continue
      }
      const { table, row } = isRecord(line) ? line : {}
      const known = Object.values<Table>(TABLES).find((each) => each.table === table)
      if (known === undefined || !isRecord(row))
        throw new BackupError('a line of the file is broken: nothing was restored')
      if (known !== into || waiting.length === ROWS) await write()
      into = known
      waiting.push(cellsOf(known, row))
    }
    await write()
    if (first) throw new BackupError('the file is empty')
    await drawServerId(sql)
  })
}

function checkHead(line: unknown): void {
  if (!isRecord(line) || line.format !== FORMAT) throw new BackupError('the file is no backup of a shop')
  if (line.version !== MIGRATIONS.length)
    throw new BackupError(
      `the file has version ${String(line.version)} of the tables, this program ${MIGRATIONS.length}`,
    )
}
