/** Undo of an open cart, and carts that were put aside. */
import { cartTotals } from './cart.ts'
import type { Cart } from './cart.ts'
import type { Tiyn } from './money.ts'

/** Steps that can be undone; older ones are forgotten. */
export const HISTORY_LIMIT = 100

/** A cart with the states that it had before; small and storable, so that undo survives a reload too. */
export interface CartHistory {
  readonly cart: Cart
  /** Oldest first. */
  readonly past: readonly Cart[]
}

/** A cart without a past. */
export function startHistory(cart: Cart): CartHistory {
  return { cart, past: [] }
}

/** Goes on to `next`, which a command returned, and remembers the state before it. */
export function remember(history: CartHistory, next: Cart): CartHistory {
  if (next === history.cart) return history
  return { cart: next, past: [...history.past, history.cart].slice(-HISTORY_LIMIT) }
}

/** Back to the state before the last step; the same history when there is none. */
export function undo(history: CartHistory): CartHistory {
  const previous = history.past.at(-1)
  return previous === undefined ? history : { cart: previous, past: history.past.slice(0, -1) }
}

/** A cart that was put aside, as a list shows it. */
export interface ParkedCart {
  readonly cart: Cart
  /** ms since the epoch. */
  readonly parkedAt: number
  /** What the cashier called it; empty for nothing. */
  readonly label: string
  readonly total: Tiyn
  readonly lineCount: number
}

/** Puts a cart aside, under the name that it had when it was put aside before; null when there is nothing in it. */
export function parkCart(cart: Cart, parkedAt: number, label = cart.label ?? ''): ParkedCart | null {
  if (cart.lines.length === 0) return null
  return { cart, parkedAt, label: label.trim(), total: cartTotals(cart).total, lineCount: cart.lines.length }
}

/** Takes a cart back; its history starts anew. */
export function recallCart(parked: ParkedCart): CartHistory {
  const { cart, label } = parked
  return startHistory(label === '' ? cart : { ...cart, label })
}
