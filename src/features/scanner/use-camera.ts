/** Whether this device has a camera that the page may ask for: only then is one offered. */
import { onBeforeUnmount, onMounted, ref, type Ref } from 'vue'

export function useCamera(): Readonly<Ref<boolean>> {
  const there = ref(false)

  async function look(): Promise<void> {
    const devices = await navigator.mediaDevices.enumerateDevices()
    there.value = devices.some((device) => device.kind === 'videoinput')
  }

  function changed(): void {
    look().catch(() => {
      there.value = false
    })
  }

  onMounted(() => {
    // Without a secure context a browser has no media devices at all.
    if (!('mediaDevices' in navigator)) return
    changed()
    navigator.mediaDevices.addEventListener('devicechange', changed)
  })
  onBeforeUnmount(() => {
    if ('mediaDevices' in navigator) navigator.mediaDevices.removeEventListener('devicechange', changed)
  })
  return there
}
