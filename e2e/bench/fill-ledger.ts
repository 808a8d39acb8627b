/** Years of receipts put straight into the ledger's database, beside the app. */
import type { Page } from 'playwright'
import { tiyn } from '../../src/domain/money.ts'
import type { Receipt } from '../../src/domain/receipt.ts'
import { newEntry, withOpenMarker, type Entry } from '../../src/queue/types.ts'
import { encodeRegistration } from '../../src/ikkm/codec.ts'

export interface Fill {
  readonly deviceId: string
  readonly records: number
  /** Fiscal number of record `n` (from 1) is this plus `n`. */
  readonly numbersAfter: number
}

/** Receipts in a shift of the filled journal. */
const FILL_SHIFT = 400

function template(deviceId: string): Entry {
  const receipt: Receipt = {
    kind: 'sale',
    total: tiyn(80_000),
    payments: { cash: tiyn(80_000) },
    change: tiyn(0),
    taxId: null,
    rows: [],
    printText: null,
    footerText: null,
    basis: null,
  }
  const draft = {
    id: '',
    deviceId,
    kind: 'registration' as const,
    request: encodeRegistration(receipt, { mark: 'A-0000', language: 'ru' }),
    receipt,
    amount: receipt.total,
    cashier: 'Айгуль',
    createdAtMs: 0,
    shift: null,
    bank: null,
  }
  return withOpenMarker({ ...newEntry(draft, 1, 'A-0001'), state: 'done', attempts: 1, answered: 1 })
}

/** In the page: `fill` is put in as JSON. */
const FILL = `(async ({ entry, records, numbersAfter, perShift, batch, nowMs }) => {
  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
  const database = await done(indexedDB.open('ledger'))
  const counter = await done(database.transaction('counters').objectStore('counters').get('sequence'))
  const taken = (counter ? counter.next : 1) - 1
  for (let from = 1; from <= records; from += batch) {
    const transaction = database.transaction(['entries', 'counters'], 'readwrite')
    const ended = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve
      transaction.onerror = transaction.onabort = () => reject(transaction.error)
    })
    const entries = transaction.objectStore('entries')
    const to = Math.min(records, from + batch - 1)
    for (let n = from; n <= to; n += 1) {
      const createdAtMs = nowMs - (records - n) * 60_000
      entries.put({
        ...entry,
        id: 'filled-' + String(n).padStart(8, '0'),
        sequence: taken + n,
        mark: 'A-' + String(taken + n).padStart(4, '0'),
        number: numbersAfter + n,
        shift: 1 + Math.floor(n / perShift),
        createdAtMs,
        doneAtMs: createdAtMs,
      })
    }
    transaction.objectStore('counters').put({ name: 'sequence', next: taken + to + 1 })
    await ended
  }
  database.close()
})`

/** Fills the ledger of the page's origin once, after what is in it. The app must have opened it before. */
export async function fillLedger(page: Page, fill: Fill): Promise<void> {
  const given = { ...fill, entry: template(fill.deviceId), perShift: FILL_SHIFT, batch: 4_000, nowMs: Date.now() }
  await page.evaluate(`${FILL}(${JSON.stringify(given)})`)
}

/** Id of the device that is set up. */
export function ledgerDevice(page: Page): Promise<string> {
  return page.evaluate<string>(`new Promise((resolve, reject) => {
    const open = indexedDB.open('ledger')
    open.onerror = () => reject(open.error)
    open.onsuccess = () => {
      const all = open.result.transaction('devices').objectStore('devices').getAllKeys()
      all.onsuccess = () => {
        open.result.close()
        resolve(all.result[0])
      }
    }
  })`)
}
