import { expect, test } from '../fixtures.ts'
import { chooseAction, documents } from '../pages/selling.ts'
import { expectStored, storedRows } from '../pages/stored.ts'

const BROKEN = '--barcodeEAN13-123--'

test('a footer that the register can’t print is refused in the settings; one that is there already stops a sale in a sentence, not as a failure of the disk', async ({
  terminal,
  device,
  page,
}) => {
  await terminal.setUp()
  await terminal.goto('/settings')
  const footer = terminal.byId('footer-text')
  await footer.fill('Рақмет')
  await expectStored(page, 'settings', 'Рақмет')
  await footer.fill(BROKEN)
  await expect(page.getByText(/Не сохранено.*штрихкод/)).toBeVisible()
  expect(JSON.stringify(await storedRows(page, 'settings'))).not.toContain(BROKEN)
  await terminal.goto('/')
  await terminal.ready()
  await terminal.sellExact()
  await terminal.expectResult('registered')

  // As an earlier version or another tablet's backup left it.
  await page.evaluate(`new Promise((resolve) => {
    const open = indexedDB.open('terminal')
    open.onsuccess = () => {
      const transaction = open.result.transaction('settings', 'readwrite')
      const store = transaction.objectStore('settings')
      store.get('settings').onsuccess = (event) => {
        const record = event.target.result
        store.put({ ...record, value: { ...record.value, footerText: '${BROKEN}' } })
      }
      transaction.oncomplete = () => resolve(open.result.close())
    }
  })`)
  await page.reload()
  await terminal.ready()
  await terminal.sellExact()
  await expect(page.getByRole('alert').filter({ hasText: 'Текст в конце чека' })).toContainText('штрихкод')
  await expect(page.getByText(/не сохран|RangeError/i)).toHaveCount(0)
  await terminal.goto('/settings')
  await footer.fill('Рақмет')
  await expectStored(page, 'settings', 'Рақмет')
  await terminal.goto('/')
  await terminal.ready()
  await terminal.byId('pay').click()
  await terminal.byId('tender-cash-exact').click()
  await terminal.expectResult('registered')
  // Under the mark and its barcode.
  expect(documents(device, 'sale').map((sale) => sale.footer?.split('\n').at(-1))).toEqual(['Рақмет', 'Рақмет'])
  const marks = (await storedRows<{ sequence: number }>(page, 'entries')).map((entry) => entry.sequence)
  expect(marks.sort()).toEqual([1, 2])
})

test('a text that no paper and no relay holds is refused where it is typed, and the receipt goes out without it', async ({
  terminal,
  device,
}) => {
  await terminal.setUp()
  await terminal.tapProducts(0)
  await chooseAction(terminal, 'texts')
  await terminal.byId('receipt-print').fill('Ұзын '.repeat(9_000))
  await expect(terminal.page.getByText('Текст слишком длинный: 45 000 знаков')).toBeVisible()
  await expect(terminal.byId('receipt-texts-apply')).toBeDisabled()
  await terminal.byId('receipt-print').fill('Ұзын')
  await terminal.byId('receipt-texts-apply').click()
  await terminal.byId('pay').click()
  await terminal.byId('tender-cash-exact').click()
  await terminal.expectResult('registered')
  expect(documents(device, 'sale').map((sale) => sale.print)).toEqual(['Ұзын'])
})

test('a register that is away and then refuses: the bar counts the wait down, over a reload too, and the others go out after it', async ({
  terminal,
  device,
  page,
}) => {
  test.setTimeout(150_000)
  await terminal.setUp()
  // Chromium repeats a request by itself, once, when a kept connection ends without an answer.
  await device.faults.add({ kind: 'drop-before', match: '/api/', count: 2 })
  await device.faults.add({ kind: 'code', code: -7, match: '/api/', count: 1 })
  await terminal.sellExact(0)
  await terminal.byId('next-sale').click()
  await terminal.sellExact(1)
  const bar = terminal.byId('attention')
  await expect(bar).toContainText(/[A-Z][A-Z0-9]-0001.*Ждём \d:\d\d, за ним ждут ещё 1/, { timeout: 30_000 })
  const left = async (): Promise<number> => {
    const [, minutes, seconds] = /Ждём (\d):(\d\d)/.exec((await bar.textContent()) ?? '') ?? []
    return minutes === undefined ? Infinity : Number(minutes) * 60 + Number(seconds)
  }
  await expect.poll(left, { timeout: 60_000 }).toBeLessThan(75)
  await page.reload()
  // Half a minute more, in which a request may have left after its record: not the two minutes anew.
  await expect.poll(left, { timeout: 30_000 }).toBeLessThan(107)
  await expect(bar).toContainText('Касса отказала в чеке', { timeout: 60_000 })
  await expect.poll(() => documents(device, 'sale').length, { timeout: 30_000 }).toBe(1)
  await expect(terminal.byId('queue-count')).toHaveText(/1/)
})
