/** The count before a Z: blind where the shop wants it, by tender, with a reason; and the X report on the screen. */
import { readFileSync } from 'node:fs'
import { read, utils, type WorkSheet } from '@e965/xlsx'
import { expect, test } from '../fixtures.ts'
import { addFree, documents, payBy } from '../pages/selling.ts'
import { expectStored } from '../pages/stored.ts'

test('a blind count shows what should be there only afterwards; its difference and reason stay with the shift', async ({
  terminal,
  page,
}) => {
  await terminal.setUp()
  await terminal.goto('/settings')
  await terminal.byId('blind-count').getByRole('switch').click()
  await expectStored(page, 'settings', '"blindCount":true')
  await terminal.goto('/')
  await terminal.ready()
  await addFree(terminal, '650')
  await terminal.byId('pay').click()
  await terminal.byId('tender-cash-exact').click()
  await terminal.expectResult('registered')
  await addFree(terminal, '300')
  await payBy(terminal, 'tender-external-card')
  await terminal.expectResult('registered')

  await terminal.goto('/shift')
  await expect(terminal.byId('drawer-hidden')).toBeVisible()
  await terminal.byId('shift-z').click()
  const expected = terminal.byId('z-expected')
  await expect(expected).toBeVisible()
  await expect(page.getByRole('dialog')).not.toContainText('650')
  await expect(terminal.byId('z-withdraw')).toHaveCount(0)
  await page.keyboard.type('600')
  await expect(terminal.byId('z-difference')).not.toHaveAttribute('data-tiyn')
  await expect(terminal.byId('z-confirm')).toHaveCount(0)
  await terminal.byId('z-reveal').click()
  await expect(expected).toHaveAttribute('data-tiyn', '65000')
  await expect(terminal.byId('z-difference')).toHaveAttribute('data-tiyn', '-5000')

  await terminal.byId('z-recount').click()
  await terminal.byId('number').fill('640')
  await expect(terminal.byId('z-difference')).toHaveAttribute('data-tiyn', '-1000')
  await terminal.byId('count-tenders').click()
  await terminal.byId('count-tender').fill('310')
  await expect(terminal.byId('count-tender')).toHaveAttribute('data-tiyn', '1000')
  await terminal.byId('count-reason').locator('select').selectOption('change')
  await terminal.byId('count-note').fill('сдача с 10')
  await terminal.byId('z-confirm').click()
  await expect(terminal.byId('z-result')).toHaveAttribute('data-state', 'closed', { timeout: 60_000 })

  const shift = await terminal.byId('shift-state').getAttribute('data-shift')
  await terminal.goto(`/shift?shift=${shift ?? ''}`)
  const report = terminal.byId('shift-report')
  for (const said of ['Ошибка со сдачей', 'сдача с 10', 'Первый пересчёт']) await expect(report).toContainText(said)
  const [download] = await Promise.all([page.waitForEvent('download'), terminal.byId('shift-export').click()])
  const book = read(readFileSync(await download.path()))
  const counted = utils.sheet_to_json<Record<string, unknown>>(book.Sheets['Пересчёт кассы'] as WorkSheet)
  expect(counted.map((row) => [row['Показатель'], row['Должно быть'], row['Насчитано'], row['Разница']])).toEqual([
    ['Наличные', 650, 640, -10],
    ['Первый пересчёт', 650, 600, -50],
    ['Карта', 300, 310, 10],
  ])
  expect(counted[0]).toMatchObject({ 'Причина расхождения': 'Ошибка со сдачей', Примечание: 'сдача с 10' })
})

test('the X report is read on the screen and printed by its button', async ({ terminal, device }) => {
  await terminal.setUp()
  await addFree(terminal, '650')
  await terminal.byId('pay').click()
  await terminal.byId('tender-cash-exact').click()
  await terminal.expectResult('registered')
  await terminal.goto('/shift')
  await terminal.byId('shift-x-view').click()
  const screen = terminal.byId('x-report')
  await expect(screen).toContainText(/650/)
  await expect(screen).toContainText('Наличн')
  expect(documents(device, 'x')).toEqual([])
  await terminal.byId('x-print').click()
  await expect.poll(() => documents(device, 'x')).toHaveLength(1)
})
