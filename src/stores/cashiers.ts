/** Who works at this terminal: the list, who is at the till now, and the lock. Without cashiers it is open to all. */
import { defineStore } from 'pinia'
import * as v from 'valibot'
import { computed, ref, shallowRef } from 'vue'
import {
  afterAttempt,
  hashPin,
  isPin,
  mayDo,
  NO_ATTEMPTS,
  pinPauseMs,
  verifyPin,
  type Cashier,
  type CashierRole,
  type PinAttempts,
  type Right,
} from '../domain/cashier.ts'
import { hashPinInBrowser, newSalt } from './pin-hasher.ts'
import { services } from './services.ts'

const LIST = 'cashiers'
const ATTEMPTS = 'pin-attempts'

const StoredCashier = v.object({
  id: v.string(),
  name: v.string(),
  role: v.picklist(['cashier', 'senior', 'admin']),
  pin: v.nullable(v.object({ salt: v.string(), hash: v.string(), iterations: v.number() })),
  active: v.boolean(),
})
const Attempts = v.object({ failures: v.number(), lastFailureAt: v.number() })

/** A cashier as the form has it; an empty PIN leaves the old one (or none). */
export interface CashierDraft {
  readonly name: string
  readonly role: CashierRole
  readonly pin: string
}

export type CashierProblem = 'name' | 'nameTwice' | 'pin' | 'adminPin' | 'lastAdmin'

export type SignIn =
  | { readonly kind: 'in' }
  | { readonly kind: 'wrong' }
  /** Too many wrong PINs: the next one is looked at after so many ms. */
  | { readonly kind: 'pause'; readonly ms: number }

function readList(stored: unknown): readonly Cashier[] {
  if (!Array.isArray(stored)) return []
  return stored.flatMap((record: unknown) => {
    const parsed = v.safeParse(StoredCashier, record)
    return parsed.success ? [parsed.output] : []
  })
}

export const useCashiersStore = defineStore('cashiers', () => {
  const list = shallowRef<readonly Cashier[]>([])
  const currentId = ref<string | null>(null)
  const attempts = shallowRef<PinAttempts>(NO_ATTEMPTS)

  const active = computed(() => list.value.filter((cashier) => cashier.active))
  const current = computed(() => active.value.find((cashier) => cashier.id === currentId.value) ?? null)
  const locked = computed(() => active.value.length > 0 && current.value === null)
  const admins = computed(() => active.value.filter((cashier) => cashier.role === 'admin'))

  async function load(): Promise<void> {
    const { keyValues } = services()
    const [stored, kept] = await Promise.all([keyValues.get(LIST), keyValues.get(ATTEMPTS)])
    list.value = readList(stored)
    const parsed = v.safeParse(Attempts, kept)
    attempts.value = parsed.success ? parsed.output : NO_ATTEMPTS
  }

  async function store(next: readonly Cashier[]): Promise<void> {
    await services().keyValues.set(LIST, next)
    list.value = next
  }

  /** ms until another PIN is looked at. */
  function pauseMs(): number {
    return pinPauseMs(attempts.value, services().now())
  }

  async function count(right: boolean): Promise<void> {
    attempts.value = afterAttempt(attempts.value, right, services().now())
    await services().keyValues.set(ATTEMPTS, attempts.value)
  }

  /** Takes a cashier to the till. A name without a PIN is anybody's. */
  async function signIn(id: string, pin: string): Promise<SignIn> {
    const cashier = active.value.find((candidate) => candidate.id === id)
    if (cashier === undefined) return { kind: 'wrong' }
    if (cashier.pin !== null) {
      const ms = pauseMs()
      if (ms > 0) return { kind: 'pause', ms }
      const right = await verifyPin(pin, cashier.pin, hashPinInBrowser)
      // Counted before it is told: a reload in between must not give a free try.
      await count(right)
      if (!right) return pauseMs() > 0 ? { kind: 'pause', ms: pauseMs() } : { kind: 'wrong' }
    }
    currentId.value = id
    return { kind: 'in' }
  }

  function problemOf(id: string | null, draft: CashierDraft): CashierProblem | null {
    const name = draft.name.trim()
    if (name === '') return 'name'
    const twin = active.value.some((other) => other.id !== id && other.name.toLowerCase() === name.toLowerCase())
    if (twin) return 'nameTwice'
    if (draft.pin !== '' && !isPin(draft.pin)) return 'pin'
    const before = list.value.find((cashier) => cashier.id === id)
    if (draft.role === 'admin' && draft.pin === '' && (before?.pin ?? null) === null) return 'adminPin'
    const wasLastAdmin = admins.value.length === 1 && admins.value[0]?.id === id
    const noAdminYet = admins.value.length === 0
    return draft.role !== 'admin' && (wasLastAdmin || noAdminYet) ? 'lastAdmin' : null
  }

  /** Adds a cashier (`id` null) or changes one; null when it is stored, else what is wrong. */
  async function save(id: string | null, draft: CashierDraft): Promise<CashierProblem | null> {
    const problem = problemOf(id, draft)
    if (problem !== null) return problem
    const before = list.value.find((cashier) => cashier.id === id)
    const pin = draft.pin === '' ? (before?.pin ?? null) : await hashPin(draft.pin, newSalt(), hashPinInBrowser)
    const cashier: Cashier = {
      id: before?.id ?? services().newId(),
      name: draft.name.trim(),
      role: draft.role,
      pin,
      active: true,
    }
    const wasOpen = active.value.length === 0
    const next =
      before === undefined ? [...list.value, cashier] : list.value.map((other) => (other.id === id ? cashier : other))
    await store(next)
    // Whoever makes the first cashier goes on working as that cashier.
    if (wasOpen) currentId.value = cashier.id
    return null
  }

  /** Takes a cashier off the lock screen; the journal keeps the name. False for the last administrator of several. */
  async function remove(id: string): Promise<boolean> {
    const others = active.value.filter((cashier) => cashier.id !== id)
    if (others.length > 0 && !others.some((cashier) => cashier.role === 'admin')) return false
    await store(list.value.map((cashier) => (cashier.id === id ? { ...cashier, active: false } : cashier)))
    return true
  }

  return {
    list,
    active,
    current,
    locked,
    /** Somebody at the till has a PIN: leaving it open means something. */
    hasPin: computed(() => active.value.some((cashier) => cashier.pin !== null)),
    load,
    signIn,
    save,
    remove,
    pauseMs,
    lock: () => {
      currentId.value = null
    },
    /** Whether whoever is at the till may do this; everybody may while there are no cashiers. */
    may: (right: Right) => (active.value.length === 0 ? true : current.value !== null && mayDo(current.value, right)),
  }
})
