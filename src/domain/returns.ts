/**
 * Returns of a registered receipt, whole or line by line, limited by what earlier returns left.
 * A registered receipt can't be annulled: this is the only way back. The sum of all partial returns
 * equals the original total to the tiyn, because every part takes the difference of two running totals.
 */
import { MAX_RECEIPT_ROWS } from './cart.ts'
import { MIN_RECEIPT, lineSum, mulDiv, splitTiyn, sumTiyn, thousandths, tiyn, wholeTenge } from './money.ts'
import type { Thousandths, Tiyn } from './money.ts'
import { checkPayments, takesCashOut, usedTenders } from './payment.ts'
import type { PaymentProblem } from './payment.ts'
import { TENDERS } from './receipt.ts'
import type { BasisReceipt, ItemRow, Receipt, ReceiptRow, Tender } from './receipt.ts'

/** A line of the original as the return screen shows it. Money in tiyn. */
export interface ReturnableLine {
  /** Position among the item rows of the original. */
  readonly index: number
  readonly name: string
  readonly code: string | null
  readonly price: Tiyn
  readonly sold: Thousandths
  readonly returned: Thousandths
  readonly left: Thousandths
  /** Own discount of the whole line. */
  readonly discount: Tiyn
  /** What the customer paid for the whole line, every discount taken off. */
  readonly net: Tiyn
}

export interface ReturnableReceipt {
  readonly kind: 'saleReturn' | 'buyReturn'
  readonly basis: BasisReceipt
  readonly taxId: string | null
  readonly lines: readonly ReturnableLine[]
  /** What can still be given back. */
  readonly totalLeft: Tiyn
  /** How the original was paid, in the device's order. */
  readonly paidBy: readonly Tender[]
  /** The device rounds to whole tenge: so is every part, and all parts together are still the original total. */
  readonly wholeTenge: boolean
}

export interface OriginalLine {
  readonly row: ItemRow
  /** Own discount of the line. */
  readonly discount: Tiyn
  /** What was paid for it, every discount taken off; all lines together are the receipt's total. */
  readonly net: Tiyn
}

/** Lines with their own discount and their share of the receipt's discount. */
export function originalLines(receipt: Receipt): OriginalLine[] {
  const lines: { row: ItemRow; discount: number }[] = []
  let ofReceipt = 0
  let previous: ReceiptRow | null = null
  for (const row of receipt.rows) {
    const line = lines.at(-1)
    if (row.kind === 'item') lines.push({ row, discount: 0 })
    else {
      const scope = row.scope ?? (previous?.kind === 'item' ? 'line' : 'receipt')
      const ownSum = line?.row.sum ?? tiyn(0)
      if (scope === 'line' && line && line.discount + row.discount <= ownSum) line.discount += row.discount
      else ofReceipt += row.discount
    }
    previous = row
  }
  const shares = splitTiyn(
    tiyn(ofReceipt),
    lines.map((line) => line.row.sum - line.discount),
  )
  return lines.map((line, index) => ({
    row: line.row,
    discount: tiyn(line.discount),
    net: tiyn(line.row.sum - line.discount - (shares[index] ?? 0)),
  }))
}

/** Quantities given back so far, line by line. Rows without `basisLine` go to a line of the same name and price. */
function returnedQuantities(lines: readonly OriginalLine[], earlier: readonly Receipt[]): number[] {
  const returned = lines.map(() => 0)
  const room = (index: number): number => (lines[index]?.row.quantity ?? 0) - (returned[index] ?? 0)
  for (const row of earlier.flatMap((receipt) => receipt.rows)) {
    if (row.kind !== 'item') continue
    if (row.basisLine !== undefined) {
      returned[row.basisLine] = (returned[row.basisLine] ?? 0) + row.quantity
      continue
    }
    let open: number = row.quantity
    lines.forEach((line, index) => {
      if (line.row.name !== row.name || line.row.price !== row.price) return
      const taken = Math.min(open, Math.max(0, room(index)))
      returned[index] = (returned[index] ?? 0) + taken
      open -= taken
    })
  }
  return returned
}

/**
 * What can still be returned of a registered sale or purchase; null for a receipt that is itself a return.
 * @param earlier the returns that name this basis and were registered or still may be: refused ones don't count
 */
export function returnableReceipt(
  original: Receipt,
  basis: BasisReceipt,
  earlier: readonly Receipt[],
  rounding: { readonly wholeTenge: boolean } = { wholeTenge: false },
): ReturnableReceipt | null {
  if (original.kind !== 'sale' && original.kind !== 'buy') return null
  const lines = originalLines(original)
  const returned = returnedQuantities(lines, earlier)
  return {
    kind: original.kind === 'sale' ? 'saleReturn' : 'buyReturn',
    basis,
    taxId: original.taxId,
    lines: lines.map((line, index) => ({
      index,
      name: line.row.name,
      code: line.row.code,
      price: line.row.price,
      sold: line.row.quantity,
      returned: thousandths(returned[index] ?? 0),
      left: thousandths(Math.max(0, line.row.quantity - (returned[index] ?? 0))),
      discount: line.discount,
      net: line.net,
    })),
    totalLeft: tiyn(Math.max(0, original.total - sumTiyn(earlier.map((receipt) => receipt.total)))),
    paidBy: usedTenders(original.payments),
    // A total with tiyn was registered by a device that doesn't round.
    wholeTenge: rounding.wholeTenge && original.total % 100 === 0,
  }
}

/** Quantity to give back, by line index; lines that are absent or 0 stay. */
export type ReturnSelection = ReadonlyMap<number, Thousandths>

/** Everything that is left. */
export function selectAllLeft(returnable: ReturnableReceipt): ReturnSelection {
  return new Map(returnable.lines.filter((line) => line.left > 0).map((line) => [line.index, line.left]))
}

/** Words on the paper of a return. */
export interface ReturnTexts {
  readonly discount: string
  /** Name of the row that carries tiyn of rounding, where price x quantity can't express a part of a line. */
  readonly rounding: string
}

export type ReturnProblem =
  | { readonly kind: 'nothingSelected' }
  | { readonly kind: 'lineNotFound'; readonly index: number }
  | { readonly kind: 'quantityNotPositive'; readonly index: number }
  /** So little of so cheap a thing that the device has no row for it. */
  | { readonly kind: 'partRoundsToZero'; readonly index: number }
  | { readonly kind: 'moreThanLeft'; readonly index: number; readonly left: Thousandths }
  /** Earlier returns already gave back more than their lines say: `left` tiyn can still be returned. */
  | { readonly kind: 'aboveBasis'; readonly total: Tiyn; readonly left: Tiyn }
  /** Below 1 ₸ the device registers nothing. */
  | { readonly kind: 'totalBelowMinimum'; readonly total: Tiyn }
  | { readonly kind: 'tooManyRows'; readonly rows: number; readonly limit: number }

/** Part of `whole` that belongs to the first `quantity` of a line. */
function upTo(whole: Tiyn, line: ReturnableLine, quantity: number): number {
  return mulDiv(whole, Math.min(quantity, line.sold), line.sold)
}

function netUpTo(line: ReturnableLine, quantity: number): Tiyn {
  return tiyn(upTo(line.net, line, quantity))
}

/** What the selected parts cost: the difference of two running totals, each of them rounded where the device rounds. */
function totalOf(returnable: ReturnableReceipt, selection: ReturnSelection): Tiyn {
  const before = sumTiyn(returnable.lines.map((line) => netUpTo(line, line.returned)))
  const after = sumTiyn(returnable.lines.map((line) => netUpTo(line, line.returned + (selection.get(line.index) ?? 0))))
  return returnable.wholeTenge ? tiyn(wholeTenge(after) - wholeTenge(before)) : tiyn(after - before)
}

function checkSelection(returnable: ReturnableReceipt, selection: ReturnSelection): ReturnProblem | null {
  for (const [index, quantity] of selection) {
    const line = returnable.lines[index]
    if (line === undefined) return { kind: 'lineNotFound', index }
    if (quantity < 0) return { kind: 'quantityNotPositive', index }
    if (quantity > line.left) return { kind: 'moreThanLeft', index, left: line.left }
    if (quantity > 0 && lineSum(line.price, quantity) === 0) return { kind: 'partRoundsToZero', index }
  }
  return null
}

export interface ReturnPreview {
  readonly kind: 'preview'
  readonly rows: readonly ReceiptRow[]
  readonly total: Tiyn
  /** What can still be returned after this one. */
  readonly leftAfter: Tiyn
}

/** Rows and total of a return, or why it can't be made. Rows add up to the total exactly. */
export function previewReturn(
  returnable: ReturnableReceipt,
  selection: ReturnSelection,
  texts: ReturnTexts,
): ReturnPreview | ReturnProblem {
  const problem = checkSelection(returnable, selection)
  if (problem) return problem
  const rows: ReceiptRow[] = []
  let ofRows = 0
  for (const line of returnable.lines) {
    const quantity = selection.get(line.index) ?? thousandths(0)
    if (quantity === 0) continue
    const sum = lineSum(line.price, quantity)
    const own = upTo(line.discount, line, line.returned + quantity) - upTo(line.discount, line, line.returned)
    const discount = tiyn(Math.min(own, sum))
    const { name, code, price } = line
    rows.push({ kind: 'item', name, code, price, quantity, sum, basisLine: line.index })
    if (discount > 0) rows.push({ kind: 'discount', name: texts.discount, discount, scope: 'line' })
    ofRows += sum - discount
  }
  if (rows.length === 0) return { kind: 'nothingSelected' }
  const total = totalOf(returnable, selection)
  const surplus = tiyn(ofRows - total)
  const name = hasReceiptDiscount(returnable) ? texts.discount : texts.rounding
  if (surplus > 0) rows.push({ kind: 'discount', name, discount: surplus, scope: 'receipt' })
  if (surplus < 0) rows.push(roundingRow(texts, tiyn(-surplus)))
  return checkTotal(returnable, rows, total)
}

function hasReceiptDiscount(returnable: ReturnableReceipt): boolean {
  return returnable.lines.some((line) => line.net < lineSum(line.price, line.sold) - line.discount)
}

function roundingRow(texts: ReturnTexts, amount: Tiyn): ItemRow {
  return { kind: 'item', name: texts.rounding, code: null, price: amount, quantity: thousandths(1000), sum: amount }
}

function checkTotal(
  returnable: ReturnableReceipt,
  rows: readonly ReceiptRow[],
  total: Tiyn,
): ReturnPreview | ReturnProblem {
  if (total > returnable.totalLeft) return { kind: 'aboveBasis', total, left: returnable.totalLeft }
  if (total < MIN_RECEIPT) return { kind: 'totalBelowMinimum', total }
  if (rows.length > MAX_RECEIPT_ROWS) return { kind: 'tooManyRows', rows: rows.length, limit: MAX_RECEIPT_ROWS }
  return { kind: 'preview', rows, total, leftAfter: tiyn(returnable.totalLeft - total) }
}

export interface ReturnTender {
  readonly tender: Tender
  /** The original was paid this way: offered first. */
  readonly asPaid: boolean
  /** False when cash is to go out and the drawer is known to hold too little (-15). */
  readonly possible: boolean
}

/** Ways to pay a return of `total`: exactly one of them, as the original was paid first. */
export function returnTenders(returnable: ReturnableReceipt, total: Tiyn, drawer: Tiyn | null): ReturnTender[] {
  const outOfDrawer = (tender: Tender): boolean => tender === 'cash' && takesCashOut(returnable.kind)
  return TENDERS.map((tender) => ({
    tender,
    asPaid: returnable.paidBy.includes(tender),
    possible: !(outOfDrawer(tender) && drawer !== null && drawer < total),
  })).sort((a, b) => Number(b.asPaid) - Number(a.asPaid))
}

export type ReturnResult =
  | { readonly kind: 'receipt'; readonly receipt: Receipt }
  | { readonly kind: 'return'; readonly problem: ReturnProblem }
  | { readonly kind: 'payment'; readonly problem: PaymentProblem }

/** Builds the return receipt: one tender, exactly its total, with number, date and total of its basis. */
export function buildReturn(
  returnable: ReturnableReceipt,
  selection: ReturnSelection,
  tender: Tender,
  options: {
    readonly texts: ReturnTexts
    readonly drawer?: Tiyn | null
    readonly printText?: string | null
    readonly footerText?: string | null
  },
): ReturnResult {
  const preview = previewReturn(returnable, selection, options.texts)
  if (preview.kind !== 'preview') return { kind: 'return', problem: preview }
  const { total, rows } = preview
  const payments = { [tender]: total }
  const check = checkPayments({ kind: returnable.kind, total, drawer: options.drawer ?? null }, payments)
  if (check.kind !== 'ok') return { kind: 'payment', problem: check }
  const receipt: Receipt = {
    kind: returnable.kind,
    total,
    payments,
    change: tiyn(0),
    taxId: returnable.taxId,
    rows,
    printText: options.printText ?? null,
    footerText: options.footerText ?? null,
    basis: returnable.basis,
  }
  return { kind: 'receipt', receipt }
}
