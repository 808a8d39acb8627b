/**
 * Edits of acceptance documents that iiko doesn't have yet, one draft a shift: a reload, a crash or a flat battery
 * must not cost a manager's half hour. In database `terminal`, bounded; every read passes its schema again.
 */
import * as v from 'valibot'
import type { KeyValueStore } from './key-value.ts'

const id = v.nullable(v.string())

const draftSchema = v.object({
  shiftId: v.string(),
  /** ms since the epoch of the last edit. */
  changedAtMs: v.number(),
  fields: v.object({
    accountShortageId: id,
    counteragentShortageId: id,
    accountSurplusId: id,
    counteragentSurplusId: id,
  }),
  /** By posting, not by number: the document may have been filled up by somebody else meanwhile. */
  rows: v.array(
    v.object({
      transactionId: v.string(),
      sumReal: v.nullable(v.number()),
      accountOverrideId: id,
      counteragentOverrideId: id,
      status: v.string(),
      comment: id,
    }),
  ),
})

export type AcceptanceDraft = v.InferOutput<typeof draftSchema>

export interface AcceptanceDrafts {
  find(shiftId: string): Promise<AcceptanceDraft | null>
  /** Replaces the shift's draft. False where the browser refuses to write. */
  keep(draft: AcceptanceDraft): Promise<boolean>
  drop(shiftId: string): Promise<void>
}

const KEY = 'backoffice:acceptance-drafts'
/** Newest first; a manager works on one shift, or on a week of them. */
const KEPT = 20

function readDrafts(stored: unknown): readonly AcceptanceDraft[] {
  if (!Array.isArray(stored)) return []
  return stored.flatMap((entry: unknown) => {
    const parsed = v.safeParse(draftSchema, entry)
    return parsed.success ? [parsed.output] : []
  })
}

export function createAcceptanceDrafts(keyValues: Pick<KeyValueStore, 'get' | 'update'>): AcceptanceDrafts {
  /** Drafts of other shifts, which another window may have written a moment ago, stay as they are. */
  const write = (shiftId: string, draft: readonly AcceptanceDraft[]) =>
    keyValues
      .update(KEY, (stored) => {
        const others = readDrafts(stored).filter((other) => other.shiftId !== shiftId)
        return [...draft, ...others].slice(0, KEPT)
      })
      .then(
        () => true,
        () => false,
      )
  return {
    async find(shiftId) {
      const drafts = readDrafts(await keyValues.get(KEY).catch(() => null))
      return drafts.find((draft) => draft.shiftId === shiftId) ?? null
    },
    keep: (draft) => write(draft.shiftId, [draft]),
    async drop(shiftId) {
      await write(shiftId, [])
    },
  }
}
