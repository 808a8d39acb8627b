/** Two tills at one register: who may not sell is told so before the sale. */
import type { IkkmEmulator } from '../emulators/ikkm.ts'
import { expect, startApp, test } from '../fixtures.ts'
import { documents } from '../pages/selling.ts'
import { storedRows } from '../pages/stored.ts'
import type { Terminal } from '../pages/terminal.ts'

test.describe('where the register tells their addresses apart', () => {
  test.use({ deviceOptions: { hostHeader: 'user-agent' } })

  test('the second till is told at its setup that another one holds the register', async ({
    terminal,
    device,
    otherTablet,
  }) => {
    await terminal.setUp()
    await expect.poll(() => device.device.state.session.lockedTo, { timeout: 30_000 }).not.toBeNull()
    const second = (await otherTablet({ userAgent: 'the second till' })).terminal
    await second.page.goto(second.setupLink())
    await expect(second.page.locator('body')).toContainText('Касса занята другим компьютером', { timeout: 30_000 })
    expect(documents(device, 'sale')).toHaveLength(0)
  })

  test('a till that loses the register to another one says so, and sells again when it is free', async ({
    terminal,
    device,
  }) => {
    await terminal.setUp()
    await terminal.sellExact()
    await terminal.expectResult('registered')
    await terminal.byId('next-sale').click()

    // The register restarted, and somebody else was quicker.
    device.device.state.session.lockedTo = 'another till'
    await terminal.page.evaluate(() => window.dispatchEvent(new Event('online')))
    await expect(terminal.byId('attention')).toContainText('другой планшет', { timeout: 30_000 })
    await terminal.tapProducts(0)
    await expect(terminal.page.locator('.receipt-problem')).toContainText('другой планшет')
    await terminal.byId('pay').click()
    await expect(terminal.byId('tender-cash-exact')).toHaveCount(0)
    expect(documents(device, 'sale')).toHaveLength(1)

    device.device.state.session.lockedTo = null
    await terminal.byId('attention-action').click()
    await expect(terminal.byId('attention')).toBeHidden({ timeout: 30_000 })
    await terminal.byId('pay').click()
    await terminal.byId('tender-cash-exact').click()
    await terminal.expectResult('registered')
    expect(documents(device, 'sale')).toHaveLength(2)
    expect(device.device.state.session.lockedTo).not.toBeNull()
  })
})

/** Sales of each till, all of the same product at the same price. */
const SALES = 10
/** So many of one till before the register is handed on. */
const A_TURN = 2
const HELD_WORDS = /другой планшет|планшет [\p{L}\p{Nd}]+, последний раз/u

/** What a person saw after they wanted to sell. */
type Seen =
  /** Told before Pay that another till sells; nothing was stored. */
  | { readonly kind: 'told' }
  | { readonly kind: 'registered'; readonly number: number }
  /** Saved, and goes out when this till may sell. */
  | { readonly kind: 'waits' }

/** The last sale's result makes room; a receipt that a refusal left open is the next one. */
async function openReceipt(till: Terminal): Promise<void> {
  const next = till.byId('next-sale')
  if (await next.isVisible()) await next.click()
  if ((await till.byId('cart-line').count()) === 0) await till.tapProducts(0)
  await expect(till.byId('cart-line')).toHaveCount(1)
}

/** A person who sells one piece: who is told that another till sells leaves it at that. */
async function trySelling(till: Terminal): Promise<Seen> {
  await openReceipt(till)
  const told = till.page.locator('.receipt-problem').filter({ hasText: HELD_WORDS })
  const exact = till.byId('tender-cash-exact')
  await till.byId('pay').click()
  await expect(told.or(exact).first()).toBeVisible()
  if (await told.isVisible()) {
    await expect(exact).toHaveCount(0)
    return { kind: 'told' }
  }
  await exact.click()
  const result = till.byId('payment-result')
  // It may have heard only now: the payment says so, and stores nothing.
  const atPayment = till.page.locator('.payment-problem').filter({ hasText: HELD_WORDS })
  await expect(result.or(told).or(atPayment).first()).toBeVisible()
  if (!(await result.isVisible())) {
    if (await till.byId('pay-back').isVisible()) await till.byId('pay-back').click()
    return { kind: 'told' }
  }
  await expect(result).toHaveAttribute('data-state', /registered|queued|unknown/, { timeout: 60_000 })
  const settled = await answerQuestions(till, result)
  return settled ? { kind: 'registered', number: await till.receiptNumber() } : { kind: 'waits' }
}

/** Looks at the paper and types keys until the sale is registered; false where this till may not sell. */
async function answerQuestions(till: Terminal, result: ReturnType<Terminal['byId']>): Promise<boolean> {
  for (;;) {
    if ((await result.getAttribute('data-state')) === 'registered') return true
    const bar = till.byId('attention')
    const registered = result.and(till.page.locator('[data-state="registered"]'))
    await expect(registered.or(bar).first()).toBeVisible({ timeout: 60_000 })
    if (await registered.isVisible()) continue
    const words = (await bar.textContent().catch(() => null)) ?? ''
    if (HELD_WORDS.test(words)) return false
    const asked = /чек № (\d+).*пометка (\S+)\?/.exec(words)
    if (asked === null) continue
    await till.byId('attention-action').click()
    const dialog = till.byId('question')
    await expect(dialog).toHaveAttribute('data-kind', 'isReceiptOurs')
    const paper = till.device.device.ledger().find(({ number }) => number === Number(asked[1]))
    await till.byId(paper?.footer?.split('\n')[0] === asked[2] ? 'answer-yes' : 'answer-no').click()
    await expect(dialog).toBeHidden()
    // The bar follows a moment later: the same question isn't answered twice.
    await expect(bar.filter({ hasText: asked[0] })).toHaveCount(0)
  }
}

/** Types the key on the register's screen wherever the till asks for it, until it is ready to sell. */
async function becomesReady(till: Terminal, device: IkkmEmulator): Promise<void> {
  await till.goto('/device')
  const state = till.byId('device-state')
  await expect(async () => {
    if (await state.and(till.page.locator('[data-state="ready"]')).isVisible()) return
    const bar = (await till.byId('attention').textContent({ timeout: 1_000 })) ?? ''
    if (/ключ/i.test(bar)) {
      await till.byId('key-input').fill(device.device.currentKey())
      await till.byId('key-save').click()
    }
    await expect(state).toHaveAttribute('data-state', 'ready', { timeout: 5_000 })
  }).toPass({ timeout: 60_000 })
  await till.goto('/')
  await expect(till.byId('product').first()).toBeVisible()
}

/** A person at `till` takes the register over from the till that holds it at the server. */
async function takeOver(till: Terminal, device: IkkmEmulator): Promise<void> {
  await till.goto('/device')
  await expect(till.byId('writer-lease')).toBeVisible()
  await expect(async () => {
    await till.byId('register-take').click()
    await till.byId('register-take-confirm').click()
    await expect(till.byId('register-take')).toHaveCount(0, { timeout: 5_000 })
  }).toPass({ timeout: 60_000 })
  await expect(till.byId('writer-lease')).toContainText('работает этот планшет')
  await becomesReady(till, device)
}

/** The register was restarted by a person, and the till at hand is the first to lock it. */
async function lockAfterRestart(till: Terminal, device: IkkmEmulator): Promise<void> {
  await expect(till.byId('attention')).toContainText('другой планшет', { timeout: 60_000 })
  device.device.state.session.lockedTo = null
  await till.byId('attention-action').click()
  await becomesReady(till, device)
  const agent = await till.page.evaluate(() => navigator.userAgent)
  await expect.poll(() => device.device.state.session.lockedTo, { timeout: 30_000 }).toBe(agent)
}

/** Each done record is the one document that carries its mark, under its number; nothing else was made. */
async function expectEverySaleOnce(tills: readonly Terminal[], device: IkkmEmulator, numbers: number[]): Promise<void> {
  const papers = documents(device, 'sale')
  const rows = await Promise.all(
    tills.map(({ page }) => storedRows<{ number: number; state: string; mark: string }>(page, 'entries')),
  )
  const entries = rows.flat()
  expect(entries.map(({ state }) => state)).toEqual(entries.map(() => 'done'))
  const paperOf = new Map(papers.map(({ number, footer }) => [number, footer?.split('\n')[0]]))
  expect(entries.map(({ number }) => paperOf.get(number))).toEqual(entries.map(({ mark }) => mark))
  expect(papers).toHaveLength(entries.length)
  expect(papers).toHaveLength(tills.length * SALES)
  expect([...numbers].sort((a, b) => a - b)).toEqual(papers.map(({ number }) => number))
  expect(new Set(papers.map(({ totalTiyn }) => totalTiyn)).size).toBe(1)
}

/**
 * Each till sells its ten. `together`: both tap Pay at every turn; else only the one whose turn it is, and the other one
 * is told before Pay. `hand` gives the register to the till whose turn it is.
 */
async function sellInTurns(
  [a, b]: readonly [Terminal, Terminal],
  together: boolean,
  hand: (till: Terminal) => Promise<void>,
): Promise<number[]> {
  const numbers: number[] = []
  for (let sale = 0; sale < 2 * SALES; sale += 1) {
    const turn = Math.floor(sale / A_TURN)
    const [seller, other] = turn % 2 === 0 ? [a, b] : [b, a]
    const handsOn = turn > 0 && sale % A_TURN === 0
    if (handsOn) await hand(seller)
    // Who lost the register knows it soon, by the look at it that a till makes by itself.
    if (handsOn) await expect(other.byId('attention')).toContainText(HELD_WORDS, { timeout: 60_000 })
    const [sold, refused] = together
      ? await Promise.all([trySelling(seller), trySelling(other)])
      : [await trySelling(seller), await trySelling(other)]
    expect(refused).toEqual({ kind: 'told' })
    expect(sold.kind).toBe('registered')
    if (sold.kind === 'registered') numbers.push(sold.number)
  }
  return numbers
}

for (const together of [false, true]) {
  const when = together ? 'at once' : 'in turn'

  test(`two tills behind one server, ${when}: the register is handed on, every sale is one receipt of its own`, async ({
    page,
    device,
    watch,
    pace,
    otherTablet,
  }) => {
    test.setTimeout(600_000)
    const app = await startApp({ IKKM_DEVICES: `main=${device.origin}` }, { relaySpacingMs: 1_000 / pace })
    watch.allowOrigin(app.origin)
    const first = (await otherTablet({ origin: app.origin })).terminal
    const second = (await otherTablet({ origin: app.origin })).terminal
    await page.close()
    const link = () => `${app.origin}/setup?device=main&transport=relay&lang=ru#key=${device.device.currentKey()}`
    await first.page.goto(link())
    await first.ready()
    await second.page.goto(link())
    await expect(second.byId('product').first()).toBeVisible()
    await expect(second.byId('attention')).toContainText(HELD_WORDS, { timeout: 60_000 })

    const numbers = await sellInTurns([first, second], together, (till) => takeOver(till, device))
    await expectEverySaleOnce([first, second], device, numbers)
    await app.close()
  })

  test.describe('direct', () => {
    test.use({ deviceOptions: { hostHeader: 'user-agent' } })

    test(`two tills at one register, ${when}: the lock goes from one to the other, every sale is one receipt of its own`, async ({
      page,
      device,
      otherTablet,
    }) => {
      test.setTimeout(600_000)
      const first = (await otherTablet({ userAgent: 'the first till' })).terminal
      const second = (await otherTablet({ userAgent: 'the second till' })).terminal
      await page.close()
      await second.setUp()
      await expect.poll(() => device.device.state.session.lockedTo, { timeout: 30_000 }).not.toBeNull()
      device.device.state.session.lockedTo = null
      await first.setUp()
      await expect.poll(() => device.device.state.session.lockedTo, { timeout: 30_000 }).toBe('the first till')

      // The second till had the lock before the restart: it learns of the loss at its next look.
      await second.page.evaluate(() => window.dispatchEvent(new Event('online')))
      await expect(second.byId('attention')).toContainText(HELD_WORDS, { timeout: 60_000 })
      const numbers = await sellInTurns([first, second], together, (till) => lockAfterRestart(till, device))
      await expectEverySaleOnce([first, second], device, numbers)
    })
  })
}
