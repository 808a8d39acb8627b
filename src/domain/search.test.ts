import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CatalogItem } from './catalog.ts'
import { foldText, swapLayout } from './search-fold.ts'
import { buildSearchIndex, createSearchIndex, plainScan } from './search.ts'
import { randomInteger, randomItem, seededRandom } from './testing/random-cart.ts'
import { randomCatalog, randomQuery } from './testing/random-catalog.ts'

const base = randomItem(seededRandom(1), 1)
const item = (name: string, code = '', ...barcodes: string[]): CatalogItem => ({
  ...base,
  id: name,
  name,
  code,
  barcodes,
})
const names = (items: readonly CatalogItem[]): string[] => items.map((each) => each.name)

describe('folding', () => {
  it.each([
    ['Ёлочка', 'елочка'],
    ['ҚЫМЫЗ', 'кымыз'],
    ['Әже ірімшігі', 'аже иримшиги'],
    ['Жұмыртқа өрік үй һәм ғаң', 'жумыртка орик уй хам ган'],
    ['  Coca\u00a0 Cola ', 'coca cola'],
    ['Nescafé', 'nescafe'],
    ['Nescafe\u0301', 'nescafe'],
    ['и\u0306огурт', 'йогурт'],
    ['Сыр «Маасдам» 1,5%', 'сыр "маасдам" 1.5%'],
    ['Вода 0,5л №5', 'вода 0.5 л №5'],
    ['А4 А-4', 'а 4 а-4'],
    ['', ''],
    [' \n ', ''],
  ])('makes %j into %j', (text, expected) => {
    expect(foldText(text)).toBe(expected)
  })
  it('changes nothing that is folded already', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        expect(foldText(foldText(text))).toBe(foldText(text))
      }),
      { numRuns: 3000 },
    )
  })
  it('finds the Russian word behind Latin keys and back', () => {
    expect(swapLayout('rjat')).toBe('кофе')
    expect(swapLayout('сщсф сщдф')).toBe('coca cola')
    expect(swapLayout('4870')).toBeNull()
  })
})

describe('what people type', () => {
  const items = [
    item('Вода 1 л'),
    item('Чай 100 г'),
    item('Шоколад Қазақстан'),
    item('Конфеты Казахстан'),
    item('Балқаш балығы'),
    // A Latin C and a Latin e, a Cyrillic С and о.
    item('Cыр твeрдый'),
    item('\u0421\u043ela Zero'),
    item('\u0421\u041e\u0421\u0410'),
    item('Coca'),
    item('Сок 1,5л'),
    item('Халва'),
    item('Калина'),
    item('Сахар', '17', '012345678905', '4870204391275'),
  ]
  const index = createSearchIndex(items)
  it.each([
    ['1л', ['Вода 1 л']],
    ['вода 1л', ['Вода 1 л']],
    ['100г', ['Чай 100 г']],
    ['1.5 л', ['Сок 1,5л']],
    ['казахстан', ['Конфеты Казахстан', 'Шоколад Қазақстан']],
    ['Қазақстан', ['Шоколад Қазақстан', 'Конфеты Казахстан']],
    ['казакстан', ['Шоколад Қазақстан']],
    ['балхаш', ['Балқаш балығы']],
    ['халва', ['Халва']],
    ['сыр', ['Cыр твeрдый']],
    ['cыр', ['Cыр твeрдый']],
    ['твердый', ['Cыр твeрдый']],
    ['cola zero', ['\u0421\u043ela Zero']],
    ['coca', ['Coca', '\u0421\u041e\u0421\u0410']],
    ['соса', ['\u0421\u041e\u0421\u0410', 'Coca']],
    ['0012345678905', ['Сахар']],
    ['00012345678905', ['Сахар']],
    ['04870204391275', ['Сахар']],
  ])('%j finds %j', (query, expected) => {
    expect(names(index.search(query))).toEqual(expected)
    expect(names(plainScan(items, query).items)).toEqual(expected)
  })
})

describe('the order of hits', () => {
  const items = [
    item('Набор 888 шт', '1'),
    item('Чай чёрный', '2'),
    item('Вода', '8881'),
    item('Кофе', '888'),
    item('Сок', '3', '888'),
    item('Лимонад чайный', '4'),
    item('Молочай', '5'),
  ]
  const index = createSearchIndex(items)
  it('is exact code or barcode, then beginnings, then word beginnings, then the rest', () => {
    expect(names(index.search('888'))).toEqual(['Кофе', 'Сок', 'Вода', 'Набор 888 шт'])
    expect(names(index.search('чай'))).toEqual(['Чай чёрный', 'Лимонад чайный', 'Молочай'])
  })
  it('needs every word, in any order and any spelling', () => {
    expect(names(index.search('черный ЧАЙ'))).toEqual(['Чай чёрный'])
    expect(index.search('чай вода')).toEqual([])
  })
  it('tries the other keyboard layout when nothing else fits, and says so', () => {
    expect(index.find('rjat')).toMatchObject({ items: [{ name: 'Кофе' }], swapped: 'кофе' })
    expect(index.find('кофе').swapped).toBeNull()
    expect(index.find('нетакого')).toEqual({ items: [], more: false, swapped: null })
  })
  it('says when there are more hits than asked for', () => {
    expect(index.find('чай', 2)).toMatchObject({ more: true, items: { length: 2 } })
    expect(index.find('чай', 3)).toMatchObject({ more: false, items: { length: 3 } })
  })
  it('is the catalogue for an empty query', () => {
    expect(index.search('  ')).toEqual(items)
    expect(createSearchIndex([]).search('x')).toEqual([])
  })
})

describe('the index', () => {
  const compare = (items: readonly CatalogItem[], query: string, limit: number): void => {
    const found = createSearchIndex(items).find(query, limit)
    expect(found).toEqual(plainScan(items, query, limit))
  }
  it('finds exactly what a plain scan finds, whatever letters are in names and queries', () => {
    const letters = fc.constantFrom(...'аәбиіікқёе5 8.-«"xcaqхzйщю中ش\ud83d\u0301')
    const word = fc.string({ unit: letters, maxLength: 8 })
    const anyItem = fc.record({ name: word, code: word, barcode: word })
    fc.assert(
      fc.property(fc.array(anyItem, { maxLength: 30 }), word, fc.integer({ min: 1, max: 40 }), (rows, query, limit) => {
        const items = rows.map((row) => item(row.name, row.code, row.barcode))
        compare(items, query, limit)
        for (const row of rows.slice(0, 3)) compare(items, row.name.slice(1), limit)
      }),
      { numRuns: 600 },
    )
  })
  it('finds exactly what a plain scan finds in catalogues like those of shops', () => {
    for (let seed = 0; seed < 3; seed++) {
      const random = seededRandom(seed)
      const items = randomCatalog(random, 3000)
      const index = createSearchIndex(items)
      for (let count = 0; count < 80; count++) {
        const query = randomQuery(random, items)
        const limit = randomInteger(random, 1, 4) === 1 ? 5000 : 50
        expect(index.find(query, limit), query).toEqual(plainScan(items, query, limit))
      }
    }
  }, 60_000)
  it('is the same when it is built in steps', () => {
    const items = randomCatalog(seededRandom(7), 2500)
    const steps: number[] = []
    const building = buildSearchIndex(items, 500)
    let step = building.next()
    for (; !step.done; step = building.next()) steps.push(step.value)
    expect(steps).toHaveLength(15)
    expect([...steps].sort((a, b) => a - b)).toEqual(steps)
    expect(steps.every((share) => share > 0 && share <= 1)).toBe(true)
    expect(step.value.find('айран')).toEqual(createSearchIndex(items).find('айран'))
    expect(step.value.size).toBe(2500)
  })
})
