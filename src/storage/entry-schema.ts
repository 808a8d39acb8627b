/**
 * Checks a stored entry before anything relies on it: a disk, an older version or a newer one may have left
 * what this version can't understand. Only what the queue decides by is checked; the rest is shown as it is.
 */
import * as v from 'valibot'
import type { Entry } from '../queue/types.ts'

const integer = v.pipe(v.number(), v.safeInteger())
const count = v.pipe(integer, v.minValue(0))
const key = v.pipe(v.string(), v.regex(/^\d{8}$/))

const storedEntry = v.looseObject({
  version: v.literal(1),
  id: v.pipe(v.string(), v.minLength(1)),
  deviceId: v.string(),
  sequence: v.pipe(integer, v.minValue(1)),
  mark: v.string(),
  kind: v.picklist(['registration', 'deposit', 'withdrawal', 'xReport', 'zReport', 'bank', 'bankClose', 'print']),
  request: v.nullable(v.looseObject({ method: v.literal('POST'), path: v.string(), body: v.string() })),
  receipt: v.nullable(v.looseObject({ kind: v.string(), total: integer, rows: v.array(v.looseObject({})) })),
  amount: integer,
  createdAtMs: v.number(),
  state: v.picklist(['queued', 'sending', 'acked', 'recon', 'done', 'refused']),
  key: v.nullable(key),
  before: v.nullable(v.looseObject({ number: integer, shift: integer })),
  shift: v.nullable(integer),
  attempts: count,
  answered: count,
  refusals: count,
  number: v.nullable(integer),
  newKey: v.nullable(key),
  code: v.nullable(integer),
  bank: v.nullable(v.looseObject({ state: v.string(), attempts: v.array(v.looseObject({})) })),
  question: v.nullable(v.looseObject({ id: v.string(), question: v.looseObject({ kind: v.string() }) })),
  resolution: v.nullable(v.looseObject({ kind: v.string() })),
  history: v.array(v.looseObject({})),
})

export type ReadEntry =
  | { readonly kind: 'ok'; readonly entry: Entry }
  | { readonly kind: 'broken'; readonly id: string; readonly problem: string }

/** The record as an entry, or what is wrong with it in technical words. */
export function readEntry(record: unknown): ReadEntry {
  const parsed = v.safeParse(storedEntry, record)
  if (parsed.success) return { kind: 'ok', entry: record as Entry }
  const id = typeof record === 'object' && record !== null && 'id' in record ? String(record.id) : 'without id'
  const issue = parsed.issues[0]
  return { kind: 'broken', id, problem: `${v.getDotPath(issue) ?? 'record'}: ${issue.message}` }
}
