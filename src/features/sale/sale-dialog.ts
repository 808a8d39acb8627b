/** The questions that may stand over the sale, one at a time. */
import type { CatalogItem } from '../../domain/catalog.ts'
import type { LinePart } from './LineEditor.vue'

export type SaleDialog =
  | { readonly kind: 'line'; readonly lineId: string; readonly part: LinePart }
  | { readonly kind: 'ask'; readonly item: CatalogItem }
  | { readonly kind: 'freePrice'; readonly name?: string }
  | { readonly kind: 'discount' }
  | { readonly kind: 'parked' }
  | { readonly kind: 'actions' }
  /** Why it can't be paid, with the ways out. */
  | { readonly kind: 'problem' }
  | { readonly kind: 'unknownCode'; readonly code: string }
  | { readonly kind: 'camera' }
