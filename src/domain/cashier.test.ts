import { pbkdf2Sync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { NO_ATTEMPTS, afterAttempt, hashPin, isPin, lockInMs, mayDo, pinPauseMs, verifyPin } from './cashier.ts'
import type { PinAttempts, PinHasher } from './cashier.ts'

/** The real function with few rounds: what is tested here is its use, not its slowness. */
const hasher: PinHasher = (pin, salt, iterations) =>
  Promise.resolve(pbkdf2Sync(pin, salt, Math.min(iterations, 10), 32, 'sha256').toString('hex'))

describe('PINs', () => {
  it('are four to eight digits', () => {
    expect(['1234', '00000000'].every(isPin)).toBe(true)
    expect(['123', '123456789', '12a4', '', ' 1234'].some(isPin)).toBe(false)
  })
  it('are stored as a salted hash and verified against it', async () => {
    const stored = await hashPin('4321', 'aa', hasher)
    expect(JSON.stringify(stored)).not.toContain('4321')
    expect(await verifyPin('4321', stored, hasher)).toBe(true)
    expect(await verifyPin('4322', stored, hasher)).toBe(false)
    expect(await verifyPin('4321', { ...stored, salt: 'bb' }, hasher)).toBe(false)
    expect(await verifyPin('', { ...stored, hash: '' }, hasher)).toBe(false)
    expect(await verifyPin('4321', { ...stored, hash: '' }, hasher)).toBe(false)
    expect(await verifyPin('4321', { ...stored, hash: stored.hash + stored.hash }, hasher)).toBe(false)
    expect((await hashPin('4321', 'bb', hasher)).hash).not.toBe(stored.hash)
  })
  it('are refused where they are none', async () => {
    await expect(hashPin('12', 'aa', hasher)).rejects.toThrow(RangeError)
  })
})

describe('wrong PINs', () => {
  const after = (count: number): PinAttempts => {
    let attempts = NO_ATTEMPTS
    for (let index = 0; index < count; index++) attempts = afterAttempt(attempts, false, 1000)
    return attempts
  }
  it('cost nothing three times, then pauses that double up to five minutes', () => {
    expect([0, 2, 3, 4, 5, 50].map((count) => pinPauseMs(after(count), 1000))).toEqual([
      0, 0, 5000, 10000, 20000, 300000,
    ])
    expect(pinPauseMs(after(3), 4000)).toBe(2000)
    expect(pinPauseMs(after(3), 7000)).toBe(0)
  })
  it('are forgotten after the right one', () => {
    expect(afterAttempt(after(9), true, 5000)).toEqual(NO_ATTEMPTS)
  })
  it('never lock for longer than the pause when the clock is set back', () => {
    expect(pinPauseMs(after(3), -1_000_000_000_000)).toBe(5000)
  })
})

describe('rights', () => {
  const person = (role: 'cashier' | 'senior' | 'admin', active = true): { role: typeof role; active: boolean } => ({
    role,
    active,
  })
  it('grow with the role', () => {
    expect(mayDo(person('cashier'), 'sell')).toBe(true)
    expect(mayDo(person('cashier'), 'closeShift')).toBe(false)
    expect(mayDo(person('senior'), 'closeShift')).toBe(true)
    expect(mayDo(person('senior'), 'settings')).toBe(false)
    expect(mayDo(person('admin'), 'settings')).toBe(true)
  })
  it('end when the cashier is removed, and are no question on a terminal without cashiers', () => {
    expect(mayDo(person('admin', false), 'sell')).toBe(false)
    expect(mayDo(null, 'settings')).toBe(true)
  })
})

describe('the lock', () => {
  const lock = { hasPin: true, idleLimitMs: 60_000, lastActivityAt: 100_000, busy: false }
  it('comes after the time without a touch', () => {
    expect(lockInMs(lock, 130_000)).toBe(30_000)
    expect(lockInMs(lock, 160_000)).toBe(0)
    expect(lockInMs(lock, 0)).toBe(60_000)
  })
  it('never comes in the middle of a payment, without PINs, or when switched off', () => {
    expect(lockInMs({ ...lock, busy: true }, 999_999)).toBeNull()
    expect(lockInMs({ ...lock, hasPin: false }, 999_999)).toBeNull()
    expect(lockInMs({ ...lock, idleLimitMs: 0 }, 999_999)).toBeNull()
  })
})
