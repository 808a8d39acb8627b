/** The receipts of a shift in all their forms (source 004, chapter 9.2). Amounts in tiyn, quantities in thousandths. */
import type { DeviceAnswer } from '../contract/device.ts'
import type { Thousandths, Tiyn } from '../domain/money.ts'
import type { ReceiptKind } from '../domain/receipt.ts'
import type { Decoded } from './codec.ts'
import { parseDeviceTime } from './device-time.ts'
import {
  amount,
  brokenRow,
  integer,
  isObject,
  quantity,
  readList,
  text,
  type BrokenRow,
  type Rows,
  type WireObject,
} from './wire-json.ts'

export interface ChequeLine {
  readonly id: number | null
  readonly itemCode: string | null
  readonly quantity: Thousandths
  readonly price: Tiyn
  readonly sum: Tiyn
  readonly taxId: string | null
}

/** A receipt as the device remembers it. */
export interface Cheque {
  readonly number: number
  /** Opening time; null in the form that leaves it out. */
  readonly openedAt: number | null
  /** Null in the form that leaves it out (`/sales`). */
  readonly kind: ReceiptKind | null
  readonly lines: readonly ChequeLine[]
  /** Sum of the lines. */
  readonly total: Tiyn
}

const KINDS = ['sale', 'buy', 'saleReturn', 'buyReturn'] as const satisfies readonly ReceiptKind[]

/**
 * Reads `/cheques` (receipts with their lines), `/salescheques` and `/sales` (flat lists of lines), told apart by
 * what each row holds. A receipt with one broken line is broken as a whole: its total can't be trusted.
 * Receipts come in ascending order of number.
 */
export function decodeCheques(answer: DeviceAnswer): Decoded<Rows<Cheque>> {
  const list = readList(answer)
  return list.kind === 'ok' ? { kind: 'ok', value: readCheques(list.value) } : list
}

/** A receipt being put together from the rows that name it. */
interface Draft {
  readonly number: number
  readonly head: WireObject
  readonly index: number
  readonly lines: ChequeLine[]
  field: string | null
}

function readCheques(list: readonly unknown[]): Rows<Cheque> {
  const drafts = new Map<number, Draft>()
  const broken: BrokenRow[] = []
  list.forEach((item, index) => {
    if (!isObject(item)) {
      broken.push(brokenRow(index, item, 'object'))
      return
    }
    const number = integer(item['chequeId'])
    if (number === null) {
      broken.push(brokenRow(index, item, 'chequeId'))
      return
    }
    const draft = drafts.get(number) ?? { number, head: item, index, lines: [], field: null }
    drafts.set(number, draft)
    addLines(draft, item)
  })
  const rows: Cheque[] = []
  for (const draft of drafts.values()) {
    const cheque = draft.field ?? finish(draft)
    if (typeof cheque === 'string') broken.push(brokenRow(draft.index, draft.head, cheque))
    else rows.push(cheque)
  }
  rows.sort((a, b) => a.number - b.number)
  return { rows, broken }
}

function addLines(draft: Draft, item: WireObject): void {
  const sales = item['chequeSales']
  const lines: readonly unknown[] = sales === undefined ? [item] : Array.isArray(sales) ? sales : [null]
  for (const entry of lines) {
    const line = isObject(entry) ? readLine(entry) : 'chequeSales'
    if (typeof line === 'string') draft.field ??= line
    else draft.lines.push(line)
  }
}

function readLine(json: WireObject): ChequeLine | string {
  const sum = amount(json['saleSum'])
  if (sum === null) return 'saleSum'
  const price = amount(json['price'])
  if (price === null) return 'price'
  const pieces = quantity(json['qty'])
  if (pieces === null) return 'qty'
  return {
    id: integer(json['id']),
    itemCode: text(json['itemCode']),
    quantity: pieces,
    price,
    sum,
    taxId: text(json['taxId']),
  }
}

function finish(draft: Draft): Cheque | string {
  const type = draft.head['chequeType']
  const typeNumber = integer(type)
  const kind = typeNumber === null ? null : (KINDS[typeNumber] ?? null)
  if (type !== undefined && type !== null && kind === null) return 'chequeType'
  const total = draft.lines.reduce((sum, line) => sum + line.sum, 0) as Tiyn
  return {
    number: draft.number,
    openedAt: parseDeviceTime(draft.head['chequeDate']),
    kind,
    lines: draft.lines,
    total,
  }
}
