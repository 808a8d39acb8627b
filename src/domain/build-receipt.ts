/** From the open cart and its payments to the receipt that is registered. */
import { cartProblems, cartTax, cartTotals, linePrice } from './cart.ts'
import type { Cart, CartLine, CartProblem, Discount, LineTotals } from './cart.ts'
import { checkPayments, cleanPayments } from './payment.ts'
import type { PaymentContext, PaymentProblem } from './payment.ts'
import { rowName } from './receipt.ts'
import type { Payments, Receipt, ReceiptRow } from './receipt.ts'

/** Words that the receipt itself carries, in the language of the shop's paper. */
export interface ReceiptTexts {
  /** Name of a discount row; a percent is appended: `Скидка 10%`. */
  readonly discount: string
  /** Name of a discount row that only rounds to whole tenge; the word for a discount where it is absent. */
  readonly rounding?: string
}

export interface BuildOptions {
  readonly texts: ReceiptTexts
  readonly drawer?: PaymentContext['drawer']
  readonly mixedAllowed?: boolean
  /** The device's default tax, so that "default" and the same id written out count as one tax. */
  readonly defaultTaxId?: string | null
}

export type BuildResult =
  | { readonly kind: 'receipt'; readonly receipt: Receipt }
  | { readonly kind: 'cart'; readonly problems: readonly CartProblem[] }
  | { readonly kind: 'payment'; readonly problem: PaymentProblem }

function percentText(hundredths: number): string {
  const whole = Math.trunc(hundredths / 100)
  const fraction = String(hundredths % 100)
    .padStart(2, '0')
    .replace(/0+$/, '')
  return fraction === '' ? `${whole}%` : `${whole}.${fraction}%`
}

/** Name of a discount row: the shop's word, and the percent where the discount is one. */
export function discountName(texts: ReceiptTexts, discount: Discount | null): string {
  return discount?.kind === 'percent' ? `${texts.discount} ${percentText(discount.hundredths)}` : texts.discount
}

function rowsOfLine(line: CartLine, totals: LineTotals, texts: ReceiptTexts): ReceiptRow[] {
  const item: ReceiptRow = {
    kind: 'item',
    name: rowName(line.item.name),
    code: line.item.code,
    price: linePrice(line),
    quantity: line.quantity,
    sum: totals.sum,
    ...(line.priceOverride !== null && line.priceGiven !== true ? { priceChanged: true } : {}),
  }
  if (totals.discount <= 0) return [item]
  const name = discountName(texts, line.discount)
  return [item, { kind: 'discount', name, discount: totals.discount, scope: 'line' }]
}

/** Rows of `itemdata`: every line with its discount right after it, the receipt's discount last. */
function receiptRows(cart: Cart, texts: ReceiptTexts): ReceiptRow[] {
  const totals = cartTotals(cart)
  const rows = cart.lines.flatMap((line, index) => {
    const ofLine = totals.lines[index]
    return ofLine === undefined ? [] : rowsOfLine(line, ofLine, texts)
  })
  if (totals.receiptDiscount > 0) {
    const name = cart.discount === null ? (texts.rounding ?? texts.discount) : discountName(texts, cart.discount)
    rows.push({ kind: 'discount', name, discount: totals.receiptDiscount, scope: 'receipt' })
  }
  return rows
}

/** Rows that the cart takes in `itemdata`, discount rows counted. */
export function receiptRowCount(cart: Cart): number {
  return cartTotals(cart).rows
}

/** What is printed before the goods: the receipt's own text, the buyer, and the notes of lines. */
function printTextOf({ printText, buyer, lines }: Cart): string | null {
  const notes = lines.map(({ item, note }) => note && `${rowName(item.name)}: ${rowName(note)}`)
  return [printText, buyer?.text, ...notes].filter(Boolean).join('\n') || null
}

/** Builds the receipt, or says what the cart or the payments lack. Rows add up to the total exactly. */
export function buildReceipt(cart: Cart, payments: Payments, options: BuildOptions): BuildResult {
  const defaultTaxId = options.defaultTaxId ?? null
  const problems = cartProblems(cart, defaultTaxId)
  const tax = cartTax(cart, defaultTaxId)
  if (problems.length > 0 || tax.kind === 'mixed') return { kind: 'cart', problems }
  const { total } = cartTotals(cart)
  const context = {
    kind: cart.kind,
    total,
    drawer: options.drawer ?? null,
    mixedAllowed: options.mixedAllowed ?? true,
    wholeTenge: cart.wholeTenge ?? false,
  }
  const check = checkPayments(context, payments)
  if (check.kind !== 'ok') return { kind: 'payment', problem: check }
  const receipt: Receipt = {
    kind: cart.kind,
    total,
    payments: cleanPayments(payments),
    change: check.change,
    taxId: tax.taxId,
    rows: receiptRows(cart, options.texts),
    ...(cart.buyer && { buyer: { id: cart.buyer.id, name: cart.buyer.name } }),
    printText: printTextOf(cart),
    footerText: cart.footerText,
    basis: cart.basis,
  }
  return { kind: 'receipt', receipt }
}
