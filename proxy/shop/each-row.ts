/** All rows of a table, page by page in the order of its key, so that a table of any size fits. */
import type { Parameter, Row, Sql } from './database.ts'
import type { Table } from './tables.ts'

const PAGE = 500

export async function* eachRow(sql: Sql, { table, key }: Table): AsyncGenerator<Row> {
  const order = key.join(', ')
  const places = key.map((_, index) => `?${index + 1}`).join(', ')
  let after: Parameter[] = []
  for (;;) {
    const where = after.length === 0 ? '' : `WHERE (${order}) > (${places})`
    const rows = await sql.all(`SELECT * FROM ${table} ${where} ORDER BY ${order} LIMIT ${PAGE}`, after)
    yield* rows
    const last = rows.at(-1)
    if (last === undefined || rows.length < PAGE) return
    after = key.map((name) => {
      const value = last[name]
      if (typeof value !== 'string' && typeof value !== 'number') throw new TypeError(`${table}.${name}: no key`)
      return value
    })
  }
}
