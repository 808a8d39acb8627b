/**
 * The tables of the shop server. A migration that was released is never edited: a change is a new one with the next
 * number. `{text}` and `{clustered}` stand for what the two engines write differently.
 *
 * Sums are tiyn, quantities thousandths, times ms since the epoch.
 */
import { randomUUID } from 'node:crypto'
import { wholeOf, type ShopDatabase, type Sql } from './database.ts'

/** Text compared byte by byte, whatever the database's language; rows stored in the order of their key. */
const WORDS = {
  sqlite: { '{text}': 'TEXT', '{clustered}': ' WITHOUT ROWID' },
  postgres: { '{text}': 'TEXT COLLATE "C"', '{clustered}': '' },
} as const

/** Any number that no other program locks with: two processes that start at once migrate one after the other. */
const MIGRATION_LOCK = 4_917_230

export const MIGRATIONS: readonly (readonly string[])[] = [
  [
    `CREATE TABLE meta (name {text} PRIMARY KEY, value {text} NOT NULL){clustered}`,
    // `entries` and `revision`: how far the server has this till. `changes` rises with each change that a page shows.
    `CREATE TABLE tills (
      till {text} PRIMARY KEY, letter {text} NOT NULL, name {text} NOT NULL, shop {text} NOT NULL,
      tenure BIGINT NOT NULL, token {text} NOT NULL, register {text},
      first_contact_ms BIGINT NOT NULL, last_contact_ms BIGINT NOT NULL, waiting BIGINT NOT NULL,
      entries BIGINT NOT NULL, revision BIGINT NOT NULL, changes BIGINT NOT NULL, became {text}
    ){clustered}`,
    // Which pairing spoke for a till, and since when.
    `CREATE TABLE till_tokens (
      till {text} NOT NULL, token {text} NOT NULL, since_ms BIGINT NOT NULL, PRIMARY KEY (till, token)
    ){clustered}`,
    // `at_ms`: when it was registered, else when it was rung up. `day` and `hour` are set while it counts in the totals.
    `CREATE TABLE entries (
      till {text} NOT NULL, id {text} NOT NULL, revision BIGINT NOT NULL, sequence BIGINT NOT NULL,
      mark {text} NOT NULL, kind {text} NOT NULL, state {text} NOT NULL, settled BIGINT NOT NULL,
      number BIGINT, amount BIGINT NOT NULL, cashier {text} NOT NULL, register {text} NOT NULL,
      created_ms BIGINT NOT NULL, registered_ms BIGINT, at_ms BIGINT NOT NULL, received_ms BIGINT NOT NULL,
      day {text}, hour {text}, record {text} NOT NULL, PRIMARY KEY (till, id)
    )`,
    `CREATE INDEX entries_time ON entries (at_ms, till, id)`,
    `CREATE INDEX entries_till ON entries (till, at_ms, id)`,
    `CREATE INDEX entries_history ON entries (till, sequence)`,
    `CREATE INDEX entries_number ON entries (number, at_ms)`,
    `CREATE INDEX entries_mark ON entries (mark, at_ms)`,
    `CREATE INDEX entries_amount ON entries (amount, at_ms)`,
    `CREATE INDEX entries_cashier ON entries (cashier, at_ms)`,
    `CREATE INDEX entries_state ON entries (state, at_ms) WHERE state <> 'done'`,
    `CREATE INDEX entries_open ON entries (till, created_ms) WHERE settled = 0`,
    `CREATE TABLE cashiers (name {text} PRIMARY KEY){clustered}`,
    `CREATE TABLE devices (
      till {text} NOT NULL, id {text} NOT NULL, revision BIGINT NOT NULL, serial {text},
      received_ms BIGINT NOT NULL, record {text} NOT NULL, PRIMARY KEY (till, id)
    )`,
    // Versions of an entry that differ from what was settled, and records that nobody can read: kept and shown.
    `CREATE TABLE conflicts (
      till {text} NOT NULL, id {text} NOT NULL, revision BIGINT NOT NULL,
      received_ms BIGINT NOT NULL, record {text} NOT NULL, PRIMARY KEY (till, id, revision)
    )`,
    `CREATE TABLE quarantine (
      till {text} NOT NULL, id {text} NOT NULL, revision BIGINT NOT NULL, kind {text} NOT NULL,
      reason {text} NOT NULL, received_ms BIGINT NOT NULL, record {text} NOT NULL,
      PRIMARY KEY (till, id, revision, kind)
    )`,
    // `block` is a day or a group of days (blocks.ts), `key` what the report is by. A receipt's rows of a day lie together.
    `CREATE TABLE totals (
      block BIGINT NOT NULL, report {text} NOT NULL, key {text} NOT NULL,
      receipts BIGINT NOT NULL, returned BIGINT NOT NULL, total BIGINT NOT NULL,
      quantity BIGINT NOT NULL, tax BIGINT NOT NULL, PRIMARY KEY (block, report, key)
    ){clustered}`,
  ],
  [
    `CREATE TABLE configurations (
      till {text} NOT NULL, name {text} NOT NULL, value {text} NOT NULL, received_ms BIGINT NOT NULL,
      PRIMARY KEY (till, name)
    )`,
  ],
]

async function versionOf(sql: Sql): Promise<number> {
  const [row] = await sql.all('SELECT COALESCE(MAX(number), 0) AS number FROM migrations')
  return row === undefined ? 0 : wholeOf(row, 'number')
}

/** The database was written by a later version of this program. */
export class NewerDatabaseError extends Error {}

/** Brings the tables to version `upTo`, in one transaction. Throws NewerDatabaseError where they are beyond it. */
export async function migrate(database: ShopDatabase, upTo = MIGRATIONS.length): Promise<void> {
  const words = Object.entries(WORDS[database.engine])
  await database.transaction(async (sql) => {
    if (database.engine === 'postgres') await sql.run(`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`)
    await sql.run('CREATE TABLE IF NOT EXISTS migrations (number BIGINT PRIMARY KEY)')
    const version = await versionOf(sql)
    if (version > MIGRATIONS.length)
      throw new NewerDatabaseError(`version ${version} of the tables is newer than this program`)
    for (const [index, statements] of MIGRATIONS.slice(0, upTo).entries()) {
      if (index < version) continue
      for (const statement of statements)
        await sql.run(words.reduce((text, [word, meaning]) => text.replaceAll(word, meaning), statement))
      await sql.run('INSERT INTO migrations (number) VALUES (?1)', [index + 1])
    }
    if (version === 0 && upTo > 0) await sql.run(`INSERT INTO meta (name, value) VALUES ('server', ?1)`, [randomUUID()])
  })
}
