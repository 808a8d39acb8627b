import { describe, expect, it } from 'vitest'
import { weightCode } from '../../domain/barcode.ts'
import type { CatalogItem } from '../../domain/catalog.ts'
import { thousandths, tiyn } from '../../domain/money.ts'
import { resolveScan } from './scan.ts'

const RULES = { weightPrefixes: ['20'], pricePrefixes: ['25'] }

function item(code: string, barcodes: readonly string[] = []): CatalogItem {
  return {
    id: `own:${code}`,
    source: 'own',
    code,
    barcodes,
    name: code,
    price: tiyn(100_00),
    taxId: null,
    categoryId: null,
    weighed: false,
    ntin: null,
    gtin: null,
    markCode: null,
  }
}

const CHEESE = item('777')
const WATER = item('101', ['4870001234561', 'TEST'])

function find(code: string): CatalogItem | null {
  return [CHEESE, WATER].find((known) => known.code === code || known.barcodes.includes(code)) ?? null
}

describe('a scanned code', () => {
  it('finds the item by its barcode', () => {
    expect(resolveScan('4870001234561', find, RULES)).toEqual({ kind: 'item', item: WATER })
  })

  it('holds the weight where the scales wrote it', () => {
    const label = weightCode('20', '777', thousandths(1250)) ?? ''
    expect(resolveScan(label, find, RULES)).toEqual({ kind: 'weighed', item: CHEESE, quantity: 1250 })
  })

  it('holds the sum of the line where the scales wrote that', () => {
    const label = weightCode('25', '777', thousandths(890)) ?? ''
    expect(resolveScan(label, find, RULES)).toEqual({ kind: 'priced', item: CHEESE, sum: 890_00 })
  })

  it('is read as it was printed when the keyboard layout was Russian', () => {
    expect(resolveScan('ЕУЫЕ', find, RULES)).toEqual({ kind: 'item', item: WATER })
  })

  it('is unknown when neither the catalogue nor the scales know it', () => {
    expect(resolveScan('4870009999990', find, RULES)).toEqual({ kind: 'unknown', code: '4870009999990' })
    expect(resolveScan(weightCode('20', '888', thousandths(500)) ?? '', find, RULES).kind).toBe('unknown')
  })
})
