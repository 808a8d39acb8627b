/**
 * Taking in what tills upload: one transaction for all uploads that came meanwhile, each of them whole. Idempotent by
 * till, record and revision; nothing is ever deleted, and nothing that was settled is written over.
 */
import type { UploadReply } from '../../src/contract/shop.ts'
import { textOf, textOrNull, wholeOf, type Cells, type RowWrite, type Sql } from './database.ts'
import { inOrder, Intake, placeOf, type StoredEntry } from './intake.ts'
import type { ShopTime } from './shop-time.ts'
import { TABLES } from './tables.ts'
import { lockTills, rowOf, TILLS_NOW, type Brought } from './till-state.ts'

export type UploadOutcome =
  { readonly kind: 'taken'; readonly reply: Omit<UploadReply, 'server'> } | { readonly kind: 'replaced' }

const TILL_TOKENS: RowWrite = {
  ...TABLES.till_tokens,
  conflict: '(till, token) DO NOTHING',
}

async function loadEntries(sql: Sql, brought: readonly Brought[]): Promise<Map<string, StoredEntry>> {
  const wanted = new Map<string, readonly [till: string, id: string]>()
  for (const { upload } of brought)
    for (const { kind, id } of upload.changes)
      if (kind === 'entry') wanted.set(placeOf(upload.till, id), [upload.till, id])
  if (wanted.size === 0) return new Map()
  const rows = await sql.all(
    `SELECT e.till, e.id, e.revision, e.settled, e.day, e.hour, e.record
      FROM (SELECT value->>0 AS till, value->>1 AS id FROM ${sql.pairs(1)}) AS wanted
      JOIN entries AS e ON e.till = wanted.till AND e.id = wanted.id`,
    [JSON.stringify([...wanted.values()])],
  )
  return new Map(rows.map((row) => [placeOf(textOf(row, 'till'), textOf(row, 'id')), storedOf(row)]))
}

function storedOf(row: Readonly<Record<string, unknown>>): StoredEntry {
  return {
    revision: wholeOf(row, 'revision'),
    settled: wholeOf(row, 'settled') === 1,
    record: textOf(row, 'record'),
    day: textOrNull(row, 'day'),
    hour: textOrNull(row, 'hour'),
  }
}

/** Takes uploads in, in their order. To be called inside a transaction; an outcome holds once that is committed. */
export async function takeUploads(sql: Sql, time: ShopTime, brought: readonly Brought[]): Promise<UploadOutcome[]> {
  const tills = await lockTills(sql, brought)
  const intake = new Intake(time, await loadEntries(sql, brought))
  const spoke = new Map<string, Cells>()
  const outcomes = brought.map((one): UploadOutcome => {
    const { upload, token, shop, receivedAtMs } = one
    const till = tills.get(upload.till)
    if (till === undefined) throw new Error('a till that was just written is gone')
    if (upload.tenure < till.tenure) return { kind: 'replaced' }
    const reply = intake.take(one, till)
    Object.assign(till, {
      tenure: upload.tenure,
      letter: upload.letter,
      shop: shop === '' ? till.shop : shop,
      token,
      lastContactMs: Math.max(till.lastContactMs, receivedAtMs),
      waiting: upload.waiting,
      changes: till.changes + 1,
    })
    spoke.set(`${upload.till} ${token}`, { till: upload.till, token, since_ms: receivedAtMs })
    return { kind: 'taken', reply }
  })
  await Promise.all([
    intake.writes.to(sql),
    sql.write(TILL_TOKENS, inOrder(spoke)),
    sql.write(TILLS_NOW, inOrder(new Map([...tills].map(([till, state]) => [till, rowOf(till, state)])))),
  ])
  return outcomes
}
