/** Sales on credit and the debt book: given, paid back in parts, refunded, forgiven, and never taken twice. */
import { expect, test } from '../fixtures.ts'
import { addFree, documents, giveBackAll, openEntry } from '../pages/selling.ts'
import { storedRows } from '../pages/stored.ts'
import { Terminal } from '../pages/terminal.ts'

interface StoredEntry {
  readonly kind: string
  readonly mark: string
  readonly sequence: number
  readonly debt?: { readonly debtor: string; readonly name: string; readonly phone?: string; readonly act?: string }
}

async function sellOnCredit(terminal: Terminal, price: string, name: string, contact = ''): Promise<void> {
  await addFree(terminal, price)
  await terminal.byId('pay').click()
  await terminal.byId('tender-more').click()
  await terminal.byId('tender-credit').click()
  await terminal.byId('debtor-name').fill(name)
  if (contact !== '') await terminal.byId('debtor-contact').fill(contact)
  await terminal.byId('pay-confirm').click()
  await terminal.expectResult('registered')
}

const row = (terminal: Terminal, name: string) =>
  terminal.page.locator(`[data-testid="debtor-row"][data-name="${name}"]`)

async function openDebtor(terminal: Terminal, name: string): Promise<void> {
  await terminal.goto('/debts')
  await row(terminal, name).click()
  await expect(terminal.byId('debtor-dialog')).toBeVisible()
}

async function payBack(terminal: Terminal, tenge: string, by: 'cash' | 'other' = 'cash'): Promise<void> {
  await terminal.byId('debt-pay').click()
  if (by === 'other') await terminal.byId('debt-by-other').click()
  await terminal.byId('debt-amount').fill(tenge)
  await terminal.byId('debt-save').click()
  await expect(terminal.byId('debt-save')).toBeHidden()
}

const debtEntries = async (terminal: Terminal): Promise<readonly StoredEntry[]> =>
  (await storedRows<StoredEntry>(terminal.page, 'entries'))
    .filter(({ debt }) => debt)
    .sort((a, b) => a.sequence - b.sequence)

test('a sale on credit wants a name, prints it and stands in the debt book until it is paid back in parts', async ({
  terminal,
  device,
  page,
}) => {
  await terminal.setUp()
  await addFree(terminal, '5000')
  await terminal.byId('pay').click()
  await terminal.byId('tender-more').click()
  await terminal.byId('tender-credit').click()
  await expect(terminal.byId('debtor-hint')).toContainText('Впишите имя')
  await expect(terminal.byId('pay-confirm')).toBeDisabled()
  await terminal.byId('debtor-name').fill('  Айгуль   Сериковна ')
  await terminal.byId('debtor-contact').fill('+7 701 123 45 67')
  await terminal.byId('pay-confirm').click()
  await terminal.expectResult('registered')
  const [sale] = documents(device, 'sale')
  expect(sale).toMatchObject({ payments: [0, 0, 0, 500_000], print: 'В долг: Айгуль Сериковна' })

  // The name is offered while the next one is typed, and is the same debtor.
  await addFree(terminal, '1000')
  await terminal.byId('pay').click()
  await terminal.byId('tender-more').click()
  await terminal.byId('tender-credit').click()
  await terminal.byId('debtor-name').fill('айг')
  await terminal.byId('debtor-known').first().click()
  await expect(terminal.byId('debtor-name')).toHaveValue('Айгуль Сериковна')
  await expect(terminal.byId('debtor-hint')).toContainText('5 000')
  await terminal.byId('pay-confirm').click()
  await terminal.expectResult('registered')

  await openEntry(terminal, sale?.number ?? 0)
  await expect(page.getByRole('dialog')).toContainText('Айгуль Сериковна · +7 701 123 45 67')

  await openDebtor(terminal, 'Айгуль Сериковна')
  await expect(terminal.byId('debtor-owed')).toHaveAttribute('data-tiyn', '600000')
  // More than is owed is refused in a sentence, before anything is stored.
  await terminal.byId('debt-pay').click()
  await terminal.byId('debt-amount').fill('6000,01')
  await expect(page.getByText('больше принять нельзя')).toBeVisible()
  await expect(terminal.byId('debt-save')).toBeDisabled()
  await terminal.byId('debt-amount').fill('5500')
  await terminal.byId('debt-save').click()
  await expect(terminal.byId('debt-save')).toBeHidden()
  await expect.poll(() => documents(device, 'deposit').map(({ totalTiyn }) => totalTiyn)).toEqual([550_000])
  // The oldest is paid first: the rest is of the second sale.
  const open = page.locator('[data-testid="debt-record"]:not([data-left="0"])')
  await expect(open).toHaveCount(1)
  await expect(open).toHaveAttribute('data-left', '50000')
  await expect(open).toHaveAttribute('data-tiyn', '100000')

  await payBack(terminal, '500', 'other')
  await expect(terminal.byId('debtor-owed')).toHaveAttribute('data-tiyn', '0')
  await expect(terminal.byId('debt-pay')).toBeHidden()
  // A card or a transfer is written down only: neither the drawer nor a second sale has it.
  expect(documents(device, 'sale', 'deposit').map(({ kind }) => kind)).toEqual(['sale', 'sale', 'deposit'])
  await terminal.goto('/debts')
  await expect(terminal.byId('debts-total')).toHaveAttribute('data-tiyn', '0')
  await expect(row(terminal, 'Айгуль Сериковна')).toBeHidden()
  await terminal.byId('debts-all').click()
  await expect(row(terminal, 'Айгуль Сериковна')).toBeVisible()

  // From a record into the journal.
  await row(terminal, 'Айгуль Сериковна').click()
  await page.locator('[data-testid="debt-record"][data-act="cashIn"]').click()
  await expect(terminal.byId('journal-entry')).toHaveCount(1)
  await expect(terminal.byId('journal-entry')).toHaveAttribute('data-kind', 'deposit')
  const stored = await debtEntries(terminal)
  expect(stored.map(({ kind, debt }) => [kind, debt?.debtor, debt?.act])).toEqual([
    ['registration', 'айгуль сериковна', undefined],
    ['registration', 'айгуль сериковна', undefined],
    ['deposit', 'айгуль сериковна', undefined],
    ['debt', 'айгуль сериковна', 'paid'],
  ])
})

test('two windows that take the same debt: the second one is told, and the drawer gets it once', async ({
  terminal,
  device,
  page,
}) => {
  await terminal.setUp()
  await sellOnCredit(terminal, '2000', 'Болат')
  const other = await page.context().newPage()
  // A window that was frozen in the background: nothing that the other one says reaches it.
  await other.addInitScript(`window.BroadcastChannel = class extends EventTarget { postMessage() {} close() {} }`)
  const second = new Terminal(other, terminal.origin, device, terminal.watch)
  for (const window of [terminal, second]) {
    await openDebtor(window, 'Болат')
    await window.byId('debt-pay').click()
    await window.byId('debt-whole').click()
    await expect(window.byId('debt-save')).toBeEnabled()
  }
  await terminal.byId('debt-save').click()
  await expect(terminal.byId('debt-save')).toBeHidden()
  await second.byId('debt-save').click()
  await expect(other.getByText('Долг изменился, пока вы набирали: сейчас 0')).toBeVisible()
  await expect(second.byId('debt-save')).toBeDisabled()
  await expect.poll(() => documents(device, 'deposit').map(({ totalTiyn }) => totalTiyn)).toEqual([200_000])
  expect((await debtEntries(terminal)).map(({ kind }) => kind)).toEqual(['registration', 'deposit'])
})

test('goods that come back lower their debt, what was paid too much is given out, and the rest is forgiven with a reason', async ({
  terminal,
  device,
  page,
}) => {
  await terminal.setUp()
  await sellOnCredit(terminal, '3000', 'Сауле')
  const [sale] = documents(device, 'sale')
  await openDebtor(terminal, 'Сауле')
  await payBack(terminal, '1000')
  await expect.poll(() => documents(device, 'deposit')).toHaveLength(1)
  await openEntry(terminal, sale?.number ?? 0)
  await terminal.byId('return').click()
  await expect(terminal.byId('return-line').first()).toBeVisible()
  await giveBackAll(terminal)
  await terminal.expectResult('registered')
  expect(documents(device, 'saleReturn')).toMatchObject([{ payments: [0, 0, 0, 300_000] }])

  // The shop owes what was paid of a debt that is none any more.
  await openDebtor(terminal, 'Сауле')
  await expect(terminal.byId('debtor-owed')).toHaveAttribute('data-tiyn', '-100000')
  await terminal.byId('debt-give-out').click()
  await expect.poll(() => documents(device, 'withdrawal').map(({ totalTiyn }) => totalTiyn)).toEqual([100_000])

  await terminal.goto('/debts')
  await terminal.byId('debt-add').click()
  await terminal.byId('earlier-name').fill('Ерлан')
  await terminal.byId('earlier-contact').fill('дом 5')
  await terminal.byId('earlier-amount').fill('700')
  await terminal.byId('earlier-day').fill('2026-01-15')
  await terminal.byId('earlier-save').click()
  await row(terminal, 'Ерлан').click()
  await terminal.byId('debt-forgive').click()
  await terminal.byId('debt-whole').click()
  await expect(terminal.byId('debt-save')).toBeDisabled()
  await terminal.byId('debt-reason').fill('переехал')
  await terminal.byId('debt-save').click()
  await expect(terminal.byId('debtor-owed')).toHaveAttribute('data-tiyn', '0')
  await expect(page.locator('[data-testid="debt-record"][data-act="forgiven"]')).toContainText('переехал')
  // Nothing of these two is at the register.
  expect(documents(device, 'sale', 'deposit', 'withdrawal', 'saleReturn')).toHaveLength(4)
})

test('a credit that a bank pays asks for no name; one of the shop’s own does', async ({ terminal, device }) => {
  await terminal.setUp()
  await terminal.goto('/settings')
  for (const [name, byBank] of [
    ['Рассрочка', true],
    ['В долг', false],
  ] as const) {
    await terminal.byId('way-add').click()
    await terminal.byId('way-name').fill(name)
    await terminal.byId('way-tender').locator('select').selectOption('credit')
    if (byBank) await terminal.byId('way-bank-pays').getByRole('switch').click()
    await terminal.byId('way-save').click()
    await expect(terminal.byId('way-save')).toBeHidden()
  }
  await terminal.goto('/')
  await terminal.ready()
  await addFree(terminal, '900')
  await terminal.byId('pay').click()
  await terminal.page.locator('[data-testid="own-way"][data-way="Рассрочка"]').click()
  await expect(terminal.byId('pay-confirm')).toBeEnabled()
  await expect(terminal.byId('debtor')).toBeHidden()
  await terminal.page.locator('[data-testid="own-way"][data-way="В долг"]').click()
  await expect(terminal.byId('debtor')).toBeVisible()
  await expect(terminal.byId('pay-confirm')).toBeDisabled()
  await terminal.page.locator('[data-testid="own-way"][data-way="Рассрочка"]').click()
  await terminal.byId('pay-confirm').click()
  await terminal.expectResult('registered')
  expect(documents(device, 'sale')).toMatchObject([{ payments: [0, 0, 0, 90_000] }])
  expect(await debtEntries(terminal)).toEqual([])
})
