/** Screens that must not be locked away in the middle: a payment, a card operation, a Z report. */
import { onBeforeUnmount, onMounted, ref } from 'vue'

const holders = ref(0)

/** The terminal doesn't lock by itself while the component is on the screen. */
export function useKeepOpen(): void {
  onMounted(() => {
    holders.value += 1
  })
  onBeforeUnmount(() => {
    holders.value -= 1
  })
}

export const keptOpen = (): boolean => holders.value > 0
