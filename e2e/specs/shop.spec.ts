/** The owner's page over the real server: what tills upload is seen, found, saved, and shut to everybody else. */
import { readFileSync } from 'node:fs'
import { AxeBuilder } from '@axe-core/playwright'
import { read, utils, type WorkSheet } from '@e965/xlsx'
import type { Download, Page } from '@playwright/test'
import { doneEntry, queuedEntry, type SampleReceipt } from '../../proxy/shop/sample-entries.ts'
import { revokeTill } from '../../proxy/till-registry.ts'
import type { Entry } from '../../src/queue/types.ts'
import { expect, OWNER_CODE, test, type OwnersPage } from '../shop.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Almaty is five hours ahead all the year. */
const ZONE_MS = 5 * HOUR_MS
/** 09:00 of the shop's day so many days ago. */
const morning = (daysAgo: number): number =>
  Math.floor((Date.now() + ZONE_MS) / DAY_MS) * DAY_MS - ZONE_MS + 9 * HOUR_MS - daysAgo * DAY_MS

const TEA = { name: 'Чай чёрный', price: 1_890_00 }
const BREAD = { name: 'Хлеб', price: 320_50 }

let count = 0
/** A receipt of its own id and number. */
function sample(parts: Partial<SampleReceipt> = {}): SampleReceipt {
  count += 1
  return { id: `receipt-${count}`, sequence: count, lines: [TEA], atMs: morning(0), ...parts }
}
const sum = (entries: readonly Entry[]): number => entries.reduce((all, { amount }) => all + amount, 0)

async function save(page: Page, owner: OwnersPage, button: string): Promise<Download> {
  const [download] = await Promise.all([page.waitForEvent('download'), owner.byId(button).click()])
  return download
}

test('the owner’s first visit: a till’s code is told apart, the owner’s opens, and nothing of a till is made', async ({
  owner,
  page,
}) => {
  const till = await owner.till('A')
  const sold = [doneEntry(sample()), doneEntry(sample({ lines: [BREAD], tender: 'bank', way: 'Kaspi QR' }))]
  const back = doneEntry(sample({ lines: [BREAD], kind: 'saleReturn' }))
  await till.upload([...sold, back])

  await page.goto(`${owner.app.origin}/shop`)
  await owner.byId('owner-code').fill('00000000')
  await owner.byId('owner-enter').click()
  await expect(page.getByText('Код не подошёл')).toBeVisible()
  await owner.byId('owner-code').fill('48291357')
  await owner.byId('owner-enter').click()
  await expect(page.getByText('Это код кассы')).toBeVisible()
  await owner.byId('owner-code').fill(OWNER_CODE)
  await owner.byId('owner-enter').click()

  await expect(owner.byId('shop-total')).toHaveAttribute('data-tiyn', String(sum(sold) - back.amount))
  await expect(owner.byId('shop-receipts')).toHaveText('2')
  await expect(owner.byId('shop-returned')).toContainText('320,50')
  await expect(owner.byId('shop-till')).toHaveAttribute('data-till', till.id)
  await expect(owner.byId('shop-way').first()).toHaveAttribute('data-key', 'Kaspi QR')
  await expect(owner.byId('shop-demo')).toHaveCount(0)
  await page.reload()
  await expect(owner.byId('shop-total')).toHaveAttribute('data-tiyn', String(sum(sold) - back.amount))
  expect(await page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name))).toEqual([])
  expect(await page.evaluate(() => Object.keys(localStorage).every((key) => key.startsWith('shop.')))).toBe(true)

  await owner.byId('shop-menu').click()
  await owner.byId('shop-leave').click()
  await expect(owner.byId('shop-access')).toBeVisible()
  await page.reload()
  await expect(owner.byId('shop-access')).toBeVisible()
})

test('a code in the address opens the page and leaves the address', async ({ owner, page }) => {
  const till = await owner.till('A')
  await till.upload([doneEntry(sample())])
  await page.goto(`${owner.app.origin}/shop#pair=${OWNER_CODE}`)
  await expect(owner.byId('shop-total')).toBeVisible()
  expect(page.url()).toBe(`${owner.app.origin}/shop`)
})

test('what a till sells is seen within five seconds, in the figures and in the list', async ({ owner, page }) => {
  const till = await owner.till('A')
  const first = doneEntry(sample())
  await till.upload([first])
  await owner.enter()
  await expect(owner.byId('shop-total')).toHaveAttribute('data-tiyn', String(first.amount))
  const second = doneEntry(sample({ lines: [BREAD] }))
  await till.upload([second])
  await expect(owner.byId('shop-total')).toHaveAttribute('data-tiyn', String(sum([first, second])), { timeout: 5_000 })
  await owner.byId('shop-tab-receipts').click()
  await expect(owner.byId('shop-receipt')).toHaveCount(2)
  const third = doneEntry(sample())
  await till.upload([third])
  await expect(page.locator(`[data-testid="shop-receipt"][data-mark="${third.mark}"]`)).toBeVisible({ timeout: 5_000 })
})

test('periods: yesterday, any two days, and the comparison with the days before', async ({ owner, page }) => {
  const till = await owner.till('A')
  const today = [doneEntry(sample({ lines: [{ ...TEA, quantity: 3_000 }], atMs: morning(0) }))]
  const yesterday = [doneEntry(sample({ atMs: morning(1) }))]
  const earlier = [doneEntry(sample({ lines: [BREAD], atMs: morning(2) }))]
  await till.upload([...today, ...yesterday, ...earlier])
  await owner.enter()
  await owner.byId('period-yesterday').click()
  await expect(owner.byId('shop-total')).toHaveAttribute('data-tiyn', String(sum(yesterday)))
  await expect(owner.byId('shop-change')).toHaveAttribute('data-kind', 'times')
  await expect(owner.byId('shop-change')).toHaveText('В 5,9 раза больше, чем днём раньше')
  const dayOf = (daysAgo: number) => new Date(morning(daysAgo) + ZONE_MS).toISOString().slice(0, 10)
  await owner.byId('period-other').click()
  await owner.byId('period-from').fill(dayOf(2))
  await owner.byId('period-to').fill(dayOf(0))
  await owner.byId('period-show').click()
  await expect(owner.byId('shop-total')).toHaveAttribute('data-tiyn', String(sum([...today, ...yesterday, ...earlier])))
  expect(page.url()).toContain(`from=${dayOf(2)}&to=${dayOf(0)}`)
  await page.reload()
  await expect(owner.byId('shop-total')).toHaveAttribute('data-tiyn', String(sum([...today, ...yesterday, ...earlier])))
})

test('a receipt is found by number, mark, sum and cashier, and shown as it was printed', async ({ owner, page }) => {
  const till = await owner.till('A')
  const wanted = doneEntry(
    sample({
      lines: [{ ...BREAD, quantity: 2_000 }, TEA],
      cashier: 'Данияр Ахметов',
      change: 469_00,
      atMs: morning(40),
    }),
  )
  await till.upload([wanted, ...Array.from({ length: 60 }, () => doneEntry(sample({ lines: [TEA] })))])
  await owner.enter('/shop/receipts')
  await expect(owner.byId('shop-receipt')).toHaveCount(50)
  await owner.byId('shop-more').click()
  await expect(owner.byId('shop-receipt')).toHaveCount(60)
  await expect(owner.byId('shop-more')).toHaveCount(0)

  await owner.byId('shop-scope-all').click()
  for (const words of [String(wanted.number), wanted.mark, '2531', 'данияр']) {
    await owner.byId('shop-search').fill(words)
    await expect(owner.byId('shop-receipt'), words).toHaveCount(1)
    await expect(owner.byId('shop-receipt')).toHaveAttribute('data-mark', wanted.mark)
  }
  await owner.byId('shop-receipt').click()
  const paper = owner.byId('shop-paper')
  for (const words of ['Хлеб', '2 × 320,50', '641', 'Чай чёрный', '2 531', 'НДС 16%', 'Сдача', 'Данияр Ахметов'])
    await expect(paper).toContainText(words)
  await page.goBack()
  await expect(paper).toHaveCount(0)
  await page.goForward()
  await expect(paper).toBeVisible()
})

test('tills: what isn’t settled and since when, a version that differs, and a name', async ({ owner, page }) => {
  const [a, b] = [await owner.till('A'), await owner.till('B')]
  const settled = doneEntry(sample())
  await a.upload([settled])
  const reply = await a.upload([{ ...settled, number: 9_999, cashier: 'Другой' }])
  expect(reply.conflicts).toEqual([settled.id])
  await b.upload([queuedEntry(sample({ letter: 'B', atMs: Date.now() - 2 * HOUR_MS }))], { waiting: 4 })
  await owner.enter()
  const row = (till: string) => page.locator(`[data-testid="shop-till"][data-till="${till}"]`)
  await expect(row(b.id)).toHaveAttribute('data-unsettled', '1')
  await expect(row(b.id)).toHaveAttribute('data-waiting', '4')
  await expect(row(b.id)).toContainText('самый старый чек ждёт 2 ч')
  await expect(row(a.id)).toHaveAttribute('data-conflicts', '1')
  await expect(owner.byId('shop-late')).toContainText('1 890')

  await owner.byId('shop-tab-tills').click()
  await row(b.id).getByTestId('shop-rename').click()
  await owner.byId('till-name').fill('Второй зал <b>')
  await owner.byId('till-name-save').click()
  await expect(row(b.id)).toContainText('Второй зал <b>')

  await owner.byId('shop-tab-receipts').click()
  await page.locator(`[data-testid="shop-receipt"][data-mark="${settled.mark}"]`).click()
  await expect(owner.byId('shop-entry')).toHaveAttribute('data-conflicts', '1')
  await expect(owner.byId('shop-conflict')).toContainText('Отличается: номер, кассир')
  await expect(owner.byId('shop-paper')).toHaveCount(2)
})

test('the files of the period hold the figures of the screen, as numbers and dates', async ({ owner, page }) => {
  const till = await owner.till('A')
  const sold = [
    doneEntry(sample({ lines: [TEA, BREAD], cashier: 'Айгүл' })),
    doneEntry(sample({ lines: [{ ...BREAD, quantity: 2_500 }], tender: 'bank', way: 'Kaspi QR' })),
  ]
  const back = doneEntry(sample({ lines: [BREAD], kind: 'saleReturn' }))
  const waiting = queuedEntry(sample())
  await till.upload([...sold, back, waiting])
  await page.addInitScript(() => localStorage.setItem('shop.language', 'kk'))
  await owner.enter()
  const shown = Number(await owner.byId('shop-total').getAttribute('data-tiyn'))
  expect(shown).toBe(sum(sold) - back.amount)

  await owner.byId('shop-export').click()
  const book = read(readFileSync(await (await save(page, owner, 'shop-xlsx')).path()))
  const rows = (name: string) => utils.sheet_to_json<Record<string, unknown>>(book.Sheets[name] as WorkSheet)
  const column = (name: string, title: string): number =>
    rows(name).reduce((all, row) => all + Math.round(Number(row[title] ?? 0) * 100), 0)
  for (const sheet of ['Чектер', 'Сағат бойынша', 'Кассалар', 'Төлем түрлері', 'Кассирлер', 'Тауарлар', 'ҚҚС'])
    expect(column(sheet, 'Түсім'), sheet).toBe(shown)
  expect(column('Чектер', 'Тіркелмеген')).toBe(waiting.amount)
  expect(rows('Чектер')).toHaveLength(4)
  const first = rows('Чектер').find((row) => row['Чектегі белгі'] === sold[0]?.mark)
  // Days since the last of 1899, as the shop's clock had it.
  const serial = (morning(0) + ZONE_MS - Date.UTC(1899, 11, 30)) / DAY_MS
  expect(first?.['Күні мен уақыты']).toBeCloseTo(serial, 3)
  const tax = Number(rows('ҚҚС')[0]?.['Салық'])
  await expect(owner.byId('shop-tax').first()).toContainText(String(Math.trunc(tax)).slice(-3))

  await owner.byId('shop-csv-what').locator('select').selectOption({ label: 'Тауарлар' })
  const csv = readFileSync(await (await save(page, owner, 'shop-csv')).path(), 'utf8')
  const [head = '', ...lines] = csv.trimEnd().split('\r\n')
  expect(head.startsWith('\ufeffТовар;Количество;Выручка')).toBe(true)
  const total = lines.reduce(
    (all, line) => all + Math.round(Number((line.split(';')[2] ?? '').replace(',', '.')) * 100),
    0,
  )
  expect(total).toBe(shown)
})

test('an owner whose code was revoked is shut out and sees no figure any more', async ({ owner, page }) => {
  const till = await owner.till('A')
  await till.upload([doneEntry(sample())])
  await owner.enter()
  await expect(owner.byId('shop-total')).toBeVisible()
  const token = await page.evaluate(() => localStorage.getItem('shop.token') ?? '')
  revokeTill(owner.stateDir, token.split('.')[1] ?? '')
  await expect(owner.byId('shop-access')).toContainText('Доступ по прежнему коду закрыт')
  await expect(owner.byId('shop-total')).toHaveCount(0)
  expect(await page.evaluate(() => Object.keys(localStorage))).not.toContain('shop.summary')
})

test('without a network the page starts and says how old its figures are; with it they are fresh again', async ({
  owner,
  page,
  context,
}) => {
  const till = await owner.till('A')
  const first = doneEntry(sample())
  await till.upload([first])
  await owner.enter()
  await expect(owner.byId('shop-total')).toHaveAttribute('data-tiyn', String(first.amount))
  await page.evaluate(async () => (await navigator.serviceWorker.ready).active?.state)
  await context.setOffline(true)
  await page.reload()
  await expect(owner.byId('shop-old')).toContainText('Это старые цифры')
  await expect(owner.byId('shop-as-of')).toHaveAttribute('data-state', 'old')
  await expect(owner.byId('shop-total')).toHaveAttribute('data-tiyn', String(first.amount))
  const second = doneEntry(sample({ lines: [BREAD] }))
  await till.upload([second])
  await context.setOffline(false)
  await expect(owner.byId('shop-total')).toHaveAttribute('data-tiyn', String(sum([first, second])))
  await expect(owner.byId('shop-old')).toHaveCount(0)
})

test('a fresh server shows the demo shop on its own machine, marked on every screen, and to nobody else', async ({
  owner,
  page,
  browser,
}) => {
  await page.goto(`${owner.app.origin}/shop`)
  await expect(owner.byId('shop-access')).toBeVisible()
  const local = await browser.newPage()
  await local.goto(`${owner.app.origin}/shop`)
  await expect(local.getByTestId('shop-total')).toBeVisible()
  for (const tab of ['overview', 'receipts', 'tills']) {
    await local.getByTestId(`shop-tab-${tab}`).click()
    await expect(local.getByTestId('shop-demo')).toContainText('все цифры придуманы')
  }
  await local.close()
})

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

for (const [colorScheme, language, width, height, text] of [
  ['light', 'ru', 390, 844, 16],
  ['dark', 'kk', 1280, 800, 16],
  ['dark', 'ru', 390, 844, 24],
  ['light', 'en', 800, 1280, 24],
] as const) {
  test(`axe finds nothing and nothing is wider than the screen: ${colorScheme}, ${language}, ${width} wide, text of ${text} px`, async ({
    owner,
    page,
  }) => {
    const till = await owner.till('A')
    const settled = doneEntry(sample({ way: 'Kaspi QR', tender: 'bank' }))
    await till.upload([settled, queuedEntry(sample()), doneEntry(sample({ atMs: morning(1) }))])
    await till.upload([{ ...settled, number: 9_999 }])
    await page.setViewportSize({ width, height })
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.addInitScript(
      ([locale, size]) => {
        localStorage.setItem('shop.language', locale)
        document.addEventListener('DOMContentLoaded', () => (document.documentElement.style.fontSize = `${size}px`))
      },
      [language, text] as const,
    )
    await owner.enter()
    const found: string[] = []
    const check = async (name: string): Promise<void> => {
      const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze()
      found.push(
        ...violations.flatMap(({ id, nodes }) => nodes.map((node) => `${name}: ${id} ${node.target.join(' ')}`)),
      )
      const wider = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      if (wider > 0) found.push(`${name}: ${wider} px wider than the screen`)
      // A chart and the row of periods are pushed aside by the thumb; nothing else reaches over the page's edge.
      const over = await page.locator('#content *').evaluateAll((parts) => {
        const edge = (document.querySelector('#content > *')?.getBoundingClientRect().right ?? 0) + 1
        return parts
          .filter((part) => part.closest('.chart-scroll, .period-names, .visually-hidden, dialog') === null)
          .filter((part) => part.getBoundingClientRect().right > edge)
          .map((part) => `${part.tagName}.${part.getAttribute('class') ?? ''} over the edge`)
      })
      found.push(...over.map((what) => `${name}: ${what}`))
    }
    await expect(owner.byId('shop-total')).toBeVisible()
    await check('overview')
    await owner.byId('shop-export').click()
    await expect(owner.byId('shop-xlsx')).toBeVisible()
    await check('export')
    await page.keyboard.press('Escape')
    await owner.byId('period-other').click()
    await owner.byId('shop-tab-receipts').click()
    await expect(owner.byId('shop-receipt')).toHaveCount(2)
    await check('receipts')
    await page.locator(`[data-testid="shop-receipt"][data-mark="${settled.mark}"]`).click()
    await expect(owner.byId('shop-conflict')).toBeVisible()
    await check('receipt')
    await page.keyboard.press('Escape')
    await owner.byId('shop-tab-tills').click()
    await expect(owner.byId('shop-till')).toHaveCount(1)
    await check('tills')
    await owner.byId('shop-menu').click()
    await check('menu')
    await owner.byId('shop-leave').click()
    await expect(owner.byId('shop-access')).toBeVisible()
    await check('access')
    expect(found).toEqual([])
  })
}

test('the page is used by keyboard alone', async ({ owner, page }) => {
  const till = await owner.till('A')
  await till.upload([doneEntry(sample())])
  await page.goto(`${owner.app.origin}/shop`)
  const focused = (id: string) =>
    page.evaluate((wanted) => document.activeElement?.closest(`[data-testid="${wanted}"]`) !== null, id)
  const tabTo = async (id: string): Promise<void> => {
    await expect(owner.byId(id).first()).toBeVisible()
    for (let press = 0; press < 60 && !(await focused(id)); press += 1) await page.keyboard.press('Tab')
    expect(await focused(id), id).toBe(true)
  }
  await tabTo('owner-code')
  await page.keyboard.type(OWNER_CODE)
  await page.keyboard.press('Enter')
  await tabTo('shop-tab-receipts')
  await page.keyboard.press('Enter')
  await tabTo('shop-receipt')
  await page.keyboard.press('Enter')
  await expect(owner.byId('shop-paper')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(owner.byId('shop-paper')).toHaveCount(0)
})
