/**
 * What the shop server asks of a database. Two engines answer: SQLite (`sqlite.ts`) and PostgreSQL (`postgres.ts`).
 *
 * One text of SQL serves both: parameters are `?1`, `?2` …, whole numbers are BIGINT and arrive as JS numbers, text is
 * compared byte by byte. What the two write differently stands in `oneOf`, `pairs` and `locked`.
 */

/** A list is for `oneOf` alone. */
export type Parameter = string | number | null | readonly string[] | readonly number[]
export type Row = Readonly<Record<string, unknown>>
export type Cells = Readonly<Record<string, string | number | null>>

/** Rows of one table that are inserted together. */
export interface RowWrite {
  readonly table: string
  readonly columns: Readonly<Record<string, 'text' | 'whole'>>
  /** What follows `ON CONFLICT`: a key with `DO NOTHING` or `DO UPDATE SET …`. */
  readonly conflict: string
}

export interface Sql {
  all(text: string, parameters?: readonly Parameter[]): Promise<readonly Row[]>
  run(text: string, parameters?: readonly Parameter[]): Promise<void>
  /** In the order of `rows`; no two of them may have one key. */
  write(into: RowWrite, rows: readonly Cells[]): Promise<void>
  /** `IN` over the list that is parameter `place`: `till ${sql.oneOf(1, 'text')}`. */
  oneOf(place: number, type: 'text' | 'whole'): string
  /** Parameter `place`, a JSON list of lists, as rows with a column `value`: `value->>0` is a list's first text. */
  pairs(place: number): string
  /** After a SELECT inside a transaction: nobody else changes these rows before its end. */
  readonly locked: string
}

export interface ShopDatabase {
  readonly engine: 'sqlite' | 'postgres'
  /** Reads of one moment: what is committed meanwhile isn't seen. */
  read<T>(work: (sql: Sql) => Promise<T>): Promise<T>
  /** All of it or nothing; on the disk once this resolves. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>
  /** Writes a copy, as of one moment, into a file that is empty; null where the engine has no such copy. */
  readonly copyTo: ((file: string) => Promise<void>) | null
  close(): Promise<void>
}

/** The database can't be reached, opened or written. `code` is the engine's word for it, without any value. */
export class DatabaseError extends Error {
  constructor(
    readonly code: string,
    cause: unknown,
  ) {
    super(`database: ${code}`, { cause })
  }
}

/** Whatever an engine threw, as a DatabaseError. */
export function databaseError(error: unknown): DatabaseError {
  if (error instanceof DatabaseError) return error
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
  return new DatabaseError(code === '' ? (error instanceof Error ? error.name : 'unknown') : code, error)
}

/** Text that both engines store as it is: no NUL, which PostgreSQL refuses, and no half of a surrogate pair. */
export function storable(text: string, most: number): string {
  const cut = text.slice(0, most)
  return cut.isWellFormed() && !cut.includes('\0') ? cut : cut.toWellFormed().replaceAll('\0', '\ufffd')
}

export function textOf(row: Row, column: string): string {
  const value = row[column]
  if (typeof value !== 'string') throw new TypeError(`${column}: no text`)
  return value
}

export function wholeOf(row: Row, column: string): number {
  const value = row[column]
  if (!Number.isSafeInteger(value)) throw new TypeError(`${column}: no whole number`)
  return value as number
}

export function wholeOrNull(row: Row, column: string): number | null {
  return row[column] === null || row[column] === undefined ? null : wholeOf(row, column)
}

export function textOrNull(row: Row, column: string): string | null {
  return row[column] === null || row[column] === undefined ? null : textOf(row, column)
}
