import { expect, test, type Page } from '../fixtures.ts'
import { Terminal as TerminalPage, type Terminal } from '../pages/terminal.ts'
import { documents } from '../pages/selling.ts'
import { scan } from '../pages/scanner.ts'
import { storedRows } from '../pages/stored.ts'

async function addCashier(terminal: Terminal, name: string, pin: string, role?: string): Promise<void> {
  await terminal.byId('cashier-add').click()
  await terminal.byId('cashier-name').fill(name)
  await terminal.byId('cashier-new-pin').fill(pin)
  if (role !== undefined) await terminal.byId(`role-${role}`).click()
  await terminal.byId('cashier-save').click()
  await expect(terminal.page.locator(`[data-testid="cashier"][data-name="${name}"]`)).toBeVisible()
}

async function signIn(terminal: Terminal, name: string, pin: string): Promise<void> {
  const { page } = terminal
  await expect(terminal.byId('lock')).toBeVisible()
  const tile = page.locator(`[data-testid="lock-cashier"][data-name="${name}"]`)
  await tile.or(terminal.byId('cashier-pin')).first().waitFor()
  if (await tile.isVisible()) await tile.click()
  await terminal.byId('cashier-pin').fill(pin)
  await terminal.byId('lock-enter').click()
}

const cashierOfEntries = async (page: Page) =>
  (await storedRows<{ cashier: string }>(page, 'entries')).map((entry) => entry.cashier)

test('a terminal without cashiers asks for nobody', async ({ terminal }) => {
  await terminal.setUp()
  await expect(terminal.byId('lock')).toBeHidden()
  await terminal.sellExact(0)
  await terminal.expectResult('registered')
})

test('after a start the terminal asks who is there, and every receipt names the cashier', async ({
  terminal,
  page,
}) => {
  await terminal.setUp()
  await terminal.goto('/cashiers')
  await addCashier(terminal, 'Айгүл', '4321')
  await addCashier(terminal, 'Иван', '1111', 'cashier')
  await expect(terminal.byId('lock')).toBeHidden()

  await page.reload()
  await expect(terminal.byId('lock')).toBeVisible()
  await signIn(terminal, 'Иван', '1111')
  await expect(terminal.byId('lock')).toBeHidden()
  // Cashiers are an administrator's business.
  await expect(terminal.byId('cashier-add')).toBeHidden()
  await page.getByRole('link', { name: 'Продажа' }).first().click()
  await terminal.ready()
  await terminal.sellExact(0)
  await terminal.expectResult('registered')

  await terminal.byId('menu').click()
  await page.getByRole('button', { name: 'Сменить кассира' }).click()
  await signIn(terminal, 'Айгүл', '4321')
  await terminal.sellExact(1)
  await terminal.expectResult('registered')
  expect((await cashierOfEntries(page)).sort()).toEqual(['Айгүл', 'Иван'])
})

test('a wrong PIN opens nothing, and after three of them the terminal waits', async ({ terminal, page }) => {
  await terminal.setUp()
  await terminal.goto('/cashiers')
  await addCashier(terminal, 'Айгүл', '4321')
  await page.reload()
  for (const wrong of ['1111', '2222', '3333']) {
    await signIn(terminal, 'Айгүл', wrong)
    // The message may still be the last one's: the field is empty once this PIN was looked at.
    await expect(terminal.byId('cashier-pin')).toHaveValue('')
    await expect(terminal.byId('lock-message')).not.toBeEmpty()
  }
  await terminal.byId('cashier-pin').fill('4321')
  await expect(terminal.byId('lock-enter')).toBeDisabled()
  await expect(terminal.byId('lock-enter')).toBeEnabled({ timeout: 10_000 })
  await terminal.byId('lock-enter').click()
  await expect(terminal.byId('lock')).toBeHidden()
})

test('behind the lock nothing can be reached: no key, no scan, no dialog', async ({ terminal, page }) => {
  await terminal.setUp()
  await terminal.goto('/cashiers')
  await addCashier(terminal, 'Айгүл', '4321')
  await page.getByRole('link', { name: 'Продажа' }).first().click()
  await terminal.ready()
  await page.reload()
  await expect(terminal.byId('cashier-pin')).toBeFocused()
  await scan(page, '4870000002047')
  await page.keyboard.press('Escape')
  await page.keyboard.press('F4')
  await expect(terminal.byId('lock')).toBeVisible()
  await expect(terminal.byId('cashier-pin')).toHaveValue('')
  await signIn(terminal, 'Айгүл', '4321')
  await terminal.ready()
  await expect(terminal.byId('cart-line')).toHaveCount(0)
  await expect(page.getByRole('dialog')).toBeHidden()
})

test('the terminal locks after idleness, keeps the open receipt, and never locks a payment', async ({
  terminal,
  page,
}) => {
  await page.clock.install()
  await terminal.setUp()
  await terminal.goto('/cashiers')
  await addCashier(terminal, 'Айгүл', '4321')
  await terminal.byId('idle-lock').locator('select').selectOption('2')
  await page.getByRole('link', { name: 'Продажа' }).first().click()
  await terminal.ready()
  await terminal.tapProducts(0, 1)
  await terminal.byId('pay').click()
  await page.clock.fastForward('05:00')
  await expect(terminal.byId('lock')).toBeHidden()
  await terminal.byId('pay-back').click()
  await page.clock.fastForward('02:05')
  await expect(terminal.byId('lock')).toBeVisible()
  await signIn(terminal, 'Айгүл', '4321')
  await expect(terminal.byId('cart-line')).toHaveCount(2)
})

test('a count of the drawer that is half done is not locked away', async ({ terminal, page }) => {
  await page.clock.install()
  await terminal.setUp()
  await terminal.sellExact(0)
  await terminal.expectResult('registered')
  await terminal.goto('/cashiers')
  await addCashier(terminal, 'Айгүл', '4321')
  await terminal.byId('idle-lock').locator('select').selectOption('2')
  await page.locator('a.shift-link').click()
  await terminal.byId('shift-z').click()
  await terminal.byId('number').fill('500')
  await page.clock.fastForward('05:00')
  await expect(terminal.byId('lock')).toBeHidden()
  await expect(terminal.byId('number')).toHaveValue('500')
  await page.keyboard.press('Escape')
  await expect(terminal.byId('z-confirm')).toBeHidden()
  await page.clock.fastForward('02:05')
  await expect(terminal.byId('lock')).toBeVisible()
})

test('goods, settings and the way to the device are for those who may change them', async ({ terminal, page }) => {
  await terminal.setUp()
  await terminal.goto('/cashiers')
  await addCashier(terminal, 'Әкімші', '9999', 'admin')
  await addCashier(terminal, 'Айгүл', '4321')
  for (const path of ['/catalog', '/settings', '/setup']) {
    await terminal.goto(path)
    await signIn(terminal, 'Айгүл', '4321')
    await expect(terminal.byId('no-right')).toBeVisible()
  }
  await expect(page.locator('[data-testid="catalog-import"]')).toHaveCount(0)
  await terminal.goto('/catalog')
  await signIn(terminal, 'Айгүл', '4321')
  await terminal.byId('no-right-change').click()
  await signIn(terminal, 'Әкімші', '9999')
  await expect(terminal.byId('catalog-import')).toBeVisible()
})

/** Another window of the same till. */
async function secondWindow(terminal: Terminal): Promise<Terminal> {
  const second = new TerminalPage(
    await terminal.page.context().newPage(),
    terminal.origin,
    terminal.device,
    terminal.watch,
  )
  await second.goto('/')
  return second
}

test('a cashier without the right makes no return without a receipt and no Z; another window’s removal counts at once', async ({
  terminal,
  device,
}) => {
  await terminal.setUp()
  await terminal.sellExact(0)
  await terminal.expectResult('registered')
  await terminal.goto('/cashiers')
  await addCashier(terminal, 'Айгүл', '4321')
  await addCashier(terminal, 'Иван', '1111', 'cashier')
  const second = await secondWindow(terminal)
  await signIn(second, 'Иван', '1111')
  await second.ready()
  await second.byId('cart-more').click()
  await second.byId('action-saleReturn').click()
  await second.byId('no-receipt-confirm').click()
  await second.tapProducts(0)
  await second.byId('pay').click()
  await second.byId('pay-confirm').click()
  await expect(second.page.getByText('возвращать без чека').first()).toContainText('Айгүл')
  await second.goto('/shift')
  await signIn(second, 'Иван', '1111')
  await second.byId('shift-z').click()
  await second.byId('z-confirm').click()
  await expect(second.page.getByText('закрывать смену').first()).toContainText('Айгүл')
  expect(documents(device, 'saleReturn')).toEqual([])
  expect(documents(device, 'z')).toEqual([])

  await terminal.page.bringToFront()
  await terminal.page.locator('[data-testid="cashier"][data-name="Иван"]').click()
  await terminal.byId('cashier-remove').click()
  await expect(second.byId('lock')).toBeVisible()
  await expect(second.page.locator('[data-testid="lock-cashier"][data-name="Иван"]')).toHaveCount(0)
})

test('wrong PINs are counted over all windows, and somebody else’s PIN frees none', async ({ terminal }) => {
  await terminal.setUp()
  await terminal.goto('/cashiers')
  await addCashier(terminal, 'Айгүл', '4321')
  await addCashier(terminal, 'Иван', '1111', 'cashier')
  const second = await secondWindow(terminal)
  for (const wrong of ['0001', '0002']) {
    await signIn(second, 'Айгүл', wrong)
    await expect(second.byId('cashier-pin')).toHaveValue('')
    await expect(second.byId('lock-message')).not.toBeEmpty()
    await second.byId('lock-others').click()
  }
  await signIn(second, 'Иван', '1111')
  await expect(second.byId('lock')).toBeHidden()
  await terminal.page.reload()
  await signIn(terminal, 'Айгүл', '0003')
  await expect(terminal.byId('lock-message')).toContainText(/\d/)
  await terminal.byId('cashier-pin').fill('4321')
  await expect(terminal.byId('lock-enter')).toBeDisabled()
})
