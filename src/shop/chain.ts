/** A chain: several shops on one server. */
import type { ReportRow, ShopSummary } from '../contract/shop.ts'

/** Names of the shops whose tills are known, in their order; one without a name is the empty text. */
export function shopsOf({ tills }: Pick<ShopSummary, 'tills'>): readonly string[] {
  return [...new Set(tills.map(({ shop }) => shop))].sort((a, b) => a.localeCompare(b))
}

/** What each shop's tills sold together, a row a shop; none where there is only one shop. */
export function rowsByShop(summary: Pick<ShopSummary, 'tills' | 'byTill'>): readonly ReportRow[] {
  const shops = shopsOf(summary)
  if (shops.length < 2) return []
  const shopOf = new Map(summary.tills.map(({ till, shop }) => [till, shop]))
  return shops.map((shop) => {
    const rows = summary.byTill.filter(({ key }) => shopOf.get(key) === shop)
    const sum = (part: 'receipts' | 'returns' | 'totalTiyn'): number => rows.reduce((all, row) => all + row[part], 0)
    return {
      key: shop,
      receipts: sum('receipts'),
      returns: sum('returns'),
      totalTiyn: sum('totalTiyn'),
      quantity: 0,
      costTiyn: null,
      taxTiyn: null,
    }
  })
}
