import { describe, expect, it } from 'vitest'
import { tiyn } from '../../domain/money.ts'
import { newBankLeg, newEntry, type BankAttempt, type Entry, type Question } from '../../queue/types.ts'
import { holdsCardMoney } from '../../stores/payment.ts'
import { cardState as cardStateAt, takesLong } from './card-state.ts'

const cardState = (entry: Entry, nowMs = 2) => cardStateAt(entry, nowMs)

function entryWith(attempts: readonly BankAttempt['state'][], question: Question | null = null): Entry {
  const draft = {
    id: 'a',
    deviceId: 'd',
    kind: 'registration' as const,
    request: null,
    receipt: null,
    amount: tiyn(100),
    cashier: '',
    createdAtMs: 0,
    shift: null,
    bank: newBankLeg('purchase', tiyn(100)),
  }
  const entry = newEntry(draft, 1, 'A-0001')
  const made = attempts.map((state, index) => ({
    track: index + 1,
    state,
    startedAtMs: 1,
    accepted: true,
    details: null,
  }))
  return {
    ...entry,
    bank: { ...newBankLeg('purchase', tiyn(100)), attempts: made },
    question: question === null ? null : { id: 'q', askedAtMs: 0, question },
  }
}

describe('the state of a card operation', () => {
  it('starts, waits for the customer, and checks what became of it', () => {
    expect(cardState(entryWith([]))).toBe('starting')
    expect(cardState(entryWith(['planned']))).toBe('starting')
    expect(cardState(entryWith(['started']))).toBe('waiting')
    expect(cardState(entryWith(['fail', 'planned']))).toBe('starting')
    expect(cardState(entryWith(['fail']))).toBe('checking')
  })
  it('is in doubt when the start got no answer', () => {
    const entry = entryWith(['started'])
    const attempts = (entry.bank?.attempts ?? []).map((attempt) => ({ ...attempt, accepted: false }))
    const unanswered = { ...entry, bank: { ...newBankLeg('purchase', tiyn(100)), attempts } }
    expect(cardState(unanswered, 5_000)).toBe('starting')
    expect(cardState(unanswered, 7_000)).toBe('checking')
  })
  it('takes long when a customer would be through', () => {
    expect(takesLong(entryWith(['started']), 180_000)).toBe(false)
    expect(takesLong(entryWith(['started']), 180_002)).toBe(true)
    expect(takesLong(entryWith(['fail']), 900_000)).toBe(false)
  })
  it('follows the question that a person is asked', () => {
    const amount = tiyn(100)
    expect(cardState(entryWith(['fail'], { kind: 'cardDeclined', track: 1, amount }))).toBe('declined')
    expect(cardState(entryWith(['started'], { kind: 'cardCharged', track: 1, amount }))).toBe('asked')
    expect(cardState(entryWith(['success'], { kind: 'cardChargedTwice', tracks: [1, 2], amount }))).toBe('twice')
  })
  it('is over when the bank has decided', () => {
    const entry = entryWith(['success'])
    const bank = { ...newBankLeg('purchase', tiyn(100)), state: 'paid' as const }
    expect(cardState({ ...entry, bank })).toBeNull()
    expect(holdsCardMoney({ ...entry, bank })).toBe(true)
    expect(holdsCardMoney({ ...entry, bank, state: 'done' })).toBe(false)
    expect(holdsCardMoney({ ...entry, bank: { ...bank, state: 'failed' }, state: 'refused' })).toBe(false)
    expect(cardState({ ...entry, bank: null })).toBeNull()
  })
})
