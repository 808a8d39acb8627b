/** The tills' rows while a transaction takes uploads in: locked first, written last. */
import type { ShopChange, Upload } from '../../src/contract/shop.ts'
import { textOf, wholeOf, type Cells, type RowWrite, type Sql } from './database.ts'
import { TABLES } from './tables.ts'

/** A change whose record is text already, its names in order. */
export interface WrittenChange extends ShopChange {
  readonly text: string
}

/** An upload and who brought it. */
export interface Brought {
  readonly upload: Omit<Upload, 'changes'> & { readonly changes: readonly WrittenChange[] }
  /** Id of the pairing's token, or `local`. */
  readonly token: string
  /** The shop that this server stands in; empty where it has no name. */
  readonly shop: string
  readonly receivedAtMs: number
}

const TILLS: RowWrite = {
  ...TABLES.tills,
  conflict: '(till) DO NOTHING',
}

/** What an upload changes in a till's row. */
export const TILLS_NOW: RowWrite = {
  ...TABLES.tills,
  conflict: `(till) DO UPDATE SET letter = excluded.letter, shop = excluded.shop, tenure = excluded.tenure,
    token = excluded.token, register = excluded.register, last_contact_ms = excluded.last_contact_ms,
    waiting = excluded.waiting, entries = excluded.entries, revision = excluded.revision, changes = excluded.changes`,
}

/** A till's row while uploads change it. */
export interface TillState {
  tenure: number
  letter: string
  shop: string
  token: string
  lastContactMs: number
  waiting: number
  entries: number
  revision: number
  changes: number
  register: string | null
}

export function rowOf(till: string, state: TillState): Cells {
  return {
    till,
    letter: state.letter,
    name: '',
    shop: state.shop,
    tenure: state.tenure,
    token: state.token,
    register: state.register,
    first_contact_ms: state.lastContactMs,
    last_contact_ms: state.lastContactMs,
    waiting: state.waiting,
    entries: state.entries,
    revision: state.revision,
    changes: state.changes,
    became: null,
  }
}

/** Of a till that was never heard of. */
function newTill({ upload, token, shop, receivedAtMs }: Brought): TillState {
  return {
    tenure: upload.tenure,
    letter: upload.letter,
    shop,
    token,
    lastContactMs: receivedAtMs,
    waiting: upload.waiting,
    entries: 0,
    revision: 0,
    changes: 0,
    register: null,
  }
}

/** Locks the tills of these uploads in the order of their ids, so that two servers never wait for each other. */
export async function lockTills(sql: Sql, brought: readonly Brought[]): Promise<Map<string, TillState>> {
  const first = new Map<string, Brought>()
  for (const one of brought) if (!first.has(one.upload.till)) first.set(one.upload.till, one)
  const ids = [...first.keys()].sort()
  await sql.write(
    TILLS,
    ids.flatMap((till) => {
      const one = first.get(till)
      return one === undefined ? [] : [rowOf(till, newTill(one))]
    }),
  )
  const rows = await sql.all(`SELECT * FROM tills WHERE till ${sql.oneOf(1, 'text')} ORDER BY till${sql.locked}`, [ids])
  return new Map(
    rows.map((row) => [
      textOf(row, 'till'),
      {
        tenure: wholeOf(row, 'tenure'),
        letter: textOf(row, 'letter'),
        shop: textOf(row, 'shop'),
        token: textOf(row, 'token'),
        lastContactMs: wholeOf(row, 'last_contact_ms'),
        waiting: wholeOf(row, 'waiting'),
        entries: wholeOf(row, 'entries'),
        revision: wholeOf(row, 'revision'),
        changes: wholeOf(row, 'changes'),
        register: typeof row.register === 'string' ? row.register : null,
      },
    ]),
  )
}
