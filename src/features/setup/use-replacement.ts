/** Taking a lost till's place, for the dialog: the tills that the owner's code shows, and the way of the journal. */
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

  return { busy, problem, tills, stored, open, take }
}
