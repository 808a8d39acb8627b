/**
 * Checks a stored entry before anything relies on it: a disk, an older version or a newer one may have left
 * what this version can't understand. Only what the queue decides by is checked; the rest is shown as it is.
 */
import { ENTRY_KINDS } from '../contract/entry-kinds.ts'
import type { Entry } from '../queue/types.ts'
import { anything, integer, listOf, matching, number, objectOf, oneOf, orNull, text, Wrong } from './shape.ts'

const key = matching(/^\d{8}$/)

const storedEntry = objectOf({
  version: oneOf(1),
  id: matching(/./s),
  deviceId: text,
  sequence: integer(1),
  mark: text,
  kind: oneOf(...ENTRY_KINDS),
  request: orNull(objectOf({ method: oneOf('POST'), path: text, body: text })),
  receipt: orNull(objectOf({ kind: text, total: integer(), rows: listOf(anything) })),
  amount: integer(),
  createdAtMs: number,
  state: oneOf('queued', 'sending', 'acked', 'recon', 'done', 'refused'),
  key: orNull(key),
  before: orNull(objectOf({ number: integer(), shift: integer() })),
  shift: orNull(integer()),
  attempts: integer(0),
  answered: integer(0),
  refusals: integer(0),
  number: orNull(integer()),
  newKey: orNull(key),
  code: orNull(integer()),
  bank: orNull(objectOf({ state: text, attempts: listOf(anything) })),
  question: orNull(objectOf({ id: text, question: objectOf({ kind: text }) })),
  resolution: orNull(objectOf({ kind: text })),
  history: listOf(anything),
})

export type ReadEntry =
  | { readonly kind: 'ok'; readonly entry: Entry }
  | { readonly kind: 'broken'; readonly id: string; readonly problem: string }

/** The record as an entry, or what is wrong with it in technical words. */
export function readEntry(record: unknown): ReadEntry {
  const parsed = storedEntry(record)
  if (!(parsed instanceof Wrong)) return { kind: 'ok', entry: record as Entry }
  const id = typeof record === 'object' && record !== null && 'id' in record ? String(record.id) : 'without id'
  return { kind: 'broken', id, problem: `${parsed.path || 'record'}: ${told(parsed.value)}` }
}

/** At most so much of what stands there instead is told. */
const TOLD = 40

function told(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, TOLD)
}
