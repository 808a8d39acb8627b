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

  const asked = () => device.log().filter((request) => /key=\d{8}/.test(request.query)).length
  await terminal.page.reload()
  await expect(terminal.byId('abilities')).toBeVisible()
  const before = asked()
  await terminal.goto('/device')
  await expect(terminal.byId('abilities')).toBeVisible()
  expect(asked() - before).toBeLessThan(6)
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
