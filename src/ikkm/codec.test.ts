import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { RelayRequestSchema } from '../contract/relay.ts'
import { tiyn } from '../domain/money.ts'
import type { Receipt } from '../domain/receipt.ts'
import {
  decodeCommandReply,
  decodeRegistrationReply,
  encodeRegistration,
  freezeRegistration,
  withKey,
  type Outcome,
  type RegistrationOptions,
} from './codec.ts'
import { NARROWEST_PAPER } from './print-text.ts'
import { checkReceipt } from './receipt-check.ts'
import { reply, silence } from './testing/device-replies.ts'
import { anyReceipt, itemRow, receipt, validReceipt } from './testing/receipts.ts'

const NO_MARK: RegistrationOptions = { mark: null }

function parameters(body: string): [string, string][] {
  return body.split('&').map((pair) => {
    const [name = '', value = ''] = pair.split('=')
    return [name, decodeURIComponent(value)]
  })
}

function parameter(value: Receipt, name: string, options = NO_MARK): string | undefined {
  return parameters(encodeRegistration(value, options).body).find(([found]) => found === name)?.[1]
}

describe('a registration on the wire', () => {
  it("is the document's first example, as a form with the key in front", () => {
    const request = withKey(encodeRegistration(receipt(), NO_MARK), '12345678')
    expect(request).toEqual({ method: 'POST', path: '/api/', query: '', body: 'key=12345678&sale=800&cash=1000' })
  })

  it("is the document's mixed payment", () => {
    const mixed = receipt({ payments: { bank: tiyn(40_000), cash: tiyn(50_000) }, change: tiyn(10_000) })
    expect(encodeRegistration(mixed, NO_MARK).body).toBe('sale=800&cash=500&bank=400')
  })

  it('names its type in lower camel case', () => {
    const exact = { payments: { cash: tiyn(80_000) }, change: tiyn(0) }
    const names = (['sale', 'buy', 'saleReturn', 'buyReturn'] as const).map(
      (kind) => encodeRegistration(receipt({ kind, ...exact }), NO_MARK).body,
    )
    expect(names).toEqual([
      'sale=800&cash=800',
      'buy=800&cash=800',
      'saleReturn=800&cash=800',
      'buyReturn=800&cash=800',
    ])
  })

  it('keeps the order of the document: type, payments, tax, print, itemdata, footer', () => {
    const all = receipt({
      taxId: '15',
      printText: 'Привет',
      footerText: 'Спасибо',
      rows: [itemRow('Чай', 40_000, 2000)],
    })
    const names = parameters(encodeRegistration(all, { mark: 'A-0137' }).body).map(([name]) => name)
    expect(names).toEqual(['sale', 'cash', 'tax', 'print', 'itemdata', 'footer'])
  })

  it("writes the document's itemdata: strings only, a discount row without price, quantity and sum", () => {
    const rows = [
      itemRow('Tea', 20_000, 2000),
      itemRow('Stake', 600_000, 2000),
      { kind: 'discount', name: 'discount 10%', discount: tiyn(124_000) } as const,
    ]
    const total = tiyn(1_116_000)
    const text = parameter(receipt({ rows, total, payments: { bank: total }, change: tiyn(0) }), 'itemdata')
    expect(JSON.parse(text ?? '')).toEqual([
      { name: 'Tea', price: '200', qty: '2', sum: '400' },
      { name: 'Stake', price: '6000', qty: '2', sum: '12000' },
      { name: 'discount 10%', discount: '1240' },
    ])
  })

  it('writes amounts with at most two decimals and quantities with at most three', () => {
    const rows = [itemRow('Сыр', 123_456, 1_125)]
    const total = tiyn(138_888)
    const body = receipt({ rows, total, payments: { cash: total }, change: tiyn(0) })
    expect(parameter(body, 'sale')).toBe('1388.88')
    expect(parameter(body, 'itemdata')).toBe('[{"name":"Сыр","price":"1234.56","qty":"1.125","sum":"1388.88"}]')
  })

  it("puts the terminal's mark before the advertising text into the footer", () => {
    expect(parameter(receipt({ footerText: 'Спасибо!\r\nЖдём вас' }), 'footer', { mark: 'A-0137' })).toBe(
      'A-0137\nСпасибо!\nЖдём вас',
    )
    expect(parameter(receipt(), 'footer', { mark: 'A-0137' })).toBe('A-0137')
    expect(parameter(receipt(), 'footer')).toBeUndefined()
  })

  it('prints number, date and total of the receipt that a return reverses, in lines that every printer takes', () => {
    const basis = { number: 164, registeredAt: Date.UTC(2026, 1, 15, 10, 0), total: tiyn(80_000) }
    const returned = receipt({
      kind: 'saleReturn',
      payments: { cash: tiyn(80_000) },
      change: tiyn(0),
      basis,
      printText: 'Брак',
    })
    expect(parameter(returned, 'print')).toBe('Возврат, чек 164\nот 15.02.2026 15:00\nсумма 800\nБрак')
    for (const language of ['ru', 'kk', 'en'] as const) {
      const most = receipt({
        kind: 'saleReturn',
        payments: { cash: tiyn(80_000) },
        change: tiyn(0),
        basis: { ...basis, number: 999_999, total: tiyn(2_000_000_000) },
      })
      const lines = parameter(most, 'print', { mark: null, language })?.split('\n') ?? []
      expect(lines).toHaveLength(3)
      for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(NARROWEST_PAPER)
      expect(lines[0]).toContain('999999')
      expect(lines[1]).toContain('15.02.2026 15:00')
      expect(lines[2]).toContain('20000000')
    }
  })

  it('carries spaces as %20 and every letter as UTF-8, so that naive decoders read it too', () => {
    const { body } = encodeRegistration(receipt({ footerText: 'a b+c&d=ҚЯ😀\ud800' }), NO_MARK)
    expect(body).toBe('sale=800&cash=1000&footer=a%20b%2Bc%26d%3D%D2%9A%D0%AF%F0%9F%98%80%EF%BF%BD')
  })

  it('refuses to freeze what the check objects to, and to leave without a key of eight digits', () => {
    expect(() => encodeRegistration(receipt({ total: tiyn(0) }), NO_MARK)).toThrow(RangeError)
    const frozen = encodeRegistration(receipt(), NO_MARK)
    for (const key of ['', '1234567', '123456789', '1234567a', ' 12345678']) {
      expect(() => withKey(frozen, key)).toThrow(RangeError)
    }
  })

  it('is whole before its mark is known: the mark only joins it', () => {
    const given = receipt({ footerText: 'Рақмет!\nКел', printText: 'x' })
    const frozen = freezeRegistration(given, {})
    if (frozen.kind !== 'frozen') throw new Error('can be frozen')
    for (const mark of ['A-0137', 'ҚЯ-0001', null]) {
      expect(frozen.withMark(mark)).toEqual(encodeRegistration(given, { mark }))
    }
    expect(parameters(frozen.withMark('A-0137').body).at(-1)).toEqual(['footer', 'A-0137\nРақмет!\nКел'])
    const barred = encodeRegistration(given, { mark: 'A-0137', barcode: true })
    expect(parameters(barred.body).at(-1)).toEqual(['footer', 'A-0137\n--barcode128-CHK00137A--\nРақмет!\nКел'])
  })

  it('is refused where it would be longer than a relay carries, key and mark included', () => {
    const rows = Array.from({ length: 80 }, () => itemRow('Ұ'.repeat(600), 100))
    const long = receipt({ rows, total: tiyn(8_000), payments: { cash: tiyn(8_000) }, change: tiyn(0) })
    expect(freezeRegistration(long, {})).toMatchObject({
      kind: 'refused',
      problem: { kind: 'requestTooLong', limit: 256_000 },
    })
    const fits = receipt({ ...long, rows: rows.map((row) => ({ ...row, name: 'Ұ'.repeat(480) })) })
    const { body } = withKey(encodeRegistration(fits, { mark: 'ҚҚҚ-1234567890' }), '12345678')
    expect(v.safeParse(RelayRequestSchema.entries.body, body).success).toBe(true)
    expect(checkReceipt(receipt({ printText: 'я'.repeat(2_001) }))).toEqual([
      { kind: 'badPrintText', where: 'print', problem: { kind: 'tooLong', length: 2_001, limit: 2_000 } },
    ])
  })

  it('says the same as the receipt, whatever the receipt', () => {
    fc.assert(
      fc.property(validReceipt, (valid) => {
        expect(checkReceipt(valid)).toEqual([])
        const { body } = encodeRegistration(valid, { mark: 'A-0001' })
        expect(body).toMatch(/^[\x21-\x7e]*$/)
        const read = new Map(parameters(body))
        const rows = JSON.parse(read.get('itemdata') ?? '[]') as Record<string, string>[]
        const cents = (text: string | undefined): number => Math.round(Number(text) * 100)
        expect(cents(read.get(valid.kind))).toBe(valid.total)
        expect(cents(read.get('cash') ?? '0') + cents(read.get('bank') ?? '0')).toBe(valid.total + valid.change)
        const sum = rows.reduce((total, row) => total + (row['sum'] ? cents(row['sum']) : -cents(row['discount'])), 0)
        expect(sum).toBe(valid.total)
      }),
      { numRuns: 300 },
    )
  })
})

describe('limits before freezing', () => {
  const kinds = (parts: Partial<Receipt>): string[] => checkReceipt(receipt(parts)).map((problem) => problem.kind)
  const paid = (amount: number): Partial<Receipt> => ({
    total: tiyn(amount),
    payments: { cash: tiyn(amount) },
    change: tiyn(0),
  })

  it('lets 1 ₸ and 20 000 000 ₸ through and nothing beyond', () => {
    expect(kinds(paid(100))).toEqual([])
    expect(kinds(paid(2_000_000_000))).toEqual([])
    expect(kinds(paid(99))).toEqual(['totalOutOfRange'])
    expect(kinds(paid(2_000_000_001))).toEqual(['totalOutOfRange'])
  })

  it('counts discount rows among the 80', () => {
    const rows = Array.from({ length: 79 }, () => itemRow('Чай', 1_000))
    const discount = { kind: 'discount', name: 'Скидка', discount: tiyn(1_000) } as const
    expect(kinds({ ...paid(78_000), rows: [...rows, discount] })).toEqual([])
    expect(kinds({ ...paid(78_000), rows: [...rows, itemRow('Чай', 1_000), discount] })).toContain('tooManyRows')
  })

  it('wants rows that are right in themselves and add up to the total', () => {
    const row = itemRow('Чай', 80_000)
    const problems: [Partial<Receipt>, unknown][] = [
      [{ rows: [itemRow('Чай', 79_999)] }, { kind: 'rowsMismatch', rowsTotal: 79_999, total: 80_000 }],
      [{ rows: [{ ...row, sum: tiyn(79_999) }] }, { kind: 'badRow', row: 0, problem: 'sumMismatch' }],
      [{ rows: [{ ...row, name: ' ' }] }, { kind: 'badRow', row: 0, problem: 'emptyName' }],
      [{ rows: [row, itemRow('Чай', 0, 0)] }, { kind: 'badRow', row: 1, problem: 'quantityOutOfRange' }],
      [{ rows: [row, itemRow('Чай', -5)] }, { kind: 'badRow', row: 1, problem: 'priceOutOfRange' }],
      [
        { rows: [row, { kind: 'discount', name: 'Скидка', discount: tiyn(0) }] },
        { kind: 'badRow', row: 1, problem: 'discountOutOfRange' },
      ],
      [{ taxId: 'VAT' }, { kind: 'badTaxId', taxId: 'VAT' }],
      [
        { footerText: 'Акция\n--barcodeEAN8-1--' },
        { kind: 'badPrintText', where: 'footer', problem: { kind: 'barcode', line: 2 } },
      ],
      [
        { printText: '--barcode128-ё--' },
        { kind: 'badPrintText', where: 'print', problem: { kind: 'barcode', line: 1 } },
      ],
      [{ change: tiyn(0) }, { kind: 'changeMismatch', expected: 20_000, change: 0 }],
    ]
    for (const [parts, problem] of problems) expect(checkReceipt(receipt(parts))).toContainEqual(problem)
  })

  it('knows the payment rules of the document', () => {
    const exact = { total: tiyn(80_000), change: tiyn(0) }
    expect(kinds({ ...exact, payments: {} })).toEqual(['nothingPaid'])
    expect(kinds({ ...exact, payments: { cash: tiyn(20_000) } })).toEqual(['tooLittle'])
    expect(kinds({ ...exact, payments: { bank: tiyn(80_000), cash: tiyn(200_000) } })).toEqual(['cashNotNeeded'])
    expect(kinds({ ...exact, payments: { bank: tiyn(90_000) } })).toEqual(['nonCashAboveTotal'])
    expect(kinds({ ...exact, kind: 'buy', payments: { cash: tiyn(100_000) } })).toEqual(['notExact'])
    const halves = { bank: tiyn(40_000), cash: tiyn(40_000) }
    expect(kinds({ ...exact, payments: halves })).toEqual([])
    expect(kinds({ ...exact, kind: 'saleReturn', payments: halves })).toEqual(['severalTenders'])
    expect(kinds({ ...exact, payments: { cash: 0.5 as never } })).toEqual(['paymentNotWhole'])
  })

  it('lets nothing through that breaks a rule of the document', () => {
    fc.assert(
      fc.property(anyReceipt, (any) => {
        if (checkReceipt(any).length > 0) return
        const { cash = 0, bank = 0, tara = 0, credit = 0 } = any.payments
        const nonCash = bank + tara + credit
        expect(any.total).toBeGreaterThanOrEqual(100)
        expect(any.total).toBeLessThanOrEqual(2_000_000_000)
        expect(cash + nonCash - any.total).toBe(any.change)
        expect(any.change).toBeGreaterThanOrEqual(0)
        expect(nonCash).toBeLessThanOrEqual(any.total)
        if (any.kind !== 'sale') expect(any.change).toBe(0)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('the reply to a registration', () => {
  const key = (text: string, number: number | null): Outcome => ({ kind: 'key', key: text, number })
  const code = (value: number, reason: string): Outcome => ({ kind: 'code', code: value, reason })
  const unknown = (why: string): unknown => expect.objectContaining({ kind: 'unknown', why, sent: 'perhaps' })

  it.each<[string, ReturnType<typeof reply>, unknown]>([
    ["the document's success", reply(200, '123', '87654321'), key('87654321', 123)],
    ["the document's TCP dump", reply(200, '164', '29852781'), key('29852781', 164)],
    ['a key that begins with 0', reply(200, '164', '00000001'), key('00000001', 164)],
    ['a line end after the key', reply(200, '164', '29852781\r\n'), key('29852781', 164)],
    ['space around the key and the number', reply(200, ' 164 ', '\t29852781 '), key('29852781', 164)],
    ['a lost reason phrase', reply(200, '', '29852781'), key('29852781', null)],
    ['a reason phrase that a proxy wrote', reply(200, 'OK', '29852781'), key('29852781', null)],
    ['zero', reply(200, 'x', '0'), { kind: 'zero', reason: 'x' }],
    ["the document's cash-lq-sale", reply(400, 'cash-lq-sale', '-10'), code(-10, 'cash-lq-sale')],
    ["the document's no-cache-hq-sale", reply(400, 'no-cache-hq-sale', '-13'), code(-13, 'no-cache-hq-sale')],
    ["the document's wrong key", reply(400, 'incorrect-web-api-key', '-1\n'), code(-1, 'incorrect-web-api-key')],
    ['an error without a reason', reply(400, '', '-99'), code(-99, '')],
    ['a code of the tax authority', reply(400, 'ikkm-is-blocked', '-137'), code(-137, 'ikkm-is-blocked')],
    ["the document's spelling with a space", reply(400, '', '- 4'), code(-4, '')],
    ['a code of no document', reply(400, '', '-25'), code(-25, '')],
    ['seven digits', reply(200, '164', '2985278'), unknown('cut')],
    ['nine digits', reply(200, '164', '298527811'), unknown('garbage')],
    ['a positive number with a sign', reply(200, '164', '+9852781'), unknown('garbage')],
    ['digits with a space inside', reply(200, '164', '2985 2781'), unknown('garbage')],
    ['digits of another script', reply(200, '164', '٢٩٨٥٢٧٨١'), unknown('garbage')],
    ['the key and more', reply(200, '164', '29852781 ok'), unknown('garbage')],
    ['nothing', reply(200, '164', ''), unknown('empty')],
    ['only a line end', reply(200, '164', '\r\n'), unknown('empty')],
    ['a lone minus', reply(400, 'x', '-'), unknown('cut')],
    ['a web page', reply(200, 'OK', '<!doctype html><p>29852781'), unknown('html')],
    ['a web page with 404', reply(404, 'Not Found', '<html>'), unknown('html')],
    ['JSON', reply(200, '164', '{"key":"29852781"}'), unknown('garbage')],
    ['a key under status 400', reply(400, '164', '29852781'), unknown('contradiction')],
    ['a key under status 500', reply(500, '164', '29852781'), unknown('status')],
    ['a key under status 204', reply(204, '', '29852781'), unknown('status')],
    ['a code under status 200', reply(200, 'cash-lq-sale', '-10'), unknown('contradiction')],
    ['a code under status 502', reply(502, 'Bad Gateway', '-10'), unknown('status')],
    ['a code with a receipt number', reply(400, '164', '-10'), unknown('contradiction')],
    ['a key with the name of an error', reply(200, 'cash-lq-sale', '29852781'), unknown('contradiction')],
    ['zero under status 400', reply(400, 'x', '0'), unknown('contradiction')],
  ])('%s', (_, answer, outcome) => {
    expect(decodeRegistrationReply(answer)).toEqual(outcome)
  })

  it('never decides by the text of the reason', () => {
    expect(decodeRegistrationReply(reply(400, 'sale registered', '-10'))).toEqual(code(-10, 'sale registered'))
  })

  it('passes on what the transport knows about silence', () => {
    for (const cause of ['timeout', 'network', 'cut', 'aborted', 'relay'] as const) {
      for (const sent of ['never', 'perhaps'] as const) {
        expect(decodeRegistrationReply(silence(cause, sent))).toMatchObject({ kind: 'unknown', why: cause, sent })
      }
    }
  })

  it('bounds and cleans what it keeps of a foreign answer', () => {
    const outcome = decodeRegistrationReply(reply(200, 'x\u0000y', `<html>\n${'a'.repeat(100_000)}`))
    expect(outcome).toMatchObject({ kind: 'unknown', why: 'html' })
    const detail = outcome.kind === 'unknown' ? outcome.detail : ''
    expect(detail.length).toBeLessThanOrEqual(200)
    expect(detail).not.toMatch(/[\u0000-\u001f]/)
  })

  it('is a success only for exactly eight digits, a code only for a short negative number', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^[-+0-9 \r\n]{0,12}$/), fc.stringMatching(/^\d{8}$/)),
        fc.constantFrom(200, 201, 204, 301, 400, 401, 404, 500, 502),
        fc.oneof(fc.constantFrom('', 'OK', '164', 'cash-lq-sale'), fc.string()),
        (body, status, reason) => {
          const outcome = decodeRegistrationReply(reply(status, reason, body))
          if (outcome.kind === 'key') {
            expect([status, body.trim()]).toEqual([200, outcome.key])
            expect(outcome.key).toMatch(/^\d{8}$/)
          }
          if (outcome.kind === 'code') expect([status, Number(body.replaceAll(' ', ''))]).toEqual([400, outcome.code])
          if (outcome.kind === 'zero') expect([status, body.trim()]).toEqual([200, '0'])
        },
      ),
      { numRuns: 2000 },
    )
  })
})

describe('the reply to a command', () => {
  it.each<[string, ReturnType<typeof reply>, Outcome]>([
    ['X report', reply(200, 'x-report-started', '0'), { kind: 'zero', reason: 'x-report-started' }],
    ['Z report', reply(200, 'z-report-started', '0'), { kind: 'zero', reason: 'z-report-started' }],
    ['bank start', reply(200, 'bank-is-opened', '0'), { kind: 'zero', reason: 'bank-is-opened' }],
    ['a key after all', reply(200, 'z-report-started', '12345678'), { kind: 'key', key: '12345678', number: null }],
    ['busy', reply(400, 'bank-is-busy', '-2'), { kind: 'code', code: -2, reason: 'bank-is-busy' }],
  ])('%s', (_, answer, outcome) => {
    expect(decodeCommandReply(answer)).toEqual(outcome)
  })
})
