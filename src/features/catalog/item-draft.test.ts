import { describe, expect, it } from 'vitest'
import type { CatalogItem } from '../../domain/catalog.ts'
import { tiyn } from '../../domain/money.ts'
import { draftOf, emptyDraft, readDraft } from './item-draft.ts'

const TEA: CatalogItem = {
  id: 'device:1',
  source: 'device',
  code: '101',
  barcodes: ['4870001', '4870002'],
  name: 'Шай',
  price: tiyn(45_050),
  taxId: '1',
  categoryId: '2',
  weighed: false,
  ntin: null,
  gtin: null,
  markCode: null,
}
const find = (code: string) => (code === TEA.code || TEA.barcodes.includes(code) ? TEA : null)

describe('the form of an item', () => {
  it('gives back the fields that it was filled from', () => {
    const { name, code, price, barcodes, taxId, categoryId, weighed } = TEA
    expect(readDraft(draftOf(TEA, false), TEA.id, find)).toEqual({
      name,
      code,
      price,
      barcodes,
      taxId,
      categoryId,
      weighed,
    })
  })

  it('takes an empty price and a price of nothing as asked at the sale', () => {
    const draft = { ...emptyDraft(), name: 'A', code: '9' }
    expect(readDraft(draft, null, find)).toMatchObject({ price: null })
    expect(readDraft({ ...draft, price: '0' }, null, find)).toMatchObject({ price: null })
    expect(readDraft({ ...draft, price: '1 250,50' }, null, find)).toMatchObject({ price: 125_050 })
  })

  it('names everything that is wrong at once', () => {
    const draft = { ...emptyDraft(), price: 'abc', barcodes: '4870002' }
    expect(readDraft(draft, null, find)).toEqual([
      { kind: 'name' },
      { kind: 'price' },
      { kind: 'code' },
      { kind: 'barcodeTwice', code: '4870002', name: 'Шай' },
    ])
  })

  it('refuses a code that another item has and a price beyond the device', () => {
    const draft = { ...emptyDraft('101'), name: 'A', barcodes: '', price: '20000000,01' }
    expect(readDraft(draft, null, find)).toEqual([{ kind: 'priceLimit' }, { kind: 'codeTwice', name: 'Шай' }])
  })

  it('starts from a scanned barcode and reads several, one a line, each once', () => {
    expect(emptyDraft('777')).toMatchObject({ code: '777', barcodes: '777' })
    const draft = { ...emptyDraft('777'), name: 'A', barcodes: '777\n 888 \n777' }
    expect(readDraft(draft, null, find)).toMatchObject({ barcodes: ['777', '888'] })
  })
})
