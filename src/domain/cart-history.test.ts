import { describe, expect, it } from 'vitest'
import { addFreeLine } from './cart-commands.ts'
import { HISTORY_LIMIT, parkCart, recallCart, remember, startHistory, undo } from './cart-history.ts'
import type { CartHistory } from './cart-history.ts'
import { createCart } from './cart.ts'
import { tiyn } from './money.ts'

const empty = createCart({ id: 'a', createdAt: 0 })

function step(history: CartHistory): CartHistory {
  const result = addFreeLine(history.cart, { name: 'x', price: tiyn(100) })
  if (result.kind !== 'done') throw new Error(result.kind)
  return remember(history, result.cart)
}

describe('undo', () => {
  it('goes back one step at a time and stops at the beginning', () => {
    const start = startHistory(empty)
    const two = step(step(start))
    expect(undo(two).cart.lines).toHaveLength(1)
    expect(undo(undo(two))).toEqual(start)
    expect(undo(start)).toBe(start)
  })
  it('remembers no step that changed nothing', () => {
    const start = startHistory(empty)
    expect(remember(start, empty)).toBe(start)
  })
  it('forgets the oldest steps beyond its bound', () => {
    let history = startHistory(empty)
    for (let index = 0; index < HISTORY_LIMIT + 5; index++) history = step(history)
    expect(history.past).toHaveLength(HISTORY_LIMIT)
    expect(history.past[0]?.lines).toHaveLength(5)
  })
})

describe('parking', () => {
  it('keeps the cart with its total for the list and gives it back whole', () => {
    const { cart } = step(step(startHistory(empty)))
    const parked = parkCart(cart, 5, ' Стол 4 ')
    expect(parked).toEqual({ cart, parkedAt: 5, label: 'Стол 4', total: 200, lineCount: 2 })
    expect(parked && recallCart(parked)).toEqual({ cart: { ...cart, label: 'Стол 4' }, past: [] })
    // A record of before names had an empty one.
    expect(parked && recallCart({ ...parked, label: '' })).toEqual({ cart, past: [] })
  })
  it('parks nothing when there is nothing', () => {
    expect(parkCart(empty, 5)).toBeNull()
  })
})
