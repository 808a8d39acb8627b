/** Which of the three arrangements fits the screen: counter (landscape), stand (portrait) or phone. */
import { onScopeDispose, ref, type Ref } from 'vue'

export type Layout = 'counter' | 'stand' | 'phone'

const PHONE = '(max-width: 40rem)'
const PORTRAIT = '(orientation: portrait)'

function follow(query: string, change: () => void): MediaQueryList {
  const list = window.matchMedia(query)
  list.addEventListener('change', change)
  onScopeDispose(() => {
    list.removeEventListener('change', change)
  })
  return list
}

export function useLayout(): Ref<Layout> {
  const phone = follow(PHONE, () => {
    read()
  })
  const portrait = follow(PORTRAIT, () => {
    read()
  })
  const layout = ref<Layout>('counter')
  function read(): void {
    layout.value = phone.matches ? 'phone' : portrait.matches ? 'stand' : 'counter'
  }
  read()
  return layout
}
