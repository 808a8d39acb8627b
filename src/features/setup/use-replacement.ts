/** What the owner's code opens, for the dialog: taking a lost till's place, or having the settings of another one. */
import { ref, shallowRef } from 'vue'
import type { ShopTill } from '../../contract/shop.ts'
import { services, type ReplaceProblem, type Replacement } from '../../till/services.ts'

export function useReplacement() {
  const busy = ref(false)
  const problem = shallowRef<ReplaceProblem | null>(null)
  /** Null before the code was taken. */
  const tills = shallowRef<readonly ShopTill[] | null>(null)
  const stored = shallowRef<{ readonly done: number; readonly all: number } | null>(null)
  let replacement: Replacement | null = null

  async function open(code: string): Promise<void> {
    if (code.trim() === '' || busy.value) return
    busy.value = true
    problem.value = null
    replacement ??= await services().setup.replacement()
    const found = await replacement.tills(code.trim())
    if (found.ok) tills.value = found.value
    else problem.value = { kind: 'failed', failure: found.failure }
    busy.value = false
  }

  /** Loads the app anew when the till is here. */
  async function take(till: ShopTill): Promise<void> {
    if (replacement === null || busy.value) return
    busy.value = true
    problem.value = await replacement.take(till, (done, all) => (stored.value = { done, all }))
    if (problem.value === null) {
      services().setup.restart('/')
      return
    }
    stored.value = null
    busy.value = false
  }

  /** Loads the app anew with that till's settings; there may be none at the server. */
  async function becomeLike(till: ShopTill): Promise<void> {
    if (replacement === null || busy.value) return
    busy.value = true
    problem.value = null
    const taken = await replacement.becomeLike(till)
    busy.value = false
    // Who may not is told already.
    if ('kind' in taken) return
    if (!taken.ok) problem.value = { kind: 'failed', failure: taken.failure }
    else if (taken.value === 'nothing') problem.value = { kind: 'nothing' }
    else services().setup.restart('/catalog')
  }

  return { busy, problem, tills, stored, open, take, becomeLike }
}
