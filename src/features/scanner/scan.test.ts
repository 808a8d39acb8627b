import { describe, expect, it } from 'vitest'
import { weightCode } from '../../domain/barcode.ts'
import type { CatalogItem } from '../../domain/catalog.ts'
import { codeKey } from '../../domain/goods-code.ts'
import { thousandths, tiyn, type Tiyn } from '../../domain/money.ts'
import { resolveScan } from './scan.ts'

const RULES = { weightPrefixes: ['20'], pricePrefixes: ['25'] }

function item(code: string, price: Tiyn | null, barcodes: readonly string[] = []): CatalogItem {
  return {
    id: `own:${code}`,
    source: 'own',
    code,
    barcodes,
    name: code,
    price,
    taxId: null,
    categoryId: null,
    weighed: false,
    ntin: null,
    gtin: null,
    markCode: null,
  }
}

const CHEESE = { ...item('777', tiyn(4390_00)), weighed: true }
const EGGS = item('54321', tiyn(120_00))
const PARCEL = item('9', null)
const WATER = item('101', tiyn(100_00), ['4870001234561', 'TEST'])
const JUICE = item('102', tiyn(100_00), ['4870204391275'])

function find(code: string): CatalogItem | null {
  const items = [CHEESE, EGGS, PARCEL, WATER, JUICE]
  return (
    items.find((known) => known.code === code || known.barcodes.some((one) => codeKey(one) === codeKey(code))) ?? null
  )
}

describe('a scanned code', () => {
  it('finds the item by its barcode', () => {
    expect(resolveScan('4870001234561', find, RULES)).toEqual({ kind: 'item', item: WATER })
  })

  it('holds the weight where the scales wrote it', () => {
    const label = weightCode('20', '777', thousandths(1250)) ?? ''
    expect(resolveScan(label, find, RULES)).toEqual({ kind: 'label', item: CHEESE, quantity: 1250 })
  })

  it('holds pieces of what is sold by the piece', () => {
    const label = weightCode('20', '54321', thousandths(3)) ?? ''
    expect(resolveScan(label, find, RULES)).toEqual({ kind: 'label', item: EGGS, quantity: 3000 })
  })

  it('is asked about where so many pieces are probably grams', () => {
    const label = weightCode('20', '54321', thousandths(355)) ?? ''
    expect(resolveScan(label, find, RULES)).toEqual({ kind: 'doubtful', item: EGGS, held: 355 })
  })

  it('holds the sum of the line where the scales wrote that, and the kilograms that it makes', () => {
    const label = weightCode('25', '777', thousandths(1234)) ?? ''
    expect(resolveScan(label, find, RULES)).toEqual({
      kind: 'label',
      item: CHEESE,
      quantity: 281,
      // 0.281 kg at the catalogue's 4 390 ₸ would be 1 233.59 ₸.
      price: 4391_46,
    })
  })

  it('holds the sum of pieces where it is one, and one piece for the whole sum where it is none', () => {
    const label = (sum: number) => weightCode('25', '54321', thousandths(sum)) ?? ''
    expect(resolveScan(label(360), find, RULES)).toMatchObject({ quantity: 3000, price: 120_00 })
    expect(resolveScan(label(350), find, RULES)).toMatchObject({ quantity: 1000, price: 350_00 })
    const asked = weightCode('25', '9', thousandths(350)) ?? ''
    expect(resolveScan(asked, find, RULES)).toMatchObject({ item: PARCEL, quantity: 1000, price: 350_00 })
  })

  it.each([
    '01048702043912752156ABC',
    ']d201048702043912752156ABC\x1d93QQ',
    '\x1d01048702043912752156ABC\x1d93QQ',
    // Typed with the Russian layout on, and the Kazakh one with its letters on the digit keys.
    'ъв201048702043912752156ФИС',
    'ъвәқ"қңү.қәқңіұ"ә.ғә"ғ,ФИС',
  ])('of GS1 finds the item by the number inside: %j', (code) => {
    expect(resolveScan(code, find, RULES)).toEqual({ kind: 'item', item: JUICE })
  })

  it('is read as it was printed when the keyboard layout was Russian', () => {
    expect(resolveScan('ЕУЫЕ', find, RULES)).toEqual({ kind: 'item', item: WATER })
  })

  it('is unknown when neither the catalogue nor the scales know it', () => {
    expect(resolveScan('4870009999990', find, RULES)).toEqual({ kind: 'unknown', code: '4870009999990' })
    expect(resolveScan(weightCode('20', '888', thousandths(500)) ?? '', find, RULES).kind).toBe('unknown')
    expect(resolveScan('010460000000000821XYZ', find, RULES)).toEqual({ kind: 'unknown', code: '04600000000008' })
  })
})
