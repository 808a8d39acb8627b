/** What the tables of an export take from the terminal of today. */
import { text } from '../../i18n/use-text.ts'
import { useCatalogStore } from '../../stores/catalog.ts'
import { useCashiersStore } from '../../stores/cashiers.ts'
import { useDeviceStore } from '../../stores/device.ts'
import type { TableWords } from './journal-tables.ts'

export function tableWords(): TableWords {
  const catalog = useCatalogStore()
  const device = useDeviceStore()
  return {
    t: text,
    costs: useCashiersStore().may('stock'),
    taxName: (taxId) => catalog.taxes.find(({ id }) => id === (taxId ?? device.defaultTaxId))?.name ?? null,
    unit(code) {
      const item = code === null ? null : catalog.find(code)
      if (item === null) return code === null ? text('common.piece') : ''
      return item.unit ?? text(item.weighed ? 'common.kilogram' : 'common.piece')
    },
  }
}
