/** Every JSON sample of the document, decoded; then the ways in which real devices stray from it. */
import { describe, expect, it } from 'vitest'
import { decodeBankResult } from './bank-replies.ts'
import { decodeCheques } from './cheques.ts'
import { decodeCashiers, decodeCatalog, decodeItems, decodeTaxes } from './directories.ts'
import { decodeInfo, decodePrintMode, decodeStatus } from './info.ts'
import { decodeShiftReport, decodeShifts, decodeTransaction } from './reports.ts'
import { json, reply, silence } from './testing/device-replies.ts'

/** A time of Kazakhstan as ms since the epoch. */
const at = (iso: string): number => Date.parse(`${iso}+05:00`)

const INFO = {
  applicationVersion: 101021,
  batteryCapacityPerc: '80',
  cashWeHave: '1108.00',
  cashierID: '166',
  cashierName: 'default',
  currentShiftID: '109',
  currentShiftStatus: 'closed',
  databaseSizeKb: '46',
  defaultApiTaxID: '15',
  factorySerialNumber: '011700029000',
  lastClosedChequeId: '4231',
  messagesQueSize: '0',
  printingMode: 'internal',
  roudingRule: 'no',
  totalFlashUsedMb: '78',
  totalRamUsedMb: '70',
}

const REPORT = {
  shiftState: 'closed',
  dateOpen: '2016-07-18 20:03',
  dateClose: '2016-07-18 20:03',
  fiscalDataOnShiftOpen: { sale: 218861420.47, buy: 529.7, saleReturn: 19999600.0, buyReturn: 0.0 },
  totalSaleCheques: 1200,
  saleDetails: { sum: 1000.0, cheques: 12 },
  totalBuyCheques: 1007,
  buyDetails: { sum: 0.0, cheques: 0 },
  totalSaleReturnCheques: 1000,
  saleReturnDetails: { sum: 0.0, cheques: 0 },
  totalBuyReturnCheques: 947,
  buyRetDetails: { sum: 0.0, cheques: 0 },
  cashOutDocCount: 1,
  cashOutTotal: 100.0,
  cashInDocCount: 0,
  cashInTotal: 0.0,
  cashWeHave: 1108.0,
  revenue: 0.0,
  fiscalData: { sales: 218867407.47, buy: 529.7, saleReturn: 19999600.0, buyReturn: 0.0 },
}

describe('the state of the device', () => {
  it("reads the document's getInfo", () => {
    expect(decodeInfo(json(INFO))).toEqual({
      kind: 'ok',
      value: {
        lastNumber: 4231,
        shift: 109,
        shiftOpen: false,
        defaultTaxId: '15',
        cashierId: '166',
        cashierName: 'default',
        cashWeHave: 110_800,
        serial: '011700029000',
        firmware: '101021',
        batteryPercent: 80,
        unsentMessages: 0,
        printMode: 'internal',
        rounding: 'no',
        databaseKb: 46,
        flashMb: 78,
        ramMb: 70,
      },
    })
  })

  it('reads the minimum form and leaves the rest open', () => {
    const minimum = { lastClosedChequeId: 7, currentShiftID: 3, currentShiftStatus: 'opened', defaultApiTaxID: 2 }
    expect(decodeInfo(json(minimum))).toMatchObject({
      kind: 'ok',
      value: { lastNumber: 7, shift: 3, shiftOpen: true, defaultTaxId: '2', serial: null, cashWeHave: null },
    })
  })

  it('keeps unknown fields out', () => {
    const decoded = decodeInfo(json({ ...INFO, __proto__: { x: 1 }, newField: 'y' }))
    expect(decoded.kind === 'ok' && Object.keys(decoded.value)).not.toContain('newField')
  })

  it('reads /apicheck with and without its number', () => {
    expect(decodeStatus(reply(200, '4231', '0'))).toEqual({ kind: 'ok', value: { lastNumber: 4231 } })
    expect(decodeStatus(reply(200, '0', '0'))).toEqual({ kind: 'ok', value: { lastNumber: 0 } })
    expect(decodeStatus(reply(200, '', '0'))).toEqual({ kind: 'ok', value: { lastNumber: null } })
    expect(decodeStatus(reply(200, 'ready', '0'))).toEqual({ kind: 'ok', value: { lastNumber: null } })
    expect(decodeStatus(reply(400, 'shift-gt-24h', '-3'))).toMatchObject({ kind: 'code', code: -3 })
    expect(decodeStatus(reply(200, '1', '12345678'))).toMatchObject({ kind: 'unknown', why: 'contradiction' })
    expect(decodeStatus(reply(200, 'OK', '<html>'))).toMatchObject({ kind: 'unknown', why: 'html' })
  })

  it('finds the print mode in the body, in the reason, or nowhere', () => {
    expect(decodePrintMode(reply(200, 'OK', 'lan-printer'))).toEqual({ kind: 'ok', value: 'lan-printer' })
    expect(decodePrintMode(reply(200, 'internal-printer', '0'))).toEqual({ kind: 'ok', value: 'internal-printer' })
    expect(decodePrintMode(reply(200, 'x', '{"printMode":"usb-printer"}'))).toEqual({
      kind: 'ok',
      value: 'usb-printer',
    })
    expect(decodePrintMode(reply(200, 'x', '0'))).toEqual({ kind: 'ok', value: null })
    expect(decodePrintMode(reply(400, 'x', '-1'))).toMatchObject({ kind: 'code', code: -1 })
  })
})

describe('the reports', () => {
  it("reads the document's list of shifts", () => {
    const row = {
      id: 12,
      opened: 0,
      openDate: '2016-01-18 20:41:06',
      closeDate: '2016-01-19 17:21:46',
      cashierId: 166,
      sale: 5210,
      buy: 100,
      saleReturn: 803,
      buyReturn: 50,
    }
    expect(decodeShifts(json([row, { ...row, id: '13', opened: '1', closeDate: '' }, { opened: 1 }]))).toEqual({
      kind: 'ok',
      value: {
        rows: [
          {
            id: 12,
            open: false,
            openedAt: at('2016-01-18T20:41:06'),
            closedAt: at('2016-01-19T17:21:46'),
            cashierId: '166',
            atOpen: { sale: 521_000, buy: 10_000, saleReturn: 80_300, buyReturn: 5_000 },
          },
          expect.objectContaining({ id: 13, open: true, closedAt: null }),
        ],
        broken: [{ index: 2, raw: '{"opened":1}', field: 'id' }],
      },
    })
  })

  it("reads the document's shift report", () => {
    expect(decodeShiftReport(json(REPORT))).toEqual({
      kind: 'ok',
      value: {
        archived: false,
        open: false,
        openedAt: at('2016-07-18T20:03:00'),
        closedAt: at('2016-07-18T20:03:00'),
        kinds: {
          sale: { count: 12, sum: 100_000, totalCount: 1200 },
          buy: { count: 0, sum: 0, totalCount: 1007 },
          saleReturn: { count: 0, sum: 0, totalCount: 1000 },
          buyReturn: { count: 0, sum: 0, totalCount: 947 },
        },
        cashIn: { count: 0, total: 0 },
        cashOut: { count: 1, total: 10_000 },
        cashWeHave: 110_800,
        revenue: 0,
        atOpen: { sale: 21_886_142_047, buy: 52_970, saleReturn: 1_999_960_000, buyReturn: 0 },
        now: { sale: 21_886_740_747, buy: 52_970, saleReturn: 1_999_960_000, buyReturn: 0 },
        taxes: {},
        brokenTaxes: [],
      },
    })
  })

  it("reads the document's taxes", () => {
    const taxDetails = [{ taxId: 5, isIncluded: 'true', taxPercent: 12, amount: 87.32 }]
    const taxes = { sale: [{ taxId: 5, turnover: 815.0, taxDetails }], buy: [{ taxId: 5 }] }
    const decoded = decodeShiftReport(json({ ...REPORT, taxes }))
    expect(decoded).toMatchObject({
      value: {
        taxes: {
          sale: [
            { taxId: '5', turnover: 81_500, details: [{ taxId: '5', included: true, rate: 1200, amount: 8_732 }] },
          ],
          buy: [],
        },
        brokenTaxes: [{ index: 0, raw: '{"taxId":5}', field: 'buy' }],
      },
    })
  })

  it('reads quoted counters, and an archived shift with fiscal data only', () => {
    const quoted = { ...REPORT, saleDetails: { sum: '1000.50', cheques: '12' }, cashOutDocCount: '1' }
    expect(decodeShiftReport(json(quoted))).toMatchObject({ value: { kinds: { sale: { count: 12, sum: 100_050 } } } })
    for (const isArhived of [true, 'true', 1]) {
      const archived = { isArhived, fiscalData: REPORT.fiscalData }
      expect(decodeShiftReport(json(archived))).toMatchObject({
        kind: 'ok',
        value: { archived: true, open: null, now: { sale: 21_886_740_747 } },
      })
    }
  })

  it('counts what is left out as zero, but gives nothing where a counter is unreadable', () => {
    const { buyDetails, cashInDocCount, ...rest } = REPORT
    expect([buyDetails.cheques, cashInDocCount]).toEqual([0, 0])
    expect(decodeShiftReport(json(rest))).toMatchObject({ value: { kinds: { buy: { count: 0, sum: 0 } } } })
    for (const broken of [
      { ...REPORT, saleDetails: { sum: 'many', cheques: 12 } },
      { ...REPORT, saleDetails: { sum: 1, cheques: 1.5 } },
      { ...REPORT, saleDetails: [] },
      { ...REPORT, cashInTotal: {} },
      { ...REPORT, fiscalData: { sales: 'x' } },
      {},
      { error: 'no shift' },
      [],
    ]) {
      expect(decodeShiftReport(json(broken))).toMatchObject({ kind: 'unknown', why: 'garbage' })
    }
  })

  it("reads the document's receipt of a key", () => {
    const sample = {
      docid: '247',
      createDate: '2016-01-20 18:10:43',
      submitDate: '2016-01-20 18:11:12',
      status: 1,
      onlineCode: '020223112',
    }
    expect(decodeTransaction(json(sample))).toEqual({
      kind: 'ok',
      value: {
        number: 247,
        createdAt: at('2016-01-20T18:10:43'),
        submittedAt: at('2016-01-20T18:11:12'),
        submitted: true,
        onlineCode: '020223112',
      },
    })
    expect(decodeTransaction(json({ docid: 248, status: '0', onlineCode: '', submitDate: '' }))).toMatchObject({
      value: { number: 248, submitted: false, onlineCode: null, submittedAt: null, createdAt: null },
    })
    expect(decodeTransaction(json({}))).toMatchObject({ kind: 'unknown' })
  })
})

describe('the receipts of a shift', () => {
  const line = { id: 878, itemCode: '1001', qty: 1, price: 23, saleSum: 23, taxId: 2 }

  it("reads the document's grouped form", () => {
    const cheque = { chequeId: 244, chequeDate: '2016-01-18 20:41:08', chequeType: '1', chequeSales: [line] }
    expect(decodeCheques(json([cheque]))).toEqual({
      kind: 'ok',
      value: {
        rows: [
          {
            number: 244,
            openedAt: at('2016-01-18T20:41:08'),
            kind: 'buy',
            lines: [{ id: 878, itemCode: '1001', quantity: 1000, price: 2_300, sum: 2_300, taxId: '2' }],
            total: 2_300,
          },
        ],
        broken: [],
      },
    })
  })

  it("reads the document's flat form of lines, grouped and in order of number", () => {
    const flat = [
      { id: 880, chequeId: 245, itemCode: '', qty: '0.125', price: 200, saleSum: '25.00', taxId: 2 },
      { id: 878, chequeId: 244, itemCode: '1001', qty: 2, price: 30, saleSum: 60, taxId: 2 },
      { id: 879, chequeId: 244, itemCode: '1002', qty: 1, price: 0.5, saleSum: 0.5, taxId: 2 },
    ]
    expect(decodeCheques(json(flat))).toMatchObject({
      value: {
        rows: [
          { number: 244, kind: null, openedAt: null, total: 6_050, lines: [{ id: 878 }, { id: 879 }] },
          { number: 245, total: 2_500, lines: [{ quantity: 125, itemCode: null }] },
        ],
        broken: [],
      },
    })
  })

  it('reads a flat form whose lines repeat the head of their receipt', () => {
    const head = { chequeId: 244, chequeDate: '2016-01-18 20:41', chequeType: 2 }
    expect(
      decodeCheques(
        json([
          { ...head, ...line },
          { ...head, ...line, saleSum: -3 },
        ]),
      ),
    ).toMatchObject({
      value: { rows: [{ number: 244, kind: 'saleReturn', total: 2_000 }] },
    })
  })

  it('breaks a receipt as a whole where one line is broken, and keeps it', () => {
    const good = { chequeId: 1, chequeType: 0, chequeSales: [line] }
    const decoded = decodeCheques(
      json([
        good,
        { chequeId: 2, chequeType: 0, chequeSales: [line, { ...line, saleSum: null }] },
        { chequeId: 3, chequeType: 7, chequeSales: [line] },
        { chequeId: 4, chequeType: 0, chequeSales: 'none' },
        { chequeSales: [line] },
        null,
      ]),
    )
    expect(decoded).toMatchObject({ value: { rows: [{ number: 1 }] } })
    const broken = decoded.kind === 'ok' ? decoded.value.broken.map(({ index, field }) => [index, field]) : []
    expect(broken.sort()).toEqual([
      [1, 'saleSum'],
      [2, 'chequeType'],
      [3, 'chequeSales'],
      [4, 'chequeId'],
      [5, 'object'],
    ])
  })

  it('reads an empty shift in both notations', () => {
    for (const empty of ['[]', '{}', ' [ ] ']) {
      expect(decodeCheques(json(empty))).toEqual({ kind: 'ok', value: { rows: [], broken: [] } })
    }
  })
})

describe('the result of a bank operation', () => {
  const SAMPLE = `{"foundTransactions": "1", "totalAmount": "200.00", "transactionResult": "success",
    "details": [{"AID": "VISA CREDIT", "PAN": "1234 XXXX XXXX 1234", "amount": "100.00", "bankslot": "1",
    "cardHolderName": "CARDTESTNAME", "currency": "398", "dateTime": "22-11-2017 17:19:55",
    "operationType": "purchase", "refnum": "100000000013", "responce": "00", "result": "success",
    "traceNumber": "60"}],
  }`

  it("reads the document's sample with its comma before the brace and its own form of date", () => {
    expect(decodeBankResult(json(SAMPLE))).toEqual({
      kind: 'ok',
      value: {
        found: 1,
        total: 20_000,
        success: true,
        transactions: [
          {
            success: true,
            operation: 'purchase',
            amount: 10_000,
            paymentSystem: 'VISA CREDIT',
            pan: '1234 XXXX XXXX 1234',
            at: at('2017-11-22T17:19:55'),
            reference: '100000000013',
            responseCode: '00',
            trace: '60',
            slot: '1',
            currency: '398',
            cardHolder: 'CARDTESTNAME',
          },
        ],
        broken: [],
      },
    })
  })

  it('says that nothing was found, and keeps a transaction that it cannot read', () => {
    expect(decodeBankResult(json({ foundTransactions: '0' }))).toMatchObject({
      value: { found: 0, success: null, transactions: [] },
    })
    const unreadable = { foundTransactions: 1, transactionResult: 'fail', details: [{ result: 'success' }] }
    expect(decodeBankResult(json(unreadable))).toMatchObject({
      value: { found: 1, success: false, transactions: [], broken: [{ index: 0, field: 'amount' }] },
    })
    expect(decodeBankResult(json({}))).toMatchObject({ kind: 'unknown' })
  })

  it('counts the transactions that it sees even where the device counts fewer', () => {
    const two = { foundTransactions: 1, details: [{ amount: 1 }, { amount: 1 }] }
    expect(decodeBankResult(json(two))).toMatchObject({ value: { found: 2 } })
  })
})

describe('the directories', () => {
  it("reads the document's goods", () => {
    const sample = {
      uid: 11,
      code1: 888,
      code2: '008123563127',
      name: 'Coffee',
      price1: 77,
      itemtax1: 2,
      itemtype: 0,
      measure: 0,
      catalogid: 16,
    }
    expect(decodeItems(json([sample]))).toEqual({
      kind: 'ok',
      value: {
        rows: [
          {
            id: 'device:11',
            source: 'device',
            code: '888',
            barcodes: ['008123563127'],
            name: 'Coffee',
            price: 7_700,
            taxId: '2',
            categoryId: '16',
            weighed: false,
            ntin: null,
            gtin: null,
            markCode: null,
          },
        ],
        broken: [],
      },
    })
  })

  it('asks for a price where there is none, and keeps broken goods apart', () => {
    const decoded = decodeItems(
      json([
        { uid: 1, name: 'Free price', price1: 0, measure: '1' },
        { uid: 2, name: '', price1: 5 },
        { uid: 3, name: 'Bad price', price1: 'cheap' },
        { uid: 4, name: 'Negative', price1: -5 },
        'text',
        { name: 'No uid' },
      ]),
    )
    expect(decoded).toMatchObject({
      value: {
        rows: [{ id: 'device:1', code: '1', price: null, barcodes: [], weighed: true, taxId: null, categoryId: null }],
        broken: [
          { index: 1, field: 'name' },
          { index: 2, field: 'price1' },
          { index: 3, field: 'price1' },
          { index: 4, field: 'object', raw: '"text"' },
          { index: 5, field: 'uid' },
        ],
      },
    })
  })

  it('takes a unit of measure of the classifier for what it is', () => {
    const goods = [0, 1, 796, 166, '778', 999].map((measure, uid) => ({ uid, name: 'Goods', price1: 5, measure }))
    const decoded = decodeItems(json([...goods, { uid: 9, name: 'Goods', code2: "'4870204391275" }]))
    const rows = decoded.kind === 'ok' ? decoded.value.rows : []
    expect(rows.map(({ weighed, unit }) => [weighed, unit])).toEqual([
      [false, undefined],
      [true, undefined],
      [false, undefined],
      [true, undefined],
      [false, 'уп'],
      [true, undefined],
      [false, undefined],
    ])
    expect(rows.at(-1)?.barcodes).toEqual(['4870204391275'])
  })

  it("reads the document's folders, taxes and cashiers", () => {
    expect(decodeCatalog(json('{"1": "Kitchen", "2": "Bar",}'))).toMatchObject({
      value: {
        rows: [
          { id: '1', name: 'Kitchen' },
          { id: '2', name: 'Bar' },
        ],
      },
    })
    expect(decodeTaxes(json({ 1: 'VAT 13%', 2: 'w/o VAT' }))).toMatchObject({
      value: { rows: [{ id: '1' }, { id: '2' }] },
    })
    expect(decodeCashiers(json({ 100: 'Aliya cashier', 201: null }))).toEqual({
      kind: 'ok',
      value: {
        rows: [{ id: '100', name: 'Aliya cashier' }],
        broken: [{ index: 1, raw: '{"201":null}', field: 'name' }],
      },
    })
    expect(decodeTaxes(json('[]'))).toEqual({ kind: 'ok', value: { rows: [], broken: [] } })
    expect(decodeTaxes(json('["VAT"]'))).toMatchObject({ kind: 'unknown', why: 'garbage' })
  })
})

describe('anything else where JSON was expected', () => {
  const decoders = {
    decodeInfo,
    decodeShifts,
    decodeShiftReport,
    decodeTransaction,
    decodeCheques,
    decodeBankResult,
    decodeItems,
    decodeTaxes,
  }

  it.each(Object.entries(decoders))('%s tells codes, web pages, cut JSON and silence apart', (_, decode) => {
    expect(decode(reply(400, 'only-master-cashier', '-16'))).toEqual({
      kind: 'code',
      code: -16,
      reason: 'only-master-cashier',
    })
    expect(decode(reply(200, 'OK', '<html>'))).toMatchObject({ kind: 'unknown', why: 'html' })
    expect(decode(reply(200, 'OK', ''))).toMatchObject({ kind: 'unknown', why: 'empty' })
    expect(decode(reply(200, 'OK', '12345678'))).toMatchObject({ kind: 'unknown', why: 'garbage' })
    expect(decode(reply(200, 'OK', '{"a": [1, 2'))).toMatchObject({ kind: 'unknown', why: 'cut' })
    expect(decode(reply(200, 'OK', '[{"a": 1}, {"b"'))).toMatchObject({ kind: 'unknown', why: 'cut' })
    expect(decode(reply(200, 'OK', '{"a": nonsense}'))).toMatchObject({ kind: 'unknown', why: 'garbage' })
    expect(decode(reply(200, 'OK', 'null'))).toMatchObject({ kind: 'unknown', why: 'garbage' })
    expect(decode(reply(500, 'x', '{}'))).toMatchObject({ kind: 'unknown', why: 'status' })
    expect(decode(silence('timeout'))).toMatchObject({ kind: 'unknown', why: 'timeout', sent: 'perhaps' })
  })

  it('leaves commas inside of texts alone when it repairs', () => {
    expect(decodeCashiers(json('{"1": "Ким, }, \\",]", }'))).toMatchObject({
      value: { rows: [{ name: 'Ким, }, ",]' }] },
    })
  })
})
