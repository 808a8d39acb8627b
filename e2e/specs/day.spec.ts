/**
 * A day at the till: 500 mixed operations through the page, drawn from a seed, with the network cut now and then and a
 * Z report at the end. The test keeps its own book: what each operation must have come to, by its own arithmetic. At the
 * end its book, the terminal's journal, the device's ledger and the drawer agree to the tiyn.
 *
 * DAY_SEED=7 DAY_OPERATIONS=2000 npx playwright test -c e2e/playwright.config.ts e2e/specs/day.spec.ts
 */
import { readFileSync } from 'node:fs'
import type { LedgerEntry } from '../../src/device-model/device.ts'
import { Random } from '../../src/device-model/random.ts'
import { thousandths, thousandthsToWire, tiyn, tiynToWire } from '../../src/domain/money.ts'
import type { ReceiptKind } from '../../src/domain/receipt.ts'
import type { IkkmEmulator } from '../emulators/ikkm.ts'
import { expect, test } from '../fixtures.ts'
import { addFree, chooseAction, documents, giveBackAll } from '../pages/selling.ts'
import type { Terminal } from '../pages/terminal.ts'

const SEED = Number(process.env['DAY_SEED'] ?? 20261122)
const OPERATIONS = Number(process.env['DAY_OPERATIONS'] ?? 500)
/** Page seconds in a second: the device is asked once in each of them. */
const SPEED = 8
const DRAWER_AT_START = 5_000_000
const CUTS = 8
/** Operations during which the device is away. */
const CUT_LENGTH = 4

test.use({
  pace: SPEED,
  deviceOptions: { seed: 21, options: { zNormalMs: 4_000, cashTiyn: DRAWER_AT_START } },
})

/** Tiles of the first folder, by code: price in tiyn. */
const PRICES: Readonly<Record<string, number>> = {
  '101': 65_000,
  '102': 80_000,
  '103': 120_000,
  '104': 149_000,
  '105': 135_000,
  '106': 169_000,
}
const CODES = Object.keys(PRICES)
/** Cheese, tiyn a kilogram. */
const CHEESE = { code: '407', price: 439_000 }

/** How many of 500 operations; a day that is longer or shorter keeps the mix. */
const MIX = {
  exact: 160,
  change: 80,
  externalCard: 60,
  mixed: 30,
  credit: 8,
  tare: 6,
  discount: 40,
  weight: 40,
  parked: 14,
  return: 22,
  blindReturn: 6,
  buy: 12,
  deposit: 10,
  withdrawal: 9,
  x: 3,
} as const
type OperationName = keyof typeof MIX

/** Sales need no answer of the device; these do, or move what it holds. */
const NEEDS_DEVICE: ReadonlySet<OperationName> = new Set([
  'return',
  'blindReturn',
  'buy',
  'deposit',
  'withdrawal',
  'x',
] as const)

type Tenders = readonly [cash: number, bank: number, tara: number, credit: number]
type BookKind = ReceiptKind | 'deposit' | 'withdrawal'

interface Booked {
  readonly kind: BookKind
  readonly total: number
  readonly paid: Tenders
  readonly change: number
}

function drawDay(random: Random): OperationName[] {
  const names = (Object.keys(MIX) as OperationName[]).flatMap((name) =>
    Array.from({ length: Math.max(1, Math.round((MIX[name] * OPERATIONS) / 500)) }, () => name),
  )
  while (names.length > OPERATIONS) names.splice(names.indexOf('exact'), 1)
  while (names.length < OPERATIONS) names.push('exact')
  for (let last = names.length - 1; last > 0; last -= 1) {
    const other = random.below(last + 1)
    ;[names[last], names[other]] = [names[other] ?? 'exact', names[last] ?? 'exact']
  }
  return names
}

class Day {
  readonly book: Booked[] = []
  /** Cash sales of which nothing was given back, by their place in the book. */
  private readonly returnable: number[] = []

  constructor(
    private readonly terminal: Terminal,
    private readonly device: IkkmEmulator,
    private readonly random: Random,
  ) {}

  /** Cash that has to be in the drawer after all that is in the book. */
  drawer(): number {
    return this.book.reduce((cash, { kind, paid, change }) => {
      const out = kind === 'saleReturn' || kind === 'buy' || kind === 'withdrawal'
      return cash + (out ? -paid[0] : paid[0] - change)
    }, DRAWER_AT_START)
  }

  async perform(name: OperationName): Promise<void> {
    switch (name) {
      case 'exact': {
        const total = await this.ring()
        await this.pay(total)
        await this.exact('sale', total)
        this.returnable.push(this.book.length - 1)
        return
      }
      case 'change':
        return this.payWithChange()
      case 'externalCard':
        return this.payOtherwise('tender-external-card', 1)
      case 'credit':
        return this.payOtherwise('tender-credit', 3)
      case 'tare':
        return this.payOtherwise('tender-tare', 2)
      case 'mixed':
        return this.payMixed()
      case 'discount':
        return this.discounted()
      case 'weight':
        return this.weighed()
      case 'parked':
        return this.parked()
      case 'return':
        return this.returned()
      case 'blindReturn':
        return this.returnedWithoutReceipt()
      case 'buy':
        return this.bought()
      case 'deposit':
        return this.moveCash('deposit')
      case 'withdrawal':
        return this.moveCash('withdrawal')
      case 'x':
        return this.printX()
    }
  }

  /** Taps one to four tiles; resolves to what they come to. */
  private async ring(): Promise<number> {
    let total = 0
    for (let left = 1 + this.random.below(4); left > 0; left -= 1) {
      const code = CODES[this.random.below(CODES.length)] ?? '101'
      await this.terminal.product(code).click()
      total += PRICES[code] ?? 0
    }
    return total
  }

  private async pay(total: number): Promise<void> {
    await this.terminal.byId('pay').click()
    expect(Number(await this.terminal.byId('pay-total').getAttribute('data-tiyn'))).toBe(total)
  }

  /** The customer may go: the receipt is stored, whether or not the device has answered. */
  private async settled(entry: Booked): Promise<void> {
    await this.terminal.byId('payment-result').waitFor()
    this.book.push(entry)
  }

  private async exact(kind: ReceiptKind, total: number): Promise<void> {
    await this.terminal.byId('tender-cash-exact').click()
    await this.settled({ kind, total, paid: [total, 0, 0, 0], change: 0 })
  }

  private async payWithChange(): Promise<void> {
    const { terminal } = this
    const total = await this.ring()
    await this.pay(total)
    const given = Math.ceil(total / 100_000) * 100_000 + this.random.below(3) * 50_000
    await terminal.byId('tender-cash-amount').fill(String(given / 100))
    await terminal.byId('pay-confirm').click()
    await this.settled({ kind: 'sale', total, paid: [given, 0, 0, 0], change: given - total })
    if (given > total) await expect(terminal.byId('change')).toHaveAttribute('data-tiyn', String(given - total))
  }

  private async payOtherwise(tender: string, place: 1 | 2 | 3): Promise<void> {
    const total = await this.ring()
    await this.pay(total)
    if (place !== 1) await this.terminal.byId('tender-more').click()
    await this.terminal.byId(tender).click()
    if (place === 3) await this.terminal.byId('debtor-name').fill('Айгуль Сериковна')
    await this.terminal.byId('pay-confirm').click()
    const paid: Tenders = [0, place === 1 ? total : 0, place === 2 ? total : 0, place === 3 ? total : 0]
    await this.settled({ kind: 'sale', total, paid, change: 0 })
  }

  private async payMixed(): Promise<void> {
    const total = await this.ring()
    await this.pay(total)
    await this.terminal.byId('tender-mixed').click()
    const card = 1 + this.random.below(total - 1)
    await this.terminal.byId('tender-cash-amount').fill(tiynToWire(tiyn(card)))
    await this.terminal.byId('pay-confirm').click()
    await this.settled({ kind: 'sale', total, paid: [total - card, card, 0, 0], change: 0 })
  }

  private async discounted(): Promise<void> {
    const { terminal } = this
    const gross = await this.ring()
    const [place, percent] = (
      [
        [0, 5],
        [1, 10],
        [2, 15],
        [3, 20],
      ] as const
    )[this.random.below(4)] ?? [0, 5]
    await terminal.byId('cart-more').click()
    await terminal.byId('action-discount').click()
    await terminal.page.locator('.quick-button').nth(place).click()
    // Prices are whole tenge: a percent of them is whole tiyn.
    const total = gross - (gross * percent) / 100
    await this.pay(total)
    await this.exact('sale', total)
  }

  private async weighed(): Promise<void> {
    const { terminal } = this
    const grams = 50 + this.random.below(3_000)
    await terminal.byId('search').fill(CHEESE.code)
    await terminal.byId('search').press('Enter')
    await terminal.byId('number').fill(thousandthsToWire(thousandths(grams)))
    await terminal.byId('ask-add').click()
    const cheese = Math.floor((CHEESE.price * grams + 500) / 1000)
    const total = cheese + (await this.ring())
    await this.pay(total)
    await this.exact('sale', total)
  }

  /** One customer goes back for something; another one is served meanwhile. */
  private async parked(): Promise<void> {
    const { terminal } = this
    const waiting = await this.ring()
    await terminal.byId('park').click()
    const total = await this.ring()
    await this.pay(total)
    await this.exact('sale', total)
    const next = terminal.byId('next-sale')
    if (await next.isVisible()) await next.click()
    await terminal.byId('parked').click()
    await terminal.byId('parked-cart').first().click()
    await this.pay(waiting)
    await this.exact('sale', waiting)
  }

  private async openPage(path: string): Promise<void> {
    await this.terminal.byId('menu').click()
    await this.terminal.page.locator(`.menu-page[href="${path}"]`).click()
  }

  private async toSale(): Promise<void> {
    await this.terminal.page.locator('a.brand').click()
    await expect(this.terminal.product('101')).toBeVisible()
  }

  private async returned(): Promise<void> {
    const { terminal } = this
    const registered = moneyDocuments(this.device)
    const place = this.random.below(this.returnable.length)
    const index = this.returnable[place] ?? Infinity
    const basis = registered[index]
    // A day that begins with a return, or a sale that still waits for the device: another sale instead.
    if (basis === undefined) return this.perform('exact')
    this.returnable.splice(place, 1)
    const total = basis.totalTiyn
    await this.openPage('/journal')
    await terminal.byId('journal-search').fill(String(basis.number))
    await terminal.page
      .locator(`[data-testid="journal-entry"][data-number="${basis.number}"][data-kind="sale"]`)
      .click()
    await terminal.byId('return').click()
    await giveBackAll(terminal)
    await this.settled({ kind: 'saleReturn', total, paid: [total, 0, 0, 0], change: 0 })
    await this.toSale()
  }

  private async returnedWithoutReceipt(): Promise<void> {
    await chooseAction(this.terminal, 'saleReturn')
    await this.terminal.byId('no-receipt-confirm').click()
    const total = await this.ring()
    await this.pay(total)
    await this.exact('saleReturn', total)
  }

  private async bought(): Promise<void> {
    await chooseAction(this.terminal, 'buy')
    const total = (1 + this.random.below(20)) * 5_000
    await addFree(this.terminal, String(total / 100), 'Бутылки')
    await this.pay(total)
    await this.exact('buy', total)
  }

  private async moveCash(kind: 'deposit' | 'withdrawal'): Promise<void> {
    const { terminal } = this
    const total = kind === 'deposit' ? (1 + this.random.below(40)) * 50_000 : (1 + this.random.below(50)) * 10_000
    const operations = terminal.page.locator(`[data-testid="shift-operation"][data-kind="${kind}"]`)
    await terminal.page.locator('a.shift-link').click()
    await expect(terminal.byId('shift-state')).toBeVisible()
    await terminal.byId(kind === 'deposit' ? 'cash-in' : 'cash-out').click()
    await terminal.byId('number').fill(String(total / 100))
    await terminal.byId('cash-save').click()
    await expect(terminal.byId('cash-save')).toBeHidden()
    this.book.push({ kind, total, paid: [total, 0, 0, 0], change: 0 })
    await expect(operations.first()).toBeVisible()
    await this.toSale()
  }

  private async printX(): Promise<void> {
    const printed = documents(this.device, 'x').length
    await this.terminal.page.locator('a.shift-link').click()
    await this.terminal.byId('shift-x').click()
    await expect.poll(() => documents(this.device, 'x').length, { timeout: 60_000 }).toBe(printed + 1)
    await this.toSale()
  }
}

/** What was executed, in order, and moved money. */
function moneyDocuments(device: IkkmEmulator): readonly LedgerEntry[] {
  return documents(device, 'sale', 'buy', 'saleReturn', 'buyReturn', 'deposit', 'withdrawal')
}

function bookedOf({ kind, totalTiyn, payments, changeTiyn }: LedgerEntry): Booked {
  const [cash = 0, bank = 0, tara = 0, credit = 0] = payments
  return { kind: kind as BookKind, total: totalTiyn, paid: [cash, bank, tara, credit], change: changeTiyn }
}

const sumOf = (book: readonly Booked[], kind: BookKind): number =>
  book.reduce((sum, entry) => sum + (entry.kind === kind ? entry.total : 0), 0)

const KINDS = ['sale', 'saleReturn', 'buy', 'deposit', 'withdrawal'] as const

interface ExportedEntry {
  readonly kind: string
  readonly number: number | null
  readonly amount: number
  readonly state: string
  readonly sequence: number
  readonly receipt: { readonly kind: string } | null
}

test(`a day of ${OPERATIONS} mixed operations (seed ${SEED}): book, journal, ledger and drawer agree to the tiyn`, async ({
  terminal,
  device,
  page,
}) => {
  test.setTimeout(1_200_000)
  const random = Random.seeded(SEED)
  const operations = drawDay(random)
  const cutStarts = new Set(
    Array.from({ length: CUTS }, (_, cut) => Math.floor(((cut + 0.5) * operations.length) / CUTS)),
  )
  await terminal.setUp()
  // As in a shop: the register serves this till alone.
  await expect.poll(() => device.device.state.session.lockedTo, { timeout: 30_000 }).not.toBeNull()

  const startedAt = Date.now()
  const day = new Day(terminal, device, random)
  let awayFor = 0
  let cuts = 0
  const waiting: OperationName[] = []
  for (const [place, name] of operations.entries()) {
    if (cutStarts.has(place)) {
      await device.faults.add({ kind: 'down' })
      awayFor = CUT_LENGTH
      cuts += 1
    } else if (place % 70 === 35) await device.faults.add({ kind: 'drop-after', match: '/api/' })
    if (awayFor > 0 && NEEDS_DEVICE.has(name)) {
      waiting.push(name)
      continue
    }
    await day.perform(name)
    if (awayFor > 0 && (awayFor -= 1) === 0) {
      await device.faults.add({ kind: 'up' })
      for (const late of waiting.splice(0)) await day.perform(late)
    }
  }
  await device.faults.add({ kind: 'up' })
  for (const late of waiting.splice(0)) await day.perform(late)
  const soldAfterMs = Date.now() - startedAt
  await expect(terminal.byId('queue-count')).toBeHidden({ timeout: 240_000 })
  await expect(terminal.byId('attention')).toHaveCount(0)

  // The device's ledger is the book, document by document.
  const money = moneyDocuments(device)
  expect(money.map(bookedOf)).toEqual(day.book)
  expect(device.device.state.cashTiyn).toBe(day.drawer())

  // The shift page says the same, on both of its sides.
  await page.locator('a.shift-link').click()
  await expect(terminal.byId('drawer')).toHaveAttribute('data-tiyn', String(day.drawer()), { timeout: 60_000 })
  for (const kind of KINDS) {
    for (const side of ['device', 'terminal']) {
      const total = page.locator(`[data-testid="shift-total"][data-kind="${kind}"][data-side="${side}"]`)
      await expect(total, `${kind}, ${side}`).toHaveAttribute('data-tiyn', String(sumOf(day.book, kind)))
    }
  }
  await terminal.byId('shift-compare').click()
  await expect(terminal.byId('comparison')).toHaveAttribute('data-agrees', 'true', { timeout: 60_000 })

  // The journal as it is exported: the same documents with the device's numbers.
  await page.locator('a.brand').click()
  await terminal.byId('menu').click()
  await page.locator('.menu-page[href="/journal"]').click()
  const [file] = await Promise.all([page.waitForEvent('download'), terminal.byId('journal-export').click()])
  const lines = readFileSync(await file.path(), 'utf8')
    .trim()
    .split('\n')
  const journal = lines
    .map((line) => JSON.parse(line) as ExportedEntry)
    .filter(({ kind }) => ['registration', 'deposit', 'withdrawal'].includes(kind))
    .sort((a, b) => a.sequence - b.sequence)
  expect(journal.map(({ state }) => state)).toEqual(journal.map(() => 'done'))
  expect(journal.map(({ kind, receipt, amount }) => [receipt?.kind ?? kind, amount])).toEqual(
    money.map(({ kind, totalTiyn }) => [kind, totalTiyn]),
  )
  const numbered = journal.filter(({ receipt }) => receipt !== null)
  expect(numbered.map(({ number }) => number)).toEqual(
    money.filter(({ kind }) => kind !== 'deposit' && kind !== 'withdrawal').map(({ number }) => number),
  )

  // And the drawer is counted at the Z.
  await page.locator('a.shift-link').click()
  await terminal.byId('shift-z').click()
  await expect(terminal.byId('z-expected')).toHaveAttribute('data-tiyn', String(day.drawer()), { timeout: 60_000 })
  await terminal.byId('number').fill(tiynToWire(tiyn(day.drawer())))
  await expect(terminal.byId('z-difference')).toHaveAttribute('data-tiyn', '0')
  await terminal.byId('z-confirm').click()
  await expect(terminal.byId('z-result')).toHaveAttribute('data-state', 'closed', { timeout: 120_000 })
  expect(documents(device, 'z')).toHaveLength(1)
  expect(device.device.state.shifts).toHaveLength(1)
  console.log(
    JSON.stringify({
      seed: SEED,
      operations: operations.length,
      documents: money.length,
      cuts,
      kinds: Object.fromEntries(KINDS.map((kind) => [kind, money.filter((entry) => entry.kind === kind).length])),
      repeatedAnswers: money.reduce((sum, { duplicates }) => sum + duplicates, 0),
      requests: device.log().length,
      drawerTiyn: day.drawer(),
      seconds: Math.round((Date.now() - startedAt) / 1000),
      secondsOfSelling: Math.round(soldAfterMs / 1000),
    }),
  )
})
