import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CatalogItem } from './catalog.ts'
import { foldText, swapLayout } from './search-fold.ts'
import { soundOf } from './search-sound.ts'
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
    ['казакстан', ['Шоколад Қазақстан', 'Конфеты Казахстан']],
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

describe('the sound of a word', () => {
  it.each([
    ['кофе', 'kofe Кофе coffee'],
    ['курт', 'kurt Құрт qurt'],
    ['шубат', 'шубат shubat Шұбат'],
    ['баурсак', 'баурсак бауырсақ baursak bauyrsaq bawyrsaq'],
    ['иаблоко', 'яблоко yabloko iabloko'],
    ['кимиз', 'қымыз qymyz kymyz'],
    ['кока-кола', 'Coca-Cola кока-кола'],
    ['сникерс', 'Snickers сникерс'],
    ['твикс', 'Twix твикс'],
    ['халва', 'halva xalva khalva Халва'],
    ['егурт', 'йогурт yogurt'],
    ['жумиртка', 'жұмыртқа zhumyrtqa jumyrtqa'],
    ['печене', 'печенье печение pechenye'],
    ['сир', 'сыр syr сиыр'],
    ['маса', 'масса massa'],
    ['шербет', 'щербет sherbet'],
    ['нескафе', 'Nescafé нескафе'],
    ['жем', 'джем dzhem jem'],
    ['иаица', 'яйца yaitsa'],
  ])('is %s for %s', (sound, words) => {
    expect(words.split(' ').map((word) => soundOf(foldText(word)))).toEqual(words.split(' ').map(() => sound))
  })
  it('holds no Latin letter, no doubled one, and nothing but letters is changed', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzаәбвгдеёжийқлмыя 0159.-'), maxLength: 40 }),
        (text) => {
          const folded = foldText(text)
          const sound = soundOf(folded)
          expect(sound).not.toMatch(/[a-z]|([а-я])\1/)
          expect(sound.replace(/[а-я]/g, '')).toBe(folded.replace(/[a-zа-я]/g, ''))
          expect(soundOf(sound)).toBe(sound)
        },
      ),
      { numRuns: 2000 },
    )
  })
})

describe('what sounds the same and what is misspelt', () => {
  const items = [
    item('Кофе молотый'),
    item('Құрт ақ'),
    item('Курт солёный'),
    item('Шұбат 1 л'),
    item('Shubat Premium'),
    item('Бауырсақ', '71'),
    item('Яблоко Апорт', '72'),
    item('Вода 500 мл'),
    item('Вода 0,5л'),
    item('Coca-Cola 1 л'),
    item('Кока-кола 0,5 л'),
    item('Кефир 1 л'),
    item('Держатель'),
    item('Сок берёзовый'),
    item('Цоколь'),
  ]
  const index = createSearchIndex(items)
  it.each([
    ['kofe', ['Кофе молотый']],
    ['KOFE', ['Кофе молотый']],
    ['kurt', ['Құрт ақ', 'Курт солёный']],
    ['qurt', ['Құрт ақ', 'Курт солёный']],
    ['курт', ['Құрт ақ', 'Курт солёный']],
    // Written alike before what only sounds alike, in both alphabets.
    ['шубат', ['Шұбат 1 л', 'Shubat Premium']],
    ['shubat', ['Shubat Premium', 'Шұбат 1 л']],
    ['shubat 1l', ['Шұбат 1 л']],
    ['баурсак', ['Бауырсақ']],
    ['бауырсак', ['Бауырсақ']],
    ['baursak', ['Бауырсақ']],
    ['бауырсқ', ['Бауырсақ']],
    ['яблако', ['Яблоко Апорт']],
    ['яблоок', ['Яблоко Апорт']],
    ['яюлоко', ['Яблоко Апорт']],
    ['ялоко', ['Яблоко Апорт']],
    ['абблоко', ['Яблоко Апорт']],
    ['яблако апо', ['Яблоко Апорт']],
    ['yablako', ['Яблоко Апорт']],
    ['jabloko', ['Яблоко Апорт']],
    ['кефер', ['Кефир 1 л']],
    ['кокакола', ['Кока-кола 0,5 л', 'Coca-Cola 1 л']],
    ['кока', ['Кока-кола 0,5 л', 'Coca-Cola 1 л']],
    ['coca', ['Coca-Cola 1 л', 'Кока-кола 0,5 л']],
    ['500мл', ['Вода 500 мл']],
    ['500ml', ['Вода 500 мл']],
    ['вода 500мл', ['Вода 500 мл']],
    ['0.5 л', ['Вода 0,5л', 'Кока-кола 0,5 л']],
    ['1л', ['Шұбат 1 л', 'Coca-Cola 1 л', 'Кефир 1 л']],
    // Keys of the other layout go before what sounds alike in the middle of a word.
    ['rjat', ['Кофе молотый']],
    [',fehcfr', ['Бауырсақ']],
    ['сок', ['Сок берёзовый']],
    // Two errors, a code, a short word: nothing is guessed.
    ['яблуку', []],
    ['73', []],
    ['куфе', []],
    ['кефир 2л', []],
  ])('%j finds %j', (query, expected) => {
    expect(names(index.search(query))).toEqual(expected)
    expect(names(plainScan(items, query).items)).toEqual(expected)
  })
  it('thinks of a typing error only where less than three fit, and below what fits', () => {
    const many = ['Сахар 1', 'Сахар 2', 'Сахор', 'Сазар'].map((name) => item(name))
    expect(names(createSearchIndex(many).search('сахар'))).toEqual(['Сахар 1', 'Сахар 2', 'Сахор', 'Сазар'])
    expect(names(createSearchIndex([...many, item('Сахарница')]).search('сахар'))).toEqual([
      'Сахар 1',
      'Сахар 2',
      'Сахарница',
    ])
  })
  it('finds every long word with any one letter changed, left out, doubled by another or moved', () => {
    const words = ['бауырсақ', 'яблоко', 'сметана', 'жұмыртқа', 'shokolad', 'кефир'] as const
    const goods = createSearchIndex(words.map((word) => item(word)))
    fc.assert(
      fc.property(fc.constantFrom(...words), fc.nat(), fc.nat(19), fc.nat(3), (word, place, letter, kind) => {
        const at = place % word.length
        const other = (/[a-z]/.test(word) ? 'abdegkmnoprstuzlvfhi' : 'абвгдезклмнопрстуфхш').charAt(letter)
        const [before, after] = [word.slice(0, at), word.slice(at + 1)]
        const typed = [
          before + other + after,
          before + after,
          before + other + word.slice(at),
          before + after.charAt(0) + word.charAt(at) + after.slice(1),
        ][kind]
        fc.pre(typed !== undefined && typed.length >= 5)
        expect(names(goods.search(typed ?? ''))).toContain(word)
      }),
      { numRuns: 2000 },
    )
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
    expect(steps).toHaveLength(30)
    expect([...steps].sort((a, b) => a - b)).toEqual(steps)
    expect(steps.every((share) => share > 0 && share <= 1)).toBe(true)
    expect(step.value.find('айран')).toEqual(createSearchIndex(items).find('айран'))
    expect(step.value.size).toBe(2500)
  })
})
