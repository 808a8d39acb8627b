import { expect, test } from '../fixtures.ts'

const SCREENS = {
  '/': 'sale',
  '/journal': 'journal',
  '/queue': 'queue',
  '/shift': 'shift',
  '/bank': 'bank',
  '/device': 'device',
  '/catalog': 'catalog',
  '/stock': 'stock',
  '/debts': 'debts',
  '/cashiers': 'cashiers',
  '/iiko': 'iiko',
  '/iiko/sales': 'iiko',
  '/atol': 'atol',
  '/settings': 'settings',
  '/setup': 'setup',
} as const

for (const [form, width, height] of [
  ['tablet', 1280, 800],
  ['phone', 360, 640],
] as const) {
  test(`every screen has its question mark in sight, on a ${form}`, async ({ terminal, page }) => {
    await page.setViewportSize({ width, height })
    await terminal.setUp()
    for (const [path, topic] of Object.entries(SCREENS)) {
      await terminal.goto(path)
      const mark = terminal.byId('help-open').first()
      await expect(mark, path).toBeInViewport()
      const box = await mark.boundingBox()
      expect(Math.min(box?.width ?? 0, box?.height ?? 0), path).toBeGreaterThanOrEqual(44)
      await mark.click()
      await expect(terminal.byId('help'), path).toHaveAttribute('data-page', topic)
      await page.keyboard.press('Escape')
      await expect(terminal.byId('help')).toHaveCount(0)
    }
  })
}

test('the payment has a help of its own; the technician’s guide opens where a register is connected and looked at', async ({
  terminal,
  page,
}) => {
  await terminal.setUp()
  await terminal.tapProducts(0)
  await terminal.byId('pay').click()
  await terminal.byId('help-open').click()
  await expect(terminal.byId('help')).toHaveAttribute('data-page', 'payment')
  await page.keyboard.press('Escape')
  // Nothing was left or paid by it.
  await expect(terminal.byId('pay-confirm')).toBeVisible()
  for (const path of ['/device', '/setup']) {
    await terminal.goto(path)
    await terminal.byId('guide-open').click()
    await expect(terminal.byId('guide').locator('summary')).toHaveCount(9)
    await terminal.byId('guide').locator('summary').last().click()
    await expect(terminal.byId('guide')).toContainText('Прочитайте полосу')
    await page.keyboard.press('Escape')
  }
  await terminal.goto('/settings')
  await terminal.byId('help-open').click()
  await terminal.byId('open-guide').click()
  await expect(terminal.byId('guide')).toBeVisible()
})
