/** The present moment for clocks and ages: ticks at the start of each second, and at once when the tab comes back. */
import { onScopeDispose, ref, type Ref } from 'vue'

export function useNow(stepMs = 1_000): Ref<number> {
  const now = ref(Date.now())
  let timer: ReturnType<typeof setTimeout> | undefined
  function tick(): void {
    now.value = Date.now()
    clearTimeout(timer)
    timer = setTimeout(tick, stepMs - (Date.now() % stepMs))
  }
  tick()
  document.addEventListener('visibilitychange', tick)
  onScopeDispose(() => {
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', tick)
  })
  return now
}
