/** The questions that may stand over the sale, one at a time. */
import type { CatalogItem } from '../../domain/catalog.ts'
import type { Thousandths, Tiyn } from '../../domain/money.ts'
import type { PlanOption } from '../../domain/pay-plan.ts'
import type { LinePart } from './LineEditor.vue'

/** Why one receipt isn't enough, or not this one. */
export type PlanReason = 'taxes' | 'unknownTax' | 'size'

export type SaleDialog =
  | { readonly kind: 'line'; readonly lineId: string; readonly part: LinePart }
  | { readonly kind: 'ask'; readonly item: CatalogItem }
  /** A label of the scales holds a number that is pieces or grams. */
  | { readonly kind: 'doubtful'; readonly item: CatalogItem; readonly held: Thousandths }
  | { readonly kind: 'freePrice'; readonly name?: string }
  | { readonly kind: 'discount' }
  /** `name`: id of the parked receipt that is given a name. */
  | { readonly kind: 'parked'; readonly name?: string }
  | { readonly kind: 'actions' }
  /** The device can't take the receipt as one: the ways to register it. */
  | {
      readonly kind: 'plan'
      readonly reason: PlanReason
      readonly options: readonly PlanOption[]
      /** Names of the goods whose tax the device doesn't know. */
      readonly goods?: string
    }
  /** The receipt that is corrected was paid by card already: `charged` tiyn of `total`. */
  | { readonly kind: 'charged'; readonly charged: Tiyn; readonly total: Tiyn; readonly receipts: number }
  | { readonly kind: 'texts' }
  | { readonly kind: 'noReceipt'; readonly of: 'saleReturn' | 'buyReturn' }
  | { readonly kind: 'unknownCode'; readonly code: string }
  /** A new item of the catalogue with this barcode; it then goes into the receipt. */
  | { readonly kind: 'newItem'; readonly code: string }
  | { readonly kind: 'camera' }
