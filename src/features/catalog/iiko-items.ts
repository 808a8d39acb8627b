/** Goods of iiko as items of the terminal's catalogue. */
import type { IikoCatalogue, IikoProduct } from '../../contract/iiko.ts'
import { cleanBarcodes } from '../../domain/barcode-clean.ts'
import type { CatalogCategory, CatalogItem } from '../../domain/catalog.ts'
import { readUnit } from '../../domain/catalog-units.ts'
import { MAX_AMOUNT, tiyn } from '../../domain/money.ts'
import type { SourceCatalog } from '../../stores/catalog.ts'

function toItem(product: IikoProduct): CatalogItem {
  const { price } = product
  const unit = readUnit(product.unitName ?? '').text
  return {
    id: `iiko:${product.id}`,
    source: 'iiko',
    code: product.code ?? product.num ?? product.id,
    barcodes: cleanBarcodes(product.barcodes.join('\n')).codes,
    name: product.name.trim(),
    // A price of nothing, and one that the device can't take, are asked at the sale.
    price: price === null || price <= 0 || price > MAX_AMOUNT ? null : tiyn(price),
    taxId: null,
    categoryId: product.groupId === null ? null : `iiko:${product.groupId}`,
    weighed: product.weighed,
    ...(unit === null ? {} : { unit }),
    ntin: null,
    gtin: null,
    markCode: null,
  }
}

/** What is on sale, in the groups that hold any of it; what the proxy couldn't read becomes broken rows. */
export function catalogFromIiko(catalogue: IikoCatalogue): SourceCatalog {
  const items = catalogue.products.filter((product) => product.onSale && product.name.trim() !== '').map(toItem)
  const used = new Set(items.map((item) => item.categoryId))
  const categories: readonly CatalogCategory[] = catalogue.groups
    .map(({ id, name }) => ({ id: `iiko:${id}`, name }))
    .filter(({ id }) => used.has(id))
  return {
    items,
    categories,
    source: 'iiko',
    broken: catalogue.unreadable.map((raw, index) => ({ index, raw, field: 'object' })),
  }
}
