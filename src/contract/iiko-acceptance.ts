/** Acceptance of a cash shift as source 002 describes it ("Примерный алгоритм принятия кассовой смены"). */
import type { IikoDocument, IikoDocumentItem, IikoNames, IikoPayment, IikoRowStatus } from './iiko.ts'

/** Account types whose rows name a counteragent; no other row may (source 002, note 2). */
const COUNTERAGENT_ACCOUNT_TYPES: readonly string[] = [
  'ACCOUNTS_RECEIVABLE',
  'DEBTS_OF_EMPLOYEES',
  'EMPLOYEES_LIABILITY',
  'ACCOUNTS_PAYABLE',
  'CLIENTS_LIABILITY',
]

type AccountTypes = Pick<IikoNames, 'accounts'>

/** Whether a row with this account names a counteragent; `unknown` when the account list wasn't readable. */
export function counteragentRule(accountId: string | null, names: AccountTypes): 'required' | 'forbidden' | 'unknown' {
  const type = names.accounts.find((account) => account.id === accountId)?.type ?? null
  if (type === null) return 'unknown'
  return COUNTERAGENT_ACCOUNT_TYPES.includes(type) ? 'required' : 'forbidden'
}

function rowFor(payment: IikoPayment, num: number, names: AccountTypes): IikoDocumentItem {
  const accountOverrideId = payment.editedPayAccountId ?? payment.accountId
  const forbidden = counteragentRule(accountOverrideId, names) === 'forbidden'
  return {
    num,
    transactionId: payment.transactionId,
    // Only withdrawals have a sum to edit: anything else would be refused or, worse, believed.
    sumReal: payment.list === 'payOut' ? (payment.actualSum ?? payment.sum) : null,
    accountOverrideId,
    counteragentOverrideId: forbidden ? null : payment.counteragentId,
    status: 'ACCEPTED',
    comment: payment.editableComment ?? payment.comment,
  }
}

/** Postings that have no row in the document, in the order of the payment list. */
export function missingPostings(document: IikoDocument, payments: readonly IikoPayment[]): readonly IikoPayment[] {
  const present = new Set(document.items.map((item) => item.transactionId))
  return payments.filter((payment) => {
    if (present.has(payment.transactionId)) return false
    present.add(payment.transactionId)
    return true
  })
}

/**
 * The document with a row for every posting (step 4). Rows that are there stay as they are; new ones get the next
 * numbers and the status ACCEPTED, which the person then edits.
 */
export function completeDocument(
  document: IikoDocument,
  payments: readonly IikoPayment[],
  names: AccountTypes,
): IikoDocument {
  const next = document.items.reduce((highest, item) => Math.max(highest, item.num), -1) + 1
  const added = missingPostings(document, payments).map((payment, index) => rowFor(payment, next + index, names))
  return { ...document, items: [...document.items, ...added] }
}

/** Status of the whole document: HASWARNINGS over UNACCEPTED over ACCEPTED (source 002, answer of `save`). */
export function documentStatus(items: readonly Pick<IikoDocumentItem, 'status'>[]): IikoRowStatus {
  if (items.some((item) => item.status === 'HASWARNINGS')) return 'HASWARNINGS'
  return items.every((item) => item.status === 'ACCEPTED') ? 'ACCEPTED' : 'UNACCEPTED'
}

/** What a person can have changed, to tell whether a document that was read again is the one that was sent. */
export function documentEssence(document: IikoDocument): string {
  const items = [...document.items].sort((a, b) => (a.transactionId < b.transactionId ? -1 : 1))
  return JSON.stringify([
    document.accountShortageId,
    document.counteragentShortageId,
    document.accountSurplusId,
    document.counteragentSurplusId,
    items.map(({ transactionId, sumReal, accountOverrideId, counteragentOverrideId, status, comment }) => [
      transactionId,
      sumReal,
      accountOverrideId,
      counteragentOverrideId,
      status,
      comment ?? '',
    ]),
  ])
}

export type DocumentProblem =
  | { readonly kind: 'field-empty'; readonly field: DocumentAccountField }
  | {
      readonly kind:
        'account-missing' | 'counteragent-missing' | 'counteragent-forbidden' | 'sum-missing' | 'sum-forbidden'
      readonly num: number
    }

const ACCOUNT_FIELDS = [
  'accountShortageId',
  'counteragentShortageId',
  'accountSurplusId',
  'counteragentSurplusId',
] as const
export type DocumentAccountField = (typeof ACCOUNT_FIELDS)[number]

/**
 * What the server would refuse, found before it is asked. Accounts and counteragents for shortage and surplus have
 * to be filled whatever the account (note 1); a row's counteragent depends on its account's type (note 2).
 */
export function documentProblems(
  document: IikoDocument,
  payments: readonly IikoPayment[],
  names: AccountTypes,
): readonly DocumentProblem[] {
  const lists = new Map(payments.map((payment) => [payment.transactionId, payment.list]))
  const fields = ACCOUNT_FIELDS.filter((field) => document[field] === null)
  const problems: DocumentProblem[] = fields.map((field) => ({ kind: 'field-empty', field }))
  for (const item of document.items) {
    const rule = counteragentRule(item.accountOverrideId, names)
    const list = lists.get(item.transactionId)
    const add = (kind: Exclude<DocumentProblem['kind'], 'field-empty'>) => problems.push({ kind, num: item.num })
    if (item.accountOverrideId === null) add('account-missing')
    if (rule === 'required' && item.counteragentOverrideId === null) add('counteragent-missing')
    if (rule === 'forbidden' && item.counteragentOverrideId !== null) add('counteragent-forbidden')
    if (list === 'payOut' && item.sumReal === null) add('sum-missing')
    if (list !== undefined && list !== 'payOut' && item.sumReal !== null) add('sum-forbidden')
  }
  return problems
}
