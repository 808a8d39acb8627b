/** The goods of the demo shop: a coffee corner with groceries in Kazakhstan, and rows for harder tests. */
import type { DeviceGoods, DeviceItem, DeviceOptions } from './state.ts'

/** 12 digits (EAN-13) or 7 (EAN-8) with their check digit. */
export function withCheckDigit(digits: string): string {
  let sum = 0
  for (let index = 0; index < digits.length; index += 1) {
    const fromRight = digits.length - index
    sum += Number(digits[index]) * (fromRight % 2 === 1 ? 3 : 1)
  }
  return digits + String((10 - (sum % 10)) % 10)
}

const CATALOG: Record<string, string> = {
  '1': 'Кофе',
  '2': 'Чай и напитки',
  '3': 'Выпечка',
  '4': 'Сүт өнімдері',
  '5': 'Фрукты и овощи',
}

/** Folder, code, name, price in ₸, kind of barcode; `kg` is sold by weight. */
type Row = readonly [number, number, string, number, 'ean13' | 'ean8' | 'none' | 'kg']

const ROWS: readonly Row[] = [
  [1, 101, 'Эспрессо', 650, 'none'],
  [1, 102, 'Американо', 800, 'none'],
  [1, 103, 'Капучино 250 мл', 1_200, 'none'],
  [1, 104, 'Капучино 400 мл', 1_490, 'none'],
  [1, 105, 'Латте', 1_350, 'none'],
  [1, 106, 'Раф ванильный', 1_690, 'none'],
  [1, 107, 'Кофе молотый «Алматы» 250 г', 3_890, 'ean13'],
  [1, 108, 'Кофе в зёрнах 1 кг', 12_500, 'ean13'],
  [2, 201, 'Шай сүтпен', 450, 'none'],
  [2, 202, 'Чай зелёный, чайник', 900, 'none'],
  [2, 203, 'Чай «Пиала» гранулированный 250 г', 1_290, 'ean13'],
  [2, 204, 'Вода «Тассай» без газа 0,5 л', 250, 'ean13'],
  [2, 205, 'Су «Asem-Ai» газдалған 1 л', 320, 'ean13'],
  [2, 206, 'Сок яблочный 1 л', 890, 'ean13'],
  [2, 207, 'Лимонад облепиха', 990, 'none'],
  [2, 208, 'Морс брусничный 0,3 л', 550, 'none'],
  [3, 301, 'Бауырсақ, 6 дана', 600, 'none'],
  [3, 302, 'Самса с мясом', 750, 'none'],
  [3, 303, 'Самса с тыквой', 550, 'none'],
  [3, 304, 'Круассан масляный', 850, 'none'],
  [3, 305, 'Тоқаш', 220, 'none'],
  [3, 306, 'Нан таба', 280, 'ean8'],
  [3, 307, 'Шелпек', 120, 'none'],
  [3, 308, 'Медовик, порция', 1_450, 'none'],
  [3, 309, 'Жент 200 г', 980, 'ean13'],
  [4, 401, 'Айран 0,5 л', 420, 'ean13'],
  [4, 402, 'Қымыз 1 л', 1_890, 'ean13'],
  [4, 403, 'Шұбат 1 л', 2_150, 'ean13'],
  [4, 404, 'Сүт 2,5% 1 л', 560, 'ean13'],
  [4, 405, 'Құрт', 5_200, 'kg'],
  [4, 406, 'Ірімшік', 4_600, 'kg'],
  [4, 407, 'Сыр «Голландский»', 4_390, 'kg'],
  [4, 408, 'Мороженое пломбир 80 г', 390, 'ean8'],
  [5, 501, 'Яблоки «Апорт»', 890, 'kg'],
  [5, 502, 'Бананы', 790, 'kg'],
  [5, 503, 'Помидоры', 1_150, 'kg'],
  [5, 504, 'Огурцы', 980.5, 'kg'],
  [5, 505, 'Картоп', 240, 'kg'],
  [5, 506, 'Өрік кептірілген', 3_750, 'kg'],
  [5, 507, 'Зелень, пучок', 150, 'none'],
  [2, 209, 'Пакет-майка', 30, 'ean13'],
]

function barcodeOf(code: number, kind: Row[4]): string {
  if (kind === 'ean13') return withCheckDigit(`487${String(code).padStart(9, '0')}`)
  return kind === 'ean8' ? withCheckDigit(`487${String(code).padStart(4, '0')}`) : ''
}

function itemOf(uid: number, [catalogid, code1, name, price, kind]: Row): DeviceItem {
  return {
    uid,
    code1,
    code2: barcodeOf(code1, kind),
    name,
    price1: Math.round(price * 100),
    // One thing without VAT, so that both taxes appear.
    taxSlot: code1 === 209 ? 1 : 0,
    itemtype: 0,
    measure: kind === 'kg' ? 1 : 0,
    catalogid,
  }
}

function extraItem(index: number): DeviceItem {
  const [catalogid, , name, price, kind] = ROWS[index % ROWS.length] ?? [1, 0, 'Тауар', 100, 'none']
  const code = 10_000 + index
  return itemOf(code, [
    catalogid,
    code,
    `${name} № ${index + 1}`,
    price + (index % 97),
    kind === 'none' ? 'ean13' : kind,
  ])
}

/** Rows as a careless technician leaves them; the JSON is right, what it says isn't. */
const BROKEN: readonly Record<string, unknown>[] = [
  { uid: 9001, code1: 9001, code2: '', name: '', price1: 100, itemtax1: 1, itemtype: 0, measure: 0, catalogid: 1 },
  { uid: 9002, code1: 9002, code2: '', name: 'Бағасы жоқ', price1: 'abc', itemtax1: 1, catalogid: 1 },
  { uid: 9003, code1: 101, code2: '', name: 'Код занят', price1: 500, itemtax1: 1, catalogid: 1 },
  { uid: 9004, code1: 9004, code2: '4870000000000', name: 'Неверный штрихкод', price1: 500, catalogid: 1 },
  {
    uid: 9005,
    code1: 9005,
    code2: null,
    name: '<img src=x onerror="document.title=1">',
    price1: '77.50',
    catalogid: 1,
  },
  { uid: 9006, code1: 9006, code2: '', name: 'Нет такой папки и ставки', price1: 10, itemtax1: 999, catalogid: 999 },
  { uid: 9007, code1: 9007, code2: '', name: 'Отрицательная цена', price1: -5, catalogid: 2 },
  { uid: 9008, code1: 9008, code2: '', name: 'Слишком дорого', price1: 20_000_001, catalogid: 2 },
  { name: 'Только имя' },
]

let shop: DeviceGoods | null = null

function shopGoods(): DeviceGoods {
  shop ??= { items: ROWS.map((row, index) => itemOf(index + 11, row)), catalog: CATALOG }
  return shop
}

/** Folders of this device. */
export function catalogOf(options: DeviceOptions): Record<string, string> {
  return (options.goods ?? shopGoods()).catalog
}

/** Rows of `/dump/table/items`, with the tax ids that are valid now. */
export function itemRows(options: DeviceOptions, taxIds: readonly number[]): Record<string, unknown>[] {
  const items = [...(options.goods ?? shopGoods()).items]
  for (let index = 0; index < options.extraGoods; index += 1) items.push(extraItem(index))
  const rows: Record<string, unknown>[] = items.map(({ taxSlot, price1, ...item }) => ({
    ...item,
    price1: price1 / 100,
    itemtax1: taxIds[taxSlot] ?? taxIds[0] ?? 0,
  }))
  return options.brokenGoods ? [...rows, ...BROKEN] : rows
}
