/** Entries as a till makes them: for the demo shop, tests and the benchmark. */
import { parseJson, isRecord } from '../../src/contract/json.ts'
import type { ShopChange, Upload } from '../../src/contract/shop.ts'
import { lineSum, sumTiyn, thousandths, tiyn } from '../../src/domain/money.ts'
import type { DiscountRow, ItemRow, Receipt, ReceiptKind, Tender } from '../../src/domain/receipt.ts'
import { newEntry, type DeviceRecord, type Entry } from '../../src/queue/types.ts'

export interface SampleLine {
  readonly name: string
  /** Tiyn. */
  readonly price: number
  /** Thousandths; 1 piece where it is left out. */
  readonly quantity?: number
  /** Tiyn off the line. */
  readonly discount?: number
}

export interface SampleReceipt {
  readonly id: string
  readonly sequence: number
  readonly lines: readonly SampleLine[]
  readonly kind?: ReceiptKind
  readonly tender?: Tender
  readonly cashier?: string
  readonly letter?: string
  readonly taxName?: string
  readonly way?: string
  /** Tiyn off the whole receipt. */
  readonly discount?: number
  /** Handed over above the total, in cash. */
  readonly change?: number
  readonly atMs?: number
}

const START_MS = Date.UTC(2026, 10, 1, 6)
const REGISTER = 'register-1'

function rowsOf({ name, price, quantity = 1_000, discount = 0 }: SampleLine): (ItemRow | DiscountRow)[] {
  const item: ItemRow = {
    kind: 'item',
    name,
    code: null,
    price: tiyn(price),
    quantity: thousandths(quantity),
    sum: lineSum(tiyn(price), thousandths(quantity)),
  }
  return discount === 0 ? [item] : [item, { kind: 'discount', name: 'Скидка', discount: tiyn(discount), scope: 'line' }]
}

function receiptOf(sample: SampleReceipt): Receipt {
  const rows = sample.lines.flatMap(rowsOf)
  if (sample.discount !== undefined)
    rows.push({ kind: 'discount', name: 'Скидка', discount: tiyn(sample.discount), scope: 'receipt' })
  const total = sumTiyn(rows.map((row) => (row.kind === 'item' ? row.sum : tiyn(-row.discount))))
  const change = tiyn(sample.change ?? 0)
  return {
    kind: sample.kind ?? 'sale',
    total,
    payments: { [sample.tender ?? 'cash']: tiyn(total + change) },
    change,
    taxId: null,
    taxName: sample.taxName ?? 'НДС 16%',
    rows,
    printText: null,
    footerText: null,
    basis: null,
  }
}

/** A receipt that waits for its register. */
export function queuedEntry(sample: SampleReceipt): Entry {
  const receipt = receiptOf(sample)
  const tender = sample.tender ?? 'cash'
  return newEntry(
    {
      id: sample.id,
      deviceId: REGISTER,
      kind: 'registration',
      request: { method: 'POST', path: '/api/', body: `${receipt.kind}=${receipt.total}&id=${sample.id}` },
      receipt,
      ...(sample.way !== undefined && {
        ways: [{ id: `way-${sample.way}`, name: sample.way, tender, amount: receipt.total }],
      }),
      amount: receipt.total,
      cashier: sample.cashier ?? 'Айгүл',
      createdAtMs: sample.atMs ?? START_MS + sample.sequence * 60_000,
      shift: null,
      bank: null,
    },
    sample.sequence,
    `${sample.letter ?? 'A'}-${String(sample.sequence).padStart(4, '0')}`,
  )
}

/** The same with its fiscal number. */
export function doneEntry(sample: SampleReceipt): Entry {
  const { open: _open, ...entry } = queuedEntry(sample)
  const atMs = entry.createdAtMs + 2_000
  return {
    ...entry,
    state: 'done',
    key: '12345678',
    attempts: 1,
    answered: 1,
    number: 1_000 + sample.sequence,
    newKey: '87654321',
    doneAtMs: atMs,
    deviceAtMs: atMs,
    history: [
      { atMs, event: 'sent', value: 1 },
      { atMs, event: 'done', value: null },
    ],
  }
}

/** A record as it goes over the wire. */
export function changeOf(
  revision: number,
  record: Entry | DeviceRecord,
  kind: ShopChange['kind'] = 'entry',
): ShopChange {
  const plain = parseJson(JSON.stringify(record))
  if (!isRecord(plain)) throw new TypeError('no record')
  return { revision, kind, id: record.id, record: plain }
}

export const SAMPLE_TILL = 'till-0000-0001'

export function uploadOf(changes: readonly ShopChange[], more: Partial<Upload> = {}): Upload {
  return { till: SAMPLE_TILL, letter: 'A', tenure: 0, demo: false, changes: [...changes], waiting: 0, ...more }
}
