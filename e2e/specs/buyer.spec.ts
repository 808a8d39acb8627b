import { expect, test } from '../fixtures.ts'
import { addFree, chooseAction, documents, openEntry } from '../pages/selling.ts'

test('a note and the buyer are printed before the goods and kept; a wrong IIN or BIN is said', async ({
  terminal,
  device,
  page,
}) => {
  await terminal.setUp()
  await addFree(terminal, '650', 'Кофе')
  const buttons = terminal.byId('cart-line').first().getByRole('button')
  if ((await buttons.first().getAttribute('aria-expanded')) === 'false') await buttons.first().click()
  await buttons.nth(2).click()
  await terminal.byId('line-note-part').click()
  await terminal.byId('line-note').fill('без сахара')
  await terminal.byId('line-apply').click()
  await expect(terminal.byId('cart-line')).toContainText('без сахара')

  await chooseAction(terminal, 'texts')
  await terminal.byId('buyer-id').fill('940140000386')
  await expect(terminal.byId('receipt-texts-apply')).toBeDisabled()
  await expect(page.getByText('В номере ошибка')).toBeVisible()
  await terminal.byId('buyer-id').fill('940140000385')
  await terminal.byId('buyer-name').fill('ТОО «Дүкен»')
  await terminal.byId('receipt-texts-apply').click()
  await terminal.byId('pay').click()
  await terminal.byId('tender-cash-exact').click()
  await terminal.expectResult('registered')
  const [sale] = documents(device, 'sale')
  expect(sale?.print).toBe('ИИН/БИН 940140000385\nТОО «Дүкен»\nКофе: без сахара')
  expect(sale?.rows).toMatchObject([{ name: 'Кофе' }])
  await openEntry(terminal, sale?.number ?? 0)
  await expect(page.getByRole('dialog')).toContainText('ТОО «Дүкен» · 940140000385')
})
