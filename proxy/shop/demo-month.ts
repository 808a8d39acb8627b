/** The demo shop: four invented weeks of a small grocery with three tills, the same ones each time, up to this minute. */
import { Random } from '../../src/device-model/random.ts'
import type { Upload } from '../../src/contract/shop.ts'
import type { Tender } from '../../src/domain/receipt.ts'
import { changeOf, doneEntry, queuedEntry, uploadOf, type SampleLine, type SampleReceipt } from './sample-entries.ts'
import { dayOfNumber } from '../../src/contract/day.ts'
import { dayNumber } from './shop-time.ts'
import type { ShopStore } from './store.ts'

const SEED = 5
const DAYS = 28
const BATCH = 200
const HOUR_MS = 3_600_000
const TOKEN = 'demo'

const TILLS = [
  { till: 'demo-till-0001', letter: 'A', name: 'Касса 1', cashiers: ['Айгүл Сейтқали', 'Марат Жұмабек'], share: 5 },
  { till: 'demo-till-0002', letter: 'B', name: 'Касса 2', cashiers: ['Ольга Ким', 'Данияр Ахмет'], share: 3 },
  { till: 'demo-till-0003', letter: 'C', name: 'Кофе', cashiers: ['Асель Нұрлан'], share: 2 },
] as const

/** Name, price in tiyn, how often it is bought, and whether it is weighed. */
const GOODS: readonly (readonly [name: string, price: number, weight: number, weighed?: true])[] = [
  ['Нан «Бородинский»', 220_00, 12],
  ['Сүт 2,5% 1 л', 545_00, 11],
  ['Айран 0,5 л', 390_00, 8],
  ['Жұмыртқа С1, 10 шт', 690_00, 7],
  ['Алма «Апорт»', 890_00, 7, true],
  ['Картоп', 240_00, 8, true],
  ['Пияз', 190_00, 6, true],
  ['Банан', 790_00, 7, true],
  ['Қант 1 кг', 480_00, 4],
  ['Шай «Пиала» 100 пакетов', 1_290_00, 3],
  ['Күріш 800 г', 650_00, 4],
  ['Сыр «Голландский»', 3_450_00, 4, true],
  ['Шұжық «Докторская»', 2_890_00, 4, true],
  ['Су «Tassay» 1 л', 260_00, 9],
  ['Шоколад «Казахстан»', 620_00, 6],
  ['Печенье «Юбилейное»', 430_00, 5],
  ['Пакет', 30_00, 14],
  ['Капучино 0,3', 950_00, 0],
  ['Латте 0,4', 1_150_00, 0],
  ['Самса', 550_00, 0],
]
const COFFEE = GOODS.slice(-3)
const PAYMENTS: readonly (readonly [tender: Tender, way: string | null, weight: number])[] = [
  ['bank', 'Kaspi QR', 46],
  ['bank', 'Halyk QR', 8],
  ['bank', null, 14],
  ['cash', null, 30],
  ['credit', 'Рассрочка', 2],
]
/** Receipts of an ordinary day by the hour, from 8 to 21. */
const HOURS = [2, 4, 5, 5, 7, 8, 6, 5, 6, 8, 11, 10, 6, 3] as const
const OPENS_AT = 8
/** From Monday to Sunday, in hundredths of an ordinary day. */
const WEEKDAYS = [88, 86, 92, 97, 118, 131, 104] as const

function pickWeighed<T>(random: Random, list: readonly T[], weightOf: (item: T) => number): T {
  let left = random.below(list.reduce((sum, item) => sum + weightOf(item), 0))
  for (const item of list) {
    left -= weightOf(item)
    if (left < 0) return item
  }
  return random.pick(list)
}

function line(random: Random, coffee: boolean): SampleLine {
  const [name, price, , weighed] = coffee ? random.pick(COFFEE) : pickWeighed(random, GOODS, ([, , weight]) => weight)
  return {
    name,
    price,
    quantity: weighed === true ? random.between(20, 240) * 10 : random.chance(0.2) ? 2_000 : 1_000,
    ...(random.chance(0.04) && { discount: Math.floor(price / 20) }),
  }
}

/** When the receipts of a day were rung up, ms, in their order and not after `untilMs`. */
function timesOf(random: Random, startMs: number, weekday: number, untilMs: number): number[] {
  const times = HOURS.flatMap((receipts, index) => {
    const many = Math.round((receipts * (WEEKDAYS[weekday] ?? 100) * random.between(80, 120)) / 10_000)
    return Array.from({ length: many }, () => startMs + (OPENS_AT + index) * HOUR_MS + random.below(HOUR_MS))
  })
  return times.filter((ms) => ms < untilMs).sort((a, b) => a - b)
}

function receipt(random: Random, atMs: number, sequence: number, seller: (typeof TILLS)[number]): SampleReceipt {
  const coffee = seller.letter === 'C'
  const [tender, way] = pickWeighed(random, PAYMENTS, ([, , weight]) => weight)
  return {
    id: `demo-${seller.letter}-${sequence}`,
    sequence,
    letter: seller.letter,
    lines: Array.from({ length: random.between(1, coffee ? 2 : 6) }, () => line(random, coffee)),
    cashier: random.pick(seller.cashiers),
    tender,
    ...(way !== null && { way }),
    kind: random.chance(0.015) ? 'saleReturn' : 'sale',
    taxName: coffee ? 'Без НДС' : 'НДС 16%',
    atMs,
  }
}

/** Everything that the three tills would have uploaded until `nowMs`. The last receipt of the third one still waits. */
function uploadsOf(store: ShopStore, nowMs: number): Upload[] {
  const random = Random.seeded(SEED)
  const today = dayNumber(store.time.at(nowMs).day)
  const sold = TILLS.map((): SampleReceipt[] => [])
  for (let day = today - DAYS + 1; day <= today; day += 1) {
    // 1 January 1970 was a Thursday.
    for (const atMs of timesOf(random, store.time.startOf(dayOfNumber(day)), (day + 3) % 7, nowMs - 60_000)) {
      const seller = pickWeighed(random, TILLS, ({ share }) => share)
      const mine = sold[TILLS.indexOf(seller)]
      mine?.push(receipt(random, atMs, mine.length + 1, seller))
    }
  }
  return TILLS.flatMap(({ till, letter }, index) => {
    const mine = sold[index] ?? []
    const changes = mine.map((one, place) =>
      changeOf(place + 1, letter === 'C' && place === mine.length - 1 ? queuedEntry(one) : doneEntry(one)),
    )
    const batches = Array.from({ length: Math.ceil(changes.length / BATCH) }, (_, batch) =>
      changes.slice(batch * BATCH, (batch + 1) * BATCH),
    )
    return batches.map((batch) => uploadOf(batch, { till, letter, demo: true }))
  })
}

/** Fills a new store. Others get their turn in between. */
export async function fillDemoMonth(store: ShopStore, nowMs: number): Promise<void> {
  for (const upload of uploadsOf(store, nowMs)) {
    await store.upload(upload, TOKEN)
    await new Promise(setImmediate)
  }
  for (const { till, name } of TILLS) await store.name(till, name)
}
