/** The codec and the device model, written from the same document by different hands, must understand each other. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DeviceReply } from '../contract/device.ts'
import {
  DEFAULT_READINGS,
  IkkmDevice,
  newDeviceState,
  READING_VALUES,
  type NewDeviceOptions,
} from '../device-model/device.ts'
import { tiyn } from '../domain/money.ts'
import { decodeBankResult } from './bank-replies.ts'
import { decodeCheques } from './cheques.ts'
import { decodeCommandReply, decodeRegistrationReply, encodeRegistration, withKey } from './codec.ts'
import { decodeCashiers, decodeCatalog, decodeItems, decodeTaxes } from './directories.ts'
import { codeRow } from './codes.ts'
import { decodeInfo, decodePrintMode, decodeStatus } from './info.ts'
import { checkReceipt } from './receipt-check.ts'
import { decodeShiftReport, decodeShifts, decodeTransaction } from './reports.ts'
import * as requests from './requests.ts'
import { anyReceipt, itemRow, receipt, validReceipt } from './testing/receipts.ts'

const START = Date.UTC(2026, 0, 18, 15, 41, 6)
const MARK = { mark: 'A-0137' }
type Request = Parameters<typeof withKey>[0]

class Shop {
  now = START
  readonly device: IkkmDevice

  constructor(options: Partial<NewDeviceOptions> = {}) {
    this.device = new IkkmDevice(newDeviceState({ seed: 7, nowMs: START, key: '01234567', paperLimit: 1, ...options }))
  }

  send(request: Request, key = this.device.currentKey()): DeviceReply {
    this.now += 1_000
    return this.device.handle(withKey(request, key), this.now)
  }

  wait(ms: number): void {
    this.now += ms
    this.device.advance(this.now)
  }
}

const tea = receipt({ rows: [itemRow('Чай', 40_000, 2000)], footerText: 'Рақмет! Спасибо & до встречи' })
const sale = encodeRegistration(tea, MARK)

describe('a day at the model', () => {
  it('registers, replays, and refuses an older key', () => {
    const shop = new Shop()
    const first = decodeRegistrationReply(shop.send(sale, '01234567'))
    const key = shop.device.currentKey()
    expect(first).toEqual({ kind: 'key', key, number: 1 })
    expect(decodeRegistrationReply(shop.send(sale, '01234567'))).toEqual(first)
    expect(shop.device.ledger()).toHaveLength(1)
    expect(shop.device.ledger()[0]).toMatchObject({
      kind: 'sale',
      totalTiyn: 80_000,
      payments: [100_000, 0, 0, 0],
      changeTiyn: 20_000,
      footer: 'A-0137\nРақмет! Спасибо & до встречи',
      rows: [{ name: 'Чай', price: 40_000, quantity: 2_000, sum: 80_000 }],
    })
    expect(decodeRegistrationReply(shop.send(sale, '99999999'))).toEqual({
      kind: 'code',
      code: -1,
      reason: 'incorrect-web-api-key',
    })
  })

  it('reads back what it registered, in every report', () => {
    const shop = new Shop()
    shop.send(sale, '01234567')
    const basis = { number: 1, registeredAt: START, total: tiyn(80_000) }
    const back = { ...tea, kind: 'saleReturn' as const, payments: { cash: tiyn(80_000) }, change: tiyn(0), basis }
    expect(decodeRegistrationReply(shop.send(encodeRegistration(back, MARK)))).toMatchObject({ kind: 'key', number: 2 })
    expect(decodeCommandReply(shop.send(requests.depositRequest(tiyn(200_000)))).kind).toBe('key')
    expect(decodeCommandReply(shop.send(requests.withdrawalRequest(tiyn(50)))).kind).toBe('key')
    shop.wait(10_000)

    const info = decodeInfo(shop.send(requests.infoRequest('full')))
    expect(info).toMatchObject({
      value: { lastNumber: 4, shift: 1, shiftOpen: true, serial: '011700029000', cashWeHave: 199_950, rounding: 'no' },
    })
    expect(decodeInfo(shop.send(requests.infoRequest('minimum')))).toMatchObject({
      value: { lastNumber: 4, shift: 1, shiftOpen: true, defaultTaxId: '15', serial: null },
    })
    expect(decodeStatus(shop.send(requests.statusRequest()))).toEqual({ kind: 'ok', value: { lastNumber: 4 } })
    for (const request of [requests.reportRequest(1), requests.reportWithTaxRequest(1)]) {
      expect(decodeShiftReport(shop.send(request))).toMatchObject({
        value: {
          archived: false,
          open: true,
          kinds: { sale: { count: 1, sum: 80_000 }, buy: { count: 0 }, saleReturn: { count: 1, sum: 80_000 } },
          cashIn: { count: 1, total: 200_000 },
          cashOut: { count: 1, total: 50 },
          cashWeHave: 199_950,
          now: { sale: 80_000, saleReturn: 80_000 },
          brokenTaxes: [],
        },
      })
    }
    expect(decodeShiftReport(shop.send(requests.reportWithTaxRequest(1)))).toMatchObject({
      value: { taxes: { sale: [{ taxId: '15', turnover: 80_000, details: [{ rate: 1_600, amount: 11_034 }] }] } },
    })
    const lines = [{ quantity: 2_000, price: 40_000, sum: 80_000 }]
    for (const request of [requests.chequesRequest(1), requests.salesChequesRequest(1)]) {
      expect(decodeCheques(shop.send(request))).toMatchObject({
        value: {
          rows: [
            { number: 1, kind: 'sale', total: 80_000, lines },
            { number: 2, kind: 'saleReturn', total: 80_000, lines },
          ],
          broken: [],
        },
      })
    }
    expect(decodeCheques(shop.send(requests.salesRequest(1)))).toMatchObject({
      value: { rows: [{ number: 1, kind: null, lines }, { number: 2 }], broken: [] },
    })
    expect(decodeTransaction(shop.send(requests.transactionRequest('01234567')))).toMatchObject({
      value: { number: 1, createdAt: START + 1_000 - ((START + 1_000) % 1_000), submitted: true },
    })
    expect(decodeShifts(shop.send(requests.shiftsRequest()))).toMatchObject({
      value: { rows: [{ id: 1, open: true, closedAt: null }], broken: [] },
    })
  })

  it('reads the directories', () => {
    const shop = new Shop()
    const items = decodeItems(shop.send(requests.itemsRequest()))
    expect(items.kind === 'ok' && items.value.rows.length).toBeGreaterThan(10)
    expect(items).toMatchObject({ value: { broken: [] } })
    expect(decodeCatalog(shop.send(requests.catalogRequest()))).toMatchObject({ kind: 'ok', value: { broken: [] } })
    expect(decodeTaxes(shop.send(requests.taxesRequest()))).toMatchObject({
      value: { rows: [{ id: '15', name: 'НДС 16%' }, { id: '16' }] },
    })
    expect(decodeCashiers(shop.send(requests.cashiersRequest()))).toMatchObject({ kind: 'ok', value: { broken: [] } })
  })

  it('keeps broken goods apart and loses none', () => {
    const good = decodeItems(new Shop().send(requests.itemsRequest()))
    const mixed = decodeItems(new Shop({ brokenGoods: true }).send(requests.itemsRequest()))
    if (good.kind !== 'ok' || mixed.kind !== 'ok') throw new Error('the directories answer')
    expect(mixed.value.broken.length).toBeGreaterThan(0)
    expect(mixed.value.rows.length).toBeGreaterThanOrEqual(good.value.rows.length)
  })

  it('runs the bank application and reads its result', () => {
    const shop = new Shop()
    const start = requests.bankStartRequest('purchase', tiyn(150_000), 345)
    expect(decodeCommandReply(shop.send(start))).toEqual({ kind: 'zero', reason: 'bank-is-opened' })
    expect(decodeBankResult(shop.send(requests.bankResultRequest(345)))).toMatchObject({ kind: 'code', code: -2 })
    shop.wait(60_000)
    expect(decodeBankResult(shop.send(requests.bankResultRequest(345)))).toMatchObject({
      value: {
        found: 1,
        total: 150_000,
        success: true,
        transactions: [{ amount: 150_000, success: true }],
        broken: [],
      },
    })
    expect(decodeBankResult(shop.send(requests.bankResultRequest(346)))).toMatchObject({ value: { found: 0 } })
    expect(decodeCommandReply(shop.send(requests.bankStartRequest('reconciliation', null, 347))).kind).toBe('zero')
  })

  it('prints, changes session variables and is managed', () => {
    const shop = new Shop()
    shop.send(sale, '01234567')
    const commands: Request[] = [
      requests.xReportRequest(),
      requests.printLastDocumentRequest(),
      requests.printRequest('Жылқының еті\n--line--\n--cut--'),
      requests.printHeaderRequest('* Жарнама *\n--barcodeEAN13-7501031311309--'),
      requests.printHeaderRequest(null),
      requests.setPrintModeRequest('lan-printer'),
      ...requests.SESSION_COMMANDS.map((command) => requests.sessionRequest(command)),
      requests.updateRequest(),
    ]
    for (const command of commands) {
      expect(decodeCommandReply(shop.send(command)), JSON.stringify(command)).toMatchObject({ kind: 'zero' })
      shop.wait(10_000)
    }
    expect(decodePrintMode(shop.send(requests.printModeRequest()))).toEqual({ kind: 'ok', value: 'lan-printer' })
    expect(shop.device.state.beeps).toBe(1)
    expect(decodeCommandReply(shop.send(requests.zReportRequest())).kind).toBe('zero')
    shop.wait(100_000)
    expect(decodeInfo(shop.send(requests.infoRequest('full')))).toMatchObject({ value: { shiftOpen: false } })
    expect(decodeCommandReply(shop.send(requests.rebootRequest()))).toMatchObject({ kind: 'zero' })
    expect(shop.device.isUp(shop.now)).toBe(false)
  })

  it('knows every reason that the model gives', () => {
    const shop = new Shop({ paperLimit: 0 })
    const form = (body: string): Request => ({ method: 'POST', path: '/api/', body })
    const refusals: [string, number, string][] = [
      ['sale=x&cash=1', -9, 'sale-param-error'],
      ['buy=&cash=1', -9, 'buy-param-error'],
      ['saleReturn=x&cash=1', -9, 'saleRet-param-error'],
      ['buyReturn=x&cash=1', -9, 'buyRet-param-error'],
      ['sale=1&buy=1&cash=1', -7, 'check-all-params'],
      ['sale=800', -7, 'payment-params-missed'],
      ['sale=800&cash=x', -7, 'cache-param-error'],
      ['sale=800&tara=20000001', -7, 'tara-not-in-range'],
      ['sale=0.99&cash=1', -7, 'sale-lq-one'],
      ['sale=20000001&cash=1', -7, 'sale-hq-20mil'],
      ['sale=800&cash=200', -10, 'cash-lq-sale'],
      ['sale=800&cash=2000&bank=800', -13, 'no-cache-hq-sale'],
      ['sale=800&cash=800&tax=99', -14, 'tax-not-found'],
      ['sale=800&cash=800&tax=VAT', -14, 'tax-invlid-num'],
      ['buy=800&cash=800', -15, 'no-cash-in-pos'],
      ['sale=800&cash=800&itemdata=%5B%7B', -17, ''],
    ]
    for (const [body, code, reason] of refusals) {
      const outcome = decodeRegistrationReply(shop.send(form(body)))
      expect(outcome, body).toMatchObject({ kind: 'code', code })
      if (outcome.kind !== 'code') continue
      if (reason !== '') expect(outcome.reason).toBe(reason)
      expect(codeRow(outcome.code).text).not.toBe('undocumented')
    }
  })
})

describe('what the check lets through', () => {
  const rich = (): Shop => new Shop({ cashTiyn: 2_000_000_000_000, paperLimit: 0 })

  it('the device registers with exactly that total', () => {
    const shop = rich()
    fc.assert(
      fc.property(fc.oneof(validReceipt, anyReceipt), (any) => {
        fc.pre(checkReceipt(any).length === 0)
        const outcome = decodeRegistrationReply(shop.send(encodeRegistration(any, MARK)))
        expect(outcome).toMatchObject({ kind: 'key', key: shop.device.currentKey() })
        const entry = shop.device.ledger().at(-1)
        expect(entry).toMatchObject({ kind: any.kind, totalTiyn: any.total, changeTiyn: any.change })
        const rows = entry?.rows ?? []
        if (any.rows.length > 0) {
          expect(rows.reduce((sum, row) => sum + row.sum - (row.discount ?? 0), 0)).toBe(any.total)
          expect(rows.map((row) => row.name)).toEqual(any.rows.map((row) => row.name))
        }
      }),
      { numRuns: 1_000 },
    )
  })

  it('is read back from the list of receipts under both readings of discounts', () => {
    for (const chequeDiscounts of READING_VALUES.chequeDiscounts) {
      const shop = new Shop({ cashTiyn: 2_000_000_000_000, readings: { ...DEFAULT_READINGS, chequeDiscounts } })
      fc.assert(
        fc.property(validReceipt, (valid) => {
          const outcome = decodeRegistrationReply(shop.send(encodeRegistration(valid, MARK)))
          const decoded = decodeCheques(shop.send(requests.chequesRequest(1)))
          const cheque = decoded.kind === 'ok' ? decoded.value.rows.at(-1) : undefined
          expect(cheque?.number).toBe(outcome.kind === 'key' ? outcome.number : null)
          expect(cheque?.kind).toBe(valid.kind)
          const items = valid.rows.filter((row) => row.kind === 'item')
          const goods = items.reduce((sum, row) => sum + row.sum, 0)
          expect(cheque?.total).toBe(chequeDiscounts === 'negative-row' ? valid.total : goods)
          items.forEach((row, index) => {
            expect(cheque?.lines[index]).toMatchObject({ quantity: row.quantity, price: row.price, sum: row.sum })
          })
        }),
        { numRuns: 30 },
      )
    }
  })
})
