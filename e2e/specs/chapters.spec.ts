/**
 * Each chapter of the device's document (source 004), done through the page and checked in the device's own ledger.
 * One test a chapter and what it describes; the harder cases of a chapter have specs of their own:
 *
 * | chapter | here                                   | and in                                             |
 * | ------- | -------------------------------------- | -------------------------------------------------- |
 * | 2, 3    | launch, form, alphabets, limits        | setup, lan, drain (one request a second)           |
 * | 4       | the key goes from document to document | offline, chaos, two-tabs, `e2e/kill`, simulation   |
 * | 5.1     | kinds, payments, tax, texts, rows      | sale, payment, returns, taxes, split               |
 * | 5.2     | number and key of an answer            | offline (lost, garbled, short answers)             |
 * | 5.3     | deposit, withdrawal, X, Z              | shift                                              |
 * | 6       | purchase, refund, results              | card (declines, reversal, reconciliation)          |
 * | 7, 8    | getInfo, last document, free text      | setup (the assistant)                              |
 * | 9.1     | goods, folders, taxes, cashiers        | catalog, taxes                                     |
 * | 9.2     | shifts, receipts, reports, transmission | shift, comparison                                 |
 * | 10      | every session variable, update, reboot |                                                    |
 * | 11      | errors in words                        | `src/ikkm/errors.test.ts` (each code and reason)   |
 */
import type { IkkmEmulator } from '../emulators/ikkm.ts'
import { expect, test } from '../fixtures.ts'
import { expectStored } from '../pages/stored.ts'
import { typeAsPerson } from '../pages/scanner.ts'
import { addByCode, addFree, chooseAction, documents, giveBackAll, openEntry, payBy } from '../pages/selling.ts'
import { closeShift, moveCash, openShiftPage, operation } from '../pages/shift.ts'
import type { Terminal } from '../pages/terminal.ts'

/** A quick device; `updateTo` is newer than what it runs, and only the last shift is not in the archive. */
test.use({
  deviceOptions: {
    seed: 4,
    options: {
      zNormalMs: 2_000,
      zFastMs: [500, 800],
      bootMs: 4_000,
      ofdDelayMs: 300,
      bank: { result: 'approve', durationMs: 800 },
      archiveAfterShifts: 0,
      updateTo: 101_022,
      cashTiyn: 500_000,
    },
  },
})

/** 650 ₸ and 1 200 ₸ in the device's own catalogue; cheese at 4 390 ₸ a kilogram. */
const ESPRESSO = '101'
const CAPPUCCINO = '103'
const KAZAKH = 'Құрт ірімшік, әңгіме үшін'

async function payExact(terminal: Terminal): Promise<void> {
  await terminal.byId('pay').click()
  await terminal.byId('tender-cash-exact').click()
  await terminal.expectResult('registered')
}

async function sell(terminal: Terminal, ...codes: readonly string[]): Promise<number> {
  await addByCode(terminal, ...codes)
  await payExact(terminal)
  return terminal.receiptNumber()
}

const session = (device: IkkmEmulator) => device.device.state.session
const registrations = (device: IkkmEmulator) => documents(device, 'sale', 'buy', 'saleReturn', 'buyReturn')

test('chapters 2 and 3: a key of eight digits starts it; requests are forms in UTF-8, sums to 2 decimals, weights to 3', async ({
  terminal,
  device,
  page,
}) => {
  await terminal.setUp()
  device.clearLog()
  await addFree(terminal, '999,99', KAZAKH)
  await terminal.byId('search').fill('407')
  await terminal.byId('search').press('Enter')
  await expect(page.getByRole('dialog')).toBeVisible()
  await typeAsPerson(page, '1,255')
  await page.getByTestId('ask-add').click()
  await payExact(terminal)
  const [sale] = documents(device, 'sale')
  expect(sale?.rows).toMatchObject([
    { name: KAZAKH, price: 99_999, quantity: 1_000, sum: 99_999 },
    { price: 439_000, quantity: 1_255, sum: 550_945 },
  ])
  expect(sale?.totalTiyn).toBe(650_944)
  const sent = device.log().filter(({ path }) => path.startsWith('/api/'))
  expect(sent).toHaveLength(1)
  expect(sent[0]).toMatchObject({ method: 'POST', query: '' })
  expect(sent[0]?.headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/)
  expect(new URLSearchParams(sent[0]?.body).get('sale')).toBe('6509.44')
  // The key is in every request, and no request needed the browser's permission first.
  for (const { method, path, query, body } of device.log()) {
    expect(method, path).toMatch(/^(?:GET|POST)$/)
    expect(new URLSearchParams(method === 'GET' ? query : body).get('key'), path).toMatch(/^\d{8}$/)
  }
})

test('chapter 4: every document leaves with the key that the last one returned, and a repeat with the previous key registers nothing', async ({
  terminal,
  device,
}) => {
  await terminal.setUp()
  const first = device.device.currentKey()
  await sell(terminal, ESPRESSO)
  await device.faults.add({ kind: 'drop-after', match: '/api/' })
  await sell(terminal, CAPPUCCINO)
  await sell(terminal, ESPRESSO)
  const sales = registrations(device)
  expect(sales.map(({ totalTiyn }) => totalTiyn)).toEqual([65_000, 120_000, 65_000])
  expect(sales.map(({ keySent }) => keySent)).toEqual([first, sales[0]?.keyReturned, sales[1]?.keyReturned])
  expect(sales[2]?.keyReturned).toBe(device.device.currentKey())
  expect(sales.map(({ duplicates }) => duplicates > 0)).toEqual([false, true, false])
})

test('chapter 5.1: sale, purchase and the returns of both are registered as what they are', async ({
  terminal,
  device,
}) => {
  await terminal.setUp()
  const sold = await sell(terminal, ESPRESSO, CAPPUCCINO)
  await chooseAction(terminal, 'buy')
  await addFree(terminal, '500', 'Бутылки')
  await payExact(terminal)
  const bought = await terminal.receiptNumber()
  for (const number of [sold, bought]) {
    await openEntry(terminal, number)
    await terminal.byId('return').click()
    await giveBackAll(terminal)
    await terminal.expectResult('registered')
  }
  expect(registrations(device).map(({ kind, totalTiyn, payments }) => [kind, totalTiyn, payments[0]])).toEqual([
    ['sale', 185_000, 185_000],
    ['buy', 50_000, 50_000],
    ['saleReturn', 185_000, 185_000],
    ['buyReturn', 50_000, 50_000],
  ])
  expect(device.device.state.cashTiyn).toBe(500_000)
})

test('chapter 5.1: cash with change, bank, credit, tare, and cash with bank in one receipt', async ({
  terminal,
  device,
  page,
}) => {
  await terminal.setUp()
  await addByCode(terminal, ESPRESSO)
  await terminal.byId('pay').click()
  await expect(terminal.byId('tender-cash-amount')).toBeFocused()
  await typeAsPerson(page, '1000')
  await terminal.byId('pay-confirm').click()
  await terminal.expectResult('registered')
  await expect(terminal.byId('change')).toHaveAttribute('data-tiyn', '35000')
  await addByCode(terminal, ESPRESSO)
  await payBy(terminal, 'tender-external-card')
  await terminal.expectResult('registered')
  for (const tender of ['tender-credit', 'tender-tare']) {
    await addByCode(terminal, ESPRESSO)
    await terminal.byId('pay').click()
    await terminal.byId('tender-more').click()
    await terminal.byId(tender).click()
    if (tender === 'tender-credit') await terminal.byId('debtor-name').fill('Айгуль')
    await terminal.byId('pay-confirm').click()
    await terminal.expectResult('registered')
  }
  await addByCode(terminal, ESPRESSO)
  await terminal.byId('pay').click()
  await terminal.byId('tender-mixed').click()
  await typeAsPerson(page, '400,5')
  await terminal.byId('pay-confirm').click()
  await terminal.expectResult('registered')
  expect(registrations(device).map(({ payments, changeTiyn }) => [...payments, changeTiyn])).toEqual([
    [100_000, 0, 0, 0, 35_000],
    [0, 65_000, 0, 0, 0],
    [0, 0, 0, 65_000, 0],
    [0, 0, 65_000, 0, 0],
    [24_950, 40_050, 0, 0, 0],
  ])
})

test('chapter 5.1: a tax of its own, texts before and after, and rows with a discount that add up to the total', async ({
  terminal,
  device,
  page,
}) => {
  await terminal.setUp()
  await addByCode(terminal, ESPRESSO, CAPPUCCINO, CAPPUCCINO)
  await chooseAction(terminal, 'texts')
  await page.getByRole('dialog').locator('select').selectOption('16')
  await terminal.byId('receipt-print').fill('Тапсырыс 17')
  await terminal.byId('receipt-footer').fill('Рақмет!\n--barcodeEAN13-7501031311309--')
  await terminal.byId('receipt-texts-apply').click()
  await chooseAction(terminal, 'discount')
  await page.getByRole('dialog').getByRole('radio').last().click()
  await typeAsPerson(page, '100')
  await terminal.byId('discount-apply').click()
  await payExact(terminal)
  const [sale] = registrations(device)
  expect(sale).toMatchObject({ taxId: 16, taxTiyn: 0, totalTiyn: 295_000, print: 'Тапсырыс 17', onlineRows: 3 })
  expect(sale?.footer).toContain('--barcodeEAN13-7501031311309--')
  const rows = sale?.rows ?? []
  expect(rows.reduce((sum, row) => sum + (row.discount === null ? row.sum : -row.discount), 0)).toBe(295_000)
  expect(rows.filter((row) => row.discount !== null)).toMatchObject([{ discount: 10_000 }])
})

test('chapter 5.2: the number stands in the answer’s description, the new key in its body, and the terminal has both', async ({
  terminal,
  device,
}) => {
  await terminal.setUp()
  const number = await sell(terminal, ESPRESSO)
  const [sale] = registrations(device)
  const [sent] = device.log().filter(({ path }) => path.startsWith('/api/'))
  expect(sent?.reply).toMatchObject({ status: 200, reason: String(number), body: sale?.keyReturned })
  expect(number).toBe(sale?.number)
  await terminal.goto('/journal')
  await expect(terminal.byId('journal-entry').first()).toHaveAttribute('data-number', String(number))
})

test('chapter 5.3: cash in and out, an X report, and a Z report that closes the shift', async ({
  terminal,
  device,
}) => {
  await terminal.setUp()
  await sell(terminal, ESPRESSO)
  await openShiftPage(terminal, 'open')
  await moveCash(terminal, 'cash-in', '2000')
  await expect(operation(terminal, 'deposit')).toHaveAttribute('data-state', 'done', { timeout: 30_000 })
  await moveCash(terminal, 'cash-out', '200,50')
  await expect(operation(terminal, 'withdrawal')).toHaveAttribute('data-state', 'done', { timeout: 30_000 })
  await terminal.byId('shift-x').click()
  await expect(operation(terminal, 'xReport')).toHaveAttribute('data-state', 'done', { timeout: 30_000 })
  await closeShift(terminal)
  expect(device.device.ledger().map(({ kind, totalTiyn }) => [kind, totalTiyn])).toEqual([
    ['sale', 65_000],
    ['deposit', 200_000],
    ['withdrawal', 20_050],
    ['x', 0],
    ['z', 0],
  ])
  expect(device.device.state.cashTiyn).toBe(500_000 + 65_000 + 200_000 - 20_050)
})

test('chapter 6: the bank application is started with a track of its own, its result is read, a refund follows the return', async ({
  terminal,
  device,
}) => {
  await terminal.setUp()
  await addByCode(terminal, CAPPUCCINO)
  await payBy(terminal, 'tender-card')
  await terminal.expectResult('registered')
  await openEntry(terminal, await terminal.receiptNumber())
  await terminal.byId('return').click()
  await giveBackAll(terminal)
  await terminal.expectResult('registered')
  const operations = documents(device, 'bank')
  expect(operations.map(({ bankMessage, totalTiyn }) => [bankMessage, totalTiyn])).toEqual([
    ['purchase', 120_000],
    ['refund', 120_000],
  ])
  const tracks = operations.map(({ track }) => track)
  expect(new Set(tracks).size).toBe(2)
  expect(Math.min(...tracks)).toBeGreaterThan(0)
  // Each result was read by its track, and the money is in the receipt as bank money.
  for (const track of tracks)
    expect(device.log().some(({ path }) => path === `/dump/bank/${track}/trackdocument`)).toBe(true)
  expect(registrations(device).map(({ kind, payments }) => [kind, payments[1]])).toEqual([
    ['sale', 120_000],
    ['saleReturn', 120_000],
  ])
})

test('chapter 7: readiness and details in plain words, and the last receipt printed once more', async ({
  terminal,
  device,
  page,
}) => {
  await terminal.setUp()
  const number = await sell(terminal, ESPRESSO)
  device.device.state.batteryPercent = 15
  await terminal.goto('/device')
  const content = page.locator('#content')
  for (const word of ['011700029000', '101021', 'Айгерим Сапарова', '15 %', 'Встроенный', '5 650'])
    await expect(content).toContainText(new RegExp(word.replace(' ', '\\s')), { timeout: 30_000 })
  await terminal.byId('tool-print-last').click()
  await expect.poll(() => registrations(device)[0]?.reprints).toBe(1)
  expect(registrations(device)).toHaveLength(1)
  expect(device.device.state.paper.at(-1)).toContain(String(number))
})

test('chapter 8: free text is printed with its commands; what the paper will show is seen before', async ({
  terminal,
  device,
  page,
}) => {
  await terminal.setUp()
  // An external printer with paper of 80 mm: the one inside neither cuts nor rules.
  await terminal.goto('/settings')
  await terminal.byId('paper-width').locator('select').selectOption('42')
  await expectStored(page, 'settings', '"paperWidth":42')
  await terminal.goto('/device')
  const text = 'Brick quiz whangs jumpy veldt fox!\n--cut--\nЖылқының еті жесең-тісіне кіреді\n--line--\n--open-cash--'
  await terminal.byId('print-text').fill(text)
  const preview = page.locator('.paper').filter({ hasText: 'Brick' })
  await expect(preview.locator('.paper-cut')).toHaveCount(1)
  await expect(preview.locator('.paper-rule')).toHaveCount(1)
  await terminal.byId('print-now').click()
  await expect.poll(() => documents(device, 'print').map(({ print }) => print)).toEqual([text])
  expect(device.log().filter(({ path }) => path.startsWith('/apiprint'))).toMatchObject([{ method: 'POST', query: '' }])
  expect(documents(device, 'print')[0]?.keyReturned).toBe(device.device.currentKey())
})

test('chapter 9.1: goods in their folders, taxes by their current ids, and cashiers by name', async ({
  terminal,
  device,
  page,
}) => {
  await terminal.setUpByLink()
  const asked = (path: string) => device.log().some((request) => request.path === `/dump/table/${path}`)
  expect(asked('items') && asked('catalog') && asked('taxes')).toBe(true)
  await expect(terminal.byId('category').first()).toBeVisible()
  // A tax is edited: its id changes, and with it what the next receipts are sold under.
  const fresh = device.device.editTax(15, 'НДС 12%', 1_200)
  await terminal.goto('/catalog')
  await terminal.byId('catalog-load-device').click()
  await expect.poll(() => device.log().filter(({ path }) => path === '/dump/table/taxes').length).toBe(2)
  await expect(terminal.byId('catalog-load-device')).toBeEnabled({ timeout: 30_000 })
  await page.getByRole('link', { name: 'Продажа' }).first().click()
  await sell(terminal, ESPRESSO)
  expect(registrations(device)).toMatchObject([{ taxId: fresh, taxTiyn: 6_964 }])
  await openShiftPage(terminal, 'open')
  await closeShift(terminal)
  await expect(terminal.byId('past-shift').first()).toContainText('Айгерим Сапарова', { timeout: 30_000 })
  expect(asked('cashiers')).toBe(true)
})

test('chapter 9.2: all shifts, the receipts and the report of one with its taxes, an archived one, and the transmission of a receipt', async ({
  terminal,
  device,
  page,
}) => {
  await terminal.setUp()
  const number = await sell(terminal, ESPRESSO, CAPPUCCINO)
  await openEntry(terminal, number)
  await terminal.byId('transmission').click()
  await expect(page.getByRole('dialog')).toContainText(registrations(device)[0]?.onlineCode ?? 'no code', {
    timeout: 30_000,
  })
  expect(device.log().some(({ path }) => path.startsWith('/dump/transaction/'))).toBe(true)
  await openShiftPage(terminal, 'open')
  await closeShift(terminal)
  const [sale] = registrations(device)
  await page.locator(`[data-testid="past-shift"][data-shift="${sale?.shift ?? 0}"]`).click()
  const total = page.locator('[data-testid="shift-total"][data-kind="sale"][data-side="device"]')
  await expect(total).toHaveAttribute('data-tiyn', '185000', { timeout: 30_000 })
  await expect(terminal.byId('shift-tax')).toHaveAttribute('data-tiyn', String(sale?.taxTiyn))
  await terminal.byId('shift-view-receipts').click()
  await expect(terminal.byId('device-receipt')).toHaveAttribute('data-tiyn', '185000', { timeout: 30_000 })
  await terminal.byId('shift-view-comparison').click()
  await expect(terminal.byId('comparison')).toBeVisible({ timeout: 30_000 })

  // One more shift, and the device has put the first into its archive: its number still opens it.
  await terminal.goto('/')
  await sell(terminal, ESPRESSO)
  await openShiftPage(terminal, 'open')
  await closeShift(terminal)
  await expect(page.locator(`[data-testid="past-shift"][data-shift="${sale?.shift ?? 0}"]`)).toHaveCount(0)
  await terminal.byId('past-number').fill(String(sale?.shift))
  await terminal.byId('past-show').click()
  await expect(terminal.byId('shift-archived')).toBeVisible({ timeout: 30_000 })
  const paths = device.log().map(({ path }) => path)
  for (const path of ['/dump/table/shifts', `/dump/table/shifts/${sale?.shift ?? 0}/cheques`])
    expect(paths).toContain(path)
  expect(paths).toContain(`/dump/table/shifts/${sale?.shift ?? 0}/reportwithtax`)
})

test('chapter 10.1: every session variable is set from the device page', async ({ terminal, device, page }) => {
  await terminal.setUp()
  await sell(terminal, ESPRESSO)
  device.device.state.session.printMode = 'lan-printer'
  await terminal.goto('/device')
  await expect(terminal.byId('device-state')).toHaveAttribute('data-state', 'ready', { timeout: 30_000 })
  // The page asks where it prints instead of guessing.
  await expect(page.getByRole('radio', { name: 'Принтер в сети' })).toBeChecked({ timeout: 30_000 })
  const order = (name: string, on: boolean) =>
    page
      .getByRole('group', { name: new RegExp(name) })
      .getByRole('button', { name: on ? 'Включить' : 'Выключить' })
      .click()
  const becomes = (read: () => unknown, value: unknown) => expect.poll(read, { timeout: 20_000 }).toEqual(value)

  await terminal.byId('tool-beep').click()
  await becomes(() => device.device.state.beeps, 1)
  for (const value of [true, false]) {
    await order('Быстрый Z-отчёт', value)
    await becomes(() => session(device).timersFast, value)
  }
  for (const value of [true, false]) {
    await order('Держать связь с сетевым принтером', value)
    await becomes(() => session(device).keepLanPrinter, value)
  }
  for (const [word, mode] of [
    ['Принтер USB', 'usb-printer'],
    ['Принтер в сети', 'lan-printer'],
    ['Встроенный', 'internal-printer'],
  ] as const) {
    await page.getByRole('radio', { name: word }).click()
    await becomes(() => session(device).printMode, mode)
  }
  // In batches nothing goes to the tax authority by itself; a person pushes, or goes back.
  await order('Отправлять в налоговую пакетами', true)
  await terminal.byId('batch-confirm').click()
  await becomes(() => session(device).ofdPacketMode, true)
  device.device.foreignOperation({ kind: 'sale', totalTiyn: 70_000, rotatesKey: false }, device.now())
  expect(device.device.state.ofd.waiting).toBe(1)
  await terminal.byId('tool-push').click()
  await becomes(() => device.device.state.ofd.waiting, 0)
  await order('Отправлять в налоговую пакетами', false)
  await becomes(() => session(device).ofdPacketMode, false)

  await terminal.byId('tool-hide-web').click()
  await terminal.byId('tool-confirm').click()
  await becomes(() => session(device).webManagement, false)
  const header = '* Жарнама *\n--barcodeEAN13-7501031311309--\n--barcodeEAN8-96385074--\n--barcode128-TESTCODE123--'
  await terminal.byId('header-text').fill(header)
  await terminal.byId('header-save').click()
  await becomes(() => session(device).printHeader, header)
  await terminal.byId('header-clear').click()
  await becomes(() => session(device).printHeader, null)
  // The lock is on by default: switched off with a reason, it is taken again by one tap.
  await becomes(() => session(device).lockedTo !== null, true)
  await terminal.byId('lock-off').click()
  await expect(terminal.byId('lock-off-confirm')).toBeDisabled()
  await terminal.byId('lock-off-reason').fill('проверка')
  await terminal.byId('lock-off-confirm').click()
  await expect(terminal.byId('writer-lock')).toContainText('проверка')
  await expect(terminal.byId('attention')).toContainText('Закрепление кассы выключено')
  session(device).lockedTo = null
  await terminal.byId('lock-on').click()
  await expect(terminal.byId('lock-off')).toBeVisible()
  await becomes(() => session(device).lockedTo !== null, true)
  // Under the lock another host is refused, this terminal is not.
  const request = { method: 'GET', path: '/apicheck', query: '', body: null } as const
  expect(device.device.handle(request, device.now(), '10.0.0.99').body).toBe('-18')
  await terminal.goto('/')
  await sell(terminal, CAPPUCCINO)
})

test('chapter 10.2: a restart forgets the session variables, an update brings the new version, and selling goes on', async ({
  terminal,
  device,
}) => {
  await terminal.setUp()
  await terminal.goto('/device')
  await terminal.byId('header-text').fill('Сәлем')
  await terminal.byId('header-save').click()
  await expect.poll(() => session(device).printHeader).toBe('Сәлем')
  await terminal.byId('tool-reboot').click()
  await terminal.byId('tool-confirm').click()
  await expect.poll(() => session(device).printHeader).toBeNull()
  await expect.poll(() => device.device.isUp(device.now()), { timeout: 20_000 }).toBe(true)
  await terminal.byId('tool-update').click()
  await terminal.byId('tool-confirm').click()
  await expect.poll(() => device.device.state.applicationVersion, { timeout: 30_000 }).toBe(101_022)
  await expect.poll(() => device.device.isUp(device.now()), { timeout: 20_000 }).toBe(true)
  await terminal.goto('/')
  await terminal.ready()
  await sell(terminal, ESPRESSO)
  expect(registrations(device)).toHaveLength(1)
})

test('chapter 11: errors stop the queue in words, nothing is registered meanwhile, and the same receipt goes on', async ({
  terminal,
  device,
}) => {
  await terminal.setUp()
  const cases = [
    [{ kind: 'blocked', code: 37 }, { kind: 'unblocked' }, /-137.*37/s],
    [{ kind: 'no-paper' }, { kind: 'paper' }, /бумаг/i],
  ] as const
  for (const [index, [trouble, end, words]] of cases.entries()) {
    await device.faults.add(trouble)
    await addByCode(terminal, ESPRESSO)
    await terminal.byId('pay').click()
    await terminal.byId('tender-cash-exact').click()
    await expect(terminal.byId('attention')).toContainText(words, { timeout: 30_000 })
    expect(registrations(device)).toHaveLength(index)
    await device.faults.add(end)
    await terminal.byId('attention-action').click()
    await terminal.expectResult('registered')
    expect(registrations(device)).toHaveLength(index + 1)
    await terminal.goto('/')
    await terminal.ready()
  }
})
