/** iiko's cash-shift answers in, our shapes out, and a document back (source 002). Both spellings of every field. */
import { isRecord } from '../src/contract/json.ts'
import type {
  IikoDocument,
  IikoDocumentItem,
  IikoPayment,
  IikoPaymentList,
  IikoPayments,
  IikoSaveError,
  IikoSaveResult,
  IikoShift,
  IikoShiftList,
} from '../src/contract/iiko.ts'
import { fieldText } from './iiko-document.ts'
import { asList, excerpt, hundredthsOf, integerOf, pick, readRows, textOf, type WireObject } from './wire.ts'

/** Pads fractions of seconds (one to three digits) to milliseconds; anything else stays as it came. */
function localTimeOf(value: unknown): string | null {
  const text = textOf(value)
  const match = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?$/.exec(text ?? '')
  return match ? `${match[1]}T${match[2]}.${(match[3] ?? '').slice(0, 3).padEnd(3, '0')}` : text
}

export function readShift(row: WireObject): IikoShift | null {
  const id = textOf(row.id)
  if (id === null) return null
  return {
    id,
    sessionNumber: integerOf(row.sessionNumber),
    fiscalNumber: integerOf(row.fiscalNumber),
    cashRegNumber: integerOf(row.cashRegNumber),
    cashRegSerial: textOf(row.cashRegSerial),
    openDate: localTimeOf(row.openDate),
    closeDate: localTimeOf(row.closeDate),
    acceptDate: localTimeOf(row.acceptDate),
    managerId: textOf(pick(row, 'managerId', 'manager')),
    responsibleUserId: textOf(pick(row, 'responsibleUser', 'responsibleUserId')),
    sessionStartCash: hundredthsOf(row.sessionStartCash),
    payOrders: hundredthsOf(row.payOrders),
    sumWriteoffOrders: hundredthsOf(row.sumWriteoffOrders),
    salesCash: hundredthsOf(row.salesCash),
    salesCredit: hundredthsOf(pick(row, 'salesCredit', 'salesCerdit')),
    salesCard: hundredthsOf(row.salesCard),
    payIn: hundredthsOf(row.payIn),
    payOut: hundredthsOf(row.payOut),
    payIncome: hundredthsOf(row.payIncome),
    cashRemain: hundredthsOf(row.cashRemain),
    cashDiff: hundredthsOf(row.cashDiff),
    status: textOf(pick(row, 'sessionStatus', 'sessionStaus')) ?? '',
    conceptionId: textOf(pick(row, 'conception', 'conceptionId')),
    pointOfSaleId: textOf(pick(row, 'pointOfSale', 'pointOfSaleId')),
  }
}

/** Null when the answer isn't a list. */
export function readShiftList(value: unknown): IikoShiftList | null {
  if (!Array.isArray(value)) return null
  const { good, unreadable } = readRows(value, readShift)
  return { shifts: good, unreadable }
}

function readCategory(value: unknown): IikoPayment['cashFlowCategory'] {
  if (!isRecord(value)) return null
  return {
    id: textOf(value.id),
    code: textOf(value.code),
    parentCategoryId: textOf(pick(value, 'parentCategoryId', 'parentCategory')),
    type: textOf(value.type),
  }
}

function readPayment(row: WireObject, list: IikoPaymentList): IikoPayment | null {
  const info = isRecord(row.info) ? row.info : {}
  const auth = isRecord(info.auth) ? info.auth : {}
  const transactionId = textOf(info.id)
  if (transactionId === null) return null
  // The tables put the next fields under `auth`, the sample beside it.
  const beside = (...spellings: string[]) => pick(info, ...spellings) ?? pick(auth, ...spellings)
  return {
    list,
    transactionId,
    date: localTimeOf(info.date),
    creationDate: localTimeOf(info.creationDate),
    group: textOf(info.group),
    accountId: textOf(info.accountId),
    counteragentId: textOf(info.counteragentId),
    paymentTypeId: textOf(pick(row, 'paymentTypeId') ?? pick(info, 'paymentTypeId')),
    type: textOf(info.type),
    sum: hundredthsOf(info.sum),
    comment: textOf(info.comment),
    authUserId: textOf(auth.user),
    authCard: textOf(auth.card),
    causeEventId: textOf(beside('causeEventId', 'causeEvenId')),
    cashierId: textOf(beside('cashierId')),
    departmentId: textOf(beside('departmentId')),
    cashFlowCategory: readCategory(beside('cashFlowCategory')),
    actualSum: hundredthsOf(row.actualSum),
    originalSum: hundredthsOf(row.originalSum),
    editedPayAccountId: textOf(row.editedPayAccountId),
    originalPayAccountId: textOf(row.originalPayAccountId),
    payAgentId: textOf(row.payAgentId),
    editableComment: textOf(row.editableComment),
    status: textOf(row.status),
  }
}

export function readPayments(value: unknown): IikoPayments | null {
  if (!isRecord(value)) return null
  const lists: readonly (readonly [IikoPaymentList, unknown])[] = [
    ['cashless', pick(value, 'cashlessRecords')],
    ['payIn', pick(value, 'payInRecords', 'payInsRecords')],
    ['payOut', pick(value, 'payOutsRecords', 'payOutRecords')],
  ]
  if (lists.every(([, rows]) => !Array.isArray(rows))) return null
  const parts = lists.map(([list, rows]) => readRows(asList(rows), (row) => readPayment(row, list)))
  return {
    sessionId: textOf(value.sessionId),
    operationDay: textOf(value.operationDay),
    payments: parts.flatMap((part) => part.good),
    unreadable: parts.flatMap((part) => part.unreadable),
  }
}

function readItem(row: WireObject): IikoDocumentItem | null {
  const num = integerOf(row.num)
  const transactionId = textOf(row.transactionId)
  if (num === null || transactionId === null) return null
  return {
    num,
    transactionId,
    sumReal: hundredthsOf(row.sumReal),
    accountOverrideId: textOf(pick(row, 'accountOverrideId', 'accountOverride')),
    counteragentOverrideId: textOf(pick(row, 'counteragentOverrideId', 'counteragentOverride')),
    status: textOf(row.status) ?? '',
    comment: textOf(row.comment),
  }
}

/**
 * `raw` is the JSON that `value` was read from. Null when it isn't a document, and also when one of its rows can't be
 * read: saving the document without that row would take a posting away from the accountant.
 */
export function readDocument(value: unknown, raw: string): IikoDocument | null {
  if (!isRecord(value) || !isRecord(value.session)) return null
  const id = textOf(value.id)
  const sessionId = textOf(value.session.sessionId)
  const { good, unreadable } = readRows(asList(value.items), readItem)
  if (id === null || sessionId === null || unreadable.length > 0) return null
  return {
    id,
    session: {
      sessionId,
      groupId: textOf(pick(value.session, 'groupId', 'group')),
      number: integerOf(value.session.number),
    },
    accountShortageId: textOf(value.accountShortageId),
    counteragentShortageId: textOf(value.counteragentShortageId),
    accountSurplusId: textOf(value.accountSurplusId),
    counteragentSurplusId: textOf(value.counteragentSurplusId),
    departmentId: textOf(value.departmentId),
    items: good,
    raw,
  }
}

function readSaveErrors(value: unknown): IikoSaveError[] {
  return asList(value).map((row) => {
    if (!isRecord(row)) return { value: null, code: excerpt(row) }
    return { value: textOf(row.value), code: textOf(row.code) ?? excerpt(row) }
  })
}

/**
 * Result of a save; null when the answer holds no `importResult`. `sent` helps to find the row that an error means,
 * `raw` is the JSON that `value` was read from.
 */
export function readSaveResult(value: unknown, raw: string, sent: IikoDocument): IikoSaveResult | null {
  if (!isRecord(value)) return null
  const importResult = textOf(value.importResult)
  if (importResult === null) return null
  const errors = isRecord(value.errors) ? value.errors : {}
  const itemErrors = asList(errors.itemError)
    .filter(isRecord)
    .map((row) => {
      const identifier = textOf(row.identifier) ?? ''
      const byNumber = sent.items.find((item) => String(item.num) === identifier)
      const byId = sent.items.find((item) => item.transactionId === identifier)
      return { identifier, num: (byNumber ?? byId)?.num ?? null, errors: readSaveErrors(row.error) }
    })
  return {
    saved: importResult === 'SUCCESS',
    importResult,
    status: textOf(value.status),
    documentErrors: readSaveErrors(errors.documentError),
    itemErrors,
    document: readDocument(value.document, isRecord(value.document) ? (fieldText(raw, 'document') ?? '') : ''),
  }
}
