import { describe, expect, it } from 'vitest'
import { tiyn } from '../domain/money.ts'
import { withKey } from './codec.ts'
import * as requests from './requests.ts'

const KEY = '33334444'
const post = (path: string, body: string) => ({ method: 'POST', path, query: '', body })
const get = (path: string, query: string) => ({ method: 'GET', path, query, body: null })

describe('every request of the document', () => {
  it.each([
    ['deposit', requests.depositRequest(tiyn(200_000)), post('/apideposit/', 'key=33334444&cash=2000')],
    ['withdrawal', requests.withdrawalRequest(tiyn(20_050)), post('/apiwithdraw/', 'key=33334444&cash=200.5')],
    ['X report', requests.xReportRequest(), post('/apixreport/', 'key=33334444')],
    ['Z report', requests.zReportRequest(), post('/apizreport/', 'key=33334444')],
    [
      'bank start',
      requests.bankStartRequest('purchase', tiyn(150_000), 345),
      post('/apibank/', 'key=33334444&message=purchase&amount=1500&trackdocument=345'),
    ],
    [
      'bank refund',
      requests.bankStartRequest('refund', tiyn(1), 999_999_999),
      post('/apibank/', 'key=33334444&message=refund&amount=0.01&trackdocument=999999999'),
    ],
    [
      'bank cancellation',
      requests.bankStartRequest('reversal', tiyn(100), 1),
      post('/apibank/', 'key=33334444&message=reversal&amount=1&trackdocument=1'),
    ],
    [
      'bank day end',
      requests.bankStartRequest('reconciliation', null, 2),
      post('/apibank/', 'key=33334444&message=reconciliation&trackdocument=2'),
    ],
    ['bank result', requests.bankResultRequest(345), get('/dump/bank/345/trackdocument', 'key=33334444')],
    ['status', requests.statusRequest(), get('/apicheck', 'key=33334444')],
    ['details', requests.infoRequest('full'), get('/apicheck/getInfo', 'key=33334444')],
    ['few details', requests.infoRequest('minimum'), get('/apicheck/getInfo/', 'key=33334444&show=minimum')],
    ['last document', requests.printLastDocumentRequest(), post('/apicheck/printLastDocument', 'key=33334444')],
    ['print mode?', requests.printModeRequest(), get('/apicheck/', 'key=33334444&getPrintMode=true')],
    [
      'print mode!',
      requests.setPrintModeRequest('lan-printer'),
      post('/apicheck/', 'key=33334444&setPrintMode=lan-printer'),
    ],
    ['header', requests.printHeaderRequest('a\nb'), post('/apicheck', 'key=33334444&printHeader=a%0Ab')],
    ['no header', requests.printHeaderRequest(null), post('/apicheck', 'key=33334444&printHeader=clear')],
    ['free text', requests.printRequest('--cut--'), post('/apiprint', 'key=33334444&print=--cut--')],
    ['goods', requests.itemsRequest(), get('/dump/table/items', 'key=33334444')],
    ['folders', requests.catalogRequest(), get('/dump/table/catalog', 'key=33334444')],
    ['taxes', requests.taxesRequest(), get('/dump/table/taxes', 'key=33334444')],
    ['cashiers', requests.cashiersRequest(), get('/dump/table/cashiers', 'key=33334444')],
    ['shifts', requests.shiftsRequest(), get('/dump/table/shifts', 'key=33334444')],
    ['receipts', requests.chequesRequest(109), get('/dump/table/shifts/109/cheques', 'key=33334444')],
    ['receipts, flat', requests.salesChequesRequest(109), get('/dump/table/shifts/109/salescheques', 'key=33334444')],
    ['lines', requests.salesRequest(109), get('/dump/table/shifts/109/sales', 'key=33334444')],
    ['report', requests.reportRequest(109), get('/dump/table/shifts/109/report', 'key=33334444')],
    [
      'report with taxes',
      requests.reportWithTaxRequest(109),
      get('/dump/table/shifts/109/reportwithtax', 'key=33334444'),
    ],
    ['receipt of a key', requests.transactionRequest('01112222'), get('/dump/transaction/01112222', 'key=33334444')],
    ['update', requests.updateRequest(), post('/apimanage/', 'key=33334444&doUpdate=true')],
    ['reboot', requests.rebootRequest(), post('/apimanage/', 'key=33334444&doReboot=true')],
  ])('%s', (_, request, wire) => {
    expect(withKey(request, KEY)).toEqual(wire)
  })

  it.each(requests.SESSION_COMMANDS.map((command) => [command]))('session variable %s', (command) => {
    expect(withKey(requests.sessionRequest(command), KEY)).toEqual(post('/apicheck/', `key=33334444&${command}=true`))
  })

  it('refuses amounts, tracks, shifts and keys that no device takes', () => {
    for (const amount of [0, -1, 2_000_000_001]) {
      expect(() => requests.depositRequest(tiyn(amount))).toThrow(RangeError)
      expect(() => requests.withdrawalRequest(tiyn(amount))).toThrow(RangeError)
      expect(() => requests.bankStartRequest('purchase', tiyn(amount), 1)).toThrow(RangeError)
    }
    expect(() => requests.bankStartRequest('purchase', null, 1)).toThrow(RangeError)
    for (const track of [0, 1_000_000_000, 1.5]) expect(() => requests.bankResultRequest(track)).toThrow(RangeError)
    expect(() => requests.reportRequest(-1)).toThrow(RangeError)
    expect(() => requests.transactionRequest('../apizreport')).toThrow(RangeError)
  })
})
