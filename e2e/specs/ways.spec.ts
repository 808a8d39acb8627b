/** Ways to pay by the shop's own names: from the settings over the payment to shift, journal and comparison. */
import { expect, test } from '../fixtures.ts'
import { addFree, documents, openEntry } from '../pages/selling.ts'
import { expectStored, storedRows } from '../pages/stored.ts'
import type { Terminal } from '../pages/terminal.ts'

interface Way {
  readonly name: string
  readonly tender?: 'cash' | 'bank' | 'tara' | 'credit'
  readonly asks?: 'digits' | 'note'
  readonly change?: boolean
}

async function addWay(terminal: Terminal, { name, tender = 'bank', asks, change = false }: Way): Promise<void> {
  await terminal.byId('way-add').click()
  await terminal.byId('way-name').fill(name)
  await terminal.byId('way-tender').locator('select').selectOption(tender)
  if (asks !== undefined) await terminal.byId('way-asks').locator('select').selectOption(asks)
  if (change) await terminal.byId('way-change').getByRole('switch').click()
  await terminal.byId('way-save').click()
  await expect(terminal.page.locator(`[data-testid="way"][data-way="${name}"]`)).toBeVisible()
}

async function setUpWith(terminal: Terminal, ...ways: readonly Way[]): Promise<void> {
  await terminal.setUp()
  await terminal.goto('/settings')
  for (const way of ways) await addWay(terminal, way)
  await expectStored(terminal.page, 'settings', `"name":"${ways.at(-1)?.name ?? ''}"`)
  await terminal.goto('/')
  await terminal.ready()
}

const own = ({ page }: Terminal, name: string) => page.locator(`[data-testid="own-way"][data-way="${name}"]`)

interface StoredEntry {
  readonly kind: string
  readonly request: { readonly body: string } | null
  readonly ways?: readonly { readonly name: string; readonly amount: number; readonly note?: string }[]
}

test('a way of its own pays as what it counts for, asks for its digits, and stands by its name everywhere', async ({
  terminal,
  device,
  page,
}) => {
  await setUpWith(terminal, { name: 'Kaspi QR' }, { name: 'Halyk терминал', asks: 'digits' })
  await addFree(terminal, '650')
  await terminal.byId('pay').click()
  await own(terminal, 'Kaspi QR').click()
  await terminal.byId('pay-confirm').click()
  await terminal.expectResult('registered')

  await addFree(terminal, '1000')
  await terminal.byId('pay').click()
  await own(terminal, 'Halyk терминал').click()
  await expect(terminal.byId('pay-confirm')).toBeDisabled()
  // What is asked for has the cursor.
  await expect(terminal.byId('own-note')).toBeFocused()
  await page.keyboard.type('43x21')
  await expect(terminal.byId('own-note')).toHaveValue('4321')
  await terminal.byId('pay-confirm').click()
  await terminal.expectResult('registered')
  expect(documents(device, 'sale')).toMatchObject([
    { payments: [0, 65_000, 0, 0], changeTiyn: 0 },
    { payments: [0, 100_000, 0, 0], changeTiyn: 0 },
  ])
  const entries = await storedRows<StoredEntry>(page, 'entries')
  const sale = entries.find(({ ways }) => ways?.[0]?.name === 'Halyk терминал')
  expect(sale?.ways).toMatchObject([{ amount: 100_000, note: '4321' }])
  // The register hears of no names.
  expect(decodeURIComponent(sale?.request?.body ?? '')).not.toContain('Halyk')

  await terminal.goto('/shift')
  const ofShift = (name: string) => page.locator(`[data-testid="shift-way"][data-way="${name}"]`)
  await expect(ofShift('Kaspi QR')).toHaveAttribute('data-tiyn', '65000')
  await expect(ofShift('Halyk терминал')).toHaveAttribute('data-tiyn', '100000')
  await terminal.byId('shift-compare').click()
  await expect(page.locator('[data-testid="comparison-way"][data-way="Halyk терминал"]')).toHaveAttribute(
    'data-tiyn',
    '100000',
  )

  await openEntry(terminal, documents(device, 'sale')[1]?.number ?? 0)
  await expect(page.getByRole('dialog')).toContainText('4321')
  await page.keyboard.press('Escape')
  await terminal.byId('journal-search').fill('kaspi')
  await expect(terminal.byId('journal-entry')).toHaveCount(1)
  await expect(terminal.byId('journal-entry')).toHaveAttribute('data-tiyn', '65000')
})

test('parts by several ways add up to the tender, the rest is cash with change, and a return goes back by its name', async ({
  terminal,
  device,
  page,
}) => {
  await setUpWith(terminal, { name: 'Kaspi QR' }, { name: 'Halyk' }, { name: 'Сертификат', tender: 'tara' })
  await addFree(terminal, '1000')
  await terminal.byId('pay').click()
  await own(terminal, 'Kaspi QR').click()
  await page.keyboard.type('300')
  await own(terminal, 'Halyk').click()
  await page.keyboard.type('200,50')
  // Keys as fast as these may be a scanner's: they are held until it is quiet.
  await expect(terminal.byId('tender-cash-amount')).toHaveValue('200,50')
  await own(terminal, 'Сертификат').click()
  await page.keyboard.type('100')
  await expect(terminal.byId('own-part')).toHaveCount(2)
  await expect(terminal.byId('pay-confirm')).toBeDisabled()
  await terminal.byId('own-rest-cash').click()
  await page.keyboard.type('500')
  await expect(terminal.byId('change-preview')).toHaveAttribute('data-tiyn', '10050')
  await terminal.byId('pay-confirm').click()
  await terminal.expectResult('registered')
  expect(documents(device, 'sale')).toMatchObject([
    { totalTiyn: 100_000, payments: [50_000, 50_050, 10_000, 0], changeTiyn: 10_050 },
  ])

  await addFree(terminal, '500')
  await terminal.byId('pay').click()
  await own(terminal, 'Kaspi QR').click()
  await terminal.byId('pay-confirm').click()
  await terminal.expectResult('registered')
  await openEntry(terminal, documents(device, 'sale')[1]?.number ?? 0)
  await terminal.byId('return').click()
  await terminal.byId('return-all').click()
  await terminal.byId('return-confirm').click()
  await expect.poll(() => documents(device, 'saleReturn')).toMatchObject([{ payments: [0, 50_000, 0, 0] }])
  await terminal.goto('/shift')
  // 300 of the first sale; what was returned left again.
  await expect(page.locator('[data-testid="shift-way"][data-way="Kaspi QR"]')).toHaveAttribute('data-tiyn', '30000')
})

test('without ways of its own the payment screen has none; their order and names are changed in the settings', async ({
  terminal,
  page,
}) => {
  await terminal.setUp()
  await addFree(terminal, '650')
  await terminal.byId('pay').click()
  await expect(terminal.byId('tender-cash-exact')).toBeVisible()
  await expect(terminal.byId('own-way')).toHaveCount(0)
  await terminal.goto('/settings')
  await addWay(terminal, { name: 'Kaspi QR' })
  await addWay(terminal, { name: 'Доллары', tender: 'cash', change: true })
  await terminal.byId('way-add').click()
  await terminal.byId('way-name').fill('kaspi qr')
  await terminal.byId('way-save').click()
  await expect(page.getByText('Такое название уже есть')).toBeVisible()
  await page.keyboard.press('Escape')
  await terminal.byId('way-up').last().click()
  await expect(terminal.byId('way').first()).toHaveAttribute('data-way', 'Доллары')
  await terminal.byId('way-edit').last().click()
  await terminal.byId('way-remove').click()
  await expect(terminal.byId('way')).toHaveCount(1)
  await expect.poll(async () => JSON.stringify(await storedRows(page, 'settings'))).not.toContain('Kaspi QR')
  await terminal.goto('/')
  await terminal.byId('pay').click()
  await own(terminal, 'Доллары').click()
  await page.keyboard.type('1000')
  await expect(terminal.byId('change-preview')).toHaveAttribute('data-tiyn', '35000')
})
