/** At the goods: receipts are begun, changed, put aside, paid and given back. */
import type { Random } from '../../src/device-model/random.ts'
import { plainName } from './checks.ts'
import {
  addGoods,
  goTo,
  isLocked,
  kindOf,
  leaveResult,
  openPayment,
  pay,
  signIn,
  toReceipt,
  toSale,
  WAYS_TO_PAY,
} from './moves.ts'
import { inWindow, type Step } from './step.ts'
import type { TillWindow } from './tablet.ts'
import { hookOf, hooksOf, READING_MS, shows, type Walk } from './walk.ts'

/** Codes that a label carries: known goods, an unknown one. */
const BARCODES = ['4870000002036', '4870000002047', '4870000002050', '4870000009990', '101', '304'] as const

async function choose(walk: Walk, window: TillWindow, action: string): Promise<boolean> {
  if (!(await toSale(walk, window))) return false
  await leaveResult(walk, window)
  if (!(await window.tap('cart-more'))) return false
  return window.tap(`action-${action}`, 500)
}

/** The register takes the receipt's tax for wrong: such a receipt is refused for good. */
const TAX_REFUSED = -13
/** Tools beside a chosen line; one by weight has no plus and no minus. */
const LINE_QUANTITY = '.line.chosen .tool.count'
/** The first of the two with words. */
const LINE_DISCOUNT = '.line.chosen .tool.worded'

/** Chooses the first line where none is, and takes one of its tools. */
async function useLineTool(window: TillWindow, selector: string): Promise<boolean> {
  const tool = { selector, nth: 0 }
  return (await window.tap(tool)) || ((await window.tap({ selector: '.line-main' })) && (await window.tap(tool, 300)))
}

/** Takes over what was typed in a line's dialog; what can't be taken over is left. */
async function applyLine(walk: Walk, window: TillWindow): Promise<boolean> {
  const ready = await walk.until(window, (look) => shows(look, 'line-apply'), 300)
  if (ready === null || !(await window.tap('line-apply'))) await window.key('Escape')
  return (await walk.until(window, (look) => look.dialogs === 0, 500)) !== null && ready !== null
}

async function returnGoods(walk: Walk, window: TillWindow, random: Random): Promise<string | null> {
  if (!(await choose(walk, window, 'saleReturn'))) return null
  await walk.until(window, (look) => shows(look, 'no-receipt-confirm') || look.dialogs === 0, 500)
  await walk.clock.pass(READING_MS)
  if (!(await window.tap('no-receipt-confirm', 400))) return null
  await walk.until(window, (look) => look.dialogs === 0, 400)
  await addGoods(walk, window, random, 1)
  return pay(walk, window, random, 'exact')
}

/** Gives back what a receipt of the journal sold; `tap`: how the last button is pressed. */
export async function returnSold(
  walk: Walk,
  window: TillWindow,
  random: Random,
  tap: (hook: string) => Promise<boolean> = (hook) => window.tap(hook),
): Promise<string | null> {
  if (!(await goTo(walk, window, '/journal'))) return null
  const journal = await walk.until(window, (look) => shows(look, 'journal-entry'), 600)
  const sold = (journal === null ? [] : hooksOf(journal, 'journal-entry')).filter(
    ({ data }) => data['kind'] === 'sale' && data['state'] === 'registered' && (data['number'] ?? '') !== '',
  )
  if (sold.length === 0) return null
  const number = random.pick(sold).data['number'] ?? ''
  if (!(await window.tap({ id: 'journal-entry', data: { number } }))) return null
  if (!(await window.tap('return', 700))) return null
  if ((await walk.until(window, (look) => hookOf(look, 'return-confirm') !== undefined, 600)) === null) return null
  await window.tap('return-all', 600)
  await walk.clock.pass(READING_MS)
  const look = await walk.until(window, (now) => shows(now, 'return-confirm'), 600)
  if (look === null) return null
  const lines = await window.evaluate<string[]>(
    `[...document.querySelectorAll('[data-testid="return-line"]')].filter((line) => line.querySelector('[data-testid="return-count"]')?.value !== '0').map((line) => line.querySelector('.return-name')?.textContent ?? '')`,
  )
  const till = walk.till(window).model
  const intent = walk.model.intend({
    till: till.name,
    window: window.name,
    isDemo: look.isDemo,
    kind: 'saleReturn',
    names: lines.map(plainName).sort(),
    totalTiyn: null,
    payments: null,
    forbidden: walk.lacks(window, look, 'return'),
  })
  walk.watch(window, intent, look)
  await tap('return-confirm')
  await walk.until(window, (now) => intent.told !== null || now.dialogs === 0, 2_000)
  await walk.until(window, () => intent.told !== null, 600)
  return `gives back receipt ${number}${intent.told === null ? '' : `: ${intent.told.state}`}`
}

/** Opens a refused receipt anew, as the queue's page offers; false where none is. */
async function openRefused(walk: Walk, window: TillWindow): Promise<boolean> {
  return (await goTo(walk, window, '/queue')) && window.tap('correct', 600)
}

export const sellingSteps = {
  sell: inWindow(10, 'sale', async (walk, window, random) => {
    if (!(await toSale(walk, window))) return null
    if ((await walk.see(window)).lines.length === 0) await addGoods(walk, window, random, random.between(1, 2))
    return pay(walk, window, random, random.chance(0.6) ? 'exact' : random.pick(WAYS_TO_PAY))
  }),

  addGoods: inWindow(6, 'sale', async (walk, window, random) => {
    if (!(await toSale(walk, window))) return null
    const codes = await addGoods(walk, window, random, random.between(1, 3))
    return codes.length === 0 ? null : `taps ${codes.join(', ')}`
  }),

  /** The open receipt is opened for payment and left so. */
  openPayment: inWindow(2, 'sale', async (walk, window, random) => {
    if (!(await toReceipt(walk, window, random))) return null
    const total = await openPayment(walk, window)
    return total === null ? null : `opens the payment of ${total / 100}`
  }),

  next: inWindow(2, 'sale', async (walk, window) => {
    if (hookOf(await walk.see(window), 'payment-result') === undefined) return null
    await leaveResult(walk, window)
    return 'goes on to the next receipt'
  }),

  scan: inWindow(3, 'sale', async (walk, window, random) => {
    const code = random.pick(BARCODES)
    if (!(await toSale(walk, window))) return null
    for (const key of code) void window.key(key)
    await window.key('Enter')
    await walk.until(window, (look) => look.dialogs > 0 || look.lines.length > 0, 400)
    return `scans ${code}`
  }),

  discount: inWindow(3, 'sale', async (walk, window, random) => {
    if (!(await toReceipt(walk, window, random)) || !(await choose(walk, window, 'discount'))) return null
    const nth = random.below(4)
    if (!(await window.tap({ selector: '.quick-button', nth }, 500))) return null
    await walk.until(window, (look) => look.dialogs === 0, 400)
    return `gives the ${nth + 1}. discount`
  }),

  moreOfLine: inWindow(2, 'sale', async (walk, window, random) => {
    const [tool, done] = random.pick([
      ['.line.chosen .tool:first-child:not(.count)', 'takes one less'],
      ['.line.chosen .tool.count + .tool:not(.worded)', 'takes one more'],
      ['.line.chosen .tool:last-child', 'takes the line away'],
    ] as const)
    return (await toReceipt(walk, window, random)) && (await useLineTool(window, tool)) ? done : null
  }),

  /** By the dialog of one line: its discount, how many, another price. */
  lineDiscount: inWindow(1.5, 'sale', async (walk, window, random) => {
    const nth = random.below(4)
    if (!(await toReceipt(walk, window, random)) || !(await useLineTool(window, LINE_DISCOUNT))) return null
    if (!(await window.tap({ selector: '.quick-button', nth }, 500))) return null
    await walk.until(window, (look) => look.dialogs === 0, 400)
    return `gives the ${nth + 1}. discount on a line`
  }),

  lineQuantity: inWindow(1, 'sale', async (walk, window, random) => {
    const count = String(random.between(2, 9))
    if (!(await toReceipt(walk, window, random)) || !(await useLineTool(window, LINE_QUANTITY))) return null
    if (!(await window.fill('number', count))) return null
    return (await applyLine(walk, window)) ? `types ${count} for a line` : null
  }),

  linePrice: inWindow(0.7, 'sale', async (walk, window, random) => {
    const price = String(random.between(2, 40) * 50)
    if (!(await toReceipt(walk, window, random)) || !(await useLineTool(window, LINE_QUANTITY))) return null
    const segment = { selector: 'dialog[open] .segment', nth: 1 }
    if (!(await window.tap(segment, 400)) || !(await window.fill('number', price))) return null
    return (await applyLine(walk, window)) ? `types the price ${price} for a line` : null
  }),

  freePrice: inWindow(1, 'sale', async (walk, window, random) => {
    if (!(await choose(walk, window, 'freePrice'))) return null
    const price = random.between(1, 40) * 50
    if (!(await window.fill('number', String(price))) || !(await window.tap('free-add', 300))) return null
    await walk.until(window, (look) => look.dialogs === 0, 400)
    return `adds a line of ${price}`
  }),

  park: inWindow(3, 'sale', async (walk, window, random) => {
    if (!(await toReceipt(walk, window, random)) || !(await window.tap('park'))) return null
    await walk.until(window, (look) => look.lines.length === 0, 500)
    return 'puts the receipt aside'
  }),

  recall: inWindow(3, 'sale', async (walk, window, random) => {
    if (!(await toSale(walk, window))) return null
    await leaveResult(walk, window)
    if (!shows(await walk.see(window), 'parked') || !(await window.tap('parked'))) return null
    const look = await walk.until(window, (now) => shows(now, 'parked-cart'), 500)
    if (look === null) return null
    const nth = random.below(hooksOf(look, 'parked-cart').length)
    if (!(await window.tap({ id: 'parked-cart', nth }))) return null
    await walk.until(window, (now) => now.dialogs === 0, 500)
    return `recalls the ${nth + 1}. receipt`
  }),

  undo: inWindow(0.7, 'sale', async (walk, window) => ((await choose(walk, window, 'undo')) ? 'takes it back' : null)),

  clear: inWindow(1, 'sale', async (walk, window, random) =>
    (await toReceipt(walk, window, random)) && (await choose(walk, window, 'clear')) ? 'wipes the receipt' : null,
  ),

  /** Goods are bought from a customer, and given back to them. */
  buy: inWindow(1, 'rare', async (walk, window, random) => {
    const kind = random.chance(0.7) ? 'buy' : 'buyReturn'
    if (kindOf(await walk.see(window)) !== kind && !(await choose(walk, window, kind))) return null
    if (kind === 'buyReturn') {
      await walk.clock.pass(READING_MS)
      await window.tap('no-receipt-confirm', 400)
    }
    if ((await walk.until(window, (look) => look.dialogs === 0 && kindOf(look) === kind, 500)) === null) return null
    if ((await walk.see(window)).lines.length === 0) await addGoods(walk, window, random, 1)
    const sentence = await pay(walk, window, random, 'exact')
    return sentence === null ? null : `${sentence} as ${kind}`
  }),

  repeat: inWindow(1, 'sale', async (walk, window) => {
    if (!(await choose(walk, window, 'repeat'))) return null
    await walk.until(window, (look) => look.lines.length > 0, 500)
    return 'takes the last receipt again'
  }),

  returnReceipt: inWindow(3, 'rare', (walk, window, random) => returnSold(walk, window, random)),

  returnWithoutReceipt: inWindow(2, 'rare', returnGoods),

  /** Whoever has the fewest rights tries what only others may. */
  cashierReturns: inWindow(1, 'roles', async (walk, window, random) => {
    const person = walk.till(window).model.people.find(({ active, role }) => active && role === 'cashier')
    if (person === undefined) return null
    const look = await walk.see(window)
    if (look.cashier !== person.name || isLocked(look)) {
      if (!isLocked(look) && !(await window.tap({ selector: '.cashier-link' }))) return null
      if ((await walk.until(window, isLocked, 800)) === null || !(await signIn(walk, window, person))) return null
    }
    const sentence = await returnGoods(walk, window, random)
    return `${sentence ?? 'may give nothing back'} without a receipt, as ${person.name}`
  }),

  correct: inWindow(1, 'rare', async (walk, window, random) => {
    // Registers refuse little of what a till sends: this one has to.
    if (!(await openRefused(walk, window))) {
      walk.registers.A.device.failNext(TAX_REFUSED)
      if ((await toReceipt(walk, window, random)) && (await pay(walk, window, random, 'exact')) === null) return null
      if (!(await openRefused(walk, window))) return null
    }
    if ((await walk.until(window, (look) => look.path === '/' && look.lines.length > 0, 1_500)) === null) return null
    const paid = await pay(walk, window, random, 'exact')
    return `puts a refused receipt right${paid === null ? '' : ` and ${paid}`}`
  }),
} satisfies Record<string, Step>
