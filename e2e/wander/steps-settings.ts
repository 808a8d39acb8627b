/** Settings, goods and a look at the counters. What is written is the last word, from whichever window it came. */
import { goTo, unlock } from './moves.ts'
import { inWindow, type Step } from './step.ts'
import type { Look } from './page-side.ts'
import type { TillWindow } from './tablet.ts'
import { hookOf, hooksOf, READING_MS, shows, type Walk } from './walk.ts'

/** Opens the menu and chooses a segment in it. */
async function chooseInMenu(walk: Walk, window: TillWindow, value: string): Promise<boolean> {
  if (!(await goTo(walk, window, '/'))) return false
  if (!(await window.tap('menu'))) return false
  if (!(await window.tap({ selector: `.segment[data-value="${value}"]` }, 700))) return false
  await window.key('Escape')
  await walk.until(window, (look) => look.dialogs === 0, 400)
  return true
}

async function mayChange(walk: Walk, window: TillWindow): Promise<boolean> {
  const look = await walk.until(window, (now) => now.path === '/settings' || shows(now, 'no-right'), 600)
  return look !== null && hookOf(look, 'no-right') === undefined
}

export const settingsSteps = {
  theme: inWindow(2, 'settings', async (walk, window, random) => {
    const value = random.pick(['system', 'light', 'dark'])
    if (!(await chooseInMenu(walk, window, value))) return null
    walk.till(window).model.fields.set('theme', value)
    return `sets the theme to ${value}`
  }),

  language: inWindow(1, 'settings', async (walk, window, random) => {
    const value = random.pick(['ru', 'kk', 'en'])
    if (!(await chooseInMenu(walk, window, value))) return null
    walk.till(window).model.fields.set('language', value)
    return `sets the language to ${value}`
  }),

  shopName: inWindow(1, 'settings', async (walk, window, random) => {
    const name = `Shop ${random.below(1_000)}`
    if (!(await goTo(walk, window, '/settings')) || !(await mayChange(walk, window))) return null
    if (!(await window.fill('shop-name', name)) || !(await window.shows(name))) return null
    walk.till(window).model.fields.set('shopName', name)
    return `calls the shop "${name}"`
  }),

  footer: inWindow(1, 'settings', async (walk, window, random) => {
    const text = `Thanks ${random.below(1_000)}`
    if (!(await goTo(walk, window, '/settings')) || !(await mayChange(walk, window))) return null
    if (!(await window.fill({ selector: 'textarea.field-input' }, text)) || !(await window.shows(text))) return null
    walk.till(window).model.fields.set('footerText', text)
    return `sets the footer "${text}"`
  }),

  price: inWindow(1, 'settings', async (walk, window, random) => {
    if (!(await goTo(walk, window, '/catalog'))) return null
    const look = await walk.until(window, (now) => shows(now, 'catalog-item') || shows(now, 'no-right'), 1_000)
    if (look === null) return null
    const items = hooksOf(look, 'catalog-item').filter(({ data }) => data['code'] !== undefined)
    if (items.length === 0) return null
    const code = random.pick(items).data['code'] ?? ''
    if (!(await window.tap({ id: 'catalog-item', data: { code } }))) return null
    const tenge = random.between(2, 60) * 50
    if (!(await window.fill('item-price', String(tenge))) || !(await window.tap('item-save', 300))) return null
    if ((await walk.until(window, (now) => now.dialogs === 0, 1_000)) === null) return null
    walk.till(window).model.prices.set(code, tenge * 100)
    return `sets the price of ${code} to ${tenge}`
  }),

  reloadGoods: inWindow(1, 'settings', async (walk, window) => {
    if (!(await goTo(walk, window, '/catalog')) || !(await window.tap('catalog-load-device', 600))) return null
    walk.till(window).model.imported = null
    return 'loads the goods of the register again'
  }),

  /** A list of goods from a file: nothing is replaced before its preview is confirmed. */
  importGoods: inWindow(0.7, 'settings', async (walk, window, random) => {
    const first = random.between(600, 900)
    const goods = new Map(
      Array.from({ length: 12 }, (_one, nth) => [String(first + nth), random.between(2, 60) * 5_000] as const),
    )
    const confirms = random.chance(0.7)
    if (!(await goTo(walk, window, '/catalog')) || !(await window.tap('catalog-import', 600))) return null
    if ((await walk.until(window, (look) => look.hooks.some(({ id }) => id === 'csv-choose'), 1_500)) === null)
      return null
    const rows = [...goods].map(([code, price]) => `${code};Goods ${code};${String(price / 100)}`)
    await window.page.getByTestId('csv-file').setInputFiles({
      name: 'goods.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(['Код;Наименование;Цена', ...rows, ''].join('\r\n')),
    })
    const ready = await walk.until(window, (look) => shows(look, 'csv-import'), 3_000)
    await walk.clock.pass(READING_MS)
    if (ready === null || !confirms || !(await window.tap('csv-import'))) {
      await window.key('Escape')
      await walk.until(window, (look) => look.dialogs === 0, 400)
      return ready === null ? null : 'looks at a list of goods and leaves it'
    }
    const till = walk.till(window).model
    if ((await walk.until(window, (look) => look.dialogs === 0, 3_000)) === null) {
      till.imported = null
      return 'imports goods, which takes long'
    }
    till.imported = goods
    return `imports goods ${String(first)} to ${String(first + goods.size - 1)}`
  }),

  /** What the counter says is true over all ledgers, the demo's window included. */
  lookAtQueue: inWindow(2, 'settings', async (walk, window) => {
    if (!(await unlock(walk, window))) return null
    await checkCounter(walk, window)
    return 'looks at what waits'
  }),
} satisfies Record<string, Step>

/** Longer than this on the walk's clock a receipt may not wait unseen, in ms. */
const UNSEEN_MS = 10_000
/** A page that starts anew, on a busy machine and in the background, needs so many real ms to read what waits. */
const READS_WITHIN_MS = 6_000

/** Blames a window that says "nothing waits" while a real register's receipt does. */
export async function checkCounter(walk: Walk, window: TillWindow): Promise<void> {
  const waiting = async () => (await walk.entries(window)).filter((entry) => entry.open === 1)
  const before = await waiting()
  if (before.length === 0) return
  const counted = (look: Look): boolean => look.waiting > 0
  if ((await walk.until(window, counted, 150)) !== null) return
  // Long enough for a window that learns it a moment later, and for what is sent just now.
  await walk.clock.pass(UNSEEN_MS)
  if ((await walk.until(window, counted, READS_WITHIN_MS)) !== null) return
  const still = await waiting()
  const kept = before.filter((entry) => still.some(({ id }) => id === entry.id))
  if (kept.length === 0) return
  const marks = kept.map((entry) => `${entry.mark} (${entry.state})`).join(', ')
  walk.model.blame('hidden', `${window.name} says that nothing waits, but ${marks} do`)
}
