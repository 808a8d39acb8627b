import { expect, test } from '../office.ts'
import { expectStored } from '../pages/stored.ts'

test('devices come by pages with those that need somebody first', async ({ office }) => {
  await office.open('/atol')
  await expect(office.byId('atol-device')).toHaveCount(50)
  await expect(office.byId('atol-range')).toHaveText('1–50 из 130')
  const levels = await office
    .byId('atol-device')
    .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-level')))
  const rank = { danger: 0, warn: 1, ok: 2 } as const
  const ranks = levels.map((level) => rank[level as keyof typeof rank])
  expect(ranks).toEqual([...ranks].sort((a, b) => a - b))
  expect(new Set(levels).size).toBeGreaterThan(1)

  await office.byId('atol-next').click()
  await expect(office.byId('atol-range')).toHaveText('51–100 из 130')
  await office.byId('atol-next').click()
  await expect(office.byId('atol-range')).toHaveText('101–130 из 130')
  await expect(office.byId('atol-next')).toBeDisabled()
  await office.byId('atol-limit').locator('select').selectOption('100')
  await expect(office.byId('atol-device')).toHaveCount(100)
  const pages = office.atol.requests().filter((request) => request.path === '/api/kkt/v1/cash-registers')
  expect(pages.map((request) => request.query)).toEqual([
    'limit=50&offset=0',
    'limit=50&offset=50',
    'limit=50&offset=100',
    'limit=100&offset=0',
  ])
})

test('all devices can be read through, so that warnings are first over all of them', async ({ office }) => {
  await office.open('/atol')
  await expect(office.byId('atol-device')).toHaveCount(50)
  await office.byId('atol-check-all').click()
  await expect(office.byId('atol-device')).toHaveCount(100)
  await office.byId('show-more').click()
  await expect(office.byId('atol-device')).toHaveCount(130)
  await office.terminal.page.getByRole('switch').click()
  await expect(office.byId('atol-device').and(office.terminal.page.locator('[data-level="ok"]'))).toHaveCount(0)
})

test('a device shows storage, shift, unsent documents with age and the network in words', async ({ office, page }) => {
  await office.open('/atol')
  const sample = page.locator('[data-testid="atol-device"][data-serial="00107703864827"]')
  await expect(sample).toContainText('85,34')
  await expect(sample).toContainText('Смена 126 открыта')
  await expect(sample).toContainText('Не отправлено 1 510 документов, старейшему')
  await expect(sample).toContainText('Сеть без ошибок')
  const unknown = page.locator('[data-testid="atol-device"][data-serial="00107700000009"]')
  await expect(unknown).toContainText('Неизвестная ошибка сети, код 42')
  const markup = page.locator('[data-testid="atol-device"][data-serial="00107700000018"]')
  await expect(markup).toContainText('shop<script>alert(1)</script>.kz')

  await sample.click()
  const detail = office.byId('atol-detail')
  for (const text of [
    '00107703864827',
    '000000003027865',
    'KKT024219',
    '22.07.2019, 20:03',
    '03.11.2020',
    '213 350',
    '85,34',
    '3026455760',
    '9999078902004339',
    'test.qa.ru',
    'test-qa-ru_14605',
    '05.12.2019, 16:45',
    '126',
    '2 278',
    '1 510',
    '05.12.2019, 14:46',
    'Сеть без ошибок (0)',
  ]) {
    await expect(detail).toContainText(text)
  }
})

test('an answer about another device is shown with a warning', async ({ office, page }) => {
  await office.open('/atol/00107702504819')
  await expect(office.byId('atol-detail')).toHaveAttribute('data-serial', '00107703864827')
  await expect(page.getByText('АТОЛ Онлайн ответил про другую кассу: спрашивали 00107702504819')).toBeVisible()
})

test('a failure says what is wrong and carries the number that the support asks for', async ({ office }) => {
  await office.open('/atol/99999999999999')
  await expect(office.byId('upstream-error')).toHaveAttribute('data-kind', 'atol-not-found')
  await expect(office.byId('upstream-error')).toContainText('0HLV2M7P4G8K1:00000001')

  office.atol.addFault({ kind: 'answer', path: '/api/kkt', status: 500, body: 'kaputt <b>' })
  await office.open('/atol')
  await expect(office.byId('upstream-error')).toHaveAttribute('data-kind', 'atol-server')
  await office.byId('upstream-retry').click()
  await expect(office.byId('atol-device')).toHaveCount(50)
})

test('with the proxy away the last devices stay with their age', async ({ office, page }) => {
  await office.open('/atol')
  await office.byId('atol-device').first().click()
  await expect(office.byId('atol-detail')).toBeVisible()
  await expectStored(page, 'settings', 'backoffice:atolDevice')
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true))
  await office.app.close()
  await page.reload()
  await expect(office.byId('upstream-error')).toHaveAttribute('data-kind', 'proxy-away')
  await expect(office.byId('stored-data')).toContainText('Сохранённые данные')
  await expect(office.byId('atol-detail')).toBeVisible()
  await page.getByRole('button', { name: 'К списку касс' }).click()
  await expect(office.byId('stored-data')).toBeVisible()
  await expect(office.byId('atol-device')).toHaveCount(50)
})
