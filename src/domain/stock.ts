/**
 * What is in stock. Deliveries, stock-takings and write-offs are records of their own, sales and returns are those of the
 * journal; both are only added, and the quantity of a good is the sum of all of them, in any order. Pure.
 */
import { codeKey } from './goods-code.ts'
import { lineSum, sumTiyn, tiyn, type Tiyn } from './money.ts'
import type { ItemRow, Receipt } from './receipt.ts'
import { originalLines } from './returns.ts'

/**
 * `load`: quantities and costs of a file; `cost`: a person typed what a good costs; `carried`: what a journal had counted
 * that the browser lost.
 */
export type MovementKind = 'delivery' | 'count' | 'writeOff' | 'load' | 'cost' | 'carried'

/** A sheet that a person fills and accepts. */
export const SHEETS = ['delivery', 'count', 'writeOff'] as const
export type SheetKind = (typeof SHEETS)[number]

export interface MovementLine {
  /** Key of the good, see `goodsOf`. */
  readonly goods: string
  /** Code and name as they were then: for whoever reads the record. */
  readonly code: string
  readonly name: string
  /** Thousandths that it adds, below zero that it takes. */
  readonly change: number
  /** Of a count: what was there, and what should have been there at the moment of counting. Thousandths. */
  readonly counted?: number
  readonly expected?: number
  /** Cost of one unit, tiyn. */
  readonly cost?: Tiyn
}

/** A durable record, never changed. */
export interface Movement {
  readonly version: 1
  readonly id: string
  readonly kind: MovementKind
  /** ms since the epoch. */
  readonly atMs: number
  /** Name of the cashier, empty for none. */
  readonly by: string
  /** Why, in a person's words; empty for nothing. */
  readonly note: string
  readonly lines: readonly MovementLine[]
}

/** What is known of one good: a cache that `recount` makes again. */
export interface StockRow {
  readonly goods: string
  /** Sum of the movements and of the journal's receipts, thousandths. */
  readonly moved: number
  readonly sold: number
  /** Somebody said how much there is, or brought some: only then its quantity means anything. */
  readonly tracked: boolean
  /** Cost of one unit by the newest movement that names one; null where none does. */
  readonly cost: Tiyn | null
  /** Which movement that was. */
  readonly costAtMs: number
  readonly costId: string
}

export const emptyRow = (goods: string): StockRow => ({
  goods,
  moved: 0,
  sold: 0,
  tracked: false,
  cost: null,
  costAtMs: 0,
  costId: '',
})

/** Thousandths that should be there; may be below zero. */
export const quantityOf = ({ moved, sold }: Pick<StockRow, 'moved' | 'sold'>): number => moved + sold

/**
 * Key of a good: its code in the source it came from, which stays when the catalogue is loaded anew, also from another
 * source; the id of a good that only this terminal has.
 */
export function goodsOf(item: { readonly id: string; readonly source: string }, sourceCode: string): string {
  return item.source === 'own' ? item.id : codeKey(sourceCode)
}

/** Key of the good of a receipt's row; null where it is none of the catalogue. */
export function goodsOfRow({ goods, code }: Pick<ItemRow, 'goods' | 'code'>): string | null {
  return goods ?? (code === null ? null : codeKey(code))
}

/** What a receipt's kind does to the stock. */
const SIGNS = { sale: -1, saleReturn: 1, buy: 1, buyReturn: -1 } as const

interface Operation {
  readonly kind: string
  readonly state: string
  readonly receipt: Receipt | null
}

/** Goods leave with the record of their sale; one that the register refused is counted back. */
export const counts = ({ kind, state }: Operation): boolean => kind === 'registration' && state !== 'refused'

/** Thousandths by good that an operation adds (takes, below zero) while it counts. Broken rows count for nothing. */
export function changesOf({ receipt }: Operation): ReadonlyMap<string, number> {
  const changes = new Map<string, number>()
  const sign = receipt === null ? undefined : SIGNS[receipt.kind]
  if (receipt === null || sign === undefined) return changes
  for (const row of receipt.rows) {
    if (row.kind !== 'item' || !Number.isSafeInteger(row.quantity)) continue
    const goods = goodsOfRow(row)
    if (goods === null || goods === '') continue
    changes.set(goods, (changes.get(goods) ?? 0) + sign * row.quantity)
  }
  return changes
}

/** Whether the line says how much there is, or brings or takes some. */
function tracks(kind: MovementKind, line: MovementLine): boolean {
  return kind === 'delivery' || kind === 'writeOff' || line.counted !== undefined
}

/** The good after one line of a movement. Movements may come in any order: the newest cost counts. */
export function afterLine(row: StockRow, { kind, atMs, id }: Omit<Movement, 'lines'>, line: MovementLine): StockRow {
  const newer = atMs > row.costAtMs || (atMs === row.costAtMs && id >= row.costId)
  return {
    ...row,
    moved: row.moved + line.change,
    tracked: row.tracked || tracks(kind, line),
    ...(line.cost !== undefined && newer ? { cost: line.cost, costAtMs: atMs, costId: id } : {}),
  }
}

/** All goods anew, from every movement and every operation of the journal that counts. */
export function recount(movements: Iterable<Movement>, operations: Iterable<Operation>): Map<string, StockRow> {
  const rows = new Map<string, StockRow>()
  const rowOf = (goods: string): StockRow => rows.get(goods) ?? emptyRow(goods)
  for (const movement of movements)
    for (const line of movement.lines) rows.set(line.goods, afterLine(rowOf(line.goods), movement, line))
  for (const operation of operations) {
    if (!counts(operation)) continue
    for (const [goods, change] of changesOf(operation)) {
      const row = rowOf(goods)
      rows.set(goods, { ...row, sold: row.sold + change })
    }
  }
  return rows
}

/** One good on a sheet that is being filled. */
export interface SheetLine {
  readonly sheet: SheetKind
  readonly goods: string
  readonly code: string
  readonly name: string
  /** Thousandths that were counted, brought or taken. */
  readonly quantity: number
  /** What should have been there when it was counted last; of a count only. */
  readonly expected?: number
  /** Tiyn for one unit; of a delivery, where it was typed. */
  readonly cost?: Tiyn
  /** When it was touched last, ms since the epoch. */
  readonly atMs: number
}

/** What the line of a sheet becomes once the sheet is accepted. */
export function lineOfSheet({ sheet, goods, code, name, quantity, expected = 0, cost }: SheetLine): MovementLine {
  const about = { goods, code, name }
  if (sheet === 'count') return { ...about, change: quantity - expected, counted: quantity, expected }
  return {
    ...about,
    change: sheet === 'delivery' ? quantity : -quantity,
    ...(cost === undefined ? {} : { cost }),
  }
}

/** A receipt's lines with their costs: tiyn, below zero for what came back. */
export interface Margin {
  /** What the lines were sold for, discounts taken off. */
  readonly turnover: Tiyn
  /** That part of it whose cost is known, and the cost of that part. */
  readonly known: Tiyn
  readonly cost: Tiyn
}

export const NO_MARGIN: Margin = { turnover: tiyn(0), known: tiyn(0), cost: tiyn(0) }

/** Cost of a line, rounded once; null where it isn't known. */
export function costOfLine({ cost, quantity }: Pick<ItemRow, 'cost' | 'quantity'>): Tiyn | null {
  return cost === undefined ? null : lineSum(cost, quantity)
}

/** A sale's margin, below zero for a return. Purchases from people are no sales: they count for nothing here. */
export function marginOf(receipt: Receipt): Margin {
  if (receipt.kind !== 'sale' && receipt.kind !== 'saleReturn') return NO_MARGIN
  const sign = receipt.kind === 'sale' ? 1 : -1
  const sum = { turnover: 0, known: 0, cost: 0 }
  for (const { row, net } of originalLines(receipt)) {
    const cost = costOfLine(row)
    sum.turnover += sign * net
    if (cost === null) continue
    sum.known += sign * net
    sum.cost += sign * cost
  }
  return { turnover: tiyn(sum.turnover), known: tiyn(sum.known), cost: tiyn(sum.cost) }
}

export function sumMargins(margins: readonly Margin[]): Margin {
  const sum = (of: (margin: Margin) => Tiyn) => sumTiyn(margins.map(of))
  return { turnover: sum((one) => one.turnover), known: sum((one) => one.known), cost: sum((one) => one.cost) }
}
