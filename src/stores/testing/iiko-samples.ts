/** The documents' own shift with its posting and document (source 002), in the shapes of the contract. */
import type {
  IikoDocument,
  IikoNames,
  IikoPayment,
  IikoPayments,
  IikoSaveResult,
  IikoShift,
} from '../../contract/iiko.ts'

export const SHIFT_ID = 'f67fea0a-90d4-427c-ac3d-b82c1582f7f9'
export const TRANSACTION = 'e08a16b6-931c-4068-9aa5-b740d5ce726b'
export const DEPOSIT = 'aaaaaaaa-931c-4068-9aa5-b740d5ce726b'
export const CASH_DESK = 'ad3cc1aa-a60e-c85c-e66d-3904490de4b9'
export const BANK = 'a1000000-0000-4000-8000-000000000003'
export const PERSON = '2c6f7e76-2fee-473e-879e-4c4c2faaa032'

export const shift: IikoShift = {
  id: SHIFT_ID,
  sessionNumber: 1,
  fiscalNumber: null,
  cashRegNumber: 998,
  cashRegSerial: null,
  openDate: '2017-05-03T14:07:44.110',
  closeDate: '2017-05-03T14:08:57.307',
  acceptDate: null,
  managerId: PERSON,
  responsibleUserId: PERSON,
  sessionStartCash: 0,
  payOrders: 266_000,
  sumWriteoffOrders: 0,
  salesCash: 266_000,
  salesCredit: 0,
  salesCard: 0,
  payIn: 0,
  payOut: 0,
  payIncome: -266_000,
  cashRemain: 0,
  cashDiff: -266_000,
  status: 'UNACCEPTED',
  conceptionId: null,
  pointOfSaleId: '4138237d-c4db-4bfb-b52e-18e1bb4f12e5',
}

const posting: IikoPayment = {
  list: 'payOut',
  transactionId: TRANSACTION,
  date: '2017-05-03T00:00:00',
  creationDate: '2017-05-03T14:08:56.027',
  group: 'PAYOUT',
  accountId: CASH_DESK,
  counteragentId: PERSON,
  paymentTypeId: null,
  type: 'PAYCOL',
  sum: 266_000,
  comment: 'Закрытие кассовой смены №1',
  authUserId: PERSON,
  authCard: '8888',
  causeEventId: null,
  cashierId: PERSON,
  departmentId: null,
  cashFlowCategory: null,
  actualSum: 266_000,
  originalSum: 266_000,
  editedPayAccountId: CASH_DESK,
  originalPayAccountId: CASH_DESK,
  payAgentId: PERSON,
  editableComment: 'test',
  status: 'UNACCEPTED',
}

export const payments: IikoPayments = {
  sessionId: SHIFT_ID,
  operationDay: '2017-05-03',
  payments: [
    posting,
    { ...posting, list: 'payIn', group: 'PAYIN', transactionId: DEPOSIT, sum: 1_000, actualSum: 1_000 },
  ],
  unreadable: [],
}

/** The posting has its row, the deposit has none. */
export const document: IikoDocument = {
  id: '1a94e9e8-56cf-3a14-015b-ce1629e5006b',
  session: { sessionId: SHIFT_ID, groupId: null, number: 1 },
  accountShortageId: CASH_DESK,
  counteragentShortageId: PERSON,
  accountSurplusId: CASH_DESK,
  counteragentSurplusId: PERSON,
  departmentId: null,
  items: [
    {
      num: 0,
      transactionId: TRANSACTION,
      sumReal: 266_000,
      accountOverrideId: CASH_DESK,
      counteragentOverrideId: PERSON,
      status: 'ACCEPTED',
      comment: 'test',
    },
  ],
  raw: '{}',
}

export const names: IikoNames = {
  accounts: [
    { id: CASH_DESK, name: 'Торговые кассы', code: '1.01', type: 'EMPLOYEES_LIABILITY', deleted: false },
    { id: BANK, name: 'Эквайринг', code: '1.03', type: 'CASH', deleted: false },
  ],
  counteragents: [{ id: PERSON, name: 'Айгерім Сейітова', kind: 'employee', deleted: false }],
  departments: [],
  groups: [],
  pointsOfSale: [],
  paymentTypes: [],
  conceptions: [],
  missing: [],
}

export const saved = (sent: IikoDocument): IikoSaveResult => ({
  saved: true,
  importResult: 'SUCCESS',
  status: 'ACCEPTED',
  documentErrors: [],
  itemErrors: [],
  document: sent,
})
