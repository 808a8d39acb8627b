/** PostgreSQL, for a chain of shops and for several server processes over one database. */
import type { PoolClient } from 'pg'
import {
  DatabaseError,
  databaseError,
  type Parameter,
  type Row,
  type RowWrite,
  type ShopDatabase,
  type Sql,
} from './database.ts'

const CONNECTIONS = 8
const CONNECT_MS = 5_000
/** Longer than any statement here takes: one that gets no answer for so long has lost its connection. */
const QUERY_MS = 60_000
const INT8 = 20
/** Two transactions that met; the same one again gets through. */
const MEETINGS = new Set(['40001', '40P01'])
const ATTEMPTS = 5

const TYPES = { text: 'text', whole: 'bigint' } as const

/** The library has no code for a connection that ended under a question, or that gave no answer in time. */
const LOST = 'CONNECTION_LOST'

function failed(error: unknown) {
  const known = error instanceof Error && 'code' in error && typeof error.code === 'string'
  return known ? databaseError(error) : new DatabaseError(LOST, error)
}

/** Each text has a name under which the server keeps it parsed. */
const names = new Map<string, { readonly name: string; readonly text: string }>()

function statement(text: string) {
  const known = names.get(text)
  if (known !== undefined) return known
  const fresh = { name: `shop${names.size + 1}`, text: text.replace(/\?(\d+)/g, '$$$1') }
  names.set(text, fresh)
  return fresh
}

function sqlOver(client: PoolClient): Sql {
  let before: Promise<unknown> = Promise.resolve()
  /** One after the other, also where several are asked at once. */
  const ask = (text: string, values: readonly unknown[]): Promise<readonly Row[]> => {
    const mine = before.then(async () => {
      try {
        return (await client.query<Row>({ ...statement(text), values: [...values] })).rows
      } catch (error) {
        throw failed(error)
      }
    })
    before = mine.catch(() => undefined)
    return mine
  }
  return {
    all: (text, parameters: readonly Parameter[] = []) => ask(text, parameters),
    run: async (text, parameters: readonly Parameter[] = []) => {
      await ask(text, parameters)
    },
    locked: ' FOR UPDATE',
    oneOf: (place, type) => `= ANY(?${place}::${TYPES[type]}[])`,
    pairs: (place) => `json_array_elements(?${place}::json)`,
    write: async (into: RowWrite, rows) => {
      if (rows.length === 0) return
      const columns = Object.entries(into.columns)
      const lists = columns.map(([, type], index) => `?${index + 1}::${TYPES[type]}[]`)
      const own = columns.map(([name]) => name)
      await ask(
        `INSERT INTO ${into.table} (${own.join(', ')}) SELECT * FROM unnest(${lists.join(', ')}) ON CONFLICT ${into.conflict}`,
        own.map((name) => rows.map((row) => row[name] ?? null)),
      )
    },
  }
}

/** `url` is `postgres://user:password@host:port/database`, with `?sslmode=require` over a network. Throws DatabaseError. */
export async function openPostgres(url: string): Promise<ShopDatabase> {
  const { default: pg } = await import('pg')
  // Its type knows PostgreSQL's own numbers only; others have parsers too.
  const parserOf = pg.types.getTypeParser as (type: number, format?: 'text' | 'binary') => (text: string) => unknown
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: QUERY_MS,
    keepAlive: true,
    types: {
      getTypeParser: (type: number, format?: 'text' | 'binary') => (type === INT8 ? Number : parserOf(type, format)),
    },
  })
  // A connection that is lost is noticed by whoever uses it next; without a listener it would end the process.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))

  async function once<T>(begin: string, work: (sql: Sql) => Promise<T>): Promise<T> {
    const client = await pool.connect().catch((error: unknown) => Promise.reject(failed(error)))
    const sql = sqlOver(client)
    let broken = true
    try {
      await sql.run(begin)
      const result = await work(sql)
      await sql.run('COMMIT')
      broken = false
      return result
    } catch (error) {
      broken = await sql.run('ROLLBACK').then(
        () => false,
        () => true,
      )
      throw error
    } finally {
      client.release(broken)
    }
  }

  async function within<T>(begin: string, work: (sql: Sql) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await once(begin, work)
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : ''
        if (!MEETINGS.has(code) || attempt === ATTEMPTS) throw error
      }
    }
  }

  const database: ShopDatabase = {
    engine: 'postgres',
    read: (work) => within('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', work),
    transaction: (work) => within('BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE', work),
    copyTo: null,
    close: () => pool.end(),
  }
  try {
    await database.read((sql) => sql.all('SELECT 1 AS one'))
  } catch (error) {
    await pool.end()
    throw error
  }
  return database
}
