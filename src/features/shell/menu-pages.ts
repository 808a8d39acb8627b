/** The pages of the menu, in the order of a cashier's day; Alt and its digit opens each. */
import type { MessageKey } from '../../i18n/schema.ts'
import type { IconName } from '../../ui/icons.ts'

export interface MenuPage {
  readonly path: string
  readonly title: MessageKey
  readonly icon: IconName
  /** With Alt; there are ten digits. */
  readonly digit: string | null
}

export const MENU_PAGES: readonly MenuPage[] = [
  { path: '/', title: 'menu.sale', icon: 'receipt', digit: '1' },
  { path: '/journal', title: 'menu.journal', icon: 'list', digit: '2' },
  { path: '/queue', title: 'menu.queue', icon: 'queue', digit: '3' },
  { path: '/shift', title: 'menu.shift', icon: 'shift', digit: '4' },
  { path: '/bank', title: 'menu.bank', icon: 'card', digit: '5' },
  { path: '/device', title: 'menu.device', icon: 'device', digit: '6' },
  { path: '/iiko', title: 'menu.iiko', icon: 'cloud', digit: '7' },
  { path: '/atol', title: 'menu.atol', icon: 'shop', digit: '8' },
  { path: '/catalog', title: 'menu.catalog', icon: 'box', digit: '9' },
  { path: '/stock', title: 'stock.menu', icon: 'barcode', digit: null },
  { path: '/debts', title: 'debtor.menu', icon: 'wallet', digit: null },
  { path: '/cashiers', title: 'menu.cashiers', icon: 'person', digit: null },
  { path: '/settings', title: 'menu.settings', icon: 'gear', digit: '0' },
]
