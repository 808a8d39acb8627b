import { describe, expect, it } from 'vitest'
import { tiyn } from '../../domain/money.ts'
import { newBankLeg, newEntry, type BankLeg, type Entry } from '../../queue/types.ts'
import { bankDay, dayOperations } from './bank-day.ts'

let sequence = 0

function operation(
  message: BankLeg['message'],
  amount: number,
  state: BankLeg['state'] = 'paid',
  track: number = (sequence += 1),
): Entry {
  const attempts = [{ track, state: 'success' as const, startedAtMs: 1, accepted: true, details: null }]
  const draft = {
    id: `e${track}-${state}`,
    deviceId: 'd',
    kind: 'bank' as const,
    request: null,
    receipt: null,
    amount: tiyn(amount),
    cashier: '',
    createdAtMs: 0,
    shift: null,
    bank: { ...newBankLeg(message, tiyn(amount)), state, attempts },
  }
  return newEntry(draft, sequence, 'A')
}

describe('the bank day', () => {
  it('adds up what went through by kind, and leaves out what did not', () => {
    const day = bankDay([
      operation('purchase', 65_000),
      operation('purchase', 120_000),
      operation('refund', 65_000),
      operation('reversal', 20_000),
      operation('purchase', 999, 'failed'),
      operation('purchase', 999, 'open'),
    ])
    expect(day.totals).toEqual({
      purchase: { count: 2, sum: 185_000 },
      refund: { count: 1, sum: 65_000 },
      reversal: { count: 1, sum: 20_000 },
    })
    expect(day.net).toBe(100_000)
  })
  it('counts a charge once that a corrected receipt carries on', () => {
    const refused = operation('purchase', 65_000, 'paid', 900)
    const corrected = { ...refused, id: 'corrected' }
    expect(dayOperations([corrected, refused]).map(({ id }) => id)).toEqual(['corrected'])
    expect(bankDay([corrected, refused]).net).toBe(65_000)
  })
  it('has no row for entries without a bank part', () => {
    expect(dayOperations([{ ...operation('purchase', 1), bank: null }])).toEqual([])
  })
})
