/**
 * Copies of how tills are set up (settings, cashiers, goods), row by row as each till names them: kept for a tablet that
 * takes a till's place, or is to be like it. Only the till itself writes its own.
 */
import type { ConfigurationPage, ConfigurationRow } from '../../src/contract/shop.ts'
import { storable, textOf, wholeOf, type Sql } from './database.ts'

/** Letters in one page: a block of goods more or less. */
const PAGE_LETTERS = 1_000_000
/** Rows that are read for one page. */
const PAGE_ROWS = 200

/** `replaced`: another tablet took the till's place. `unknown`: it hasn't uploaded anything yet. */
export async function keepConfiguration(
  sql: Sql,
  till: string,
  tenure: number,
  rows: readonly ConfigurationRow[],
  nowMs: number,
): Promise<'kept' | 'replaced' | 'unknown'> {
  const [known] = await sql.all(`SELECT tenure, became FROM tills WHERE till = ?1 ORDER BY till${sql.locked}`, [till])
  if (known === undefined) return 'unknown'
  if (wholeOf(known, 'tenure') > tenure || known.became !== null) return 'replaced'
  for (const { name, value } of rows) {
    if (value === null) await sql.run('DELETE FROM configurations WHERE till = ?1 AND name = ?2', [till, name])
    else
      await sql.run(
        `INSERT INTO configurations (till, name, value, received_ms) VALUES (?1, ?2, ?3, ?4)
          ON CONFLICT (till, name) DO UPDATE SET value = excluded.value, received_ms = excluded.received_ms`,
        [till, name, storable(value, value.length), nowMs],
      )
  }
  return 'kept'
}

/** Rows behind the name `after`, in the order of their names. */
export async function configurationOf(sql: Sql, till: string, after: string): Promise<ConfigurationPage> {
  const found = await sql.all(
    'SELECT name, value FROM configurations WHERE till = ?1 AND name > ?2 ORDER BY name LIMIT ?3',
    [till, after, PAGE_ROWS],
  )
  const rows: { name: string; value: string }[] = []
  let letters = 0
  for (const row of found) {
    const value = textOf(row, 'value')
    letters += value.length
    if (rows.length > 0 && letters > PAGE_LETTERS) break
    rows.push({ name: textOf(row, 'name'), value })
  }
  const whole = rows.length === found.length && found.length < PAGE_ROWS
  return { rows, next: whole ? null : (rows.at(-1)?.name ?? null) }
}
