import { expect, test, type Office } from '../office.ts'

/** What the sources tell and no screen told: each reachable by a tap, asked of the real proxy over HTTP. */

const asked = (office: Office, path: string) =>
  office.iiko.requests().filter((request) => request.path.startsWith(path))

test('any licence module is asked about, and the licence slot is given back on a wish', async ({ office, page }) => {
  await office.open('/iiko')
  await expect(office.byId('iiko-shift').first()).toBeVisible()
  await office.byId('iiko-diagnosis').click()
  await expect(office.byId('iiko-diagnosis-facts')).toContainText('iikoAPIServer')
  await office.byId('licence-module').fill('21016318')
  await office.byId('licence-ask').click()
  await expect
    .poll(() => asked(office, '/resto/api/licence/info').map((request) => request.query))
    .toContain('moduleId=21016318')
  await expect(office.byId('iiko-diagnosis-facts')).toContainText('21016318')

  expect(asked(office, '/resto/api/logout')).toEqual([])
  await office.byId('iiko-logout').click()
  await expect(page.getByText('Терминал отключён от iiko')).toBeVisible()
  expect(asked(office, '/resto/api/logout')).toHaveLength(1)
})

const DEPARTMENTS = [
  { id: '0b9d1c1e-7f5c-4f9a-8d54-5d1f6a1f0001', name: 'Абай' },
  { id: '0b9d1c1e-7f5c-4f9a-8d54-5d1f6a1f0002', name: 'Достык' },
  { id: '0b9d1c1e-7f5c-4f9a-8d54-5d1f6a1f0003', name: 'Сарыарка' },
]

test('several businesses are one filter, and iiko is asked once for all of them', async ({ office }) => {
  const rows = DEPARTMENTS.map(
    ({ id, name }) => `<corporateItemDto><id>${id}</id><name>${name}</name><type>DEPARTMENT</type></corporateItemDto>`,
  )
  const body = `<corporateItemDtoes>${rows.join('')}</corporateItemDtoes>`
  office.iiko.addFault({ kind: 'answer', path: '/resto/api/corporation/departments', status: 200, body, times: 9 })
  await office.open('/iiko')
  await expect(office.byId('iiko-shift').first()).toBeVisible()
  await office.byId('filters-more').click()
  await office.byId('filter-departments').getByRole('button').click()
  await expect(office.byId('choice')).toHaveCount(3)
  const lists = () => asked(office, '/resto/api/v2/cashshifts/list')
  const before = lists().length
  await office.byId('choice').nth(0).check()
  await office.byId('choice').nth(2).check()
  await office.byId('choices-apply').click()
  await expect
    .poll(() =>
      lists()
        .slice(before)
        .map((request) => new URLSearchParams(request.query).getAll('departmentId')),
    )
    .toEqual([[DEPARTMENTS[0]?.id, DEPARTMENTS[2]?.id]])
})

test('a posting opens to everything that iiko tells of it, and iiko leaves the accepted ones out itself', async ({
  office,
}) => {
  await office.open('/iiko')
  await office.byId('status-UNACCEPTED').click()
  await expect(office.byId('iiko-shift').first()).toHaveAttribute('data-status', 'UNACCEPTED')
  await office.byId('iiko-shift').first().click()
  const posting = office.byId('iiko-posting-more').first()
  await posting.locator('summary').click()
  await expect(posting).toContainText('Номер проводки')
  await expect(posting).toContainText('Первоначальная сумма')
  await office.byId('iiko-postings').getByRole('switch').click()
  await expect
    .poll(() => asked(office, '/resto/api/v2/cashshifts/payments').map((request) => request.query))
    .toContain('hideAccepted=true')
})

test('the sales report lists every order with its times, type and guest', async ({ office }) => {
  await office.open('/iiko/sales')
  await expect(office.byId('sales-total')).toBeVisible()
  const total = await office.byId('sales-total').getAttribute('data-tiyn')
  await office.terminal.page.getByRole('switch').click()
  await expect(office.byId('sales-order').first()).toBeVisible()
  await expect(office.byId('sales-full').locator('thead th')).toHaveText([
    'День',
    'Смена',
    'Открыт',
    'Закрыт',
    'Блюдо',
    'Тип заказа',
    'Гость',
    'Телефон',
    'Тип оплаты',
    'Сумма',
  ])
  await expect(office.byId('sales-total')).toHaveAttribute('data-tiyn', total ?? '')
})

test("an ATOL register is opened by its typed serial number; the register's own page names its tax and memory", async ({
  office,
}) => {
  await office.open('/atol')
  await office.byId('atol-serial').fill('00107703864827')
  await office.byId('atol-open-serial').click()
  await expect(office.terminal.page).toHaveURL(/\/atol\/00107703864827$/)
  await expect(office.terminal.page.getByText('00107703864827').first()).toBeVisible()
  expect(office.atol.requests().map((request) => request.path)).toContain('/api/kkt/v1/cash-registers/00107703864827')

  await office.open('/device')
  const facts = office.terminal.page.getByRole('definition')
  await expect(facts.filter({ hasText: 'КБ' })).toBeVisible()
  await expect(office.terminal.page.getByText('Налог по умолчанию')).toBeVisible()
  await expect(office.terminal.page.getByText('Код кассира')).toBeVisible()
})
