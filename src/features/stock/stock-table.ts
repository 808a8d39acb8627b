/** The goods with their quantities and costs as a table that the catalogue's import reads back. */
import type { CatalogItem } from '../../domain/catalog.ts'
import { thousandths, type Tiyn } from '../../domain/money.ts'
import { moneyCell, type Cell, type Table } from '../../domain/table.ts'
import type { MessageKey } from '../../i18n/schema.ts'
import { unitOf } from './unit-of.ts'

export interface StockWords {
  readonly t: (key: MessageKey) => string
  /** Names; empty where there is none. */
  readonly category: (id: string | null) => string
  readonly tax: (id: string | null) => string
  /** Thousandths and tiyn; null where they aren't known. */
  readonly quantity: (item: CatalogItem) => number | null
  readonly cost: (item: CatalogItem) => Tiyn | null
}

export function stockTable(items: readonly CatalogItem[], words: StockWords): Table {
  const { t } = words
  return {
    name: t('stock.menu'),
    head: [
      t('csv.fieldCode'),
      t('csv.fieldName'),
      t('csv.fieldBarcode'),
      t('csv.fieldPrice'),
      t('csv.fieldCategory'),
      t('csv.fieldTaxId'),
      t('csv.fieldUnit'),
      t('csv.fieldCost'),
      t('csv.fieldStock'),
    ],
    rows: items.map((item): Cell[] => {
      const [left, cost] = [words.quantity(item), words.cost(item)]
      return [
        item.code,
        item.name,
        item.barcodes.join(', '),
        item.price === null ? null : moneyCell(item.price),
        words.category(item.categoryId),
        words.tax(item.taxId),
        unitOf(item, t),
        cost === null ? null : moneyCell(cost),
        left === null ? null : { kind: 'quantity', thousandths: thousandths(left) },
      ]
    }),
  }
}
