import { describe, expect, it } from 'vitest'
import { tiyn } from '../domain/money.ts'
import { attention, fenced } from './projection.ts'
import { newDeviceRecord, newEntry } from './types.ts'
import type { AskedQuestion, Entry, Question } from './types.ts'

const DEVICE = newDeviceRecord({ id: 'd', key: null, trackPrefix: 7, hostLockWanted: false })

function entry(sequence: number, change: Partial<Entry> = {}): Entry {
  const draft = {
    id: `e${sequence}`,
    deviceId: 'd',
    kind: 'registration' as const,
    request: null,
    receipt: null,
    amount: tiyn(100),
    cashier: 'Aliya',
    createdAtMs: 0,
    shift: null,
    bank: null,
  }
  return { ...newEntry(draft, sequence, 'A-0001'), ...change }
}

function asked(question: Question): AskedQuestion {
  return { id: 'q', askedAtMs: 0, question }
}

describe('what a person is asked first', () => {
  const printed = entry(1, { kind: 'print', question: asked({ kind: 'printed' }) })
  const refused = entry(2, { state: 'refused', question: asked({ kind: 'decide', code: -10 }) })
  const paper = entry(3, { state: 'sending', question: asked({ kind: 'fix', code: -6 }) })

  it('is the device, then what holds up the queue, then the rest: an older refusal hides no empty paper', () => {
    const device = { ...DEVICE, question: asked({ kind: 'key', refused: null }) }
    expect(attention(device, [printed, refused, paper])).toMatchObject({ entry: null, question: device.question })
    expect(attention(DEVICE, [printed, refused, paper])?.entry?.id).toBe('e3')
    expect(attention(DEVICE, [printed, refused])?.entry?.id).toBe('e1')
    expect(attention(DEVICE, [refused, printed])?.entry?.id).toBe('e2')
    expect(attention(DEVICE, [entry(4)])).toBeNull()
    expect(attention(null, [])).toBeNull()
  })
})

describe('what the queue waits for by the clock alone', () => {
  const sent = { attempts: 2, answered: 1, unansweredAtMs: 5_000 }
  const inDoubt = entry(1, { ...sent, state: 'sending', code: -7 })

  it('is a refusal beside a send without an answer, two minutes from that send, with all that waits behind it', () => {
    const settledAside = entry(9, { state: 'refused', question: asked({ kind: 'decide', code: -7 }) })
    expect(fenced([settledAside, inDoubt, entry(2), entry(3)])).toMatchObject({
      entry: { id: 'e1' },
      untilMs: 125_000,
      behind: 2,
    })
  })

  it('is a cash operation that nobody answered', () => {
    expect(fenced([entry(1, { ...sent, kind: 'deposit', state: 'recon' })])?.untilMs).toBe(125_000)
  })

  it.each([
    ['every send was answered', { ...inDoubt, answered: 2, unansweredAtMs: null }],
    ['the register may simply be asked again', { ...inDoubt, code: null }],
    ['a person is asked', { ...inDoubt, question: asked({ kind: 'fix', code: -6 }) }],
    ['it is in the list that the register keeps', { ...inDoubt, state: 'recon' }],
  ] as const)('is nothing where %s', (_, head) => {
    expect(fenced([head as Entry, entry(2)])).toBeNull()
  })
})
