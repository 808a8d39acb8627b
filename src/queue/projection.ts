/** What the screens show of the queue: a pure function of the stored records. */
import type { AskedQuestion, DeviceRecord, Entry, Question } from './types.ts'

/**
 * `waiting`: not sent yet, or waiting behind another. `sending`: on the wire, or answered and not audited.
 * `unknown`: sent without an answer, the device is being asked. `needsPerson`: a question is open. `refused`: the
 * device will not take it; correct it or write it off. `settled`: refused and resolved.
 */
export type ShownState = 'waiting' | 'bank' | 'sending' | 'unknown' | 'needsPerson' | 'done' | 'refused' | 'settled'

/** The state of one entry as a word on the screen. */
export function shownState(entry: Entry): ShownState {
  if (entry.state === 'done') return 'done'
  if (entry.state === 'refused') return entry.resolution === null ? 'refused' : 'settled'
  if (entry.question !== null) return 'needsPerson'
  switch (entry.state) {
    case 'queued':
      return entry.bank?.state === 'open' && entry.bank.attempts.length > 0 ? 'bank' : 'waiting'
    case 'sending':
      return entry.attempts > entry.answered && entry.history.at(-1)?.event === 'unknown' ? 'unknown' : 'sending'
    case 'acked':
      return 'sending'
    case 'recon':
      return 'unknown'
  }
}

/** The one thing that a person is asked to do now. `entry` is null for a question about the device. */
export interface Attention {
  readonly asked: AskedQuestion
  readonly entry: Entry | null
  /** false: selling and sending go on meanwhile. */
  readonly holdsUp: boolean
  /** What the one button does; `type`: a key has to be typed, `decide`: it needs a screen of its own. */
  readonly action: 'type' | 'goOn' | 'yesNo' | 'card' | 'refunded' | 'decide' | 'none'
}

function actionOf(question: Question): Attention['action'] {
  switch (question.kind) {
    case 'key':
      return 'type'
    case 'closeShift':
    case 'fix':
    case 'readDeviceLog':
    case 'shiftMismatch':
      return 'goOn'
    case 'isReceiptOurs':
    case 'depositDone':
    case 'cardCharged':
    case 'printed':
      return 'yesNo'
    case 'cardDeclined':
      return 'card'
    case 'cardChargedTwice':
      return 'refunded'
    case 'decide':
      return 'decide'
    case 'wrongDevice':
      return 'none'
  }
}

function holdsUp(question: Question): boolean {
  return question.kind !== 'printed' && question.kind !== 'decide'
}

/** The device's own question first, then the oldest that holds up the queue, then the oldest of the others. */
export function attention(device: DeviceRecord, open: readonly Entry[]): Attention | null {
  if (device.question) return about(device.question, null)
  const asking = open.filter((entry) => entry.question !== null)
  const first = asking.find((entry) => entry.question && holdsUp(entry.question.question)) ?? asking[0]
  return first?.question ? about(first.question, first) : null
}

function about(asked: AskedQuestion, entry: Entry | null): Attention {
  return { asked, entry, holdsUp: holdsUp(asked.question), action: actionOf(asked.question) }
}

export interface QueueProjection {
  readonly states: ReadonlyMap<string, ShownState>
  /** Unsettled entries, refused ones included. */
  readonly open: number
  /** Unsettled entries that the device still has to take. */
  readonly unsent: number
  /** Card sales that are paid and not yet registered. */
  readonly paidUnregistered: number
  readonly refused: number
  readonly attention: Attention | null
  /** What a Z would have to wait for: ids in order. */
  readonly beforeShiftClose: readonly string[]
}

/** Everything at once, for a store that recomputes on every change. */
export function project(device: DeviceRecord, open: readonly Entry[]): QueueProjection {
  const states = new Map(open.map((entry) => [entry.id, shownState(entry)]))
  const live = open.filter((entry) => entry.state !== 'refused')
  return {
    states,
    open: open.length,
    unsent: live.length,
    paidUnregistered: live.filter((entry) => entry.kind === 'registration' && entry.bank?.state === 'paid').length,
    refused: open.length - live.length,
    attention: attention(device, open),
    beforeShiftClose: open.filter((entry) => entry.kind !== 'zReport').map((entry) => entry.id),
  }
}
