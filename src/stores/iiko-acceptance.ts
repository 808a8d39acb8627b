/**
 * Acceptance of one shift (source 002, "Примерный алгоритм принятия кассовой смены"): document, postings, a row for
 * each, edit, save. `start` is the only place of the terminal that makes iiko create the document.
 */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { PROXY_FAILURE_KINDS, type Failure, type FailureKind } from '../contract/errors.ts'
import {
  completeDocument,
  counteragentRule,
  documentEssence,
  documentProblems,
  documentStatus,
  missingPostings,
  type DocumentAccountField,
} from '../contract/iiko-acceptance.ts'
import type {
  IikoDocument,
  IikoDocumentItem,
  IikoNames,
  IikoPayment,
  IikoRowStatus,
  IikoSaveError,
  IikoSaveResult,
} from '../contract/iiko.ts'
import { createAcceptanceDrafts, type AcceptanceDraft } from '../storage/acceptance-drafts.ts'
import { createDraftWriter, draftOf, withDraft } from '../till/iiko-draft.ts'
import { useIikoStore } from './iiko.ts'
import { services } from '../till/services.ts'

export type AcceptanceResult =
  /** `status` is the document's own status as iiko counted it; null where it doesn't say. */
  | { readonly kind: 'saved'; readonly status: string | null }
  | {
      readonly kind: 'rejected'
      readonly documentErrors: readonly IikoSaveError[]
      readonly itemErrors: IikoSaveResult['itemErrors']
    }
  /** Certainly not saved. `failure` is null where reading the document again showed it. */
  | { readonly kind: 'failed'; readonly failure: Failure | null }
  /** The answer is missing: it may be saved. */
  | { readonly kind: 'unknown'; readonly failure: Failure }

/** Refusals of the proxy itself: nothing went on to iiko. A defect and a stop may come after the sending. */
const NEVER_SENT: readonly FailureKind[] = PROXY_FAILURE_KINDS.filter(
  (kind) => kind !== 'proxy-defect' && kind !== 'proxy-stopping',
)

const NO_NAMES: Pick<IikoNames, 'accounts'> = { accounts: [] }

export const useIikoAcceptanceStore = defineStore('iiko-acceptance', () => {
  const iiko = useIikoStore()
  const shiftId = ref('')
  const document = shallowRef<IikoDocument | null>(null)
  const payments = shallowRef<readonly IikoPayment[]>([])
  /** Transactions that had no row in the document. */
  const added = shallowRef<ReadonlySet<string>>(new Set())
  const opening = ref(false)
  const saving = ref(false)
  const changed = ref(false)
  const failure = shallowRef<Failure | null>(null)
  const result = shallowRef<AcceptanceResult | null>(null)
  /** Edits from before a reload that iiko doesn't have: offered, until a person takes or drops them. */
  const offered = shallowRef<AcceptanceDraft | null>(null)
  const writer = createDraftWriter()
  const names = computed(() => iiko.names.data ?? NO_NAMES)

  function take(read: IikoDocument, postings: readonly IikoPayment[]): void {
    const missing = missingPostings(read, postings)
    payments.value = postings
    added.value = new Set(missing.map((payment) => payment.transactionId))
    document.value = completeDocument(read, postings, names.value)
    changed.value = false
  }

  function close(): void {
    document.value = null
    shiftId.value = ''
    failure.value = null
    result.value = null
    changed.value = false
    offered.value = null
  }

  /** CREATES the document in iiko when there is none. Only for a tap of a person who wants to accept the shift. */
  async function start(id: string): Promise<void> {
    close()
    shiftId.value = id
    opening.value = true
    // The account types decide which rows may name a counteragent.
    if (iiko.names.data === null) await iiko.loadNames()
    const read = await services().backoffice.iikoDocument(id)
    const postings = read.ok ? await services().backoffice.iikoPayments(id) : null
    opening.value = false
    if (shiftId.value !== id) return
    if (!read.ok) failure.value = read.failure
    else if (postings !== null && !postings.ok) failure.value = postings.failure
    else {
      take(read.value.data, postings?.value.data.payments ?? [])
      await lookForDraft(id)
    }
  }

  /** Looks whether this browser holds edits of this shift. One that changes nothing any more is dropped. */
  async function lookForDraft(id: string): Promise<void> {
    const draft = await createAcceptanceDrafts(services().keyValues).find(id)
    const current = shiftId.value === id ? document.value : null
    const same =
      draft !== null && current !== null && documentEssence(withDraft(current, draft)) === documentEssence(current)
    offered.value = same ? null : draft
    if (same) await writer.drop(id)
  }

  function takeDraft(): void {
    if (offered.value === null || document.value === null) return
    document.value = withDraft(document.value, offered.value)
    changed.value = true
    offered.value = null
  }

  async function dropDraft(): Promise<void> {
    const draft = offered.value
    offered.value = null
    if (draft !== null) await writer.drop(draft.shiftId)
    keepDraft()
  }

  /** An offered draft is older work: it stays until the person decided, whatever is typed meanwhile. */
  function keepDraft(): void {
    if (document.value === null || !changed.value || offered.value !== null) return
    void writer.keep(draftOf(document.value, shiftId.value, services().now()))
  }

  function edit(change: Partial<IikoDocument>): void {
    if (document.value === null) return
    document.value = { ...document.value, ...change }
    changed.value = true
    keepDraft()
  }

  function editItems(change: (item: IikoDocumentItem) => IikoDocumentItem): void {
    edit({ items: document.value?.items.map(change) ?? [] })
  }

  /** Changes one row. An account that takes no counteragent takes it out of the row (source 002, note 2). */
  function editRow(num: number, change: Partial<Omit<IikoDocumentItem, 'num' | 'transactionId'>>): void {
    editItems((item) => {
      if (item.num !== num) return item
      const next = { ...item, ...change }
      const forbidden = counteragentRule(next.accountOverrideId, names.value) === 'forbidden'
      return change.accountOverrideId !== undefined && forbidden ? { ...next, counteragentOverrideId: null } : next
    })
  }

  function setAllStatuses(status: IikoRowStatus): void {
    editItems((item) => ({ ...item, status }))
  }

  function setField(field: DocumentAccountField, id: string | null): void {
    edit({ [field]: id })
  }

  async function settled(saved: IikoDocument, status: string | null): Promise<void> {
    document.value = saved
    changed.value = false
    added.value = new Set()
    offered.value = null
    result.value = { kind: 'saved', status }
    await writer.drop(shiftId.value)
    await iiko.openShift(shiftId.value)
  }

  /** Sends the document as it stands; the server judges it. Never repeated by itself. */
  async function save(): Promise<void> {
    const sent = document.value
    if (sent === null || saving.value) return
    saving.value = true
    result.value = null
    const outcome = await services().backoffice.iikoSave(sent)
    saving.value = false
    if (!outcome.ok) {
      const sure = outcome.failure.kind.startsWith('iiko-') || NEVER_SENT.includes(outcome.failure.kind)
      result.value = { kind: sure ? 'failed' : 'unknown', failure: outcome.failure }
      return
    }
    const { saved, status, documentErrors, itemErrors, document: returned } = outcome.value.data
    if (saved) await settled(returned ?? sent, status)
    else result.value = { kind: 'rejected', documentErrors, itemErrors }
  }

  /** After a missing answer: reads the document, which is there by now, and compares it with what was sent. */
  async function check(): Promise<void> {
    const sent = document.value
    if (sent === null || saving.value) return
    saving.value = true
    const read = await services().backoffice.iikoDocument(shiftId.value)
    saving.value = false
    if (!read.ok) result.value = { kind: 'unknown', failure: read.failure }
    else if (documentEssence(read.value.data) === documentEssence(sent))
      await settled(read.value.data, documentStatus(sent.items))
    else result.value = { kind: 'failed', failure: null }
  }

  return {
    shiftId,
    document,
    payments,
    added,
    opening,
    saving,
    changed,
    failure,
    result,
    offered,
    /** What iiko would probably refuse: shown beside the fields, it never keeps a person from saving. */
    problems: computed(() =>
      document.value === null ? [] : documentProblems(document.value, payments.value, names.value),
    ),
    /** Status that the document gets from its rows. */
    status: computed(() => (document.value === null ? null : documentStatus(document.value.items))),
    start,
    close,
    lookForDraft,
    takeDraft,
    dropDraft,
    editRow,
    setAllStatuses,
    setField,
    save,
    check,
  }
})
