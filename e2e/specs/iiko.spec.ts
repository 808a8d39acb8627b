import type { Page } from '@playwright/test'
import type { ForeignOperation } from '../../src/device-model/device.ts'
import type { UpstreamFault } from '../emulators/iiko-atol-server.ts'
import { day, expect, test, type Office } from '../office.ts'
import { expectStored } from '../pages/stored.ts'

const SAVE = '/resto/api/v2/cashshifts/save'
const DOCUMENT = '/resto/api/v2/cashshifts/closedSessionDocument'

/** Opens the list and in it the newest shift that waits for its acceptance. */
async function openUnaccepted(office: Office): Promise<string> {
  await office.open('/iiko')
  await office.byId('status-UNACCEPTED').click()
  const row = office.byId('iiko-shift').first()
  await expect(row).toHaveAttribute('data-status', 'UNACCEPTED')
  await expect(office.byId('status-UNACCEPTED')).toHaveAttribute('aria-checked', 'true')
  const id = (await row.getAttribute('data-id')) ?? ''
  await row.click()
  await expect(office.byId('iiko-accept')).toBeVisible()
  return id
}

async function accept(office: Office): Promise<void> {
  await office.byId('iiko-accept').click()
  await expect(office.byId('iiko-row').first()).toBeVisible()
}

/** Chooses a named row in the dialog that a picker opens. */
async function choose(page: Page, picker: ReturnType<Page['locator']>, name: string): Promise<void> {
  await picker.getByRole('button').click()
  await page.getByTestId('choice').filter({ hasText: name }).click()
}

const asked = (office: Office, path: string) =>
  office.iiko.requests().filter((request) => request.path.startsWith(path))

test('shifts of a period are listed with names, status and sums; looking at them creates nothing', async ({
  office,
}) => {
  await office.open('/iiko')
  await expect(office.byId('iiko-shift')).toHaveCount(21)
  await expect(office.byId('demo-data')).toHaveCount(0)
  const newest = office.byId('iiko-shift').first()
  await expect(newest).toContainText('Касса')
  await expect(newest).toContainText('Айгерім Сейітова')

  await office.byId('status-OPEN').click()
  await expect(office.byId('iiko-shift')).toHaveCount(1)
  await office.byId('iiko-shift').click()
  await expect(office.byId('iiko-shift-status')).toHaveAttribute('data-status', 'OPEN')
  await expect(office.terminal.page.getByText('ещё открыта')).toBeVisible()
  await expect(office.terminal.page.getByText('будет после закрытия')).toBeVisible()
  await expect(office.byId('iiko-accept')).toHaveCount(0)
  await expect(office.byId('iiko-posting')).toHaveCount(3)
  expect(asked(office, DOCUMENT)).toEqual([])
})

test('a long period is asked for month by month, one request after another', async ({ office, page }) => {
  await office.open('/iiko')
  await expect(office.byId('iiko-shift').first()).toBeVisible()
  office.iiko.addFault({ kind: 'delay', path: '/resto/api/v2/cashshifts/list', delayMs: 700, times: 3 })
  await office.byId('period-from').fill(day(80))
  await office.byId('period-to').fill(day(0))
  await office.byId('period-show').click()
  await expect(office.byId('read-progress')).toHaveAttribute('data-all', '3')
  await expect(office.byId('iiko-totals')).toContainText('243')
  await expect(office.byId('iiko-shift')).toHaveCount(200)
  await office.byId('show-more').click()
  await expect(office.byId('iiko-shift')).toHaveCount(243)
  const lists = asked(office, '/resto/api/v2/cashshifts/list')
  expect(lists.every((request) => request.concurrent === 1)).toBe(true)
  for (const { query } of lists) {
    const asked = new URLSearchParams(query)
    const span = Date.parse(asked.get('openDateTo') ?? '') - Date.parse(asked.get('openDateFrom') ?? '')
    expect(span / 86_400_000).toBeLessThanOrEqual(30)
  }
  await expect(page.getByTestId('upstream-error')).toHaveCount(0)
})

test('a shift is accepted: every posting gets its row, the edited one is saved and read again', async ({ office }) => {
  const id = await openUnaccepted(office)
  expect(asked(office, DOCUMENT)).toEqual([])
  await accept(office)
  expect(asked(office, DOCUMENT)).toHaveLength(1)
  await expect(office.byId('iiko-row')).toHaveCount(4)
  await expect(office.byId('iiko-row').and(office.terminal.page.locator('[data-new]'))).toHaveCount(4)

  const withdrawal = office.byId('iiko-row').filter({ has: office.byId('row-sum') })
  await expect(withdrawal).toHaveCount(1)
  const transaction = (await withdrawal.getAttribute('data-transaction')) ?? ''
  await office.byId('row-sum').fill('абв')
  await expect(office.byId('iiko-save')).toBeDisabled()
  await office.byId('row-sum').fill('12345,5')
  await withdrawal.getByTestId('row-comment').fill('пересчитано')
  await withdrawal.getByTestId('row-status').locator('select').selectOption('HASWARNINGS')
  await expect(office.byId('iiko-document-status')).toHaveAttribute('data-status', 'HASWARNINGS')
  await office.byId('iiko-save').click()
  await expect(office.byId('iiko-result')).toHaveAttribute('data-state', 'saved')
  await expect(office.byId('iiko-result')).toHaveAttribute('data-status', 'HASWARNINGS')
  await expect(office.byId('iiko-shift-status')).toHaveAttribute('data-status', 'HASWARNINGS')

  const body = JSON.parse(asked(office, SAVE)[0]?.body ?? '') as { items: Record<string, unknown>[] }
  expect(body.items.map((item) => item.num)).toEqual([0, 1, 2, 3])
  expect(body.items.map((item) => item.sumReal ?? null)).toEqual([null, null, null, 12345.5])
  expect(body.items[3]).toMatchObject({ transactionId: transaction, comment: 'пересчитано', status: 'HASWARNINGS' })

  await office.open(`/iiko/${id}`)
  await accept(office)
  await expect(office.byId('row-sum')).toHaveValue('12345,5')
  await expect(office.terminal.page.locator('[data-testid="iiko-row"][data-new]')).toHaveCount(0)
  await office.byId('set-all-ACCEPTED').click()
  await office.byId('iiko-save').click()
  await expect(office.byId('iiko-result')).toHaveAttribute('data-status', 'ACCEPTED')
  await expect(office.byId('iiko-shift-status')).toHaveAttribute('data-status', 'ACCEPTED')
})

test('what iiko refuses stands in words at its row and at the document, unknown codes raw', async ({
  office,
  page,
}) => {
  await openUnaccepted(office)
  await accept(office)
  const rows = office.byId('iiko-row')
  await choose(page, rows.nth(0).getByTestId('row-account'), 'Основной склад')
  await choose(page, rows.nth(1).getByTestId('row-account'), 'Старая касса')
  await choose(page, rows.nth(2).getByTestId('row-counteragent'), 'Уволенный Сотрудник')
  await office.byId('field-counteragentShortageId').getByRole('button').click()
  await office.byId('choice-none').click()
  await office.byId('iiko-save').click()
  await expect(office.byId('iiko-result')).toHaveAttribute('data-state', 'rejected')
  await expect(office.byId('document-error')).toHaveText(/Не заполнено поле\. Значение: контрагент недостачи/)
  await expect(rows.nth(0).getByTestId('row-error')).toContainText('Складские запасы')
  await expect(rows.nth(1).getByTestId('row-error')).toContainText('Указанный счёт удалён. Значение: Старая касса')
  await expect(rows.nth(2).getByTestId('row-error')).toContainText('Указанный контрагент удалён')
  await expect(rows.nth(3).getByTestId('row-error')).toHaveCount(0)

  const errors = { documentError: [], itemError: [{ identifier: 3, error: [{ value: '<b>x</b>', code: 'NEW_CODE' }] }] }
  office.iiko.addFault({
    kind: 'answer',
    path: SAVE,
    status: 200,
    contentType: 'application/json',
    body: JSON.stringify({ importResult: 'ERROR', status: null, errors, document: null }),
  })
  await office.byId('iiko-save').click()
  await expect(rows.nth(3).getByTestId('row-error')).toHaveText('NEW_CODE Значение: <b>x</b>')
})

test('a save without an answer is called saved only where iiko has it: the proxy reads the document, then the person may', async ({
  office,
}) => {
  await openUnaccepted(office)
  await accept(office)
  await office.byId('row-sum').fill('777')
  office.iiko.addFault({ kind: 'cut', path: SAVE })
  await office.byId('iiko-save').click()
  await expect(office.byId('iiko-result')).toHaveAttribute('data-state', 'saved')

  await office.byId('row-sum').fill('778')
  office.iiko.addFault({ kind: 'drop', path: SAVE })
  await office.byId('iiko-save').click()
  await expect(office.byId('iiko-result')).toHaveAttribute('data-state', 'unknown')
  await office.byId('iiko-check').click()
  await expect(office.byId('iiko-result')).toHaveAttribute('data-state', 'failed')
  await expect(office.byId('row-sum')).toHaveValue('778')
  expect(asked(office, SAVE)).toHaveLength(2)
})

test('leaving a changed document asks first', async ({ office, page }) => {
  await openUnaccepted(office)
  await accept(office)
  await office.byId('row-sum').fill('1')
  await page.getByRole('button', { name: 'К списку смен' }).click()
  await page.getByRole('button', { name: 'Остаться' }).click()
  await expect(office.byId('row-sum')).toHaveValue('1')
  await page.getByRole('button', { name: 'К списку смен' }).click()
  await office.byId('leave-confirm').click()
  await expect(office.byId('iiko-shift').first()).toBeVisible()
})

test('edits that were not saved survive a reload, are offered with their age, and are forgotten after the save', async ({
  office,
  page,
}) => {
  const id = await openUnaccepted(office)
  await accept(office)
  await office.byId('row-sum').fill('4321,5')
  await office.byId('iiko-row').first().getByTestId('row-comment').fill('обед считали дважды')
  await expectStored(page, 'settings', 'обед считали дважды')
  await page.reload()
  await expect(office.byId('acceptance-draft')).toContainText('сделаны только что')
  expect(asked(office, DOCUMENT)).toHaveLength(1)
  await accept(office)
  await expect(office.byId('row-sum')).not.toHaveValue('4321,5')
  await office.byId('draft-take').click()
  await expect(office.byId('row-sum')).toHaveValue('4321,5')
  await expect(office.byId('iiko-row').first().getByTestId('row-comment')).toHaveValue('обед считали дважды')
  await expect(office.byId('acceptance-draft')).toHaveCount(0)

  await page.getByRole('button', { name: 'К списку смен' }).click()
  await office.byId('leave-confirm').click()
  await office.open(`/iiko/${id}`)
  await expect(office.byId('acceptance-draft')).toBeVisible()
  await accept(office)
  await office.byId('draft-take').click()
  await office.byId('iiko-save').click()
  await expect(office.byId('iiko-result')).toHaveAttribute('data-state', 'saved')
  await office.open(`/iiko/${id}`)
  await expect(office.byId('iiko-accept')).toBeVisible()
  await expect(office.byId('acceptance-draft')).toHaveCount(0)
})

test('texts of the server stay texts: markup is shown, line breaks are kept', async ({ office, page }) => {
  await openUnaccepted(office)
  const text = '<img src=x onerror="document.title=1">\nвторая строка'
  office.iiko.addFault({ kind: 'answer', path: DOCUMENT, status: 409, body: text })
  await office.byId('iiko-accept').click()
  const error = office.byId('upstream-error')
  await expect(error).toHaveAttribute('data-kind', 'iiko-conflict')
  await expect(error.getByTestId('server-text')).toHaveText(text, { useInnerText: true })
  await expect(error.getByTestId('server-text')).toHaveCSS('white-space', 'pre-line')
  await expect(page.locator('#content img')).toHaveCount(0)

  const info = {
    id: '<i>1</i>',
    group: 'CARD',
    sum: 5,
    comment: '<script>alert(1)</script>',
    accountId: '<u>konto</u>',
  }
  const payments = { sessionId: 'x', cashlessRecords: [{ info, actualSum: 5, status: '<b>NEU</b>' }], payInRecords: [] }
  office.iiko.addFault({
    kind: 'answer',
    path: '/resto/api/v2/cashshifts/payments',
    status: 200,
    contentType: 'application/json',
    body: JSON.stringify(payments),
  })
  await page.getByRole('button', { name: 'Обновить' }).click()
  await expect(office.byId('iiko-posting')).toHaveCount(1)
  await expect(office.byId('iiko-posting')).toContainText('<script>alert(1)</script>')
  await expect(office.byId('iiko-posting')).toContainText('<b>NEU</b>')
  await expect(page.locator('#content :is(i, u, b, script)')).toHaveCount(0)
})

test('a missing licence is named, in every language', async ({ office, page }) => {
  await office.open('/iiko')
  await expect(office.byId('iiko-shift').first()).toBeVisible()
  const blocked = 'Module 28008806 is blocked within current license'
  for (const [language, words] of [
    ['Русский', 'нет лицензии «iikoAPIServer» (модуль 28008806)'],
    ['Қазақша', '«iikoAPIServer» лицензиясы жоқ (модуль 28008806)'],
    ['English', 'no licence «iikoAPIServer» (module 28008806)'],
  ] as const) {
    await office.byId('menu').click()
    await page.getByRole('radio', { name: language }).click()
    await page.keyboard.press('Escape')
    office.iiko.addFault({ kind: 'answer', path: '/resto/api/v2/cashshifts/list', status: 403, body: blocked })
    await office.byId('iiko-refresh').click()
    await expect(office.byId('upstream-error')).toContainText(words)
    await expect(office.byId('upstream-error')).toContainText(blocked)
  }
})

test('the diagnosis tells free licence slots and which names are refused', async ({ office }) => {
  await office.open('/iiko')
  await expect(office.byId('iiko-shift').first()).toBeVisible()
  office.iiko.addFault({
    kind: 'answer',
    path: '/resto/api/suppliers',
    status: 403,
    body: 'Permission denied',
    times: 9,
  })
  await office.byId('iiko-diagnosis').click()
  const facts = office.byId('iiko-diagnosis-facts')
  await expect(facts).toContainText('iikoAPIServer')
  await expect(facts).toContainText('Свободных подключений')
  await expect(facts).toContainText('поставщики')
})

test('names that iiko refuses leave shortened ids, and nothing breaks', async ({ office }) => {
  for (const path of ['/resto/api/corporation/groups', '/resto/api/employees', '/resto/api/v2/entities']) {
    office.iiko.addFault({ kind: 'answer', path, status: 403, body: 'Permission denied', times: 9 })
  }
  await office.open('/iiko')
  await expect(office.byId('iiko-shift')).toHaveCount(21)
  await expect(office.byId('iiko-shift').first()).toContainText('2c6f7e76…')
})

test('with iiko away the last shifts stay with their age; with the proxy away too, after a reload as well', async ({
  office,
  page,
}) => {
  await openUnaccepted(office)
  await expect(office.byId('iiko-posting').first()).toBeVisible()
  await expectStored(page, 'settings', 'backoffice:iikoPayments')
  await office.open('/iiko')
  await expect(office.byId('iiko-shift')).toHaveCount(21)
  office.iiko.addFault({ kind: 'drop', times: 20 })
  await office.byId('iiko-refresh').click()
  await expect(office.byId('upstream-error')).toHaveAttribute('data-kind', 'upstream-reset')
  await expect(office.byId('stored-data')).toBeVisible()
  await expect(office.byId('iiko-shift')).toHaveCount(21)

  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true))
  await office.app.close()
  await office.byId('iiko-refresh').click()
  await expect(office.byId('upstream-error')).toHaveAttribute('data-kind', 'proxy-away')
  await page.reload()
  await expect(office.byId('stored-data')).toContainText('Сохранённые данные')
  await expect(office.byId('iiko-shift')).toHaveCount(21)
  await office.byId('iiko-shift').and(page.locator('[data-status="UNACCEPTED"]')).first().click()
  await expect(office.byId('stored-data')).toBeVisible()
  await expect(office.byId('iiko-posting')).toHaveCount(4)
})

test("a web page at iiko's address and a redirect are told apart from iiko", async ({ office }) => {
  const path = '/resto/api/v2/cashshifts/list'
  const html = {
    kind: 'answer',
    path,
    status: 200,
    contentType: 'text/html',
    body: '<html><h1>Tomcat</h1></html>',
  } as const
  office.iiko.addFault(html)
  await office.open('/iiko')
  await expect(office.byId('upstream-error')).toHaveAttribute('data-kind', 'upstream-not-api')
  office.iiko.addFault({ kind: 'redirect', path, location: 'http://example.com/' })
  await office.byId('upstream-retry').click()
  await expect(office.byId('upstream-error')).toHaveAttribute('data-kind', 'upstream-redirect')
  await office.byId('upstream-retry').click()
  await expect(office.byId('iiko-shift')).toHaveCount(21)
  await expect(office.byId('upstream-error')).toHaveCount(0)
})

test('the sales report adds up by day, dish and payment type', async ({ office, page }) => {
  await office.open('/iiko/sales')
  const total = Number(await office.byId('sales-total').getAttribute('data-tiyn'))
  expect(total).toBeGreaterThan(0)
  await expect(office.byId('sales-row')).toHaveCount(7)
  await expect(page.locator('.bo-chart rect.bo-bar')).toHaveCount(7)
  await office.byId('sales-by-dish').click()
  await expect(office.byId('sales-row')).toHaveCount(6)
  await office.byId('sales-by-payment').click()
  await expect(office.byId('sales-row')).toHaveCount(3)
  await office.byId('period-today').click()
  await expect.poll(async () => Number(await office.byId('sales-total').getAttribute('data-tiyn'))).toBeLessThan(total)
  expect(asked(office, '/resto/api/v2/reports/olap').every((request) => request.method === 'POST')).toBe(true)
})

test("the terminal's own shift stands beside iiko's and differences are marked", async ({ office, device }) => {
  await office.terminal.goto('/')
  await office.terminal.ready()
  await office.terminal.sellExact(0)
  await office.terminal.expectResult('registered')
  const sale = device.device.ledger().find((document) => document.kind === 'sale')
  const shift = {
    id: 'aaaaaaaa-0000-4000-8000-000000000001',
    sessionNumber: 5,
    fiscalNumber: sale?.shift ?? null,
    cashRegSerial: `${device.device.state.options.factorySerialNumber}   `,
    openDate: `${day(0)}T09:00:00.000`,
    closeDate: null,
    sessionStatus: 'OPEN',
    salesCash: ((sale?.totalTiyn ?? 0) + 10_000) / 100,
    salesCard: 0,
    payIn: 0,
    payOut: 0,
  }
  office.iiko.addFault({
    kind: 'answer',
    path: '/resto/api/v2/cashshifts/byId',
    status: 200,
    contentType: 'application/json',
    body: JSON.stringify(shift),
  })
  await office.open(`/iiko/${shift.id}`)
  await expect(office.byId('iiko-comparison')).toHaveAttribute('data-differs', 'true')
  await expect(office.byId('iiko-comparison').locator('tr.off')).toHaveCount(1)
  await expect(office.byId('iiko-comparison').locator('tr.off')).toContainText('−100')
})

test("a shift with returns, deposits and withdrawals, the last of them at its end, agrees with iiko's", async ({
  office,
  device,
}) => {
  const now = device.now()
  const at = { rotatesKey: false } as const
  for (const operation of [
    { kind: 'sale', totalTiyn: 500_000 },
    { kind: 'sale', totalTiyn: 300_000, payments: { bank: 300_000 } },
    { kind: 'saleReturn', totalTiyn: 50_000 },
    { kind: 'deposit', amountTiyn: 100_050 },
    { kind: 'withdrawal', amountTiyn: 20_000 },
    { kind: 'withdrawal', amountTiyn: 430_050 },
  ] as const)
    device.device.foreignOperation({ ...operation, ...at } as ForeignOperation, now)
  const shift = {
    id: 'aaaaaaaa-0000-4000-8000-000000000002',
    sessionNumber: 6,
    fiscalNumber: 1,
    cashRegSerial: device.device.state.options.factorySerialNumber,
    openDate: `${day(0)}T09:00:00.0`,
    closeDate: null,
    sessionStatus: 'OPEN',
    salesCash: 4_500,
    salesCard: 3_000,
    salesCerdit: 0,
    payIn: 1_000.5,
    payOut: 200,
    payIncome: -4_300.5,
  }
  const answer = { kind: 'answer', path: '/resto/api/v2/cashshifts/byId', status: 200, contentType: 'application/json' }
  office.iiko.addFault({ ...answer, body: JSON.stringify(shift) } as UpstreamFault)
  await office.open(`/iiko/${shift.id}`)
  await expect(office.byId('iiko-comparison')).toHaveAttribute('data-differs', 'false')
  await expect(office.byId('iiko-comparison').locator('tr.off')).toHaveCount(0)
  await expect(office.byId('iiko-comparison')).toContainText(/4\s500,5/)
})

test('without any configuration both servers are demo data, marked as such on every screen', async ({
  terminal,
  page,
}) => {
  await terminal.setUp()
  for (const [path, row] of [
    ['/iiko', 'iiko-shift'],
    ['/iiko/sales', 'sales-row'],
    ['/atol', 'atol-device'],
  ] as const) {
    await terminal.goto(path)
    await expect(terminal.byId(row).first()).toBeVisible()
    await expect(terminal.byId('demo-data')).toHaveCount(1)
  }
  for (const [path, row] of [
    ['/iiko', 'iiko-shift'],
    ['/atol', 'atol-device'],
  ] as const) {
    await terminal.goto(path)
    await terminal.byId(row).first().click()
    await expect(page).toHaveURL(new RegExp(`${path}/.+`))
    await expect(terminal.byId('demo-data')).toHaveCount(1)
  }
})
