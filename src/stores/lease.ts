/** Who writes to a register of the relay, as the screens show it, and a person who takes it over. */
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { LeaseView } from '../contract/relay.ts'
import { services, type Refusal, type TakeOverResult } from '../till/services.ts'

export const useLeaseStore = defineStore('lease', () => {
  /** As last heard; null before that, and where the register isn't reached over the server. */
  const view = shallowRef<LeaseView | null>(services().lease?.view() ?? null)
  services().lease?.subscribe(() => (view.value = services().lease?.view() ?? null))

  /** Asks the server; false where it isn't heard. */
  async function look(): Promise<boolean> {
    return ((await services().lease?.look()) ?? null) !== null
  }

  /**
   * Takes the register over from the holding that is shown. The queue then looks at the register anew, whatever it read
   * before. Says why whoever is at the till may not.
   */
  async function takeOver(seen: LeaseView): Promise<TakeOverResult | Refusal> {
    const { lease, queue, refusal } = services()
    const refused = await refusal(['device'])
    if (refused !== null) return refused
    const result = (await lease?.takeOver(seen.holder?.term ?? null)) ?? 'away'
    if (result !== 'taken') return result
    queue?.contact('lost')
    queue?.retryNow()
    queue?.prepare()
    return result
  }

  return { view, look, takeOver }
})
