/** Every screen has its address; all but the sale are fetched when they are first opened, as this router is. */
import type { Component } from 'vue'
import { createRouter, createWebHistory, type Router, type RouteRecordRaw } from 'vue-router'
import type { Right } from './domain/cashier.ts'
import { loadPart, loadScreens } from './i18n/i18n.ts'
import type { MessageKey } from './i18n/schema.ts'

const iikoWords = () => Promise.all([loadPart('office'), loadPart('iiko')]).then(() => true)
const atolWords = () => Promise.all([loadPart('office'), loadPart('atol')]).then(() => true)

/** A page for those who have the right: others see that, and who may come instead. */
const gated =
  (title: MessageKey, page: () => Promise<{ readonly default: Component }>, right: Right = 'settings') =>
  async () => {
    const [{ gatedPage }, shown] = await Promise.all([import('./features/shell/gated-page.ts'), page()])
    return gatedPage(right, title, shown.default)
  }

const routes: RouteRecordRaw[] = [
  // Shown by `App.vue` itself, also before there is a router.
  { path: '/', name: 'sale', component: { render: () => null } },
  { path: '/journal', name: 'journal', component: () => import('./features/journal/JournalPage.vue') },
  { path: '/queue', name: 'queue', component: () => import('./features/queue/QueuePage.vue') },
  {
    path: '/shift',
    name: 'shift',
    component: () => import('./features/shift/ShiftPage.vue'),
    beforeEnter: () => loadPart('shift'),
  },
  { path: '/bank', name: 'bank', component: () => import('./features/card/BankPage.vue') },
  { path: '/device', name: 'device', component: () => import('./features/device/DevicePage.vue') },
  {
    path: '/settings',
    name: 'settings',
    component: gated('settings.title', () => import('./features/settings/SettingsPage.vue')),
  },
  {
    path: '/catalog',
    name: 'catalog',
    component: gated('menu.catalog', () => import('./features/catalog/CatalogPage.vue')),
    beforeEnter: () => loadPart('catalog'),
  },
  {
    path: '/stock',
    name: 'stock',
    component: gated('stock.menu', () => import('./features/stock/StockPage.vue'), 'stock'),
    beforeEnter: () => Promise.all([loadPart('stock'), loadPart('catalog')]).then(() => true),
  },
  { path: '/settings/catalog', redirect: '/catalog' },
  {
    path: '/debts',
    name: 'debts',
    component: () => import('./features/debts/DebtsPage.vue'),
    beforeEnter: () => loadPart('debts'),
  },
  {
    path: '/cashiers',
    name: 'cashiers',
    component: () => import('./features/cashiers/CashiersPage.vue'),
    beforeEnter: () => loadPart('cashiers'),
  },
  { path: '/setup', name: 'setup', component: gated('setup.title', () => import('./features/setup/SetupPage.vue')) },
  {
    path: '/iiko',
    name: 'iiko',
    component: () => import('./features/iiko/IikoShiftsPage.vue'),
    beforeEnter: iikoWords,
  },
  {
    path: '/iiko/sales',
    name: 'iiko-sales',
    component: () => import('./features/iiko/IikoSalesPage.vue'),
    beforeEnter: iikoWords,
  },
  {
    path: '/iiko/:id',
    name: 'iiko-shift',
    component: () => import('./features/iiko/IikoShiftPage.vue'),
    beforeEnter: iikoWords,
  },
  {
    path: '/atol',
    name: 'atol',
    component: () => import('./features/atol/AtolDevicesPage.vue'),
    beforeEnter: atolWords,
  },
  {
    path: '/atol/:serial',
    name: 'atol-device',
    component: () => import('./features/atol/AtolDevicePage.vue'),
    beforeEnter: atolWords,
  },
  { path: '/:rest(.*)*', redirect: '/' },
]

/** The router of the terminal. A screen outside the selling path waits for its words, so that none shows a bare key. */
export function createTerminalRouter(): Router {
  const router = createRouter({ history: createWebHistory(), routes })
  router.beforeEach(async (to) => {
    if (to.name !== 'sale') await loadScreens()
  })
  return router
}
