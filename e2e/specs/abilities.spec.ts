import { expect, test } from '../fixtures.ts'

test('the device page finds out once what the cash register can do, without any document', async ({
  terminal,
  device,
}) => {
  await terminal.setUp()
  await terminal.sellExact(0)
  await terminal.expectResult('registered')
  await terminal.goto('/device')
  await expect(terminal.byId('abilities')).toBeVisible({ timeout: 30_000 })
  await expect(terminal.byId('abilities').getByText('Да', { exact: true })).toHaveCount(3)
  expect(device.device.ledger()).toHaveLength(1)
  // Directly no server is asked who works with the register.
  await expect(terminal.byId('writer-lock')).toContainText('закреплена')
  await expect(terminal.byId('writer-lease')).toHaveCount(0)

  // Only the finding out asks with this key, whose every digit is wrong on purpose.
  const wrong = device.device.currentKey().replace(/\d/g, (digit) => String((Number(digit) + 5) % 10))
  const triedOut = () => device.log().filter(({ query }) => query.includes(`key=${wrong}`)).length
  await terminal.page.reload()
  await expect(terminal.byId('abilities')).toBeVisible()
  const before = triedOut()
  expect(before).toBeGreaterThan(0)
  await terminal.goto('/device')
  await expect(terminal.byId('abilities')).toBeVisible()
  expect(triedOut()).toBe(before)
})

test.describe('a lax cash register', () => {
  test.use({ deviceOptions: { readings: { dumpChecksKey: false, statusChecksKey: false } } })

  test('a cash register that lets any key read is called weaker', async ({ terminal }) => {
    await terminal.setUp()
    await terminal.goto('/device')
    await expect(terminal.byId('abilities')).toContainText('Нет', { timeout: 30_000 })
    await expect(terminal.byId('abilities')).toContainText('чаще спрашивает')
  })
})
