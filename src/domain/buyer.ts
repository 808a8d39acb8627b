/** Who buys, for a receipt that an accountant needs: an IIN or BIN of Kazakhstan and a name. */

export interface Buyer {
  /** IIN or BIN, twelve digits; empty where only the name is known. */
  readonly id: string
  readonly name: string
}

/** A buyer in an open receipt, with the rows that stand for them on paper; no rows where those are in its text already. */
export interface CartBuyer extends Buyer {
  readonly text: string
}

export const MAX_BUYER_NAME = 60

const FIRST = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
const SECOND = [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]

/**
 * Whether this is an IIN or BIN: twelve digits, the last of which is the weighted sum of the others by 11. Where that is
 * 10 the sum is taken once more with other weights, and where it is 10 again the number is given to nobody.
 */
export function isTaxpayerId(text: string): boolean {
  if (!/^\d{12}$/.test(text)) return false
  const digits = Array.from(text, Number)
  const rest = (weights: readonly number[]): number =>
    weights.reduce((sum, weight, index) => sum + weight * (digits[index] ?? 0), 0) % 11
  const first = rest(FIRST)
  const check = first === 10 ? rest(SECOND) : first
  return check === digits[11] && new Set(digits).size > 1
}
