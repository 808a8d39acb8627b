/**
 * What the device would refuse, or worse accept wrongly, found before a byte is frozen
 * (source 004, chapters 3, 5.1 and 11.2). The document doesn't say that the device compares the rows
 * with the total: so the terminal does. Payment rules are the domain's own.
 */
import { MAX_RECEIPT_ROWS } from '../domain/cart.ts'
import { lineSum, MAX_AMOUNT, type Tiyn } from '../domain/money.ts'
import { checkPayments, type PaymentProblem } from '../domain/payment.ts'
import type { Receipt, ReceiptRow } from '../domain/receipt.ts'
import { printTextProblem, type PrintTextProblem } from './print-text.ts'

/** Largest quantity in thousandths: the limit of 20 million holds for every number (chapter 3). */
const MAX_QUANTITY = 20_000_000_000

export type RowProblem =
  'emptyName' | 'priceOutOfRange' | 'quantityOutOfRange' | 'sumOutOfRange' | 'sumMismatch' | 'discountOutOfRange'

export type ReceiptProblem =
  | PaymentProblem
  /** An amount of a payment that isn't whole tiyn: a defect of the caller. */
  | { readonly kind: 'paymentNotWhole' }
  | { readonly kind: 'tooManyRows'; readonly rows: number }
  | { readonly kind: 'badRow'; readonly row: number; readonly problem: RowProblem }
  /** Items minus discounts isn't the registered total. */
  | { readonly kind: 'rowsMismatch'; readonly rowsTotal: Tiyn; readonly total: Tiyn }
  | { readonly kind: 'changeMismatch'; readonly expected: Tiyn; readonly change: Tiyn }
  | { readonly kind: 'badTaxId'; readonly taxId: string }
  /** A text for which the device would refuse the whole receipt. */
  | { readonly kind: 'badPrintText'; readonly where: 'print' | 'footer'; readonly problem: PrintTextProblem }
  /** Names and texts together are longer than a request may be; in characters of the encoded body. */
  | { readonly kind: 'requestTooLong'; readonly length: number; readonly limit: number }

/** Every objection to a receipt; empty when it may be frozen. */
export function checkReceipt(receipt: Receipt): readonly ReceiptProblem[] {
  const problems: ReceiptProblem[] = []
  checkRows(receipt, problems)
  if (receipt.taxId !== null && !/^\d{1,9}$/.test(receipt.taxId)) {
    problems.push({ kind: 'badTaxId', taxId: receipt.taxId })
  }
  checkText('print', receipt.printText, problems)
  checkText('footer', receipt.footerText, problems)
  const amounts = [receipt.total, ...Object.values(receipt.payments)]
  if (!amounts.every(Number.isSafeInteger)) return [...problems, { kind: 'paymentNotWhole' }]
  const paid = checkPayments({ kind: receipt.kind, total: receipt.total }, receipt.payments)
  if (paid.kind !== 'ok') problems.push(paid)
  else if (paid.change !== receipt.change) {
    problems.push({ kind: 'changeMismatch', expected: paid.change, change: receipt.change })
  }
  return problems
}

function checkText(where: 'print' | 'footer', text: string | null, problems: ReceiptProblem[]): void {
  const problem = text === null ? null : printTextProblem(text)
  if (problem !== null) problems.push({ kind: 'badPrintText', where, problem })
}

function checkRows(receipt: Receipt, problems: ReceiptProblem[]): void {
  const { rows, total } = receipt
  if (rows.length === 0) return
  if (rows.length > MAX_RECEIPT_ROWS) problems.push({ kind: 'tooManyRows', rows: rows.length })
  let rowsTotal = 0
  rows.forEach((row, index) => {
    const problem = rowProblem(row)
    if (problem) problems.push({ kind: 'badRow', row: index, problem })
    rowsTotal += row.kind === 'item' ? row.sum : -row.discount
  })
  if (rowsTotal !== total) problems.push({ kind: 'rowsMismatch', rowsTotal: rowsTotal as Tiyn, total })
}

function rowProblem(row: ReceiptRow): RowProblem | null {
  if (row.name.trim() === '') return 'emptyName'
  if (row.kind === 'discount') return inRange(row.discount, 1) ? null : 'discountOutOfRange'
  if (!inRange(row.price, 0)) return 'priceOutOfRange'
  if (!Number.isSafeInteger(row.quantity) || row.quantity < 1 || row.quantity > MAX_QUANTITY) {
    return 'quantityOutOfRange'
  }
  if (!inRange(row.sum, 0)) return 'sumOutOfRange'
  return row.sum === lineSum(row.price, row.quantity) ? null : 'sumMismatch'
}

function inRange(amount: number, smallest: number): boolean {
  return Number.isSafeInteger(amount) && amount >= smallest && amount <= MAX_AMOUNT
}

/** What is wrong with the amount of a deposit or withdrawal; null when it may be sent (chapter 5.3: positive only). */
export function checkCashAmount(amount: Tiyn): 'notPositive' | 'aboveMaximum' | null {
  if (!Number.isSafeInteger(amount) || amount < 1) return 'notPositive'
  return amount > MAX_AMOUNT ? 'aboveMaximum' : null
}
