/** A draft of an acceptance document: taken from the document on the screen, laid over one that was read again. */
import type { IikoDocument } from '../contract/iiko.ts'
import { createAcceptanceDrafts, type AcceptanceDraft } from '../storage/acceptance-drafts.ts'
import { services } from './services.ts'

export function draftOf(document: IikoDocument, shiftId: string, changedAtMs: number): AcceptanceDraft {
  const { accountShortageId, counteragentShortageId, accountSurplusId, counteragentSurplusId } = document
  return {
    shiftId,
    changedAtMs,
    fields: { accountShortageId, counteragentShortageId, accountSurplusId, counteragentSurplusId },
    rows: document.items.map(
      ({ transactionId, sumReal, accountOverrideId, counteragentOverrideId, status, comment }) => ({
        transactionId,
        sumReal,
        accountOverrideId,
        counteragentOverrideId,
        status,
        comment,
      }),
    ),
  }
}

/** The document with the draft's edits; a posting that left the shift takes its edit with it. */
export function withDraft(document: IikoDocument, draft: AcceptanceDraft): IikoDocument {
  const rows = new Map(draft.rows.map((row) => [row.transactionId, row]))
  return {
    ...document,
    ...draft.fields,
    items: document.items.map((item) => ({ ...item, ...rows.get(item.transactionId) })),
  }
}

/**
 * Writes drafts one after another, a shift's newest only: a letter typed while the disk is busy needs no write of its
 * own, and a draft that was dropped isn't written again by an earlier letter.
 */
export function createDraftWriter() {
  /** What each shift waits for: its draft, or null to forget it. */
  const waiting = new Map<string, AcceptanceDraft | null>()
  let running: Promise<void> | null = null

  async function run(): Promise<void> {
    for (let [first] = waiting; first !== undefined; [first] = waiting) {
      const [shiftId, draft] = first
      waiting.delete(shiftId)
      const drafts = createAcceptanceDrafts(services().keyValues)
      if (draft === null) await drafts.drop(shiftId)
      else await drafts.keep(draft)
    }
    running = null
  }

  function want(shiftId: string, draft: AcceptanceDraft | null): Promise<void> {
    waiting.set(shiftId, draft)
    running ??= run()
    return running
  }

  return {
    keep: (draft: AcceptanceDraft) => want(draft.shiftId, draft),
    drop: (shiftId: string) => want(shiftId, null),
  }
}
