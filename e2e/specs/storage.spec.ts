import type { Page } from '@playwright/test'
import type { IkkmEmulator } from '../emulators/ikkm.ts'
import { expect, test } from '../fixtures.ts'
import { saleNumbers } from '../pages/selling.ts'
import type { Terminal } from '../pages/terminal.ts'

const registrations = (device: IkkmEmulator) => device.log().filter((request) => request.path === '/api/')

const TRY_TO_WRITE = `new Promise((resolve) => {
  const open = indexedDB.open('terminal')
  open.onsuccess = () => {
    const transaction = open.result.transaction('settings', 'readwrite')
    transaction.objectStore('settings').put({ key: 'test', value: 'x' })
    const end = (how) => () => {
      open.result.close()
      resolve(how ?? transaction.error?.name)
    }
    transaction.oncomplete = end('written')
    transaction.onabort = end()
  }
})`

/** Leaves the app's origin no room at all. The browser remembers for a while how much room there was. */
async function fillTheDisk(page: Page): Promise<() => Promise<void>> {
  const session = await page.context().newCDPSession(page)
  const { origin } = new URL(page.url())
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 })
  await expect.poll(() => page.evaluate(TRY_TO_WRITE), { timeout: 60_000 }).toBe('QuotaExceededError')
  return async () => {
    await session.send('Storage.overrideQuotaForOrigin', { origin })
    await expect.poll(() => page.evaluate(TRY_TO_WRITE), { timeout: 60_000 }).toBe('written')
  }
}

/** Breaks writing to the ledger from the next transaction on, as a failing disk does. */
const BREAK = `(() => {
  const real = IDBDatabase.prototype.transaction
  IDBDatabase.prototype.transaction = function (stores, mode, options) {
    if (this.name === 'ledger' && mode === 'readwrite' && !globalThis.diskWorks)
      throw new DOMException('I/O error', 'UnknownError')
    return real.call(this, stores, mode, options)
  }
})()`

/** Pays as a person does who was refused in words: again and again, until the terminal has looked at the disk anew. */
async function payOnceTaken(terminal: Terminal): Promise<void> {
  const [exact, result] = [terminal.byId('tender-cash-exact'), terminal.byId('payment-result')]
  await expect(async () => {
    if (await result.isVisible()) return
    if (!(await exact.isVisible())) await terminal.byId('pay').click({ timeout: 1_000 })
    await exact.click({ timeout: 1_000 })
    await expect(result).toBeVisible({ timeout: 2_000 })
  }).toPass({ timeout: 90_000 })
}

async function expectRefused(page: Page, device: IkkmEmulator): Promise<void> {
  await expect(page.getByRole('alert').first()).toContainText(/\p{L}{4,}.*\p{L}{4,}/u)
  await expect(page.getByTestId('payment-result')).toHaveCount(0)
  expect(registrations(device)).toEqual([])
}

test('with a full disk no sale is begun, a sentence says why, and selling goes on when there is room again', async ({
  terminal,
  device,
  page,
  watch,
}) => {
  test.setTimeout(180_000)
  watch.allow(/Quota/)
  await terminal.setUp()
  await terminal.tapProducts(0, 1)
  const makeRoom = await fillTheDisk(page)
  await expect(terminal.byId('attention')).toContainText('нет места', { timeout: 60_000 })
  await terminal.byId('pay').click()
  await expectRefused(page, device)
  await expect(terminal.byId('tender-cash-exact')).toBeHidden()

  await makeRoom()
  await expect(terminal.byId('attention')).toBeHidden({ timeout: 60_000 })
  await terminal.byId('pay').click()
  await terminal.byId('tender-cash-exact').click()
  await terminal.expectResult('registered')
  expect(saleNumbers(device)).toEqual([await terminal.receiptNumber()])
})

test('a disk that fills up between opening the payment and paying refuses the sale with a sentence', async ({
  terminal,
  device,
  page,
  watch,
}) => {
  test.setTimeout(180_000)
  watch.allow(/Quota/)
  await terminal.setUp()
  await terminal.tapProducts(0, 1)
  await terminal.byId('pay').click()
  const makeRoom = await fillTheDisk(page)
  await terminal.byId('tender-cash-exact').click()
  await expectRefused(page, device)

  await makeRoom()
  await payOnceTaken(terminal)
  await terminal.expectResult('registered')
  expect(saleNumbers(device)).toEqual([await terminal.receiptNumber()])
  await expect(terminal.byId('attention')).toBeHidden()
})

test('with a failing database the cart stays, nothing is sent, and the same sale is made once afterwards', async ({
  terminal,
  device,
  page,
}) => {
  await terminal.setUp()
  await terminal.tapProducts(0)
  await terminal.byId('pay').click()
  await page.evaluate(BREAK)
  await terminal.byId('tender-cash-exact').click()
  await expectRefused(page, device)
  await terminal.byId('pay-back').click()
  await expect(terminal.byId('cart-line')).toHaveCount(1)

  await page.evaluate('globalThis.diskWorks = true')
  await payOnceTaken(terminal)
  await terminal.expectResult('registered')
  expect(saleNumbers(device)).toHaveLength(1)
  await expect(terminal.byId('attention')).toBeHidden()
})

test('a database that fails in the middle of a receipt costs neither the receipt nor a second one', async ({
  terminal,
  device,
  page,
}) => {
  await terminal.setUp()
  await device.faults.add({ kind: 'delay', ms: 6_000, match: '/api/' })
  await terminal.sellExact(0)
  await expect.poll(() => registrations(device).length).toBe(1)
  await page.evaluate(BREAK)
  // The answer can't be stored: the bar says so, and no further sale is begun.
  await expect(terminal.byId('attention')).toBeVisible()
  await terminal.tapProducts(1)
  await terminal.byId('pay').click()
  await expect(page.getByRole('alert').first()).toBeVisible()
  await expect(terminal.byId('tender-cash-exact')).toBeHidden()

  await page.evaluate('globalThis.diskWorks = true')
  await expect(terminal.byId('queue-count')).toBeHidden({ timeout: 60_000 })
  expect(saleNumbers(device)).toHaveLength(1)
  await terminal.goto('/journal')
  await expect(terminal.byId('journal-entry')).toHaveAttribute('data-number', String(saleNumbers(device)[0]))
})

test('a record that cannot be read is set aside and shown, and selling goes on', async ({ terminal, device, page }) => {
  await terminal.setUp()
  await terminal.sellExact(0)
  await terminal.expectResult('registered')
  await page.evaluate(`new Promise((resolve, reject) => {
    const open = indexedDB.open('ledger')
    open.onerror = () => reject(open.error)
    open.onsuccess = () => {
      const transaction = open.result.transaction(['entries', 'devices'], 'readwrite')
      const devices = transaction.objectStore('devices').getAllKeys()
      devices.onsuccess = () => transaction.objectStore('entries').put(
        { id: 'from the future', version: 9, deviceId: devices.result[0], open: 1, sequence: 900, state: 'teleported' },
      )
      transaction.oncomplete = () => {
        open.result.close()
        resolve()
      }
    }
  })`)
  await page.reload()
  await terminal.ready()
  await terminal.sellExact(1)
  await terminal.expectResult('registered')
  expect(saleNumbers(device)).toHaveLength(2)
  await terminal.goto('/settings')
  await expect(terminal.byId('quarantine')).toHaveAttribute('data-count', '1')
  const kept = await page.evaluate<{ entry: string; aside: string }>(`new Promise((resolve, reject) => {
    const open = indexedDB.open('ledger')
    open.onerror = () => reject(open.error)
    open.onsuccess = () => {
      const transaction = open.result.transaction(['entries', 'quarantine'])
      const entry = transaction.objectStore('entries').get('from the future')
      const aside = transaction.objectStore('quarantine').get('from the future')
      transaction.oncomplete = () => {
        open.result.close()
        resolve({ entry: entry.result.state, aside: aside.result.record.state })
      }
    }
  })`)
  expect(kept).toEqual({ entry: 'teleported', aside: 'teleported' })
})

test('queue and journal outlive the caches, the service worker and the database of the app', async ({
  terminal,
  device,
  page,
}) => {
  await terminal.setUp()
  await terminal.sellExact(0)
  await terminal.expectResult('registered')
  await device.faults.add({ kind: 'down' })
  await terminal.sellExact(1)
  await terminal.expectResult('queued')

  await page.evaluate(async () => {
    await navigator.serviceWorker.ready
    for (const name of await caches.keys()) await caches.delete(name)
    for (const registration of await navigator.serviceWorker.getRegistrations()) await registration.unregister()
    localStorage.clear()
    sessionStorage.clear()
    await new Promise((resolve, reject) => {
      const deleting = indexedDB.deleteDatabase('terminal')
      deleting.onsuccess = resolve
      deleting.onerror = () => reject(new Error('the database of the app was not deleted'))
    })
  })
  // A page that still runs would send, and change the key that the link carries.
  await page.goto('about:blank')
  await device.faults.add({ kind: 'up' })
  await terminal.setUp()
  await expect(terminal.byId('queue-count')).toBeHidden({ timeout: 60_000 })
  await terminal.goto('/journal')
  const entries = terminal.byId('journal-entry')
  await expect(entries).toHaveCount(2)
  const shown = await entries.evaluateAll((rows) => rows.map((row) => Number(row.getAttribute('data-number'))))
  expect(saleNumbers(device)).toHaveLength(2)
  expect(shown.sort()).toEqual(saleNumbers(device).sort())
})

test('the settings say whether the browser promises to keep the data', async ({ terminal, page }) => {
  await terminal.setUp()
  await terminal.goto('/settings')
  const persisted = await page.evaluate(() => navigator.storage.persisted())
  await expect(terminal.byId('storage-state')).toHaveAttribute('data-persisted', String(persisted))
})
