/** Receipts as tests need them: valid ones, by hand and by chance. */
import fc from 'fast-check'
import { lineSum, MAX_AMOUNT, MIN_RECEIPT, thousandths, tiyn, type Tiyn } from '../../domain/money.ts'
import type { ItemRow, Payments, Receipt, ReceiptKind, ReceiptRow } from '../../domain/receipt.ts'

export function itemRow(name: string, priceTiyn: number, quantity = 1000): ItemRow {
  const price = tiyn(priceTiyn)
  const pieces = thousandths(quantity)
  return { kind: 'item', name, code: null, price, quantity: pieces, sum: lineSum(price, pieces) }
}

export function receipt(parts: Partial<Receipt> = {}): Receipt {
  return {
    kind: 'sale',
    total: tiyn(80_000),
    payments: { cash: tiyn(100_000) },
    change: tiyn(20_000),
    taxId: null,
    rows: [],
    printText: null,
    footerText: null,
    basis: null,
    ...parts,
  }
}

/** Letters that a till meets: Russian, Kazakh, English, digits, form and JSON metacharacters, emoji, half surrogates. */
const nameArbitrary = fc
  .array(fc.constantFrom(...'AzЯёҚөһі 0&=+%#"\\/\n;<>№₸😀\ud800'), { minLength: 0, maxLength: 24 })
  .map((letters) => `т${letters.join('')}`)

const itemArbitrary: fc.Arbitrary<ItemRow> = fc
  .tuple(nameArbitrary, fc.integer({ min: 1, max: 5_000_000 }), fc.integer({ min: 1, max: 20_000 }))
  .map(([name, price, quantity]) => itemRow(name, price, quantity))
  .filter((row) => row.sum <= 20_000_000)

function rowsTotal(rows: readonly ReceiptRow[]): number {
  return rows.reduce((sum, row) => sum + (row.kind === 'item' ? row.sum : -row.discount), 0)
}

function withPayments(kind: ReceiptKind, rows: readonly ReceiptRow[], split: number, change: number): Receipt {
  const total = tiyn(rowsTotal(rows))
  const bank = Math.floor((total * split) / 100)
  const cash = total - bank
  const extra = kind === 'sale' && cash > 0 ? change : 0
  const payments: Payments =
    kind !== 'sale' || bank === 0
      ? { cash: tiyn(total + extra) }
      : cash === 0
        ? { bank: total }
        : { cash: tiyn(cash + extra), bank: tiyn(bank) }
  return receipt({ kind, rows, total, payments, change: tiyn(kind === 'sale' && payments.cash ? extra : 0) })
}

/** Any receipt that the device must accept. */
export const validReceipt: fc.Arbitrary<Receipt> = fc
  .record({
    kind: fc.constantFrom<ReceiptKind>('sale', 'buy', 'saleReturn', 'buyReturn'),
    items: fc.array(itemArbitrary, { minLength: 1, maxLength: 40 }),
    discountPercent: fc.integer({ min: 0, max: 90 }),
    split: fc.integer({ min: 0, max: 100 }),
    change: fc.integer({ min: 0, max: 2_000_000 }),
    footerText: fc.option(nameArbitrary),
    printText: fc.option(nameArbitrary),
  })
  .map(({ kind, items, discountPercent, split, change, footerText, printText }) => {
    const sum = rowsTotal(items)
    const discount = Math.floor((sum * discountPercent) / 100)
    const rows: ReceiptRow[] =
      discount > 0
        ? [...items, { kind: 'discount', name: `Скидка ${discountPercent}%`, discount: tiyn(discount) }]
        : items
    return { ...withPayments(kind, rows, split, change), footerText, printText }
  })
  .filter(({ total, payments }) => total >= MIN_RECEIPT && total <= MAX_AMOUNT && (payments.cash ?? 0) <= MAX_AMOUNT)

const wild = fc.oneof(
  fc.integer({ min: -200, max: 300 }),
  fc.integer({ min: 0, max: 100_000 }),
  fc.constantFrom(99, 100, 1_999_999_999, 2_000_000_000, 2_000_000_001),
) as fc.Arbitrary<Tiyn>

/** Any receipt at all, most of them wrong. */
export const anyReceipt: fc.Arbitrary<Receipt> = fc.oneof(
  fc
    .tuple(
      validReceipt,
      fc.record({ total: wild, change: wild, payments: fc.dictionary(tenderArbitrary(), wild) }, { requiredKeys: [] }),
    )
    .map(([valid, wrong]) => ({ ...valid, ...wrong })),
  fc
    .record({ total: wild, payments: fc.dictionary(tenderArbitrary(), wild), change: wild })
    .map((parts) => receipt({ ...parts, rows: [] })),
)

function tenderArbitrary(): fc.Arbitrary<string> {
  return fc.constantFrom('cash', 'bank', 'tara', 'credit')
}
