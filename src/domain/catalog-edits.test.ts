import { describe, expect, it } from 'vitest'
import { NO_CHANGES, applyChanges, changedFields, type CatalogEdit, type ShopChanges } from './catalog-edits.ts'
import type { CatalogItem } from './catalog.ts'
import { tiyn } from './money.ts'

function item(id: string, code: string, price = 1000): CatalogItem {
  return {
    id,
    source: id.startsWith('csv') ? 'csv' : 'device',
    code,
    barcodes: [],
    name: `Тауар ${code}`,
    price: tiyn(price),
    taxId: null,
    categoryId: null,
    weighed: false,
    ntin: null,
    gtin: null,
    markCode: null,
  }
}

function edit(itemId: string, sourceCode: string, rest: Partial<CatalogEdit> = {}): CatalogEdit {
  return { itemId, sourceCode, fields: {}, hidden: false, at: 1, by: '', ...rest }
}

const changes = (...edits: CatalogEdit[]): ShopChanges => ({
  edits: new Map(edits.map((one) => [one.itemId, one])),
  own: [],
})

describe('own changes over a catalogue', () => {
  const source = [item('device:1', '101'), item('device:2', '102')]

  it('leave a catalogue without changes as it is, without a copy', () => {
    expect(applyChanges(source, NO_CHANGES).items).toBe(source)
  })

  it('change the fields that were edited and nothing else', () => {
    const { items, editOf } = applyChanges(source, changes(edit('device:2', '102', { fields: { price: tiyn(777) } })))
    expect(items).toEqual([source[0], { ...item('device:2', '102'), price: 777 }])
    expect([...editOf.keys()]).toEqual(['device:2'])
  })

  it('survive a load from another source, where the same code is the same thing', () => {
    const csv = [item('csv:101', '101', 5), item('csv:102', '102', 6)]
    const laid = applyChanges(csv, changes(edit('device:2', '102', { fields: { name: 'Өзіміздің' } })))
    expect(laid.items.map(({ name, price }) => [name, price])).toEqual([
      ['Тауар 101', 5],
      ['Өзіміздің', 6],
    ])
    expect(laid.editOf.get('csv:102')?.itemId).toBe('device:2')
  })

  it('find the item by its id although its code was changed by the edit itself or in the source', () => {
    const renumbered = [item('device:2', '999'), item('device:3', '102')]
    const { items } = applyChanges(renumbered, changes(edit('device:2', '102', { fields: { price: tiyn(1) } })))
    expect(items.map((one) => one.price)).toEqual([1, 1000])
  })

  it('touch only the first of two items with one code', () => {
    const twins = [item('csv:a', '102'), item('csv:b', '102')]
    const { items } = applyChanges(twins, changes(edit('device:2', '102', { fields: { price: tiyn(1) } })))
    expect(items.map((one) => one.price)).toEqual([1, 1000])
  })

  it('keep an edit whose item is gone, so that it comes back with the item', () => {
    const lost = edit('device:9', '909', { hidden: true })
    expect(applyChanges(source, changes(lost))).toMatchObject({ items: source, unused: [lost] })
    expect(applyChanges([...source, item('device:9', '909')], changes(lost)).hidden).toHaveLength(1)
  })

  it('hide items and put own ones first', () => {
    const own = { ...item('own:x', '1'), source: 'own' as const }
    const laid = applyChanges(source, {
      edits: new Map([['device:1', edit('device:1', '101', { hidden: true })]]),
      own: [own],
    })
    expect(laid.items.map(({ id }) => id)).toEqual(['own:x', 'device:2'])
    expect(laid.hidden.map(({ id }) => id)).toEqual(['device:1'])
  })

  it('are only what differs from the source', () => {
    const { id, source: from, ntin, gtin, markCode, ...fields } = item('device:1', '101')
    expect([id, from, ntin, gtin, markCode]).toHaveLength(5)
    const base = { ...item('device:1', '101'), barcodes: ['1', '2'] }
    expect(changedFields(base, { ...fields, barcodes: ['1', '2'] })).toEqual({})
    expect(changedFields(base, { ...fields, barcodes: ['1'], price: null })).toEqual({ barcodes: ['1'], price: null })
  })
})
