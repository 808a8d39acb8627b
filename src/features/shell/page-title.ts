/** The browser's title and the focus follow the page: a screen reader hears where it is, a tab says what it holds. */
import { nextTick, onScopeDispose, watchEffect } from 'vue'
import { useRouter } from 'vue-router'
import { text } from '../../i18n/use-text.ts'
import type { MessageKey } from '../../i18n/schema.ts'
import { useSettingsStore } from '../../stores/settings.ts'
import { MENU_PAGES } from './menu-pages.ts'

/** Name of the page at this path: its own, or that of the page in the menu that it belongs to. */
function pageName(path: string): MessageKey {
  if (path.startsWith('/setup')) return 'setup.title'
  const page = MENU_PAGES.find(({ path: start }) => start !== '/' && (path === start || path.startsWith(`${start}/`)))
  return page?.title ?? 'menu.sale'
}

/** Puts the focus on the new page's heading, unless the page has chosen a place itself. */
function focusHeading(): void {
  if (document.querySelector('dialog[open]') !== null) return
  const content = document.querySelector('#content')
  if (content === null || content.contains(document.activeElement)) return
  const heading = content.querySelector<HTMLElement>('h1')
  if (heading === null) return
  heading.tabIndex = -1
  heading.focus({ preventScroll: true })
}

export function usePageTitle(): void {
  const router = useRouter()
  const settings = useSettingsStore()

  watchEffect(() => {
    const page = text(pageName(router.currentRoute.value.path))
    document.title = `${page} · ${settings.values.shopName || text('app.name')}`
  })
  const forget = router.afterEach((to, from, failure) => {
    if (failure !== undefined || to.path === from.path) return
    // A menu that closes gives the focus back to its button first.
    void nextTick(() => setTimeout(focusHeading, 0))
  })
  onScopeDispose(forget)
}
