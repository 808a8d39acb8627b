import { readFileSync } from 'node:fs'
import type { IkkmEmulator } from '../emulators/ikkm.ts'
import { expect, test } from '../fixtures.ts'
import type { Terminal } from '../pages/terminal.ts'

async function compare(terminal: Terminal): Promise<void> {
  await terminal.goto('/shift')
  await terminal.byId('shift-compare').click()
  await expect(terminal.byId('comparison')).toBeVisible({ timeout: 30_000 })
}

function row(terminal: Terminal, number: number) {
  return terminal.page.locator(`[data-testid="comparison-row"][data-number="${number}"]`)
}

/** Somebody sells on the device itself: its key is another one now, which a person reads from its screen. */
async function sellElsewhere(terminal: Terminal, device: IkkmEmulator, totalTiyn: number): Promise<void> {
  const answer = await fetch(`${device.controlOrigin}/foreign`, {
    method: 'POST',
    body: JSON.stringify({ kind: 'sale', totalTiyn }),
  })
  expect(answer.ok).toBe(true)
  await terminal.goto('/device')
  await terminal.byId('key-input').fill(device.device.currentKey())
  await terminal.byId('key-save').click()
  await expect(terminal.byId('device-state')).toHaveAttribute('data-state', 'ready', { timeout: 30_000 })
}

test('receipts of the terminal match the device row by row', async ({ terminal, device }) => {
  await terminal.setUp()
  for (const index of [0, 1]) {
    await terminal.sellExact(index)
    await terminal.expectResult('registered')
  }
  await compare(terminal)
  await expect(terminal.byId('comparison')).toHaveAttribute('data-agrees', 'true')
  for (const sale of device.device.ledger()) {
    await expect(row(terminal, sale.number)).toHaveAttribute('data-state', 'matched')
    await expect(row(terminal, sale.number)).toHaveAttribute('data-own-tiyn', String(sale.totalTiyn))
    await expect(row(terminal, sale.number)).toHaveAttribute('data-device-tiyn', String(sale.totalTiyn))
  }
})

test('a receipt made elsewhere stands on the device only, in the list, the text and the table', async ({
  terminal,
  device,
  page,
}) => {
  await terminal.setUp()
  await terminal.sellExact(0)
  await terminal.expectResult('registered')
  await sellElsewhere(terminal, device, 70_000)
  const foreign = device.device.ledger().find((document) => document.foreign)
  await compare(terminal)
  await expect(terminal.byId('comparison')).toHaveAttribute('data-agrees', 'false')
  await expect(row(terminal, foreign?.number ?? 0)).toHaveAttribute('data-state', 'onlyThere')
  await expect(row(terminal, foreign?.number ?? 0)).toHaveAttribute('data-device-tiyn', '70000')
  await terminal.byId('comparison-differences').click()
  await expect(terminal.byId('comparison-row')).toHaveCount(1)
  for (const [button, kind] of [
    ['comparison-csv', 'csv'],
    ['comparison-text', 'txt'],
  ] as const) {
    const [download] = await Promise.all([page.waitForEvent('download'), terminal.byId(button).click()])
    expect(download.suggestedFilename()).toMatch(new RegExp(`\\.${kind}$`))
    const text = readFileSync(await download.path(), 'utf8')
    expect(text).toContain(String(foreign?.number))
    expect(text).toContain('Только на кассе')
  }
})

test('the printed sheet holds every row and the lines to sign on', async ({ terminal, device, page }) => {
  await terminal.setUp()
  await terminal.sellExact(0)
  await terminal.expectResult('registered')
  await page.addInitScript(() => {
    window.print = () => {
      document.title = document.querySelector('[data-testid="comparison-sheet"]')?.textContent ?? 'nothing'
    }
  })
  await compare(terminal)
  await terminal.byId('comparison-print').click()
  const printed = await page.title()
  expect(printed).toContain(String(device.device.ledger()[0]?.number))
  expect(printed).toContain('Владелец')
  await expect(page.getByTestId('comparison-sheet')).toHaveCount(0)
})
