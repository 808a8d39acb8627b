/** Cashiers and wrong PINs as they are stored. */
import type { Cashier, PinAttempts } from '../domain/cashier.ts'
import { flag, number, objectOf, oneOf, orNull, read, recordOf, text } from './shape.ts'

/** Keys of the two records in the key-value store. */
export const LIST = 'cashiers'
export const ATTEMPTS = 'pin-attempts'

const StoredCashier = objectOf({
  id: text,
  name: text,
  role: oneOf('cashier', 'senior', 'admin'),
  pin: orNull(objectOf({ salt: text, hash: text, iterations: number })),
  active: flag,
})
const Attempts = recordOf(objectOf({ failures: number, lastFailureAt: number }))

/** The cashiers that can be read. */
export function readList(stored: unknown): readonly Cashier[] {
  if (!Array.isArray(stored)) return []
  return stored.flatMap((record: unknown) => {
    const cashier = read(StoredCashier, record)
    return cashier === null ? [] : [cashier]
  })
}

/** Wrong PINs in a row by cashier; one terminal-wide count of an earlier version counts for nobody. */
export function readAttempts(stored: unknown): Readonly<Record<string, PinAttempts>> {
  return read(Attempts, stored) ?? {}
}
