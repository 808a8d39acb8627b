import { describe, expect, it } from 'vitest'
import {
  completeDocument,
  counteragentRule,
  documentProblems,
  documentStatus,
  missingPostings,
} from './iiko-acceptance.ts'
import type { IikoDocument, IikoDocumentItem, IikoPayment } from './iiko.ts'

const names = {
  accounts: [
    { id: 'cash', name: 'Касса', code: null, type: 'CASH', deleted: false },
    { id: 'staff', name: 'Сотрудники', code: null, type: 'DEBTS_OF_EMPLOYEES', deleted: false },
  ],
}

function payment(transactionId: string, parts: Partial<IikoPayment> = {}): IikoPayment {
  return {
    list: 'cashless',
    transactionId,
    date: null,
    creationDate: null,
    group: 'CARD',
    accountId: 'cash',
    counteragentId: 'ivan',
    paymentTypeId: null,
    type: null,
    sum: 100_000,
    comment: 'from the posting',
    authUserId: null,
    authCard: null,
    causeEventId: null,
    cashierId: null,
    departmentId: null,
    cashFlowCategory: null,
    actualSum: 100_000,
    originalSum: 100_000,
    editedPayAccountId: null,
    originalPayAccountId: null,
    payAgentId: null,
    editableComment: null,
    status: null,
    ...parts,
  }
}

function item(num: number, transactionId: string, parts: Partial<IikoDocumentItem> = {}): IikoDocumentItem {
  return {
    num,
    transactionId,
    sumReal: null,
    accountOverrideId: 'cash',
    counteragentOverrideId: null,
    status: 'ACCEPTED',
    comment: null,
    ...parts,
  }
}

function document(items: readonly IikoDocumentItem[]): IikoDocument {
  return {
    id: 'd',
    session: { sessionId: 's', groupId: 'g', number: 1 },
    accountShortageId: 'cash',
    counteragentShortageId: 'ivan',
    accountSurplusId: 'cash',
    counteragentSurplusId: 'ivan',
    departmentId: null,
    items: [...items],
    raw: '{}',
  }
}

describe('completing an acceptance document', () => {
  it('adds a row for each posting that has none, numbered after the highest', () => {
    const before = document([item(4, 't2')])
    const after = completeDocument(before, [payment('t1'), payment('t2'), payment('t3')], names)
    expect(after.items.map((row) => [row.num, row.transactionId])).toEqual([
      [4, 't2'],
      [5, 't1'],
      [6, 't3'],
    ])
    expect(after.items[0]).toBe(before.items[0])
  })

  it('starts at 0 in an empty document, and a posting that comes twice gets one row', () => {
    expect(completeDocument(document([]), [payment('t1'), payment('t1')], names).items.map((row) => row.num)).toEqual([
      0,
    ])
  })

  it('changes nothing when every posting has its row', () => {
    const before = document([item(0, 't1')])
    expect(completeDocument(before, [payment('t1')], names)).toEqual(before)
    expect(missingPostings(before, [payment('t1')])).toEqual([])
  })

  it('fills the sum for withdrawals only', () => {
    const rows = completeDocument(
      document([]),
      [payment('a', { list: 'payOut', actualSum: 265_000 }), payment('b', { list: 'payIn' }), payment('c')],
      names,
    ).items
    expect(rows.map((row) => row.sumReal)).toEqual([265_000, null, null])
  })

  it('prefers the edited account and comment, and names a counteragent only where the account takes one', () => {
    const rows = completeDocument(
      document([]),
      [
        payment('a', { editedPayAccountId: 'staff', editableComment: 'edited' }),
        payment('b'),
        payment('c', { accountId: 'unknown' }),
      ],
      names,
    ).items
    expect(rows.map((row) => [row.accountOverrideId, row.counteragentOverrideId, row.comment])).toEqual([
      ['staff', 'ivan', 'edited'],
      ['cash', null, 'from the posting'],
      ['unknown', 'ivan', 'from the posting'],
    ])
  })
})

describe('the status of a document', () => {
  it.each([
    [['ACCEPTED', 'ACCEPTED'], 'ACCEPTED'],
    [['ACCEPTED', 'UNACCEPTED'], 'UNACCEPTED'],
    [['UNACCEPTED', 'HASWARNINGS', 'ACCEPTED'], 'HASWARNINGS'],
    [['ACCEPTED', 'SOMETHING_NEW'], 'UNACCEPTED'],
    [[], 'ACCEPTED'],
  ])('of rows %j is %s', (statuses, expected) => {
    expect(documentStatus(statuses.map((status) => ({ status })))).toBe(expected)
  })
})

describe('problems are found before the server is asked', () => {
  it('in the accounts and counteragents for shortage and surplus', () => {
    const bad = { ...document([]), counteragentShortageId: null, accountSurplusId: null }
    expect(documentProblems(bad, [], names)).toEqual([
      { kind: 'field-empty', field: 'counteragentShortageId' },
      { kind: 'field-empty', field: 'accountSurplusId' },
    ])
  })

  it('in the rows', () => {
    const rows = [
      item(0, 'a', { accountOverrideId: null }),
      item(1, 'b', { accountOverrideId: 'staff' }),
      item(2, 'c', { counteragentOverrideId: 'ivan' }),
      item(3, 'd', { sumReal: 100 }),
      item(4, 'e', { sumReal: null }),
    ]
    const payments = [payment('a'), payment('b'), payment('c'), payment('d'), payment('e', { list: 'payOut' })]
    expect(documentProblems(document(rows), payments, names)).toEqual([
      { kind: 'account-missing', num: 0 },
      { kind: 'counteragent-missing', num: 1 },
      { kind: 'counteragent-forbidden', num: 2 },
      { kind: 'sum-forbidden', num: 3 },
      { kind: 'sum-missing', num: 4 },
    ])
  })

  it('but not where the account list could not be read', () => {
    expect(counteragentRule('cash', { accounts: [] })).toBe('unknown')
    expect(
      documentProblems(document([item(0, 'a', { counteragentOverrideId: 'ivan' })]), [payment('a')], { accounts: [] }),
    ).toEqual([])
  })
})
