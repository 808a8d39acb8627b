import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type BrowserContext } from '@playwright/test'
import { BROWSER_ARGS, findBrowser, isRoot } from '../browser.ts'
import { expect, test, watchContext } from '../fixtures.ts'
import { runFast } from '../pages/fast-clock.ts'
import { saleNumbers } from '../pages/selling.ts'
import { Terminal } from '../pages/terminal.ts'

test('a receipt whose answer is lost is registered once and gets its number', async ({ terminal, device }) => {
  await terminal.setUp()
  await device.faults.add({ kind: 'drop-after', match: '/api/' })
  await terminal.sellExact(0)
  await terminal.expectResult('registered')
  expect(saleNumbers(device)).toEqual([await terminal.receiptNumber()])
})

test('a receipt that never reached the device goes out again by itself', async ({ terminal, device }) => {
  await terminal.setUp()
  await device.faults.add({ kind: 'drop-before', match: '/api/', count: 2 })
  await terminal.sellExact(0)
  await terminal.expectResult('registered')
  expect(saleNumbers(device)).toEqual([await terminal.receiptNumber()])
})

test('garbage, a short body and a page of another host are neither success nor failure', async ({
  terminal,
  device,
}) => {
  await terminal.setUp()
  await device.faults.add({ kind: 'cut', match: '/api/', bytes: 7, whole: true })
  await device.faults.add({ kind: 'html', match: '/api/' })
  await terminal.sellExact(0)
  await terminal.expectResult('registered')
  expect(saleNumbers(device)).toEqual([await terminal.receiptNumber()])
})

test('a sale with the device away survives a reload and a killed browser and is registered exactly once', async ({
  app,
  device,
  clock,
}) => {
  const profile = mkdtempSync(join(tmpdir(), 'terminal-'))
  const launch = async (): Promise<BrowserContext> => {
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: findBrowser(),
      args: BROWSER_ARGS,
      chromiumSandbox: !isRoot,
      locale: 'ru-RU',
    })
    await runFast(context, clock)
    return context
  }
  let context = await launch()
  try {
    const open = async () => {
      const { watch } = watchContext(context, [app.origin, device.origin])
      return new Terminal(context.pages()[0] ?? (await context.newPage()), app.origin, device, watch)
    }
    let terminal = await open()
    await terminal.setUp()
    await device.faults.add({ kind: 'down' })
    await terminal.sellExact(0)
    await terminal.expectResult('queued')
    await expect(terminal.byId('queue-count')).toContainText('1')

    await terminal.page.reload()
    await expect(terminal.byId('queue-count')).toContainText('1')
    await expect(terminal.byId('cart-line')).toHaveCount(0)

    await context.close()
    context = await launch()
    terminal = await open()
    await terminal.goto('/')
    await expect(terminal.byId('queue-count')).toContainText('1')
    expect(saleNumbers(device)).toEqual([])

    await device.faults.add({ kind: 'up' })
    await expect(terminal.byId('queue-count')).toBeHidden({ timeout: 60_000 })
    await terminal.goto('/journal')
    const entry = terminal.byId('journal-entry')
    await expect(entry).toHaveCount(1)
    expect([Number(await entry.getAttribute('data-number'))]).toEqual(saleNumbers(device))
  } finally {
    await context.close()
    rmSync(profile, { recursive: true, force: true })
  }
})
