/**
 * What the device would refuse, or worse accept wrongly, found before a byte is frozen
 * (source 004, chapters 3, 5.1 and 11.2). The document doesn't say that the device compares the rows
 * with the total: so the terminal does.
 */
import { lineSum, MAX_AMOUNT, MIN_RECEIPT, type Tiyn } from '../domain/money.ts'
import { TENDERS, type Receipt, type ReceiptRow, type Tender } from '../domain/receipt.ts'

/** Positions in one `itemdata`, discount rows included; above it the Tax Committee gets one summary row. */
export const MAX_ROWS = 80
/** Largest quantity in thousandths: the limit of 20 million holds for every number (chapter 3). */
const MAX_QUANTITY = 20_000_000_000

export type RowProblem =
  'emptyName' | 'priceOutOfRange' | 'quantityOutOfRange' | 'sumOutOfRange' | 'sumMismatch' | 'discountOutOfRange'

export type ReceiptProblem =
  | { readonly kind: 'totalBelowMinimum'; readonly total: Tiyn }
  | { readonly kind: 'totalAboveMaximum'; readonly total: Tiyn }
  | { readonly kind: 'tooManyRows'; readonly rows: number }
  | { readonly kind: 'badRow'; readonly row: number; readonly problem: RowProblem }
  | { readonly kind: 'rowsMismatch'; readonly rowsTotal: Tiyn; readonly total: Tiyn }
  | { readonly kind: 'noPayment' }
  | { readonly kind: 'paymentOutOfRange'; readonly tender: Tender }
  | { readonly kind: 'mixedPayment' }
  | { readonly kind: 'paymentNotExact'; readonly paid: Tiyn }
  | { readonly kind: 'underpaid'; readonly missing: Tiyn }
  | { readonly kind: 'nonCashAboveTotal'; readonly nonCash: Tiyn }
  | { readonly kind: 'cashNotNeeded' }
  | { readonly kind: 'changeMismatch'; readonly expected: Tiyn }
  | { readonly kind: 'badTaxId' }

/** Every objection to a receipt, in the order in which a cashier would mend them; empty when it may be frozen. */
export function checkReceipt(receipt: Receipt): readonly ReceiptProblem[] {
  const problems: ReceiptProblem[] = []
  if (receipt.total < MIN_RECEIPT) problems.push({ kind: 'totalBelowMinimum', total: receipt.total })
  if (receipt.total > MAX_AMOUNT) problems.push({ kind: 'totalAboveMaximum', total: receipt.total })
  if (receipt.taxId !== null && !/^\d{1,9}$/.test(receipt.taxId)) problems.push({ kind: 'badTaxId' })
  checkRows(receipt, problems)
  checkPayments(receipt, problems)
  return problems
}

function checkRows(receipt: Receipt, problems: ReceiptProblem[]): void {
  const { rows, total } = receipt
  if (rows.length === 0) return
  if (rows.length > MAX_ROWS) problems.push({ kind: 'tooManyRows', rows: rows.length })
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

/** Several payments only for a sale, change only from cash, every other type to the tiyn (chapter 5.1). */
function checkPayments(receipt: Receipt, problems: ReceiptProblem[]): void {
  const { payments, total } = receipt
  const used = TENDERS.filter((tender) => payments[tender] !== undefined && payments[tender] !== 0)
  const outOfRange = used.filter((tender) => !inRange(payments[tender] ?? 0, 1))
  for (const tender of outOfRange) problems.push({ kind: 'paymentOutOfRange', tender })
  if (used.length === 0) problems.push({ kind: 'noPayment' })
  if (used.length === 0 || outOfRange.length > 0) return
  const cash = payments.cash ?? 0
  const paid = used.reduce((sum, tender) => sum + (payments[tender] ?? 0), 0)
  const nonCash = paid - cash
  const change = paid - total
  if (receipt.kind !== 'sale' && used.length > 1) problems.push({ kind: 'mixedPayment' })
  if (receipt.kind !== 'sale' && change !== 0) {
    problems.push({ kind: 'paymentNotExact', paid: paid as Tiyn })
    return
  }
  if (change < 0) problems.push({ kind: 'underpaid', missing: -change as Tiyn })
  else if (nonCash > total) problems.push({ kind: 'nonCashAboveTotal', nonCash: nonCash as Tiyn })
  else if (cash > 0 && nonCash === total) problems.push({ kind: 'cashNotNeeded' })
  else if (receipt.change !== change) problems.push({ kind: 'changeMismatch', expected: change as Tiyn })
}

/** What is wrong with the amount of a deposit or withdrawal; null when it may be sent (chapter 5.3: positive only). */
export function checkCashAmount(amount: Tiyn): 'notPositive' | 'aboveMaximum' | null {
  if (!Number.isSafeInteger(amount) || amount < 1) return 'notPositive'
  return amount > MAX_AMOUNT ? 'aboveMaximum' : null
}
