/** The pages of the menu, in the order of a cashier's day; Alt and the place opens each. */
import type { MessageKey } from '../../i18n/schema.ts'
import type { IconName } from '../../ui/icon-paths.ts'

export interface MenuPage {
  readonly path: string
  readonly title: MessageKey
  readonly icon: IconName
}

export const MENU_PAGES: readonly MenuPage[] = [
  { path: '/', title: 'menu.sale', icon: 'receipt' },
  { path: '/journal', title: 'menu.journal', icon: 'list' },
  { path: '/queue', title: 'menu.queue', icon: 'queue' },
  { path: '/shift', title: 'menu.shift', icon: 'shift' },
  { path: '/bank', title: 'menu.bank', icon: 'card' },
  { path: '/device', title: 'menu.device', icon: 'device' },
  { path: '/iiko', title: 'menu.iiko', icon: 'cloud' },
  { path: '/atol', title: 'menu.atol', icon: 'shop' },
  { path: '/catalog', title: 'menu.catalog', icon: 'box' },
  { path: '/cashiers', title: 'menu.cashiers', icon: 'person' },
  { path: '/settings', title: 'menu.settings', icon: 'gear' },
]
