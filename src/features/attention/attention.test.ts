import { describe, expect, it } from 'vitest'
import type { Tiyn } from '../../domain/money.ts'
import { HELD_BY_TILL } from '../../ikkm/codes.ts'
import { newBankLeg, type BankMessage, type Entry, type Question } from '../../queue/types.ts'
import { storageState } from '../common/storage-state.ts'
import { attentionOf, CALM as NOTHING, type AttentionInput } from './attention.ts'

const CALM: AttentionInput = {
  ...NOTHING,
  shift: { number: 111, open: true, openedAt: 0 },
  nowMs: 3_600_000,
  registerNowMs: 3_600_000,
}

function asking(question: Question): AttentionInput {
  return { ...CALM, asked: { question: { id: 'q', askedAtMs: 0, question }, entry: null } }
}

describe('the attention bar', () => {
  it('says first that another window connected the till to another register', () => {
    const input = { ...CALM, moved: true, offlineSince: 5 }
    expect(attentionOf(input)).toMatchObject({ text: 'windows.moved', does: { kind: 'reload' } })
  })

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

  it('says what the queue waits for and how long, before the news that the device is away', () => {
    const waitsFor = { mark: 'A-0003', untilMs: CALM.nowMs + 64_200, behind: 4 }
    const left = { kind: 'text', text: '1:05' }
    const input = { ...CALM, waitsFor, offlineSince: 5 }
    expect(attentionOf(input)).toMatchObject({ text: 'attention.fencedOthers', values: { left }, tone: 'info' })
    expect(attentionOf({ ...input, waitsFor: { ...waitsFor, behind: 0 } })?.text).toBe('attention.fenced')
    expect(attentionOf({ ...input, ...asking({ kind: 'fix', code: -6 }), waitsFor })?.text).toBe('attention.fix')
    const silent = { ...CALM, silentUntilMs: CALM.nowMs - 1, offlineSince: 5 }
    expect(attentionOf(silent)).toMatchObject({
      text: 'attention.silentWindow',
      values: { left: { kind: 'text', text: '0:00' } },
    })
  })

  it('sends the person to the device page for a key, and names the key that was refused', () => {
    expect(attentionOf(asking({ kind: 'key', refused: null }))?.does).toEqual({ kind: 'open', path: '/device' })
    expect(attentionOf(asking({ kind: 'key', refused: '00000000' }))?.values.key).toEqual({
      kind: 'text',
      text: '00000000',
    })
  })

  it('names the till that holds the register, and leads to where it is taken over', () => {
    const held = asking({ kind: 'fix', code: HELD_BY_TILL })
    expect(attentionOf({ ...held, holder: { letters: 'B', lastUseMs: 7 } })).toMatchObject({
      text: 'attention.registerHeld',
      values: { letters: { kind: 'text', text: 'B' }, time: { kind: 'time', ms: 7 } },
      action: 'attention.registerHeldAction',
      does: { kind: 'open', path: '/device' },
    })
    for (const holder of [null, { letters: null, lastUseMs: 7 }]) {
      expect(attentionOf({ ...held, holder })?.text).toBe('attention.registerHeldUnknown')
    }
  })

  it('shows that the lock is off after everything that holds the till up', () => {
    expect(attentionOf({ ...CALM, lockOff: true })).toMatchObject({
      text: 'attention.lockOff',
      does: { kind: 'open', path: '/device' },
    })
    expect(attentionOf({ ...asking({ kind: 'fix', code: -6 }), lockOff: true })?.text).toBe('attention.fix')
    expect(attentionOf({ ...CALM, offlineSince: 5, lockOff: true })?.text).toBe('attention.offline')
  })

  it('says that another tablet is this till now, whatever else is the matter', () => {
    expect(attentionOf({ ...CALM, storage: storageState('TillReplaced'), offlineSince: 5 })).toMatchObject({
      text: 'attention.tillReplaced',
      does: { kind: 'open', path: '/journal' },
    })
  })

  it('says since when nothing reaches the shop server, after all that stops the till', () => {
    expect(attentionOf({ ...CALM, unsentSinceMs: 7 })).toMatchObject({
      text: 'attention.unsent',
      values: { time: { kind: 'dateTime', ms: 7 } },
      does: { kind: 'open', path: '/device' },
    })
    expect(attentionOf({ ...CALM, lockOff: true, unsentSinceMs: 7 })?.text).toBe('attention.lockOff')
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
    const late = { ...CALM, registerNowMs: 23 * 3_600_000 }
    expect(attentionOf(late)?.does).toEqual({ kind: 'open', path: '/shift' })
    expect(attentionOf({ ...late, shift: { number: 111, open: false, openedAt: 0 } })).toBeNull()
    // The register dated the opening: by the tablet's clock nothing is said of its age.
    expect(attentionOf({ ...CALM, registerNowMs: null, nowMs: 23 * 3_600_000 })).toBeNull()
  })

  it.each([
    ['differs', 'attention.clockDiffers'],
    ['zone', 'attention.clockZone'],
    ['behind', 'attention.clockBehind'],
  ] as const)('says that the tablet’s clock is wrong (%s), with both times', (kind, words) => {
    const clock = { kind, registerMs: 9_000_000, tabletMs: 1_000_000 }
    expect(attentionOf({ ...CALM, clock })).toMatchObject({
      text: words,
      values: { register: { kind: 'registerTime', ms: 9_000_000 }, tablet: { kind: 'dateTime', ms: 1_000_000 } },
      tone: 'warn',
    })
    expect(attentionOf({ ...CALM, clock, offlineSince: 1 })?.text).toBe('attention.offline')
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

  it('says that the practice register of a first look registers nothing, louder where terminals are known', () => {
    const said = (otherTills: number) => attentionOf({ ...CALM, firstLook: true, otherTills })
    expect([said(0)?.tone, said(2)?.tone]).toEqual(['info', 'warn'])
    expect(said(0)?.does).toEqual({ kind: 'open', path: '/setup' })
  })
})
