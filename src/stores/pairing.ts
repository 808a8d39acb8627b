/** Pairing with the proxy: the code that it shows is traded once for a token, which is kept. */
import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { Failure } from '../contract/errors.ts'
import { services } from '../till/services.ts'

export const usePairingStore = defineStore('pairing', () => {
  const busy = ref(false)
  const failure = shallowRef<Failure | null>(null)

  /** True when the token is kept. */
  async function pair(code: string): Promise<boolean> {
    busy.value = true
    failure.value = null
    const outcome = await services().backoffice.pair(code.trim())
    if (outcome.ok) await services().keepProxyToken(outcome.value)
    else failure.value = outcome.failure
    busy.value = false
    return outcome.ok
  }

  function reset(): void {
    failure.value = null
  }

  return { busy, failure, pair, reset }
})
