/**
 * What a till's record holds of a receipt, for the paper on the screen. A record is a till's own and may be of any
 * version: what can't be read is left out instead of guessed.
 */
import * as v from 'valibot'
import { includedTax, tiyn } from '../domain/money.ts'
import { rateFromTaxName } from '../domain/tax.ts'

const whole = v.pipe(v.number(), v.safeInteger())
const absent = <T extends v.GenericSchema>(schema: T) => v.optional(v.nullable(schema), null)

const rowSchema = v.variant('kind', [
  v.object({ kind: v.literal('item'), name: v.string(), price: whole, quantity: whole, sum: whole }),
  v.object({ kind: v.literal('discount'), name: v.string(), discount: whole }),
])

const receiptSchema = v.object({
  kind: v.string(),
  total: whole,
  payments: v.record(v.string(), whole),
  change: v.optional(whole, 0),
  taxName: absent(v.string()),
  rows: v.array(rowSchema),
  printText: absent(v.string()),
  footerText: absent(v.string()),
  basis: absent(v.object({ number: whole, registeredAt: whole })),
  buyer: absent(v.object({ name: v.optional(v.string(), ''), id: v.optional(v.string(), '') })),
})

const recordSchema = v.object({
  receipt: absent(receiptSchema),
  ways: v.optional(
    v.array(v.object({ name: v.string(), tender: v.string(), amount: whole, note: v.optional(v.string(), '') })),
    [],
  ),
  amount: v.optional(whole, 0),
  state: v.optional(v.string(), ''),
  number: absent(whole),
  reason: absent(v.string()),
  cashier: v.optional(v.string(), ''),
})

export type PrintedRow = v.InferOutput<typeof rowSchema>

/** Sums are tiyn, quantities thousandths. */
export interface Printed {
  readonly rows: readonly PrintedRow[]
  readonly total: number
  readonly change: number
  /** Each tender with what was handed over. */
  readonly payments: readonly { readonly tender: string; readonly tiyn: number }[]
  readonly ways: readonly {
    readonly name: string
    readonly tender: string
    readonly amount: number
    readonly note: string
  }[]
  /** The tax inside the total, where its name tells the rate. */
  readonly tax: { readonly name: string; readonly tiyn: number | null } | null
  readonly basis: { readonly number: number; readonly registeredAt: number } | null
  readonly buyer: string
  readonly texts: readonly string[]
}

/** What of a record a person compares with another version of it. */
export interface ReadRecord {
  /** Null for cash, reports and whatever has no lines. */
  readonly printed: Printed | null
  readonly amount: number
  readonly state: string
  readonly number: number | null
  readonly reason: string | null
  readonly cashier: string
}

/** Null: no record of a ledger. */
export function readRecord(record: Readonly<Record<string, unknown>>): ReadRecord | null {
  const read = v.safeParse(recordSchema, record)
  if (!read.success) return null
  const { receipt, ways, amount, state, number, reason, cashier } = read.output
  if (receipt === null) return { printed: null, amount, state, number, reason, cashier }
  const { rows, total, change, payments, taxName, basis, buyer, printText, footerText } = receipt
  const rate = taxName === null ? null : rateFromTaxName(taxName)
  return {
    amount,
    state,
    number,
    reason,
    cashier,
    printed: {
      rows,
      total,
      change,
      payments: Object.entries(payments).flatMap(([tender, sum]) => (sum > 0 ? [{ tender, tiyn: sum }] : [])),
      ways,
      tax: taxName === null ? null : { name: taxName, tiyn: rate === null ? null : includedTax(tiyn(total), rate) },
      basis,
      buyer: buyer === null ? '' : [buyer.name, buyer.id].filter((part) => part !== '').join(' · '),
      texts: [printText, footerText].filter((text): text is string => text !== null && text.trim() !== ''),
    },
  }
}

/** What a person looks at in two versions, in the order of the paper. */
const PARTS = {
  amount: ({ amount }: ReadRecord) => amount,
  number: ({ number }: ReadRecord) => number,
  state: ({ state }: ReadRecord) => state,
  lines: ({ printed }: ReadRecord) => printed?.rows,
  payments: ({ printed }: ReadRecord) => [printed?.payments, printed?.ways, printed?.change],
  cashier: ({ cashier }: ReadRecord) => cashier,
} as const

/** In which parts two versions differ; none where one of them can't be read. */
export function differences(one: ReadRecord | null, other: ReadRecord | null): readonly (keyof typeof PARTS)[] {
  if (one === null || other === null) return []
  const names = Object.keys(PARTS) as (keyof typeof PARTS)[]
  return names.filter((name) => JSON.stringify(PARTS[name](one)) !== JSON.stringify(PARTS[name](other)))
}
