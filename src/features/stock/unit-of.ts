/** How much of what: the unit behind a quantity in stock. */
import type { CatalogItem } from '../../domain/catalog.ts'
import type { MessageKey } from '../../i18n/schema.ts'

export function unitOf(item: Pick<CatalogItem, 'unit' | 'weighed'>, t: (key: MessageKey) => string): string {
  return item.unit ?? t(item.weighed ? 'common.kilogram' : 'common.piece')
}
