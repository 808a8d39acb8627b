/** Signing in and changing the list of cashiers: the only place that writes either. Fetched when it is needed. */
import type { Ref } from 'vue'
import {
  afterAttempt,
  hashPin,
  isPin,
  NO_ATTEMPTS,
  pinPauseMs,
  verifyPin,
  type Cashier,
  type CashierRole,
  type PinAttempts,
} from '../domain/cashier.ts'
import { ATTEMPTS, LIST, readAttempts, readList } from '../storage/cashier-records.ts'
import { hashPinInBrowser, newSalt } from './pin-hasher.ts'
import { services } from './services.ts'

/** A cashier as the form has it; an empty PIN leaves the old one (or none). */
export interface CashierDraft {
  readonly name: string
  readonly role: CashierRole
  readonly pin: string
}

/** `removed`: another window removed the cashier while the form was open. `notAllowed`: who is at the till may not. */
export type CashierProblem = 'name' | 'nameTwice' | 'pin' | 'adminPin' | 'lastAdmin' | 'removed' | 'notAllowed'

export type SignIn =
  | { readonly kind: 'in' }
  | { readonly kind: 'wrong' }
  /** Too many wrong PINs: the next one is looked at after so many ms. */
  | { readonly kind: 'pause'; readonly ms: number }

/** What the screens of this window show of it. */
interface Shown {
  readonly list: Ref<readonly Cashier[]>
  readonly attempts: Ref<Readonly<Record<string, PinAttempts>>>
  readonly currentId: Ref<string | null>
}

const activeOf = (list: readonly Cashier[]) => list.filter((cashier) => cashier.active)
const adminsOf = (list: readonly Cashier[]) => activeOf(list).filter((cashier) => cashier.role === 'admin')

function problemOf(list: readonly Cashier[], id: string | null, draft: CashierDraft): CashierProblem | null {
  const name = draft.name.trim()
  if (name === '') return 'name'
  const twin = activeOf(list).some((other) => other.id !== id && other.name.toLowerCase() === name.toLowerCase())
  if (twin) return 'nameTwice'
  if (draft.pin !== '' && !isPin(draft.pin)) return 'pin'
  const before = list.find((cashier) => cashier.id === id)
  if (draft.role === 'admin' && draft.pin === '' && (before?.pin ?? null) === null) return 'adminPin'
  const admins = adminsOf(list)
  const wasLastAdmin = admins.length === 1 && admins[0]?.id === id
  return draft.role !== 'admin' && (wasLastAdmin || admins.length === 0) ? 'lastAdmin' : null
}

/** Replaces the records of these cashiers; what can't be read stays as it is. */
function withCashiers(stored: unknown, changed: readonly Cashier[]): readonly unknown[] {
  const records: readonly unknown[] = Array.isArray(stored) ? stored : []
  const idOf = (record: unknown) => (record as Partial<Cashier> | null)?.id
  const known = new Set(records.map(idOf))
  return [
    ...records.map((record) => changed.find(({ id }) => id === idOf(record)) ?? record),
    ...changed.filter(({ id }) => !known.has(id)),
  ]
}

export function cashierDesk(shown: Shown) {
  /** Changes the stored list; `change` gives null where nothing is to be written. */
  async function write(change: (list: readonly Cashier[]) => Cashier | null): Promise<void> {
    const next = await services().keyValues.update(LIST, (stored) => {
      const changed = change(readList(stored))
      return changed === null ? stored : withCashiers(stored, [changed])
    })
    shown.list.value = readList(next)
  }

  async function signIn(id: string, pin: string): Promise<SignIn> {
    const { keyValues, now } = services()
    const list = readList(await keyValues.get(LIST))
    shown.list.value = list
    const cashier = activeOf(list).find((candidate) => candidate.id === id)
    if (cashier === undefined) return { kind: 'wrong' }
    if (cashier.pin !== null) {
      let ms = 0
      // Counted as wrong before it is looked at: neither a reload in between nor another window gives a free try.
      const counted = await keyValues.update(ATTEMPTS, (stored) => {
        const all = readAttempts(stored)
        const own = all[id] ?? NO_ATTEMPTS
        ms = pinPauseMs(own, now())
        return ms > 0 ? stored : { ...all, [id]: afterAttempt(own, false, now()) }
      })
      const right = ms === 0 && (await verifyPin(pin, cashier.pin, hashPinInBrowser))
      const after = right
        ? await keyValues.update(ATTEMPTS, (stored) => ({ ...readAttempts(stored), [id]: NO_ATTEMPTS }))
        : counted
      shown.attempts.value = readAttempts(after)
      if (ms > 0) return { kind: 'pause', ms }
      if (!right) {
        const pause = pinPauseMs(shown.attempts.value[id] ?? NO_ATTEMPTS, now())
        return pause > 0 ? { kind: 'pause', ms: pause } : { kind: 'wrong' }
      }
    }
    shown.currentId.value = id
    return { kind: 'in' }
  }

  async function save(
    id: string | null,
    draft: CashierDraft,
    seen: Cashier | null = shown.list.value.find((cashier) => cashier.id === id) ?? null,
  ): Promise<CashierProblem | null> {
    let problem = problemOf(shown.list.value, id, draft)
    if (problem !== null) return problem
    if ((await services().refusal(['cashiers'])) !== null) return 'notAllowed'
    const pin = draft.pin === '' ? null : await hashPin(draft.pin, newSalt(), hashPinInBrowser)
    const fresh = services().newId()
    let first = false
    await write((list) => {
      const before = list.find((cashier) => cashier.id === id)
      const wanted: CashierDraft = {
        name: before !== undefined && draft.name === seen?.name ? before.name : draft.name,
        role: before !== undefined && draft.role === seen?.role ? before.role : draft.role,
        pin: draft.pin,
      }
      problem = seen?.active === true && before?.active !== true ? 'removed' : problemOf(list, id, wanted)
      if (problem !== null) return null
      first = activeOf(list).length === 0
      return {
        id: before?.id ?? fresh,
        name: wanted.name.trim(),
        role: wanted.role,
        pin: pin ?? before?.pin ?? null,
        active: true,
      }
    })
    // Whoever makes the first cashier goes on working as that cashier.
    if (problem === null && first) shown.currentId.value = id ?? fresh
    return problem
  }

  async function remove(id: string): Promise<CashierProblem | null> {
    if ((await services().refusal(['cashiers'])) !== null) return 'notAllowed'
    let removed = true
    await write((list) => {
      const others = activeOf(list).filter((cashier) => cashier.id !== id)
      removed = others.length === 0 || adminsOf(others).length > 0
      const cashier = list.find((candidate) => candidate.id === id)
      return removed && cashier !== undefined ? { ...cashier, active: false } : null
    })
    return removed ? null : 'lastAdmin'
  }

  return { signIn, save, remove }
}
