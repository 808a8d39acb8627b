/** The server that this till came from, for a screen that shows it. */
import { onMounted, ref, shallowRef } from 'vue'
import type { ProxyConfigReply } from '../../contract/config.ts'
import { services } from '../../till/services.ts'

/** Asks the server when the screen comes, and again by `look`. `config` is null while it is away. */
export function useServer() {
  const config = shallowRef<ProxyConfigReply | null>(null)
  /** It was asked, and answered or is away. */
  const looked = ref(false)

  async function look(): Promise<void> {
    const outcome = await services().backoffice.config()
    config.value = outcome.ok ? outcome.value : null
    looked.value = true
  }
  onMounted(look)
  return { config, looked, look }
}
