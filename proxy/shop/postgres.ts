/** PostgreSQL, for a chain of shops and for several server processes over one database. */
import type { TransactionSql } from 'postgres'
import { databaseError, type Parameter, type Row, type RowWrite, type ShopDatabase, type Sql } from './database.ts'

const CONNECTIONS = 8
const CONNECT_S = 5
const CLOSE_S = 2
/** Until a lost connection is tried again: a database that restarts is back within a second or two. */
const RETRY_S = 1
const INT8 = 20
/** Two transactions that met; the same one again gets through. */
const MEETINGS = new Set(['40001', '40P01'])
const ATTEMPTS = 5

const TYPES = { text: 'text', whole: 'bigint' } as const
const numbered = (text: string) => text.replace(/\?(\d+)/g, '$$$1')

/** The library writes lists into its query as it writes values; its type knows single values only. */
type Values = NonNullable<Parameters<TransactionSql['unsafe']>[1]>

function sqlOver(connection: TransactionSql): Sql {
  const all = async (text: string, parameters: readonly Parameter[] = []): Promise<readonly Row[]> => {
    try {
      return await connection.unsafe<Row[]>(numbered(text), parameters as unknown as Values, { prepare: true })
    } catch (error) {
      throw databaseError(error)
    }
  }
  return {
    all,
    run: async (text, parameters) => {
      await all(text, parameters)
    },
    locked: ' FOR UPDATE',
    oneOf: (place, type) => `= ANY(?${place}::${TYPES[type]}[])`,
    write: async (into: RowWrite, rows) => {
      if (rows.length === 0) return
      const columns = Object.entries(into.columns)
      const lists = columns.map(([, type], index) => `?${index + 1}::${TYPES[type]}[]`)
      const names = columns.map(([name]) => name)
      await all(
        `INSERT INTO ${into.table} (${names.join(', ')}) SELECT * FROM unnest(${lists.join(', ')}) ON CONFLICT ${into.conflict}`,
        names.map((name) => rows.map((row) => row[name] ?? null)) as unknown as readonly Parameter[],
      )
    },
  }
}

/** `url` is `postgres://user:password@host:port/database`, with `?sslmode=require` over a network. Throws DatabaseError. */
export async function openPostgres(url: string): Promise<ShopDatabase> {
  const { default: postgres } = await import('postgres')
  const pool = postgres(url, {
    max: CONNECTIONS,
    connect_timeout: CONNECT_S,
    backoff: () => RETRY_S,
    onnotice: () => undefined,
    types: { bigint: { to: INT8, from: [INT8], serialize: String, parse: Number } },
  })

  async function within<T>(options: string, work: (sql: Sql) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      let own: unknown = null
      try {
        const outcome = await pool.begin(options, async (connection) => {
          try {
            return { result: await work(sqlOver(connection)) }
          } catch (error) {
            own = error
            throw error
          }
        })
        return outcome.result
      } catch (error) {
        // What the work itself threw is its caller's; everything else is the database's.
        const known = own === error ? own : databaseError(error)
        const code = known instanceof Error && 'code' in known ? String(known.code) : ''
        if (!MEETINGS.has(code) || attempt === ATTEMPTS) throw known
      }
    }
  }

  try {
    await pool.unsafe('SELECT 1')
  } catch (error) {
    await pool.end({ timeout: 0 }).catch(() => undefined)
    throw databaseError(error)
  }
  return {
    engine: 'postgres',
    read: (work) => within('isolation level repeatable read read only', work),
    transaction: (work) => within('isolation level read committed read write', work),
    copyTo: null,
    close: () => pool.end({ timeout: CLOSE_S }),
  }
}
