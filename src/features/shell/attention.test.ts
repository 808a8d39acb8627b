import { describe, expect, it } from 'vitest'
import type { Tiyn } from '../../domain/money.ts'
import { newBankLeg, type BankMessage, type Entry, type Question } from '../../queue/types.ts'
import { attentionOf, type AttentionInput } from './attention.ts'

const CALM: AttentionInput = {
  setupDone: true,
  storage: 'works',
  asked: null,
  offlineSince: null,
  shift: { number: 111, open: true, openedAt: 0 },
  unknownUpTo: null,
  nowMs: 3_600_000,
}

function asking(question: Question): AttentionInput {
  return { ...CALM, asked: { question: { id: 'q', askedAtMs: 0, question }, entry: null } }
}

describe('the attention bar', () => {
  it('says nothing while everything runs', () => {
    expect(attentionOf(CALM)).toBeNull()
  })

  it('puts a device that was never set up before everything but broken storage', () => {
    const input = { ...CALM, setupDone: false, offlineSince: 5 }
    expect(attentionOf(input)?.does).toEqual({ kind: 'open', path: '/setup' })
    expect(attentionOf({ ...input, storage: 'broken' })?.text).toBe('failure.storage')
    expect(attentionOf({ ...input, storage: 'full' })?.text).toBe('attention.storageFull')
  })

  it('puts a question before the news that the device is away', () => {
    const input = { ...asking({ kind: 'fix', code: -6 }), offlineSince: 5 }
    expect(attentionOf(input)?.text).toBe('attention.fix')
  })

  it('sends the person to the device page for a key, and names the key that was refused', () => {
    expect(attentionOf(asking({ kind: 'key', refused: null }))?.does).toEqual({ kind: 'open', path: '/device' })
    expect(attentionOf(asking({ kind: 'key', refused: '00000000' }))?.values.key).toEqual({
      kind: 'text',
      text: '00000000',
    })
  })

  it('takes the tap itself as the answer when something was put right at the device', () => {
    expect(attentionOf(asking({ kind: 'fix', code: -6 }))?.does.kind).toBe('goOn')
  })

  it('shows both numbers of a block by the tax authority', () => {
    const reason = attentionOf(asking({ kind: 'fix', code: -137 }))?.values.reason
    expect(reason).toEqual({ kind: 'message', key: 'fix.blocked', named: { code: '-137', committee: '37' } })
  })

  it('treats a card that may have been charged as urgent', () => {
    const attention = attentionOf(asking({ kind: 'cardCharged', track: 1, amount: 489_500 as Tiyn }))
    expect(attention?.tone).toBe('danger')
    expect(attention?.values.amount).toEqual({ kind: 'money', tiyn: 489_500 })
  })

  it('asks for money that goes back where the operation gives it back', () => {
    const charged = asking({ kind: 'cardCharged', track: 1, amount: 489_500 as Tiyn })
    const wordsFor = (message: BankMessage) => {
      const entry = { bank: newBankLeg(message, 489_500 as Tiyn) } as Entry
      return attentionOf({ ...charged, asked: charged.asked && { ...charged.asked, entry } })?.text
    }
    expect(wordsFor('purchase')).toBe('attention.cardCharged')
    expect(wordsFor('refund')).toBe('attention.cardReturned')
    expect(wordsFor('reversal')).toBe('attention.cardReturned')
  })

  it('warns of the shift from 23 hours on, and not when it is closed', () => {
    const late = { ...CALM, nowMs: 23 * 3_600_000 }
    expect(attentionOf(late)?.does).toEqual({ kind: 'open', path: '/shift' })
    expect(attentionOf({ ...late, shift: { number: 111, open: false, openedAt: 0 } })).toBeNull()
  })

  it('says which receipts of the open shift this tablet does not know, as the last of all news', () => {
    const shift = { number: 8, open: true, openedAt: null }
    const news = { ...CALM, shift, unknownUpTo: 45 }
    expect(attentionOf(news)).toMatchObject({
      text: 'attention.unknownReceipts',
      does: { kind: 'open', path: '/shift?shift=8&view=comparison' },
    })
    expect(attentionOf({ ...news, offlineSince: 1 })?.text).toBe('attention.offline')
    expect(attentionOf({ ...news, unknownUpTo: null })).toBeNull()
  })
})
