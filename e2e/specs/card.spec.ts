import type { IkkmEmulator } from '../emulators/ikkm.ts'
import { expect, test } from '../fixtures.ts'
import { typeAsPerson } from '../pages/scanner.ts'
import { addByCode, addFree, documents, giveBackAll, openEntry, payBy } from '../pages/selling.ts'
import type { Terminal } from '../pages/terminal.ts'
import { expectStored, storedRows } from '../pages/stored.ts'

/** 650 ₸ and 1 200 ₸ in the device's own catalogue. */
const ESPRESSO = '101'
const CAPPUCCINO = '103'

/** Operations that the bank carried out, by kind, in order. */
function charged(device: IkkmEmulator): readonly { operation: string; amountTiyn: number; track: number }[] {
  device.device.advance(device.now())
  return device.device.state.bank.transactions
    .filter((one) => one.success)
    .map(({ operation, amountTiyn, track }) => ({ operation, amountTiyn, track }))
}

/** Tracks of a journal entry's bank operations, with what became of them. */
async function tracksOf(terminal: Terminal, sequence: number): Promise<unknown> {
  const entries = await storedRows<{
    sequence: number
    bank: { attempts: { track: number; state: string }[] } | null
  }>(terminal.page, 'entries')
  return entries.find((entry) => entry.sequence === sequence)?.bank?.attempts.map(({ track, state }) => [track, state])
}

const cardPanel = (terminal: Terminal, state: string) =>
  terminal.page.locator(`[data-testid="payment-result"][data-card="${state}"]`)

/** The bank application was started, and with `ended` it is over again. */
async function bankRan(device: IkkmEmulator, ended: boolean): Promise<void> {
  await expect.poll(() => documents(device, 'bank').length).toBe(1)
  if (!ended) return
  await expect
    .poll(() => {
      device.device.advance(device.now())
      return device.device.state.bank.running
    })
    .toBeNull()
}

const script = (device: IkkmEmulator, ...ends: readonly ('approve' | 'decline' | 'not-found' | 'hang')[]): void => {
  device.device.scriptBank(...ends.map((result) => ({ result, durationMs: 1_500 })))
}

test('a card is charged once, then the receipt is registered with it, tied by the track', async ({
  terminal,
  device,
}) => {
  await terminal.setUp()
  script(device, 'approve')
  await addByCode(terminal, ESPRESSO)
  await payBy(terminal, 'tender-card')
  await expect(terminal.byId('card-amount')).toHaveAttribute('data-tiyn', '65000')
  await terminal.expectResult('registered')
  const [bank, sale] = documents(device, 'bank', 'sale')
  expect(bank).toMatchObject({ kind: 'bank', bankMessage: 'purchase', totalTiyn: 65_000 })
  expect(sale).toMatchObject({ kind: 'sale', payments: [0, 65_000, 0, 0] })
  expect(charged(device)).toEqual([{ operation: 'purchase', amountTiyn: 65_000, track: bank?.track }])
  expect(await tracksOf(terminal, 1)).toEqual([[bank?.track, 'success']])
})

test('a declined card can be tried again: another track, one charge, one receipt', async ({ terminal, device }) => {
  await terminal.setUp()
  script(device, 'decline', 'approve')
  await addByCode(terminal, ESPRESSO)
  await payBy(terminal, 'tender-card')
  await expect(cardPanel(terminal, 'declined')).toBeVisible()
  await terminal.byId('card-again').click()
  await terminal.expectResult('registered')
  const banks = documents(device, 'bank')
  expect(new Set(banks.map((bank) => bank.track)).size).toBe(2)
  expect(charged(device)).toHaveLength(1)
  expect(documents(device, 'sale')).toMatchObject([{ payments: [0, 65_000, 0, 0] }])
})

test('a declined card can be given up for another tender: no charge, one receipt, and the journal says so in words', async ({
  terminal,
  device,
}) => {
  await terminal.setUp()
  script(device, 'decline')
  await addByCode(terminal, ESPRESSO)
  await payBy(terminal, 'tender-card')
  await terminal.byId('card-other').click()
  await terminal.byId('tender-cash-exact').click()
  await terminal.expectResult('registered')
  expect(charged(device)).toEqual([])
  expect(documents(device, 'sale')).toMatchObject([{ payments: [65_000, 0, 0, 0] }])
  await terminal.goto('/journal')
  const given = terminal.page.locator('[data-testid="journal-entry"][data-state="writtenOff"]')
  await given.click()
  const dialog = terminal.page.getByRole('dialog')
  await expect(dialog).toBeVisible()
  await expect(dialog).not.toContainText('card-given-up')
  await expect(dialog).toContainText('Карта не прошла')
})

test('another tender can be chosen from the bar and from the queue as well: the receipt is open again', async ({
  terminal,
  device,
}) => {
  await terminal.setUp()
  script(device, 'decline', 'decline')
  await addByCode(terminal, ESPRESSO)
  await payBy(terminal, 'tender-card')
  await expect(cardPanel(terminal, 'declined')).toBeVisible()
  await terminal.byId('menu').click()
  await terminal.page.getByRole('dialog').getByRole('link', { name: 'Журнал чеков' }).click()
  await terminal.byId('attention-action').click()
  await terminal.byId('answer-giveUp').click()
  await expect(terminal.byId('cart-line')).toHaveCount(1)
  await payBy(terminal, 'tender-card')
  await expect(cardPanel(terminal, 'declined')).toBeVisible()
  await terminal.goto('/queue')
  await terminal.byId('answer').click()
  await terminal.byId('answer-giveUp').click()
  await expect(terminal.byId('cart-line')).toHaveCount(1)
  await terminal.byId('pay').click()
  await terminal.byId('tender-cash-exact').click()
  await terminal.expectResult('registered')
  expect(charged(device)).toEqual([])
  expect(documents(device, 'sale')).toMatchObject([{ payments: [65_000, 0, 0, 0] }])
})

test('a declined card can be given up with the sale: nothing is charged, nothing is registered', async ({
  terminal,
  device,
}) => {
  await terminal.setUp()
  script(device, 'decline')
  await addByCode(terminal, ESPRESSO)
  await payBy(terminal, 'tender-card')
  await terminal.byId('card-give-up').click()
  await expect(terminal.byId('payment-result')).toBeHidden()
  await expect(terminal.byId('queue-count')).toBeHidden()
  expect(charged(device)).toEqual([])
  expect(documents(device, 'sale')).toEqual([])
})

test('the page is reloaded while the card is in the terminal: one charge, one receipt', async ({
  terminal,
  device,
  page,
}) => {
  await terminal.setUp()
  device.device.scriptBank({ result: 'approve', durationMs: 8_000 })
  await addByCode(terminal, ESPRESSO)
  await payBy(terminal, 'tender-card')
  await bankRan(device, false)
  await page.reload()
  await expect(terminal.byId('payment-result')).toHaveAttribute('data-card', /starting|waiting/)
  await terminal.expectResult('registered')
  expect(documents(device, 'bank')).toHaveLength(1)
  expect(charged(device)).toHaveLength(1)
  expect(documents(device, 'sale')).toMatchObject([{ payments: [0, 65_000, 0, 0] }])
})

test('the page is closed while the card is in the terminal and opened later: one charge, one receipt', async ({
  terminal,
  device,
  page,
  context,
}) => {
  await terminal.setUp()
  device.device.scriptBank({ result: 'approve', durationMs: 3_000 })
  await addByCode(terminal, ESPRESSO)
  await payBy(terminal, 'tender-card')
  await bankRan(device, false)
  await page.close()
  await expect.poll(() => charged(device)).toHaveLength(1)
  const again = await context.newPage()
  await again.goto(terminal.origin)
  await expect.poll(() => documents(device, 'sale').length, { timeout: 60_000 }).toBe(1)
  await expect(again.getByTestId('queue-count')).toBeHidden()
  expect(documents(device, 'bank')).toHaveLength(1)
  expect(charged(device)).toHaveLength(1)
})

test('the page dies before the bank was started: nothing is charged unseen, a person is asked', async ({
  terminal,
  device,
  page,
}) => {
  await page.clock.install()
  await terminal.setUp()
  script(device, 'approve')
  await device.faults.add({ kind: 'hang', execute: false, match: '/apibank' })
  await addByCode(terminal, ESPRESSO)
  await payBy(terminal, 'tender-card')
  await expect.poll(() => device.log().filter(({ path }) => path.startsWith('/apibank')).length).toBe(1)
  await page.reload()
  await expect(cardPanel(terminal, 'checking')).toBeVisible()
  await page.clock.fastForward(125_000)
  await terminal.byId('card-no').click()
  await terminal.byId('card-again').click()
  await terminal.expectResult('registered')
  expect(charged(device)).toHaveLength(1)
  expect(documents(device, 'sale')).toHaveLength(1)
})

test('the answer to the start of a card payment is lost: it is not started again', async ({ terminal, device }) => {
  await terminal.setUp()
  script(device, 'approve')
  await device.faults.add({ kind: 'drop-after', match: '/apibank' })
  await addByCode(terminal, ESPRESSO)
  await payBy(terminal, 'tender-card')
  await terminal.expectResult('registered')
  expect(documents(device, 'bank')).toHaveLength(1)
  expect(charged(device)).toHaveLength(1)
  expect(documents(device, 'sale')).toHaveLength(1)
})

test('the bank knows nothing of the payment: a person is asked once, and no is followed by another try', async ({
  terminal,
  device,
  page,
}) => {
  await page.clock.install()
  await terminal.setUp()
  script(device, 'not-found', 'approve')
  await addByCode(terminal, ESPRESSO)
  await payBy(terminal, 'tender-card')
  await bankRan(device, true)
  await page.clock.fastForward(125_000)
  await expect(cardPanel(terminal, 'asked')).toBeVisible()
  await terminal.byId('card-no').click()
  await terminal.byId('card-again').click()
  await terminal.expectResult('registered')
  expect(documents(device, 'bank')).toHaveLength(2)
  expect(charged(device)).toHaveLength(1)
  expect(documents(device, 'sale')).toHaveLength(1)
})

test('the bank knows nothing, but the customer was charged: yes registers the receipt without another charge', async ({
  terminal,
  device,
  page,
}) => {
  await page.clock.install()
  await terminal.setUp()
  script(device, 'not-found')
  await addByCode(terminal, ESPRESSO)
  await payBy(terminal, 'tender-card')
  await bankRan(device, true)
  await page.clock.fastForward(125_000)
  await terminal.byId('card-yes').click()
  await terminal.expectResult('registered')
  expect(documents(device, 'bank')).toHaveLength(1)
  expect(documents(device, 'sale')).toMatchObject([{ payments: [0, 65_000, 0, 0] }])
})

test('the first card payment turns out to have gone through after all: an alarm, and one receipt', async ({
  terminal,
  device,
  page,
}) => {
  await page.clock.install()
  await terminal.setUp()
  device.device.scriptBank({ result: 'not-found', durationMs: 1_500 }, { result: 'approve', durationMs: 4_000 })
  await addByCode(terminal, ESPRESSO)
  await payBy(terminal, 'tender-card')
  await bankRan(device, true)
  await page.clock.fastForward(125_000)
  await terminal.byId('card-no').click()
  await terminal.byId('card-again').click()
  await expect.poll(() => documents(device, 'bank').length).toBe(2)
  // The bank's host books the first payment late.
  const [first] = documents(device, 'bank')
  const { transactions } = device.device.state.bank
  transactions.push({
    track: first?.track ?? 0,
    operation: 'purchase',
    amountTiyn: 65_000,
    atMs: device.now(),
    success: true,
    responseCode: '00',
    refnum: '1',
    traceNumber: 1,
    pan: '4000 XXXX XXXX 0000',
  })
  await expect(cardPanel(terminal, 'twice')).toBeVisible()
  await expect(terminal.byId('payment-result')).toContainText(String(first?.track))
  await terminal.byId('card-refunded').click()
  await terminal.expectResult('registered')
  expect(documents(device, 'sale')).toHaveLength(1)
})

test('the screen of the bank hangs: the terminal says so, and after a restart of the device asks once', async ({
  terminal,
  device,
  page,
}) => {
  await page.clock.install()
  await terminal.setUp()
  script(device, 'hang')
  await addByCode(terminal, ESPRESSO)
  await payBy(terminal, 'tender-card')
  await bankRan(device, false)
  await expect(cardPanel(terminal, 'waiting')).toBeVisible()
  await page.clock.fastForward(185_000)
  await expect(terminal.page.getByText('перезагрузите кассу')).toBeVisible()
  await device.faults.add({ kind: 'reboot' })
  await terminal.byId('card-no').click({ timeout: 60_000 })
  await terminal.byId('card-other').click()
  await terminal.byId('tender-cash-exact').click()
  await terminal.expectResult('registered')
  expect(charged(device)).toEqual([])
  expect(documents(device, 'sale')).toMatchObject([{ payments: [65_000, 0, 0, 0] }])
})

test('mixed: the card part is charged by the device, the rest is cash in the same receipt', async ({
  terminal,
  device,
  page,
}) => {
  await terminal.setUp()
  script(device, 'approve')
  await addByCode(terminal, ESPRESSO, CAPPUCCINO)
  await terminal.byId('pay').click()
  await terminal.byId('tender-mixed').click()
  await terminal.page.getByRole('radio', { name: 'кассу' }).click()
  await typeAsPerson(page, '1000')
  await expect(terminal.byId('tender-cash-amount')).toHaveValue(/1.000/)
  await terminal.byId('pay-confirm').click()
  await terminal.expectResult('registered')
  expect(charged(device)).toMatchObject([{ operation: 'purchase', amountTiyn: 100_000 }])
  expect(documents(device, 'sale')).toMatchObject([{ payments: [85_000, 100_000, 0, 0], changeTiyn: 0 }])
})

test('a receipt that the device charged by card goes back to the card', async ({ terminal, device }) => {
  await terminal.setUp()
  script(device, 'approve', 'approve')
  await addByCode(terminal, ESPRESSO)
  await payBy(terminal, 'tender-card')
  await terminal.expectResult('registered')
  await openEntry(terminal, await terminal.receiptNumber())
  await terminal.byId('return').click()
  await giveBackAll(terminal)
  await terminal.expectResult('registered')
  expect(charged(device).map(({ operation, amountTiyn }) => [operation, amountTiyn])).toEqual([
    ['purchase', 65_000],
    ['refund', 65_000],
  ])
  expect(documents(device, 'saleReturn')).toMatchObject([{ totalTiyn: 65_000, payments: [0, 65_000, 0, 0] }])
})

test('while the device is away its bank can not be started, and says so', async ({ terminal, device }) => {
  await terminal.setUp()
  await device.faults.add({ kind: 'down' })
  await terminal.sellExact(0)
  await expect(terminal.byId('device-state')).toHaveAttribute('data-state', 'offline')
  await addByCode(terminal, ESPRESSO)
  await terminal.byId('pay').click()
  await terminal.byId('tender-card').click()
  await expect(terminal.byId('pay-confirm')).toBeDisabled()
  await expect(terminal.page.getByText('карту через неё не провести')).toBeVisible()
  await device.faults.add({ kind: 'up' })
})

test.describe('a card was charged for a receipt that the device refused', () => {
  /** 300 ₸ by card and the rest in cash, on a device that takes no mixed payment: charged, then refused (-13). */
  async function chargedAndRefused(till: {
    readonly terminal: Terminal
    readonly device: IkkmEmulator
  }): Promise<void> {
    const { terminal, device } = till
    script(device, 'approve')
    await addByCode(terminal, ESPRESSO)
    await terminal.byId('pay').click()
    await terminal.byId('tender-mixed').click()
    await terminal.page.getByRole('radio', { name: 'кассу' }).click()
    await typeAsPerson(terminal.page, '300')
    await expect(terminal.byId('tender-cash-amount')).toHaveValue('300')
    await terminal.byId('pay-confirm').click()
    await terminal.expectResult('rejected')
    expect(charged(device)).toMatchObject([{ operation: 'purchase', amountTiyn: 30_000 }])
    expect(documents(device, 'sale')).toEqual([])
    await terminal.goto('/queue')
    await expect(terminal.byId('entry-charge')).toHaveAttribute('data-charge', 'charged')
  }
  test.use({ deviceOptions: { options: { mixedPaymentAllowed: false } } })

  test('the corrected receipt carries the same charge: nothing is taken twice', async ({ terminal, device, page }) => {
    await terminal.setUp()
    await chargedAndRefused({ terminal, device })
    const track = documents(device, 'bank')[0]?.track
    await terminal.byId('correct').click()
    // The cashier brings the receipt to what the card paid: half of it isn't sold.
    await terminal.byId('cart-line').getByRole('button').first().click()
    await terminal.byId('cart-line').getByRole('button').last().click()
    await addFree(terminal, '300')
    // What was charged outlives a reload with the receipt.
    await expectStored(page, 'carts', '30000')
    await page.reload()
    await expect(terminal.byId('cart-line')).toHaveCount(1)
    await terminal.byId('pay').click()
    await expect(terminal.byId('charged-sum')).toHaveAttribute('data-tiyn', '30000')
    await terminal.byId('charged-pay').click()
    await terminal.expectResult('registered')
    await expect(terminal.byId('queue-count')).toBeHidden()
    expect(charged(device)).toHaveLength(1)
    expect(documents(device, 'sale')).toMatchObject([{ totalTiyn: 30_000, payments: [0, 30_000, 0, 0] }])
    expect(await tracksOf(terminal, 2)).toEqual([[track, 'success']])
    await terminal.goto('/bank')
    await expect(terminal.byId('bank-operation')).toHaveCount(1)
    await expect(terminal.byId('bank-net')).toHaveAttribute('data-tiyn', '30000')
  })

  test('the money goes back by a reversal, then the receipt is paid otherwise', async ({ terminal, device }) => {
    await terminal.setUp()
    await chargedAndRefused({ terminal, device })
    script(device, 'decline', 'approve')
    await terminal.byId('give-back').click()
    await terminal.byId('give-back-confirm').click()
    await expect(terminal.page).toHaveURL(/\/bank$/)
    await expect(cardPanel(terminal, 'declined')).toBeVisible()
    await terminal.byId('card-again').click()
    await expect(terminal.byId('queue-count')).toContainText('1')
    await expect(cardPanel(terminal, 'declined')).toBeHidden()
    await expect.poll(() => charged(device).map(({ operation }) => operation)).toEqual(['purchase', 'reversal'])
    await expect(terminal.byId('bank-net')).toHaveAttribute('data-tiyn', '0')

    await terminal.goto('/queue')
    await expect(terminal.byId('entry-charge')).toHaveAttribute('data-charge', 'none')
    await expect(terminal.byId('give-back')).toBeHidden()
    await terminal.byId('correct').click()
    await terminal.byId('pay').click()
    await terminal.byId('tender-cash-exact').click()
    await terminal.expectResult('registered')
    await expect(terminal.byId('queue-count')).toBeHidden()
    expect(documents(device, 'sale')).toMatchObject([{ payments: [65_000, 0, 0, 0] }])
    expect(charged(device)).toHaveLength(2)
  })
})

test('a payment is cancelled and a day settled with the bank, and the totals of the day are those of the bank', async ({
  terminal,
  device,
}) => {
  await terminal.setUp()
  script(device, 'approve', 'approve')
  await addByCode(terminal, ESPRESSO)
  await payBy(terminal, 'tender-card')
  await terminal.expectResult('registered')
  await terminal.goto('/journal')
  await terminal.byId('to-bank').click()
  await expect(terminal.byId('bank-net')).toHaveAttribute('data-tiyn', '65000')
  await terminal.byId('bank-reversal').click()
  await expect(terminal.byId('number')).toBeFocused()
  await typeAsPerson(terminal.page, '150')
  await terminal.byId('bank-start').click()
  await expect(terminal.byId('bank-net')).toHaveAttribute('data-tiyn', '50000')
  await expect(terminal.byId('bank-total-reversal')).toHaveAttribute('data-tiyn', '15000')
  expect(charged(device).map(({ operation, amountTiyn }) => [operation, amountTiyn])).toEqual([
    ['purchase', 65_000],
    ['reversal', 15_000],
  ])
  script(device, 'approve')
  await terminal.byId('bank-close-day').click()
  await terminal.byId('bank-close-day-confirm').click()
  await expect
    .poll(() => documents(device, 'bank').map(({ bankMessage }) => bankMessage))
    .toEqual(['purchase', 'reversal', 'reconciliation'])
  const closing = terminal.page.locator('[data-testid="bank-operation"][data-message="bankClose"]')
  await expect(closing).toHaveAttribute('data-state', 'registered')
  await expect(terminal.byId('bank-net')).toHaveAttribute('data-tiyn', '50000')
  // Selling goes on: the device is busy for a moment and nothing waits for a person.
  await terminal.goto('/')
  await terminal.ready()
  await terminal.sellExact(0)
  await terminal.expectResult('registered')
  expect(documents(device, 'sale')).toHaveLength(2)
})
