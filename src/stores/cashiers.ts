/** Who works at this terminal: the list, who is at the till now, and the lock. Without cashiers it is open to all. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { mayDo, NO_ATTEMPTS, pinPauseMs, type Cashier, type PinAttempts, type Right } from '../domain/cashier.ts'
import type { CashierDraft } from '../till/cashier-desk.ts'
import { ATTEMPTS, LIST, readAttempts, readList } from '../storage/cashier-records.ts'
import { services, type Refusal } from '../till/services.ts'

export type { CashierDraft, CashierProblem } from '../till/cashier-desk.ts'

export const useCashiersStore = defineStore('cashiers', () => {
  const list = shallowRef<readonly Cashier[]>([])
  const currentId = ref<string | null>(null)
  /** What was refused last to whoever is at the till: the shell tells it. */
  const refused = shallowRef<Refusal | null>(null)
  const attempts = shallowRef<Readonly<Record<string, PinAttempts>>>({})

  const active = computed(() => list.value.filter((cashier) => cashier.active))
  const current = computed(() => active.value.find((cashier) => cashier.id === currentId.value) ?? null)
  const locked = computed(() => active.value.length > 0 && current.value === null)

  /** Reads what is stored, also after another window changed it: a cashier who was removed there is gone here too. */
  async function load(): Promise<void> {
    const { keyValues } = services()
    const [stored, kept] = await Promise.all([keyValues.get(LIST), keyValues.get(ATTEMPTS)])
    list.value = readList(stored)
    attempts.value = readAttempts(kept)
  }

  // Signing in and the list's changes are fetched when somebody does that: no sale does.
  const desk = async () => (await import('../till/cashier-desk.ts')).cashierDesk({ list, attempts, currentId })

  return {
    list,
    active,
    current,
    locked,
    refused,
    /** Somebody at the till has a PIN: leaving it open means something. */
    hasPin: computed(() => active.value.some((cashier) => cashier.pin !== null)),
    load,
    /** Takes a cashier to the till. A name without a PIN is anybody's. */
    signIn: async (id: string, pin: string) => (await desk()).signIn(id, pin),
    /**
     * Adds a cashier (`id` null) or changes what in the form differs from `seen`, the cashier that it was opened with;
     * null when it is stored, else what is wrong.
     */
    save: async (id: string | null, draft: CashierDraft, seen?: Cashier | null) => (await desk()).save(id, draft, seen),
    /** Takes a cashier off the lock screen; the journal keeps the name. Null when it is done, else why not. */
    remove: async (id: string) => (await desk()).remove(id),
    /** ms until another PIN of this cashier is looked at. */
    pauseMs: (id: string) => pinPauseMs(attempts.value[id] ?? NO_ATTEMPTS, services().now()),
    lock: () => {
      currentId.value = null
    },
    /** Whether whoever is at the till may do this; everybody may while there are no cashiers. */
    may: (right: Right) => (active.value.length === 0 ? true : current.value !== null && mayDo(current.value, right)),
  }
})
