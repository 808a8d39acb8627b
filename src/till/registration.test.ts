import { describe, expect, it } from 'vitest'
import { tiyn } from '../domain/money.ts'
import { itemRow, receipt } from '../ikkm/testing/receipts.ts'
import { registrationOf } from './registration.ts'

const GIVEN = {
  id: 'sale',
  deviceId: 'd',
  cashier: 'Aliya',
  createdAtMs: 1,
  bank: null,
  language: 'ru',
  barcode: false,
} as const

describe('a receipt for the queue', () => {
  it('has its bytes before the store gives it a mark', () => {
    const made = registrationOf(receipt({ footerText: 'Рақмет' }), GIVEN)
    if (made.kind !== 'entry') throw new Error('can be stored')
    const draft = made.entry.build({ sequence: 7, mark: 'A-0007' })
    expect(draft.request?.body).toContain('footer=A-0007%0A')
    expect(draft).toMatchObject({ id: 'sale', kind: 'registration', amount: 80_000, cashier: 'Aliya' })
    expect(draft).not.toHaveProperty('language')
  })

  it('has the barcode of its mark under it where the shop wants one, and the same bytes however often it is built', () => {
    const made = registrationOf(receipt({ footerText: 'Рақмет' }), { ...GIVEN, barcode: true })
    if (made.kind !== 'entry') throw new Error('can be stored')
    const place = { sequence: 7, mark: 'DF-0007' }
    const { request, ...draft } = made.entry.build(place)
    expect(new URLSearchParams(request?.body).get('footer')).toBe('DF-0007\n--barcode128-CHK00007DF--\nРақмет')
    expect(made.entry.build(place).request).toEqual(request)
    expect(draft).not.toHaveProperty('barcode')
    // A mark whose letters no barcode has stands alone.
    const { request: plain } = made.entry.build({ sequence: 7, mark: 'ҚЯ-0007' })
    expect(new URLSearchParams(plain?.body).get('footer')).toBe('ҚЯ-0007\nРақмет')
  })

  it.each([
    ['a barcode that is none in the footer', { footerText: '--barcodeEAN13-123--' }, 'badPrintText'],
    ['a barcode without an end in the text before the items', { printText: '--barcode128-A' }, 'badPrintText'],
    ['a line without a name', { rows: [itemRow(' ', 80_000)], change: tiyn(20_000) }, 'badRow'],
  ])('is refused with its reason for %s, and nothing was thrown', (_, parts, kind) => {
    expect(registrationOf(receipt(parts), GIVEN)).toMatchObject({ kind: 'receipt', problem: { kind } })
  })
})
