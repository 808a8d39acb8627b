/** What a person does without thinking: gets to a screen, signs in, pays. Each move tells whether it came about. */
import type { Random } from '../../src/device-model/random.ts'
import type { Payments, ReceiptKind } from '../../src/domain/receipt.ts'
import { selling as en } from '../../src/i18n/en/selling.ts'
import { selling as kk } from '../../src/i18n/kk/selling.ts'
import { selling as ru } from '../../src/i18n/ru/selling.ts'
import { plainName } from './checks.ts'
import type { Person } from './model.ts'
import type { Look } from './page-side.ts'
import type { TillWindow } from './tablet.ts'
import { hookOf, hooksOf, READING_MS, shows, type Walk } from './walk.ts'

const KINDS: ReadonlyMap<string, ReceiptKind> = new Map(
  [ru, kk, en].flatMap(({ cart }): [string, ReceiptKind][] => [
    [cart.title, 'sale'],
    [cart.titleReturn, 'saleReturn'],
    [cart.titleBuy, 'buy'],
    [cart.titleBuyReturn, 'buyReturn'],
  ]),
)

/** The kind of receipt whose title stands over the open one. */
export const kindOf = (look: Look): ReceiptKind => KINDS.get(look.title) ?? 'sale'

export const isLocked = (look: Look): boolean =>
  shows(look, 'lock') || look.hooks.some(({ id }) => id.startsWith('lock-'))
const isPaying = (look: Look): boolean => hookOf(look, 'pay-total') !== undefined
const isSelling = (look: Look): boolean => hooksOf(look, 'product').length > 0 && !isPaying(look)

/** Takes a cashier to the till whose lock is on the screen. */
export async function signIn(walk: Walk, window: TillWindow, person: Person, pin = person.pin): Promise<boolean> {
  const tile = { id: 'lock-cashier', data: { name: person.name } }
  const first = await walk.until(window, (look) => shows(look, 'cashier-pin') || shows(look, 'lock-cashier'))
  if (first === null) return false
  if (!shows(first, 'lock-cashier')) await window.tap('lock-others')
  if (!(await window.tap(tile, 400)) && hookOf(first, 'cashier-pin') === undefined) return false
  if ((await walk.until(window, (look) => shows(look, 'cashier-pin') || !isLocked(look))) === null) return false
  if (!isLocked(await walk.see(window))) return true
  if (!(await window.fill('cashier-pin', pin))) return false
  await window.tap('lock-enter', 300)
  return (await walk.until(window, (look) => !isLocked(look), 2_500)) !== null
}

/** Opens the lock where there is one; prefers whoever has the most rights unless a name is wanted. */
export async function unlock(walk: Walk, window: TillWindow, random: Random | null = null): Promise<boolean> {
  if (!isLocked(await walk.see(window))) return true
  const people = walk.till(window).model.people.filter((person) => person.active)
  const [first] = people
  if (first === undefined) return false
  return signIn(walk, window, random === null ? first : random.pick(people))
}

/** Leaves what lies over the page. */
async function closeDialogs(walk: Walk, window: TillWindow): Promise<void> {
  for (let round = 0; round < 4; round += 1) {
    const look = await walk.see(window)
    if (look.dialogs === 0 || isLocked(look)) return
    await window.key('Escape')
    await walk.until(window, (now) => now.dialogs < look.dialogs, 300)
  }
}

/** To a page of the menu, without loading the app anew where it is there. */
export async function goTo(walk: Walk, window: TillWindow, path: string): Promise<boolean> {
  if (!(await unlock(walk, window))) return false
  await closeDialogs(walk, window)
  let look = await walk.see(window)
  if (look.path === path && !isPaying(look)) return true
  if (isPaying(look)) {
    await window.tap('pay-back')
    look = (await walk.until(window, (now) => !isPaying(now), 500)) ?? look
  }
  if (path === '/') await window.tap({ selector: 'a.brand' })
  // The assistant stands behind the settings, not in the menu.
  else if (path !== '/setup' && (await window.tap('menu'))) {
    await window.tap({ selector: `.menu-page[href="${path}"]` }, 600)
  }
  if (path !== '/setup' && (await walk.until(window, (now) => now.path === path, 1_200)) !== null) return true
  walk.forget(window)
  await window.goto(path)
  await walk.until(window, (now) => now.path === path, 1_500)
  return (await unlock(walk, window)) && (await walk.see(window)).path === path
}

/** To the goods. */
export async function toSale(walk: Walk, window: TillWindow): Promise<boolean> {
  if (isSelling(await walk.see(window))) return true
  if (!(await goTo(walk, window, '/'))) return false
  return (await walk.until(window, isSelling, 2_500)) !== null
}

/** The next sale may begin: a result that stands there is left. */
export async function leaveResult(walk: Walk, window: TillWindow): Promise<void> {
  const look = await walk.see(window)
  if (hookOf(look, 'payment-result') === undefined) return
  await walk.clock.pass(READING_MS)
  if (!(await window.tap('next-sale'))) await window.tap('card-leave')
  await walk.until(window, (now) => hookOf(now, 'payment-result') === undefined, 400)
}

/** Taps goods until something stands on the receipt. */
export async function addGoods(walk: Walk, window: TillWindow, random: Random, count: number): Promise<string[]> {
  const names: string[] = []
  const goods = hooksOf(await walk.see(window), 'product').filter((hook) => !hook.disabled)
  for (let nth = 0; nth < count && goods.length > 0; nth += 1) {
    const product = random.pick(goods)
    const code = product.data['code']
    if (code === undefined || !(await window.tap({ id: 'product', data: { code } }))) continue
    names.push(code)
    const look = await walk.until(window, (now) => now.dialogs > 0 || now.lines.length > 0, 400)
    if (look !== null && look.dialogs > 0) {
      if (await window.fill('number', String(random.between(1, 3)))) await window.tap('ask-add', 300)
      await walk.until(window, (now) => now.dialogs === 0, 400)
      if ((await walk.see(window)).dialogs > 0) await closeDialogs(walk, window)
    }
  }
  return names
}

/** A receipt with something on it. */
export async function toReceipt(walk: Walk, window: TillWindow, random: Random): Promise<boolean> {
  if (!(await toSale(walk, window))) return false
  await leaveResult(walk, window)
  if ((await walk.see(window)).lines.length === 0) await addGoods(walk, window, random, 1)
  return (await walk.until(window, (now) => now.lines.length > 0 && shows(now, 'pay'), 400)) !== null
}

/** A number comes within so many real ms, or the customer goes without. */
const NUMBER_LIMIT_MS = 1_200
const stands = (look: Look): boolean => hookOf(look, 'payment-result') !== undefined

/** How a sale is paid. */
export const WAYS_TO_PAY = ['exact', 'typed', 'suggested', 'external', 'card', 'mixed', 'credit'] as const
export type WayToPay = (typeof WAYS_TO_PAY)[number]

const TENDER_HOOKS: Readonly<Partial<Record<WayToPay, string>>> = {
  external: 'tender-external-card',
  card: 'tender-card',
  mixed: 'tender-mixed',
}

const tiynOf = (look: Look, id: string): number => Number(hookOf(look, id)?.data['tiyn'] ?? '0')

/** Chooses the tender on the payment screen; what the customer gives, or null where it can't be chosen. */
async function chooseTender(
  walk: Walk,
  window: TillWindow,
  random: Random,
  way: WayToPay,
  total: number,
): Promise<Payments | null> {
  const pay = (payments: Partial<Record<'cash' | 'bank' | 'credit', number>>) => payments as Payments
  switch (way) {
    case 'exact':
      return shows(await walk.see(window), 'tender-cash-exact') ? pay({ cash: total }) : null
    case 'typed': {
      const tenge = Math.ceil(total / 100) + random.below(4) * 50
      return (await window.fill('tender-cash-amount', String(tenge))) ? pay({ cash: tenge * 100 }) : null
    }
    case 'suggested': {
      const proposed = hooksOf(await walk.see(window), 'tender-cash-suggestion')[0]?.data['tiyn']
      return proposed === undefined ? null : pay({ cash: Number(proposed) })
    }
    case 'credit': {
      await window.tap('tender-more')
      if (!(await window.tap('tender-credit', 400))) return null
      return (await window.fill('debtor-name', `Должник ${String(random.below(5))}`)) ? pay({ credit: total }) : null
    }
    case 'mixed': {
      const card = Math.floor(total / 200) * 100
      if (card === 0 || !(await window.tap('tender-mixed'))) return null
      return (await window.fill('tender-cash-amount', String(card / 100)))
        ? pay({ bank: card, cash: total - card })
        : null
    }
    default:
      return (await window.tap(TENDER_HOOKS[way] ?? '')) ? pay({ bank: total }) : null
  }
}

/** Opens the payment of the receipt that stands there; the total that is due, or null. */
export async function openPayment(walk: Walk, window: TillWindow): Promise<number | null> {
  if (!(await window.tap('pay', 300))) return null
  const look = await walk.until(window, (now) => isPaying(now) || now.dialogs > 0, 1_500)
  if (look === null) return null
  if (!isPaying(look)) {
    const choice = look.hooks.find(({ id, disabled }) => id.startsWith('plan-') && !disabled)
    await walk.clock.pass(READING_MS)
    if (choice === undefined || !(await window.tap(choice.id))) return null
    if ((await walk.until(window, isPaying, 1_000)) === null) return null
  }
  await walk.clock.pass(READING_MS)
  return tiynOf(await walk.see(window), 'pay-total')
}

/** Ways whose own button is the whole answer. */
const AT_ONCE: Readonly<Partial<Record<WayToPay, string>>> = {
  exact: 'tender-cash-exact',
  suggested: 'tender-cash-suggestion',
}

/**
 * Pays what stands on the receipt, with eyes open. Resolves to a sentence, null where it couldn't be begun. The sale is
 * meant from the moment of the last tap (`tap`); what the window says of it is taken down as long as it stands there.
 */
export async function pay(
  walk: Walk,
  window: TillWindow,
  random: Random,
  way: WayToPay,
  tap: (hook: string) => Promise<boolean> = (hook) => window.tap(hook),
): Promise<string | null> {
  const before = await walk.see(window)
  if (before.lines.length === 0 || !shows(before, 'pay')) return null
  const kind = kindOf(before)
  const names = before.lines.map((line) => plainName(line.name)).sort()
  const total = await openPayment(walk, window)
  if (total === null) {
    await goTo(walk, window, '/')
    return null
  }
  const payments = await chooseTender(walk, window, random, kind === 'sale' ? way : 'exact', total)
  const button = (kind === 'sale' ? AT_ONCE[way] : undefined) ?? 'pay-confirm'
  const ready = await walk.until(window, (now) => shows(now, button), 500)
  if (payments === null || ready === null) {
    await window.tap('pay-back')
    return null
  }
  const till = walk.till(window).model
  const withBasis = false
  const intent = walk.model.intend({
    till: till.name,
    window: window.name,
    isDemo: ready.isDemo,
    kind,
    names,
    totalTiyn: total,
    payments,
    forbidden: walk.lacks(window, ready, walk.rightFor(kind, withBasis)),
  })
  walk.watch(window, intent, ready)
  const tapped = await tap(button)
  if (!tapped) {
    intent.told = { state: 'given up', numbers: [], marks: [], changeTiyn: null }
    return null
  }
  await walk.until(window, () => intent.told !== null, 2_500)
  // Half of the people stay until they read the number, as long as the register can give one.
  if (random.chance(0.5) && walk.register(till.way)?.isListening() === true) {
    await walk.until(window, (now) => intent.told?.state !== 'queued' || !stands(now), NUMBER_LIMIT_MS)
  }
  return `sells ${names.join(', ')} for ${total / 100} (${way})${intent.told === null ? '' : `: ${intent.told.state} ${intent.told.numbers.join(', ') || intent.told.marks.join(', ')}`}`
}
