import { describe, expect, it } from 'vitest'
import { tiyn } from '../domain/money.ts'
import { attention, project, shownState } from './projection.ts'
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

describe('the state that a screen shows', () => {
  it.each([
    ['waiting', {}],
    ['sending', { state: 'sending', attempts: 1 }],
    ['unknown', { state: 'sending', attempts: 1, history: [{ atMs: 0, event: 'unknown', value: null }] }],
    ['sending', { state: 'acked' }],
    ['unknown', { state: 'recon' }],
    ['needsPerson', { state: 'sending', question: asked({ kind: 'fix', code: -6 }) }],
    ['refused', { state: 'refused', question: asked({ kind: 'decide', code: -10 }) }],
    ['settled', { state: 'refused', resolution: { kind: 'writtenOff', reason: 'x', atMs: 0 } }],
    ['done', { state: 'done' }],
  ] as const)('is %s', (state, change) => {
    expect(shownState(entry(1, change))).toBe(state)
  })
})

describe('the one attention sentence', () => {
  const printed = entry(1, { kind: 'print', question: asked({ kind: 'printed' }) })
  const paper = entry(2, { state: 'sending', question: asked({ kind: 'fix', code: -6 }) })

  it('is the device first, then what holds up the queue, then the rest', () => {
    const device = { ...DEVICE, question: asked({ kind: 'key', refused: null }) }
    expect(attention(device, [printed, paper])).toMatchObject({ entry: null, action: 'type', holdsUp: true })
    expect(attention(DEVICE, [printed, paper])).toMatchObject({ entry: { id: 'e2' }, action: 'goOn', holdsUp: true })
    expect(attention(DEVICE, [printed])).toMatchObject({ entry: { id: 'e1' }, action: 'yesNo', holdsUp: false })
    expect(attention(DEVICE, [])).toBeNull()
  })

  it('counts what is open, unsent, refused and paid by card but not registered', () => {
    const paid = entry(3, { bank: { message: 'purchase', amount: tiyn(100), state: 'paid', attempts: [] } })
    const refused = entry(4, { state: 'refused' })
    expect(project(DEVICE, [printed, paper, paid, refused])).toMatchObject({
      open: 4,
      unsent: 3,
      refused: 1,
      paidUnregistered: 1,
      beforeShiftClose: ['e1', 'e2', 'e3', 'e4'],
    })
  })
})
