import { describe, expect, it } from 'vitest'
import * as v from 'valibot'
import {
  iikoDocumentSchema,
  iikoPaymentsSchema,
  iikoSaveResultSchema,
  iikoShiftListSchema,
} from '../src/contract/iiko.ts'
import {
  DOCUMENT_SAMPLE,
  OLAP_REQUEST_SAMPLE,
  PAYMENTS_SAMPLE,
  SAVE_ERROR_SAMPLE,
  SAVE_REQUEST_SAMPLE,
  SAVE_SUCCESS_SAMPLE,
  SHIFT_LIST_SAMPLE,
  SHIFT_SAMPLE,
} from './models/iiko-samples.ts'
import { documentToWire } from './iiko-document.ts'
import { salesRequest } from './iiko-shifts.ts'
import { readDocument, readPayments, readSaveResult, readShift, readShiftList } from './iiko-wire.ts'
import type { WireObject } from './wire.ts'

function savedDocument() {
  const document = readDocument(SAVE_REQUEST_SAMPLE, JSON.stringify(SAVE_REQUEST_SAMPLE))
  if (document === null) throw new Error('the sample is not readable')
  return document
}

describe('samples of source 002', () => {
  it('the shift list is read whole, money in tiyn, blanks and fractions of seconds tidied', () => {
    const list = readShiftList(SHIFT_LIST_SAMPLE)
    expect(v.is(iikoShiftListSchema, list)).toBe(true)
    expect(list?.unreadable).toEqual([])
    expect(list?.shifts).toHaveLength(3)
    expect(list?.shifts[0]).toEqual({
      id: '1c81b65a-1b8a-428f-8a74-2c994a928a86',
      sessionNumber: 583,
      fiscalNumber: 1003,
      cashRegNumber: 1,
      cashRegSerial: '115744',
      openDate: '2017-02-21T09:56:32.937',
      closeDate: '2017-02-21T22:28:18.630',
      acceptDate: null,
      managerId: '173f155b-48e5-4da0-a9e7-3caa58cfa9d0',
      responsibleUserId: '173f155b-48e5-4da0-a9e7-3caa58cfa9d0',
      sessionStartCash: 0,
      payOrders: 2_135_100,
      sumWriteoffOrders: 0,
      salesCash: 978_700,
      salesCredit: 0,
      salesCard: 1_156_400,
      payIn: 200_000,
      payOut: 0,
      payIncome: -1_178_700,
      cashRemain: 0,
      cashDiff: -1_178_700,
      status: 'UNACCEPTED',
      conceptionId: 'bd6daa35-12ce-4117-af8f-816d99720eeb',
      pointOfSaleId: '1b17ee6b-c499-4916-9347-fe854d3067b4',
    })
    expect(list?.shifts[2]).toMatchObject({
      fiscalNumber: null,
      cashRegSerial: null,
      conceptionId: null,
      status: 'HASWARNINGS',
    })
  })

  it('one shift by id is the same shift, though its manager is spelled differently', () => {
    expect(readShift(SHIFT_SAMPLE)).toEqual(readShiftList(SHIFT_LIST_SAMPLE)?.shifts[0])
  })

  it("every field is found under the tables' spelling too", () => {
    const tables = Object.fromEntries(
      Object.entries(SHIFT_SAMPLE).map(([key, value]) => {
        const spelled = {
          manager: 'managerId',
          salesCredit: 'salesCerdit',
          sessionStatus: 'sessionStaus',
          responsibleUser: 'responsibleUserId',
          conception: 'conceptionId',
          pointOfSale: 'pointOfSaleId',
        }[key]
        return [spelled ?? key, value]
      }),
    )
    expect(readShift(tables)).toEqual(readShift(SHIFT_SAMPLE))
  })

  it('an open shift has no closing date and no rest of cash', () => {
    expect(readShift({ ...SHIFT_SAMPLE, closeDate: null, cashRemain: null, sessionStatus: 'OPEN' })).toMatchObject({
      closeDate: null,
      cashRemain: null,
      status: 'OPEN',
    })
  })

  it('payments are read from payOutsRecords and from payOutRecords alike', () => {
    const payments = readPayments(PAYMENTS_SAMPLE)
    expect(v.is(iikoPaymentsSchema, payments)).toBe(true)
    expect(payments?.operationDay).toBe('2017-05-03')
    expect(payments?.payments).toEqual([
      {
        list: 'payOut',
        transactionId: 'e08a16b6-931c-4068-9aa5-b740d5ce726b',
        date: '2017-05-03T00:00:00.000',
        creationDate: '2017-05-03T14:08:56.027',
        group: 'PAYOUT',
        accountId: 'ad3cc1aa-a60e-c85c-e66d-3904490de4b9',
        counteragentId: '2c6f7e76-2fee-473e-879e-4c4c2faaa032',
        paymentTypeId: null,
        type: 'PAYCOL',
        sum: 266_000,
        comment: 'Закрытие кассовой смены №1',
        authUserId: '2c6f7e76-2fee-473e-879e-4c4c2faaa032',
        authCard: '8888',
        causeEventId: '4fc18ec8-8442-4128-858f-0896550d09a8',
        cashierId: '2c6f7e76-2fee-473e-879e-4c4c2faaa032',
        departmentId: 'cb90393a-8299-4af1-9fab-5ec308726266',
        cashFlowCategory: {
          id: '14c0fe4b-76ec-2681-846e-81d1ec32db08',
          code: '1',
          parentCategoryId: null,
          type: 'OPERATIONAL',
        },
        actualSum: 266_000,
        originalSum: 266_000,
        editedPayAccountId: 'ad3cc1aa-a60e-c85c-e66d-3904490de4b9',
        originalPayAccountId: 'ad3cc1aa-a60e-c85c-e66d-3904490de4b9',
        payAgentId: 'ad3cc1aa-a60e-c85c-e66d-3904490de4b9',
        editableComment: 'test',
        status: 'ACCEPTED',
      },
    ])
    const { payOutsRecords, ...rest } = PAYMENTS_SAMPLE
    expect(readPayments({ ...rest, payOutRecords: payOutsRecords })).toEqual(payments)
  })

  it("payments keep the tables' spelling of the cause and the parent category, beside auth or inside it", () => {
    const [record] = PAYMENTS_SAMPLE.payOutsRecords
    const info: WireObject = {
      ...record?.info,
      causeEventId: undefined,
      cashierId: undefined,
      cashFlowCategory: { code: '1', parentCategory: 'p', type: 'FINANCE' },
    }
    const inAuth = {
      ...record,
      info: { ...info, auth: { user: 'u', card: 'c', causeEvenId: 'cause', cashierId: 'cashier' } },
    }
    const read = readPayments({ ...PAYMENTS_SAMPLE, payOutsRecords: [inAuth] })?.payments[0]
    expect(read).toMatchObject({
      causeEventId: 'cause',
      cashierId: 'cashier',
      cashFlowCategory: { parentCategoryId: 'p', type: 'FINANCE' },
    })
  })

  it('the document comes in and goes out as the same JSON', () => {
    const document = readDocument(DOCUMENT_SAMPLE, JSON.stringify(DOCUMENT_SAMPLE))
    expect(v.is(iikoDocumentSchema, document)).toBe(true)
    expect(document?.items[0]?.sumReal).toBe(266_000)
    expect(document === null ? null : documentToWire(document, document)).toBe(JSON.stringify(DOCUMENT_SAMPLE))
    expect(documentToWire(savedDocument(), savedDocument())).toBe(JSON.stringify(SAVE_REQUEST_SAMPLE))
  })

  it('the group of a document is found as group too', () => {
    expect(readDocument(SAVE_ERROR_SAMPLE.document, JSON.stringify(SAVE_ERROR_SAMPLE.document))?.session.groupId).toBe(
      '94a6f400-2f9b-4a5a-be7f-19b7b62c55a7',
    )
  })

  it('a document with a row that cannot be read is refused, so that saving it takes no posting away', () => {
    expect(readDocument({ ...DOCUMENT_SAMPLE, items: [{ num: 0 }] }, '')).toBeNull()
  })

  it('a successful save is read with its document', () => {
    const result = readSaveResult(SAVE_SUCCESS_SAMPLE, JSON.stringify(SAVE_SUCCESS_SAMPLE), savedDocument())
    expect(v.is(iikoSaveResultSchema, result)).toBe(true)
    expect(result).toMatchObject({ saved: true, status: 'ACCEPTED', documentErrors: [], itemErrors: [] })
    expect(result?.document).toEqual(savedDocument())
  })

  it('a refused save is read with the errors of the document and of its rows', () => {
    const result = readSaveResult(SAVE_ERROR_SAMPLE, JSON.stringify(SAVE_ERROR_SAMPLE), savedDocument())
    expect(result).toMatchObject({
      saved: false,
      importResult: 'ERROR',
      status: null,
      documentErrors: [
        { value: 'ad3cc1aa-a60c-c85c-e66d-3904490de4b9', code: 'ACCOUNT_SHORTAGE_NOT_FOUND' },
        { value: 'counteragentShortage', code: 'EMPTY_FIELD' },
      ],
      itemErrors: [
        {
          identifier: '0',
          num: 0,
          errors: [
            { value: 'bd3cc1aa-a60e-c85c-e66d-3904490de4b9', code: 'INVENTORY_ASSETS_TYPE_NOT_ALLOWED' },
            { value: '6c6f7e76-2fee-473e-879e-4c4c2faaa032', code: 'COUNTERAGENT_DELETED' },
          ],
        },
      ],
    })
  })

  it('an error that names its row by the posting finds the row too', () => {
    const errors = {
      documentError: [],
      itemError: [{ identifier: 'e08a16b6-931c-4068-9aa5-b740d5ce726b', error: [{ value: 'x', code: 'NEW_CODE' }] }],
    }
    expect(readSaveResult({ ...SAVE_ERROR_SAMPLE, errors }, '{}', savedDocument())?.itemErrors[0]).toMatchObject({
      num: 0,
      errors: [{ code: 'NEW_CODE' }],
    })
  })
})

/** What a server may send: a revision beyond the safe integers, long decimals, null where a text is usual, odd blanks. */
const ODD_DOCUMENT = `{ "id" : "d", "revision":9007199254740993, "note": "\\u041a\\/",
  "session":{"sessionId":"s","group":"g","number":1,"zone":1.0},
  "accountShortageId":null, "counteragentShortageId":"c","accountSurplusId":"a","departmentId":"dep",
  "items":[ {"num":0,"transactionId":"t0","sumReal":2660.123456789,"accountOverride":"a","status":null,"comment":null,"x":[1e400]},
            {"num":1,"transactionId":"t1","sumReal":10.50,"accountOverrideId":"a","counteragentOverrideId":"c","status":"ACCEPTED","comment":" two  blanks "} ] }`

function oddDocument() {
  const document = readDocument(JSON.parse(ODD_DOCUMENT), ODD_DOCUMENT)
  if (document === null) throw new Error('not readable')
  return document
}

describe('a document that is saved', () => {
  it('leaves byte for byte as it came where nothing was edited', () => {
    expect(documentToWire(oddDocument(), oddDocument())).toBe(ODD_DOCUMENT)
  })

  it('differs in the edited fields only, each under the spelling that it came with', () => {
    const before = oddDocument()
    const edited = {
      ...before,
      accountShortageId: 'new',
      counteragentSurplusId: 'added',
      items: before.items.map((item) =>
        item.num === 0
          ? { ...item, accountOverrideId: 'b', status: 'ACCEPTED' }
          : { ...item, sumReal: 2_550, comment: 'күн "1"' },
      ),
    }
    const expected = ODD_DOCUMENT.replace('"accountShortageId":null', '"accountShortageId":"new"')
      .replace('"accountOverride":"a"', '"accountOverride":"b"')
      .replace('"status":null', '"status":"ACCEPTED"')
      .replace('"sumReal":10.50', '"sumReal":25.5')
      .replace('" two  blanks "', String.raw`"күн \"1\""`)
      .replace(/ }$/, ' ,"counteragentSurplusId":"added"}')
    expect(documentToWire(edited, before)).toBe(expected)
  })

  it('gets its new rows behind the others', () => {
    const before = oddDocument()
    const item = {
      num: 2,
      transactionId: 't2',
      sumReal: null,
      accountOverrideId: 'a',
      counteragentOverrideId: null,
      status: 'ACCEPTED',
      comment: null,
    }
    const wire = documentToWire({ ...before, items: [...before.items, item] }, before)
    expect(wire).toBe(ODD_DOCUMENT.replace(' ] }', ` ,${JSON.stringify(item)}] }`))
    for (const raw of ['{"id":"d","session":{"sessionId":"s"}}', '{"items":[],"id":"d","session":{"sessionId":"s"}}']) {
      const empty = readDocument(JSON.parse(raw), raw)
      if (empty === null) throw new Error('not readable')
      const filled = documentToWire({ ...empty, items: [item] }, empty)
      expect(JSON.parse(filled ?? '')).toEqual({ ...(JSON.parse(raw) as object), items: [item] })
    }
  })

  it('is refused when it belongs to another session or lost a row', () => {
    const before = oddDocument()
    expect(documentToWire({ ...before, id: 'other' }, before)).toBeNull()
    expect(documentToWire({ ...before, session: { ...before.session, number: 2 } }, before)).toBeNull()
    expect(documentToWire({ ...before, items: before.items.slice(1) }, before)).toBeNull()
    expect(documentToWire({ ...before, raw: '['.repeat(100_000) }, before)).toBeNull()
  })

  it('comes back from the server with the text that it has there', () => {
    const answer = `{"importResult":"SUCCESS","status":"ACCEPTED","errors":null,"document":${ODD_DOCUMENT}}`
    expect(readSaveResult(JSON.parse(answer), answer, oddDocument())?.document?.raw).toBe(ODD_DOCUMENT)
  })
})

describe('the report request of source 000', () => {
  it("is the sample's, with the last day included, without totals, deleted orders and voided receipts", () => {
    const period = { from: '2025-03-01', to: '2025-03-31' }
    const dates = { ...OLAP_REQUEST_SAMPLE.filters['OpenDate.Typed'], includeLow: true, includeHigh: true }
    const { filters, ...request } = salesRequest(period, 'orders')
    expect(request).toEqual({
      reportType: 'SALES',
      groupByRowFields: OLAP_REQUEST_SAMPLE.groupByRowFields,
      groupByColFields: [],
      buildSummary: false,
      // The sample's own sum is the one before discounts.
      aggregateFields: ['DishSumInt', 'DishDiscountSumInt'],
    })
    expect(filters).toEqual({
      'OpenDate.Typed': dates,
      DeletedWithWriteoff: { filterType: 'IncludeValues', values: ['NOT_DELETED'] },
      OrderDeleted: { filterType: 'IncludeValues', values: ['NOT_DELETED'] },
      Storned: { filterType: 'IncludeValues', values: ['FALSE'] },
    })
    expect(salesRequest(period, 'days').groupByRowFields).toEqual([
      'OpenDate.Typed',
      'SessionNum',
      'DishName',
      'PayTypes',
    ])
  })
})
