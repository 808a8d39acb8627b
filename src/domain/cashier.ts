/**
 * Cashiers of this terminal: PINs, rights, the lock after idleness. The hash function, its salt and the clock are handed
 * in (PBKDF2 of the browser); a PIN is never stored or compared in clear.
 */

export type CashierRole = 'cashier' | 'senior' | 'admin'

/** What a person may do on this terminal. The device has rights of its own (-16). */
export type Right =
  | 'sell'
  | 'discount'
  | 'changePrice'
  | 'return'
  | 'returnWithoutReceipt'
  | 'purchase'
  | 'cashInOut'
  | 'report'
  | 'closeShift'
  | 'settleQueue'
  | 'journalOfOthers'
  /** Deliveries, stock-takings and write-offs; costs and margins. */
  | 'stock'
  | 'device'
  | 'settings'
  | 'cashiers'

const CASHIER_RIGHTS: readonly Right[] = ['sell', 'discount', 'return', 'cashInOut', 'report']
const SENIOR_RIGHTS: readonly Right[] = [
  ...CASHIER_RIGHTS,
  'changePrice',
  'returnWithoutReceipt',
  'purchase',
  'closeShift',
  'settleQueue',
  'journalOfOthers',
  'stock',
]
const RIGHTS: Readonly<Record<CashierRole, readonly Right[]>> = {
  cashier: CASHIER_RIGHTS,
  senior: SENIOR_RIGHTS,
  admin: [...SENIOR_RIGHTS, 'device', 'settings', 'cashiers'],
}

/** A PIN as it is stored: hexadecimal texts. */
export interface PinHash {
  readonly salt: string
  readonly hash: string
  /** Rounds of the hash function, kept so that they can grow later. */
  readonly iterations: number
}

export interface Cashier {
  readonly id: string
  readonly name: string
  readonly role: CashierRole
  /** null: no PIN, anybody may choose this name. */
  readonly pin: PinHash | null
  /** Removed cashiers stay in the list: the journal names them. */
  readonly active: boolean
}

/** Whether a cashier may do something. Without cashiers on the terminal (null) everything is allowed. */
export function mayDo(cashier: Pick<Cashier, 'role' | 'active'> | null, right: Right): boolean {
  return cashier === null || (cashier.active && RIGHTS[cashier.role].includes(right))
}

/** Derives a hexadecimal text from a PIN: PBKDF2 with SHA-256 in the browser. */
export type PinHasher = (pin: string, salt: string, iterations: number) => Promise<string>

const PIN_ITERATIONS = 200_000

/** Whether a text may be a PIN: four to eight digits. */
export function isPin(text: string): boolean {
  return /^\d{4,8}$/.test(text)
}

/** Hashes a new PIN. Throws RangeError for a text that is none: check it with `isPin` first. */
export async function hashPin(pin: string, salt: string, hasher: PinHasher): Promise<PinHash> {
  if (!isPin(pin)) throw new RangeError('a PIN has four to eight digits')
  return { salt, iterations: PIN_ITERATIONS, hash: await hasher(pin, salt, PIN_ITERATIONS) }
}

/** Compares in a time that tells nothing about where two texts differ. */
function sameText(a: string, b: string): boolean {
  let difference = a.length ^ b.length
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    difference |= (a.charCodeAt(index % (a.length || 1)) || 0) ^ (b.charCodeAt(index % (b.length || 1)) || 0)
  }
  return difference === 0
}

/** Whether a PIN is the stored one. */
export async function verifyPin(pin: string, stored: PinHash, hasher: PinHasher): Promise<boolean> {
  return isPin(pin) && sameText(await hasher(pin, stored.salt, stored.iterations), stored.hash)
}

/** Wrong attempts in a row, kept per terminal so that a reload doesn't forget them. */
export interface PinAttempts {
  readonly failures: number
  /** ms since the epoch of the last failure; 0 for none. */
  readonly lastFailureAt: number
}

export const NO_ATTEMPTS: PinAttempts = { failures: 0, lastFailureAt: 0 }
/** Attempts that cost nothing. */
const FREE_ATTEMPTS = 3
const FIRST_PAUSE_MS = 5_000
const LONGEST_PAUSE_MS = 5 * 60_000

/** ms until the next attempt is allowed: none for three failures, then 5 s doubling up to five minutes. */
export function pinPauseMs(attempts: PinAttempts, now: number): number {
  if (attempts.failures < FREE_ATTEMPTS) return 0
  const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(attempts.failures - FREE_ATTEMPTS, 20))
  // A clock set back must not lock the till for longer than the pause itself.
  return Math.min(pause, Math.max(0, attempts.lastFailureAt + pause - now))
}

/** Attempts after one more. */
export function afterAttempt(attempts: PinAttempts, right: boolean, now: number): PinAttempts {
  return right ? NO_ATTEMPTS : { failures: attempts.failures + 1, lastFailureAt: now }
}

export interface IdleLock {
  /** Cashiers with a PIN exist and one of them is at work. */
  readonly hasPin: boolean
  /** 0 never locks. */
  readonly idleLimitMs: number
  readonly lastActivityAt: number
  /** A payment, a card operation or a Z report is on the screen: never locked in the middle of it. */
  readonly busy: boolean
}

/** ms until the terminal locks; null when it doesn't. 0 means now. */
export function lockInMs(lock: IdleLock, now: number): number | null {
  if (!lock.hasPin || lock.idleLimitMs <= 0 || lock.busy) return null
  return Math.max(0, Math.min(lock.idleLimitMs, lock.lastActivityAt + lock.idleLimitMs - now))
}
