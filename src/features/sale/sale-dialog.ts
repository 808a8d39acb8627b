/** The questions that may stand over the sale, one at a time. */
import type { CatalogItem } from '../../domain/catalog.ts'
import type { PlanOption } from '../../domain/pay-plan.ts'
import type { LinePart } from './LineEditor.vue'

export type SaleDialog =
  | { readonly kind: 'line'; readonly lineId: string; readonly part: LinePart }
  | { readonly kind: 'ask'; readonly item: CatalogItem }
  | { readonly kind: 'freePrice'; readonly name?: string }
  | { readonly kind: 'discount' }
  | { readonly kind: 'parked' }
  | { readonly kind: 'actions' }
  /** The device can't take the receipt as one: the ways to register it. */
  | { readonly kind: 'plan'; readonly reason: 'taxes' | 'size'; readonly options: readonly PlanOption[] }
  | { readonly kind: 'texts' }
  | { readonly kind: 'noReceipt'; readonly of: 'saleReturn' | 'buyReturn' }
  | { readonly kind: 'unknownCode'; readonly code: string }
  | { readonly kind: 'camera' }
