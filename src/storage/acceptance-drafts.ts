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

export function createAcceptanceDrafts(keyValues: Pick<KeyValueStore, 'get' | 'set'>): AcceptanceDrafts {
  const read = async (): Promise<AcceptanceDraft[]> => {
    const stored = await keyValues.get(KEY).catch(() => null)
    if (!Array.isArray(stored)) return []
    return stored.flatMap((entry: unknown) => {
      const parsed = v.safeParse(draftSchema, entry)
      return parsed.success ? [parsed.output] : []
    })
  }
  const write = (drafts: readonly AcceptanceDraft[]) =>
    keyValues.set(KEY, drafts.slice(0, KEPT)).then(
      () => true,
      () => false,
    )
  return {
    find: async (shiftId) => (await read()).find((draft) => draft.shiftId === shiftId) ?? null,
    async keep(draft) {
      const others = (await read()).filter(({ shiftId }) => shiftId !== draft.shiftId)
      return write([draft, ...others])
    },
    async drop(shiftId) {
      const drafts = await read()
      const others = drafts.filter((draft) => draft.shiftId !== shiftId)
      if (others.length < drafts.length) await write(others)
    },
  }
}
