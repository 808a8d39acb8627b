/** The receipts that the simulated cashier rings up: few, fixed, different in kind, tender, lines and total. */
import { thousandths, tiyn } from '../../src/domain/money.ts'
import type { Payments, Receipt, ReceiptKind, ReceiptRow } from '../../src/domain/receipt.ts'

function item(name: string, priceTiyn: number, quantity: number): ReceiptRow {
  return {
    kind: 'item',
    name,
    code: null,
    price: tiyn(priceTiyn),
    quantity: thousandths(quantity),
    sum: tiyn((priceTiyn * quantity) / 1000),
  }
}

function receipt(kind: ReceiptKind, rows: readonly ReceiptRow[], payments: Payments, taxId: string | null): Receipt {
  const total = rows.reduce((sum, row) => sum + (row.kind === 'item' ? row.sum : -row.discount), 0)
  const paid = Object.values(payments).reduce<number>((sum, amount) => sum + amount, 0)
  return {
    kind,
    total: tiyn(total),
    payments,
    change: tiyn(paid - total),
    taxId,
    rows,
    printText: null,
    footerText: null,
    basis: null,
  }
}

const TEA = item('Tea', 20_000, 2000)
const BREAD = item('Bread', 15_050, 1000)

export const TEMPLATES: readonly Receipt[] = [
  receipt('sale', [TEA], { cash: tiyn(40_000) }, null),
  receipt('sale', [TEA, BREAD], { cash: tiyn(60_000) }, null),
  receipt('sale', [BREAD], { bank: tiyn(15_050) }, null),
  receipt('saleReturn', [BREAD], { cash: tiyn(15_050) }, null),
  receipt('buy', [item('Scrap', 9_900, 500)], { cash: tiyn(4_950) }, null),
  receipt(
    'sale',
    [TEA, { kind: 'discount', name: 'Discount', discount: tiyn(4_000) }],
    { cash: tiyn(16_000), bank: tiyn(20_000) },
    null,
  ),
]

/** Refused with -14: the device has no such tax. */
export const BAD_SALE: Receipt = receipt('sale', [TEA], { cash: tiyn(40_000) }, '999')

export const CARD_SALE: Receipt = receipt('sale', [item('Cake', 120_000, 1000)], { bank: tiyn(120_000) }, null)

export const DEPOSIT = tiyn(500_000)
export const WITHDRAWAL = tiyn(300_000)
/** Foreign cash documents move other amounts: equal ones can't be told apart by anybody (queue.md). */
export const FOREIGN_CASH_TIYN = 123_400
