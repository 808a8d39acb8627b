/** Seeded catalogues and queries, for the tests and the bench of the search and for demonstrations of size. */
import type { CatalogItem } from '../catalog.ts'
import { tiyn } from '../money.ts'
import { swapLayout } from '../search-fold.ts'
import { pick, randomInteger } from './random-cart.ts'
import type { Random } from './random-cart.ts'

const RUSSIAN = ['молоко', 'сметана', 'ёлочка', 'хлеб', 'сыр', 'чай', 'чёрный', 'зелёный', 'вода', 'шоколад'] as const
const KAZAKH = ['қымыз', 'айран', 'ірімшік', 'бауырсақ', 'жұмыртқа', 'өрік', 'шұбат', 'көкөніс', 'һәм', 'сүт'] as const
const LATIN = ['Coca-Cola', 'Nescafé', 'Gold', 'Lipton', 'Mini', 'Extra', 'Light', 'iPhone', 'Milka', 'XL'] as const
const UNITS = ['1 л', '0,5 л', '250 г', '1,5%', '3.2%', 'кг', '№5', '«Люкс»', '(уп.)', '10шт'] as const
const SYLLABLES = [
  'ка',
  'ро',
  'ми',
  'ла',
  'ту',
  'сен',
  'ге',
  'бы',
  'қа',
  'ше',
  'фор',
  'жал',
  'ні',
  'пэ',
  'док',
] as const

function randomWord(random: Random): string {
  const dice = random()
  if (dice < 0.25) return pick(random, RUSSIAN)
  if (dice < 0.45) return pick(random, KAZAKH)
  if (dice < 0.6) return pick(random, LATIN)
  if (dice < 0.7) return pick(random, UNITS)
  let word = ''
  for (let count = randomInteger(random, 2, 4); count > 0; count--) word += pick(random, SYLLABLES)
  return word
}

function randomName(random: Random): string {
  const words: string[] = []
  for (let count = randomInteger(random, 2, 5); count > 0; count--) words.push(randomWord(random))
  const name = words.join(' ')
  return random() < 0.2 ? name.toUpperCase() : name.charAt(0).toUpperCase() + name.slice(1)
}

function randomBarcodes(random: Random): string[] {
  const digits = (count: number): string => {
    let text = ''
    while (text.length < count) text += String(randomInteger(random, 0, 9))
    return text
  }
  const dice = random()
  if (dice < 0.15) return []
  if (dice < 0.8) return [`487${digits(10)}`]
  if (dice < 0.9) return [digits(8), `460${digits(10)}`]
  return [`ABC-${digits(4)}`]
}

/** A catalogue of `size` items with Russian, Kazakh and Latin names, codes and barcodes. */
export function randomCatalog(random: Random, size: number): CatalogItem[] {
  return Array.from({ length: size }, (_, index) => ({
    id: `own:${index}`,
    source: 'own' as const,
    code: random() < 0.95 ? String(index + 1) : `A${index}`,
    barcodes: randomBarcodes(random),
    name: randomName(random),
    price: tiyn(randomInteger(random, 1, 1000) * 500),
    taxId: null,
    categoryId: null,
    weighed: false,
    ntin: null,
    gtin: null,
    markCode: null,
  }))
}

const PLAIN_LETTERS: Readonly<Record<string, string>> = {
  ә: 'а',
  і: 'и',
  ң: 'н',
  ғ: 'г',
  ү: 'у',
  ұ: 'у',
  қ: 'к',
  ө: 'о',
}

function part(random: Random, text: string, fromStart: boolean): string {
  const start = fromStart ? 0 : randomInteger(random, 0, Math.max(0, text.length - 2))
  return text.slice(start, start + randomInteger(random, 1, text.length - start))
}

/** A query as people type it (empty without items): the beginning of a word, several words, a code, a scanned barcode, a slip. */
export function randomQuery(random: Random, items: readonly CatalogItem[]): string {
  const item = items[randomInteger(random, 0, items.length - 1)]
  if (item === undefined) return ''
  const words = item.name.split(' ')
  const word = words[randomInteger(random, 0, words.length - 1)] ?? item.name
  const dice = random()
  if (dice < 0.3) return part(random, word, true)
  if (dice < 0.45) return words.map((each) => part(random, each, true)).join(' ')
  if (dice < 0.55) return part(random, word, false).toUpperCase()
  if (dice < 0.65) return [...item.name.toLowerCase()].map((char) => PLAIN_LETTERS[char] ?? char).join('')
  if (dice < 0.75) return item.code
  if (dice < 0.85) return item.barcodes[0] ?? item.code
  if (dice < 0.9) return part(random, item.barcodes[0] ?? item.code, random() < 0.5)
  if (dice < 0.95) return swapLayout(word) ?? word
  return pick(random, ['щю', 'нетакого', 'zzzz', '0000000000000', '  ', 'молоко zzz', '"', '5 5', 'q'])
}
