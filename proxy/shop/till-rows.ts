/** The tills of a shop: their list with what each still holds, how far the server has one, names, and a till that is replaced. */
import type { ReplaceReply, ShopTill, StandingReply } from '../../src/contract/shop.ts'
import { isRecord, parseJson } from '../../src/contract/json.ts'
import { storable, textOf, textOrNull, wholeOf, wholeOrNull, type Sql } from './database.ts'

/** Every till, the one heard of last first. One that went on as another till isn't listed. */
export async function tillsOf(sql: Sql): Promise<ShopTill[]> {
  const [tills, open, kept] = await Promise.all([
    sql.all('SELECT * FROM tills WHERE became IS NULL ORDER BY last_contact_ms DESC, till'),
    sql.all(
      `SELECT till, COUNT(*) AS entries, MIN(created_ms) AS oldest, CAST(SUM(amount) AS BIGINT) AS amount
        FROM entries WHERE settled = 0 GROUP BY till`,
    ),
    sql.all(
      `SELECT till, COUNT(*) AS versions FROM
        (SELECT till FROM conflicts UNION ALL SELECT till FROM quarantine) AS kept GROUP BY till`,
    ),
  ])
  const unsettled = new Map(open.map((row) => [textOf(row, 'till'), row]))
  const conflicts = new Map(kept.map((row) => [textOf(row, 'till'), wholeOf(row, 'versions')]))
  return tills.map((row) => {
    const till = textOf(row, 'till')
    const waiting = unsettled.get(till)
    return {
      till,
      letter: textOf(row, 'letter'),
      name: textOf(row, 'name'),
      shop: textOf(row, 'shop'),
      lastContactMs: wholeOf(row, 'last_contact_ms'),
      waiting: wholeOf(row, 'waiting'),
      unsettled: waiting === undefined ? 0 : wholeOf(waiting, 'entries'),
      oldestUnsettledMs: waiting === undefined ? null : wholeOrNull(waiting, 'oldest'),
      unsettledTiyn: waiting === undefined ? 0 : wholeOf(waiting, 'amount'),
      conflicts: conflicts.get(till) ?? 0,
      replaced: wholeOf(row, 'tenure') > 0,
      register: textOrNull(row, 'register'),
    }
  })
}

export async function hasTills(sql: Sql): Promise<boolean> {
  return (await sql.all('SELECT 1 AS one FROM tills LIMIT 1')).length > 0
}

/** Rises with each upload and each change of a till. */
export async function versionOf(sql: Sql): Promise<number> {
  const [row] = await sql.all('SELECT CAST(COALESCE(SUM(changes), 0) AS BIGINT) AS version FROM tills')
  return row === undefined ? 0 : wholeOf(row, 'version')
}

/** Drawn with the database. */
export async function serverIdOf(sql: Sql): Promise<string> {
  const [row] = await sql.all(`SELECT value FROM meta WHERE name = 'server'`)
  if (row === undefined) throw new Error('a database without its id')
  return textOf(row, 'value')
}

export async function standingOf(sql: Sql, till: string): Promise<StandingReply> {
  const server = await serverIdOf(sql)
  const [row] = await sql.all('SELECT entries, revision, tenure FROM tills WHERE till = ?1', [till])
  if (row === undefined) return { server, known: false, entries: 0, revision: 0, tenure: 0 }
  const [entries, revision, tenure] = [wholeOf(row, 'entries'), wholeOf(row, 'revision'), wholeOf(row, 'tenure')]
  return { server, known: true, entries, revision, tenure }
}

/** False where there is no such till. */
export async function nameTill(sql: Sql, till: string, name: string): Promise<boolean> {
  const known = await sql.all('SELECT 1 AS one FROM tills WHERE till = ?1', [till])
  await sql.run('UPDATE tills SET name = ?2, changes = changes + 1 WHERE till = ?1', [till, storable(name.trim(), 100)])
  return known.length > 0
}

/** What a tablet gets that takes the place of a till. */
export type TakenOver = Omit<ReplaceReply, 'till'>

function records(rows: readonly Readonly<Record<string, unknown>>[]): Record<string, unknown>[] {
  return rows.map((row) => parseJson(textOf(row, 'record'))).filter(isRecord)
}

/**
 * From now on the tablet `by` is the till `till`: with a tenure one higher, so that the old tablet is refused. Asking
 * again for the same tablet changes nothing. Null where there is no such till.
 */
export async function replaceTill(
  sql: Sql,
  till: string,
  by: string,
  letter: string,
  nowMs: number,
): Promise<TakenOver | null> {
  const [before] = await sql.all(`SELECT * FROM tills WHERE till = ?1 ORDER BY till${sql.locked}`, [till])
  if (before === undefined) return null
  const [tablet] = await sql.all('SELECT became FROM tills WHERE till = ?1', [by])
  const again = tablet !== undefined && textOrNull(tablet, 'became') === till
  if (!again) {
    await sql.run('UPDATE tills SET tenure = tenure + 1, changes = changes + 1 WHERE till = ?1', [till])
    await sql.run(
      `INSERT INTO tills (till, letter, name, shop, tenure, token, register, first_contact_ms, last_contact_ms, waiting,
          entries, revision, changes, became)
        VALUES (?1, ?2, '', '', 0, '', NULL, ?3, ?3, 0, 0, 0, 1, ?4)
        ON CONFLICT (till) DO UPDATE SET became = excluded.became, changes = tills.changes + 1`,
      [by, letter, nowMs, till],
    )
  }
  const devices = await sql.all('SELECT record FROM devices WHERE till = ?1 ORDER BY id', [till])
  const open = await sql.all('SELECT record FROM entries WHERE till = ?1 AND settled = 0 ORDER BY sequence', [till])
  return {
    letter: textOf(before, 'letter'),
    tenure: wholeOf(before, 'tenure') + (again ? 0 : 1),
    revision: wholeOf(before, 'revision'),
    entries: wholeOf(before, 'entries'),
    devices: records(devices),
    unsettled: records(open),
  }
}

/** A till's entries in the order in which it made them, above a sequence number. */
export async function historyOf(
  sql: Sql,
  till: string,
  after: number,
  limit: number,
): Promise<Record<string, unknown>[]> {
  return records(
    await sql.all('SELECT record FROM entries WHERE till = ?1 AND sequence > ?2 ORDER BY sequence LIMIT ?3', [
      till,
      after,
      limit,
    ]),
  )
}
