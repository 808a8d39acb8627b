/**
 * Seeded random carts and payments for property tests, the contract test against the device model and the simulation.
 * They are made by the commands that a cashier uses, so that everything here could have been tapped.
 */
import { addFreeLine, addItem, changePrice, setLineDiscount, setReceiptDiscount } from '../cart-commands.ts'
import type { CartResult } from '../cart-commands.ts'
import { MAX_RECEIPT_ROWS, cartTotals, createCart, linePrice } from '../cart.ts'
import type { Cart, Discount } from '../cart.ts'
import type { CatalogItem } from '../catalog.ts'
import { MAX_AMOUNT, lineSum, thousandths, tiyn } from '../money.ts'
import type { Thousandths, Tiyn } from '../money.ts'
import { TENDERS } from '../receipt.ts'
import type { Payments, ReceiptKind, Tender } from '../receipt.ts'

/** A number in [0, 1). */
export type Random = () => number

/** A small deterministic generator (mulberry32): the same seed gives the same run anywhere. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Integer from `low` to `high`, both included. */
export function randomInteger(random: Random, low: number, high: number): number {
  return low + Math.floor(random() * (high - low + 1))
}

/** One of a list that isn't empty. */
export function pick<T>(random: Random, list: readonly [T, ...T[]]): T {
  return list[Math.floor(random() * list.length)] ?? list[0]
}

const NAMES = [
  'Кофе',
  'Қымыз 0,5 л',
  'Сыр «Маасдам», кг',
  'Tea & "Milk"',
  'Ірімшік',
  'Пакет',
  'Батон\nнарезной',
] as const

/** Prices from one tiyn to the device's limit, most of them like those of a shop. */
function randomPrice(random: Random): Tiyn {
  const dice = random()
  if (dice < 0.05) return tiyn(randomInteger(random, 1, 99))
  if (dice < 0.6) return tiyn(randomInteger(random, 1, 200) * 5000)
  if (dice < 0.97) return tiyn(randomInteger(random, 100, 2_000_000))
  return tiyn(randomInteger(random, 1_000_000_000, MAX_AMOUNT))
}

function randomQuantity(random: Random, weighed: boolean): Thousandths {
  if (weighed) return thousandths(randomInteger(random, 1, 12_000))
  return thousandths(1000 * (random() < 0.9 ? randomInteger(random, 1, 9) : randomInteger(random, 10, 3000)))
}

function randomDiscount(random: Random, sum: Tiyn): Discount {
  if (random() < 0.6) return { kind: 'percent', hundredths: pick(random, [500, 1000, 1234, 3333, 5000, 7, 10_000]) }
  return { kind: 'amount', amount: tiyn(randomInteger(random, 1, Math.max(1, sum))) }
}

/** An item of a shop; `index` makes its code. */
export function randomItem(random: Random, index: number): CatalogItem {
  return {
    id: `own:${index}`,
    source: 'own',
    code: String(1000 + index),
    barcodes: [],
    name: pick(random, NAMES),
    price: random() < 0.9 ? randomPrice(random) : null,
    taxId: null,
    categoryId: null,
    weighed: random() < 0.3,
    ntin: null,
    gtin: null,
    markCode: null,
  }
}

/** The cart after a command, or as it was when the command was refused: the cashier sees a sentence and goes on. */
function orAsBefore(cart: Cart, result: CartResult): Cart {
  return result.kind === 'done' ? result.cart : cart
}

function addRandomLine(random: Random, cart: Cart, index: number): Cart {
  if (random() < 0.15) {
    const free = { name: 'Своя цена', price: randomPrice(random), quantity: randomQuantity(random, false) }
    return orAsBefore(cart, addFreeLine(cart, free))
  }
  const item = randomItem(random, index)
  const price = item.price ?? randomPrice(random)
  const added = addItem(cart, item, { quantity: randomQuantity(random, item.weighed), price })
  if (added.kind !== 'done' || added.lineId === null) return cart
  const { lineId } = added
  let next = added.cart
  if (random() < 0.1) next = orAsBefore(next, changePrice(next, lineId, randomPrice(random)))
  const line = next.lines.at(-1)
  const sum = line ? lineSum(linePrice(line), line.quantity) : tiyn(1)
  if (random() < 0.3) next = orAsBefore(next, setLineDiscount(next, lineId, randomDiscount(random, sum)))
  return next
}

/** A cart of at most `maxRows` rows; it may still have problems (below 1 ₸, above the limit), as real ones do. */
export function randomCart(random: Random, options: { kind?: ReceiptKind; maxRows?: number } = {}): Cart {
  const maxRows = options.maxRows ?? MAX_RECEIPT_ROWS
  const wanted = random() < 0.9 ? randomInteger(random, 1, 8) : randomInteger(random, 9, maxRows)
  const kind = options.kind ?? 'sale'
  let cart = createCart({ id: `cart-${wanted}`, createdAt: 0, kind, withoutBasis: true })
  for (let index = 0; index < wanted; index++) {
    const next = addRandomLine(random, cart, index)
    // One row stays free for the discount of the whole receipt.
    if (2 * next.lines.length >= maxRows && cartTotals(next).rows >= maxRows) break
    cart = next
  }
  if (random() < 0.3) {
    cart = orAsBefore(cart, setReceiptDiscount(cart, randomDiscount(random, cartTotals(cart).total)))
  }
  return cart
}

/** The same in whole tenge, for a device that rounds; the total must be whole too. */
export function randomWholePayments(random: Random, kind: ReceiptKind, total: Tiyn): Payments {
  const inTenge = randomPayments(random, kind, tiyn(Math.trunc(total / 100)))
  const payments: Partial<Record<Tender, Tiyn>> = {}
  for (const tender of TENDERS) {
    const amount = inTenge[tender]
    if (amount !== undefined) payments[tender] = tiyn(Math.min(amount * 100, MAX_AMOUNT))
  }
  return payments
}

/** Payments that the device takes for this kind and total, in every shape that it knows. */
export function randomPayments(random: Random, kind: ReceiptKind, total: Tiyn): Payments {
  const dice = random()
  if (kind !== 'sale' || dice < 0.25) return { [pick(random, TENDERS)]: total }
  if (dice < 0.65) return { cash: tiyn(randomInteger(random, total, Math.min(MAX_AMOUNT, total + 2_000_000))) }
  const bank = randomInteger(random, 0, total - 1)
  const credit = random() < 0.3 ? randomInteger(random, 0, total - 1 - bank) : 0
  const tara = random() < 0.3 ? randomInteger(random, 0, total - 1 - bank - credit) : 0
  const rest = total - bank - credit - tara
  const cash = randomInteger(random, rest, Math.min(MAX_AMOUNT, rest + 500_000))
  return { cash: tiyn(cash), bank: tiyn(bank), tara: tiyn(tara), credit: tiyn(credit) }
}
