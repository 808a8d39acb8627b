/** The place on the page and the address bar, each following the other. */
import { onScopeDispose, shallowRef, watch } from 'vue'
import { addressOf, readRoute, type Route } from './route.ts'
import { useShop } from './use-shop.ts'

export function usePlace() {
  const shop = useShop()
  const read = (): Route => readRoute(location.pathname, location.search)
  const place = shallowRef<Route>(read())

  function go(to: Partial<Pick<Route, 'tab' | 'receipt'>>): void {
    const next: Route = { ...place.value, receipt: null, ...to }
    const address = addressOf(next)
    if (address !== addressOf(place.value)) history.pushState(null, '', address)
    place.value = next
  }

  function follow(): void {
    place.value = read()
    if (JSON.stringify(place.value.period) !== JSON.stringify(shop.chosen.value)) shop.choose(place.value.period)
  }
  // Another period is another view of the same place: the way back doesn't lead over all of them.
  watch(shop.chosen, (period) => {
    place.value = { ...place.value, period }
    history.replaceState(null, '', addressOf(place.value))
  })
  addEventListener('popstate', follow)
  onScopeDispose(() => {
    removeEventListener('popstate', follow)
  })
  return { place, go, hrefOf: (tab: Route['tab']) => addressOf({ ...place.value, tab, receipt: null }) }
}
