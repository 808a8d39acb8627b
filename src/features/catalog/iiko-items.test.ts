import { describe, expect, it } from 'vitest'
import type { IikoProduct } from '../../contract/iiko.ts'
import { catalogFromIiko } from './iiko-items.ts'

function product(id: string, rest: Partial<IikoProduct> = {}): IikoProduct {
  return {
    id,
    name: `Блюдо ${id}`,
    num: null,
    code: null,
    groupId: null,
    unitName: null,
    type: null,
    barcodes: [],
    price: 100_00,
    priceSource: 'order',
    onSale: true,
    weighed: false,
    ...rest,
  }
}

const read = (products: IikoProduct[], groups: { id: string; name: string; parentId: null }[] = []) =>
  catalogFromIiko({ products, groups, missing: [], unreadable: [] })

describe('goods of iiko', () => {
  it('become items with the quick code first, then the article, then the id', () => {
    const { items } = read([product('a', { code: '7', num: '00007' }), product('b', { num: '00008' }), product('c')])
    expect(items.map(({ id, code }) => [id, code])).toEqual([
      ['iiko:a', '7'],
      ['iiko:b', '00008'],
      ['iiko:c', 'c'],
    ])
  })

  it('keep their unit and have clean barcodes', () => {
    const { items } = read([
      product('a', { unitName: 'Портц' }),
      product('b', { unitName: 'кг', weighed: true, barcodes: ["'4870204391275", '4 870204 391275', '96385074'] }),
      product('c', { unitName: 'упаковка' }),
    ])
    expect(items.map(({ unit, weighed }) => [unit, weighed])).toEqual([
      ['Портц', false],
      [undefined, true],
      ['уп', false],
    ])
    expect(items[1]?.barcodes).toEqual(['4870204391275', '96385074'])
  })

  it('leave out what is not on sale and the groups that are then empty', () => {
    const { items, categories } = read(
      [product('a', { groupId: 'g1' }), product('b', { groupId: 'g2', onSale: false })],
      [
        { id: 'g1', name: 'Бар', parentId: null },
        { id: 'g2', name: 'Склад', parentId: null },
      ],
    )
    expect(items.map(({ categoryId }) => categoryId)).toEqual(['iiko:g1'])
    expect(categories).toEqual([{ id: 'iiko:g1', name: 'Бар' }])
  })

  it('ask for a price that is missing, nothing or beyond the device', () => {
    const { items } = read([
      product('a', { price: null }),
      product('b', { price: 0 }),
      product('c', { price: 2_000_000_001 }),
    ])
    expect(items.map(({ price }) => price)).toEqual([null, null, null])
  })

  it('keep what could not be read as rows that are shown', () => {
    const { broken } = catalogFromIiko({ products: [], groups: [], missing: [], unreadable: ['{"id":'] })
    expect(broken).toEqual([{ index: 0, raw: '{"id":', field: 'object' }])
  })
})
