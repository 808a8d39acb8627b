/**
 * Units of measure as price lists name them: words and short forms in Russian, Kazakh and English, and the codes of the
 * units classifier (OKEI in Russia, MKEI in Kazakhstan), which accounting programs export.
 */

export interface Unit {
  /** Asked with decimals at the sale: kilograms, litres, metres. */
  readonly weighed: boolean
  /** As it is shown, null for pieces and kilograms, which the terminal names in the cashier's language. */
  readonly text: string | null
  /** Whether the unit is one of those below; another one is shown as it stands and sold by the piece. */
  readonly known: boolean
}

/** Shown name, whether it is measured, and everything that means it. */
const UNITS: readonly (readonly [text: string | null, weighed: boolean, names: string])[] = [
  [null, true, 'кг килограмм килограммы келі kg kilo kilogram kilograms 166 вес весовой салмақ'],
  ['г', true, 'г гр грамм граммы g gr gram grams 163'],
  ['мг', true, 'мг миллиграмм mg 161'],
  ['т', true, 'т тн тонна тонны t ton tonne 168'],
  ['ц', true, 'ц центнер 206'],
  ['л', true, 'л литр литры l lt ltr liter litre liters litres 112'],
  ['мл', true, 'мл миллилитр ml 111'],
  ['м', true, 'м метр метры m meter metre 006'],
  ['пог. м', true, 'пм мп погм погонныйметр погметр қумаметр 018'],
  ['см', true, 'см сантиметр cm 004'],
  ['мм', true, 'мм миллиметр mm 003'],
  ['км', true, 'км километр km 008'],
  ['м²', true, 'м2 м² квм мкв кв.м. m2 m² sqm квадратныйметр шаршыметр 055'],
  ['м³', true, 'м3 м³ кубм мкуб m3 m³ кубическийметр текшеметр 113'],
  ['кВт·ч', true, 'квтч квт·ч kwh 245'],
  ['ч', true, 'ч час часы сағ сағат h hour hours 356'],
  [null, false, 'шт штук штука штуки дана pc pcs pce piece pieces each ea ед единица unit units 796 642'],
  ['уп', false, 'уп упак упаковка упаковки орам қаптама pack package pk 778 5111'],
  ['набор', false, 'набор наб жинақ set 704'],
  ['компл', false, 'компл комплект комплекты жиынтық kit 839'],
  ['ящ', false, 'ящ ящик ящики жәшік case crate 812'],
  ['кор', false, 'кор короб коробка коробки қорап box 8751'],
  ['бут', false, 'бут бутылка бутылки бөтелке шыны bottle btl 868'],
  ['банка', false, 'бан банка банки банкі can jar'],
  ['пач', false, 'пач пачка пачки бума 728'],
  ['пакет', false, 'пак пакет пакеты пакетик пакетики bag sachet'],
  ['мешок', false, 'меш мешок мешки қап sack'],
  ['рул', false, 'рул рулон рулоны орама roll 736'],
  ['лист', false, 'лист листы парақ sheet 625'],
  ['пара', false, 'пар пара пары жұп pair 715'],
  ['блок', false, 'бл блок блоки блогы block'],
  ['флакон', false, 'фл флак флакон құты vial 872'],
  ['порц', false, 'порц порция порции порциялық portion serving'],
  ['усл', false, 'усл услуга услуги қызмет service 876'],
  ['дес', false, 'дес десяток ондық ten 833'],
  ['дюж', false, 'дюж дюжина dozen dz 641'],
  ['тыс. шт', false, 'тысшт 798'],
  ['сут', false, 'сут сутки день тәулік күн day 359'],
  ['мес', false, 'мес месяц ай month 362'],
]

/** A name without what it is written with or without: case, dots, spaces; a code without zeros in front. */
function bareName(text: string): string {
  return text
    .toLowerCase()
    .replace(/[\s._-]/g, '')
    .replace(/^0+(?=\d)/, '')
}

const KNOWN = new Map<string, Unit>(
  UNITS.flatMap(([text, weighed, names]) =>
    names.split(' ').map((name) => [bareName(name), { text, weighed, known: true }] as const),
  ),
)

/** Answers of a column that says whether goods are weighed. */
const YES = new Set('1 да yes true иә + x х v есть бар'.split(' '))
const NO = new Set(['', ...'0 нет no false жоқ - – —'.split(' ')])

const PIECES: Unit = { weighed: false, text: null, known: true }
const LONGEST_UNIT = 20

/** A cell with a unit of measure, or with a yes or no to "is it weighed". */
export function readUnit(cell: string): Unit {
  const text = cell.trim().replace(/\s+/g, ' ')
  const bare = text.toLowerCase()
  if (NO.has(bare)) return PIECES
  if (YES.has(bare)) return { weighed: true, text: null, known: true }
  return KNOWN.get(bareName(text)) ?? { weighed: false, text: text.slice(0, LONGEST_UNIT), known: false }
}
