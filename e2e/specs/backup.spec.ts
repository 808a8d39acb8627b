import { readFile } from 'node:fs/promises'
import type { IkkmEmulator } from '../emulators/ikkm.ts'
import { expect, test } from '../fixtures.ts'
import { documents } from '../pages/selling.ts'
import type { Terminal } from '../pages/terminal.ts'

async function exportFile(terminal: Terminal): Promise<string> {
  await terminal.goto('/settings')
  const download = terminal.page.waitForEvent('download')
  await terminal.byId('backup').click()
  return (await download).path()
}

const sales = (device: IkkmEmulator) => documents(device, 'sale')

test('a backup brings the journal to a fresh tablet, as history that is never sent', async ({
  terminal,
  device,
  startDevice,
  otherTablet,
}) => {
  await terminal.setUp()
  await terminal.sellExact(0)
  await terminal.expectResult('registered')
  const number = await terminal.receiptNumber()
  // One more that never reaches the device: it waits in the first tablet's queue.
  await device.faults.add({ kind: 'down' })
  await terminal.sellExact(1)
  await terminal.expectResult('queued')
  const file = await exportFile(terminal)
  const backup = await readFile(file, 'utf8')
  expect(JSON.parse(backup)).toMatchObject({ format: 'ikkm-terminal-backup', version: 1 })
  expect((JSON.parse(backup) as { entries: unknown[] }).entries).toHaveLength(2)
  expect(backup).not.toContain(device.device.currentKey())

  const spare = await startDevice({ seed: 2 })
  const next = await otherTablet({ device: spare })
  await next.terminal.setUp()
  await next.terminal.goto('/settings')
  await next.terminal.byId('backup-file').setInputFiles(file)
  const preview = next.terminal.byId('backup-preview')
  await expect(preview).toHaveAttribute('data-fresh', '2')
  await expect(preview).toHaveAttribute('data-known', '0')
  await expect(preview).toHaveAttribute('data-broken', '0')
  await expect(preview).toHaveAttribute('data-unsettled', '1')
  await next.terminal.byId('backup-apply').click()
  await expect(preview).toBeHidden()

  // Nothing waits here, and nothing was sent, although the device of this tablet is ready.
  await next.terminal.page.reload()
  await expect(next.terminal.byId('device-state')).toHaveAttribute('data-state', 'ready')
  await expect(next.terminal.byId('queue-count')).toBeHidden()
  await next.terminal.goto('/journal')
  const entries = next.terminal.byId('journal-entry')
  await expect(entries).toHaveCount(2)
  await expect(next.terminal.page.locator(`[data-testid="journal-entry"][data-number="${number}"]`)).toBeVisible()
  await next.terminal.byId('journal-search').fill(String(number))
  await expect(entries).toHaveCount(1)
  await entries.first().click()
  await expect(next.terminal.byId('imported-note')).toBeVisible()
  await expect(next.terminal.byId('return')).toHaveCount(0)
  expect(sales(spare)).toHaveLength(0)

  // Its own sales go on beside the history.
  await next.terminal.goto('/')
  await next.terminal.ready()
  await next.terminal.sellExact(0)
  await next.terminal.expectResult('registered')
  expect(sales(spare)).toHaveLength(1)

  // The same file again brings nothing.
  await next.terminal.goto('/settings')
  await next.terminal.byId('backup-file').setInputFiles(file)
  await expect(preview).toHaveAttribute('data-fresh', '0')
  await expect(preview).toHaveAttribute('data-known', '2')
  await expect(next.terminal.byId('backup-apply')).toBeDisabled()
  expect(next.problems).toEqual([])
})

test('a file that is no backup is refused in words, and one with a broken record brings the others', async ({
  terminal,
}) => {
  await terminal.setUp()
  await terminal.sellExact(0)
  await terminal.expectResult('registered')
  const backup = JSON.parse(await readFile(await exportFile(terminal), 'utf8')) as {
    entries: Record<string, unknown>[]
  }
  const { entries, ...head } = backup
  const file = (name: string, text: string) => ({ name, mimeType: 'application/json', buffer: Buffer.from(text) })

  await terminal.byId('backup-file').setInputFiles(file('other.json', '{"receipts":[]}'))
  await expect(terminal.byId('backup-trouble')).toBeVisible()
  await expect(terminal.byId('backup-preview')).toHaveCount(0)

  const [own] = entries
  const lines = [
    own,
    { ...own, id: 'other', mark: 'B-0009' },
    { ...own, id: 'bad', attempts: '<img src=x onerror=alert(1)>' },
  ]
  const text = `${JSON.stringify(head).slice(0, -1)},"entries":[\n${lines.map((line) => JSON.stringify(line)).join(',\n')}\n]}`
  await terminal.byId('backup-file').setInputFiles(file('mixed.json', text))
  const preview = terminal.byId('backup-preview')
  await expect(preview).toHaveAttribute('data-fresh', '1')
  await expect(preview).toHaveAttribute('data-known', '1')
  await expect(preview).toHaveAttribute('data-broken', '1')
  await terminal.byId('backup-apply').click()
  await expect(preview).toBeHidden()
  await terminal.goto('/journal')
  await expect(terminal.byId('imported-entries').locator('[data-mark="B-0009"]')).toBeVisible()
})

test('receipts of the practice register don’t mix with real ones', async ({ terminal, app, otherTablet }) => {
  const practice = await otherTablet()
  await practice.terminal.page.goto(`${app.origin}/setup?transport=demo&lang=ru`)
  await practice.terminal.ready()
  await practice.terminal.sellExact(0)
  await practice.terminal.expectResult('registered')
  const file = await exportFile(practice.terminal)

  await terminal.setUp()
  await terminal.goto('/settings')
  await terminal.byId('backup-file').setInputFiles(file)
  await expect(terminal.byId('backup-preview')).toHaveAttribute('data-fresh', '1')
  await expect(terminal.byId('backup-apply')).toBeDisabled()
})
