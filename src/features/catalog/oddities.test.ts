import { describe, expect, it } from 'vitest'
import type { CatalogItem } from '../../domain/catalog.ts'
import { tiyn } from '../../domain/money.ts'
import { isWrongEan } from '../../domain/barcode-clean.ts'
import { findOddities } from './oddities.ts'

function item(id: string, rest: Partial<CatalogItem> = {}): CatalogItem {
  return {
    id,
    source: 'device',
    code: id,
    barcodes: [],
    name: id,
    price: tiyn(100),
    taxId: null,
    categoryId: null,
    weighed: false,
    ntin: null,
    gtin: null,
    markCode: null,
    ...rest,
  }
}

function remarks(items: readonly CatalogItem[]) {
  const work = findOddities(items)
  for (;;) {
    const step = work.next()
    if (step.done === true) return step.value
  }
}

describe('remarks about a catalogue', () => {
  it('are none for a catalogue in order', () => {
    expect(remarks([item('1'), item('2', { barcodes: ['4006381333931', 'ABC'], price: null })]).size).toBe(0)
  })

  it('name the later of two items with one code or barcode', () => {
    const items = [item('1', { barcodes: ['X1'] }), item('2', { code: '1' }), item('3', { barcodes: ['X1'] })]
    expect([...remarks(items)]).toEqual([
      ['2', ['codeTwice']],
      ['3', ['barcodeTwice']],
    ])
  })

  it('name a price that the device refuses and an EAN that no scanner reads', () => {
    const items = [item('1', { price: tiyn(2_000_000_001) }), item('2', { barcodes: ['4870000000000'] })]
    expect([...remarks(items).values()]).toEqual([['priceAboveLimit'], ['barcodeWrong']])
  })

  it('take only 8 and 13 digits for an EAN', () => {
    expect(['4870000000000', '12345678'].map(isWrongEan)).toEqual([true, true])
    expect(['4006381333931', '96385074', '123', 'ABC-1', ''].some(isWrongEan)).toBe(false)
  })
})
