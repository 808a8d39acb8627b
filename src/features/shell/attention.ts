/**
 * What the terminal asks of a person, if anything: one sentence and one button. Pure; the order of the rules is the
 * order of importance, because only one is shown.
 */
import type { MessageKey } from '../../i18n/schema.ts'
import { taxCommitteeCode } from '../../ikkm/errors.ts'
import type { AskedQuestion, Entry, Question } from '../../queue/types.ts'
import type { ShiftState } from '../../stores/device.ts'
import { STORAGE_TEXTS, type StorageState } from './storage-state.ts'
import type { IconName } from '../../ui/icon-paths.ts'
import { SHIFT_LIMIT_MS, SHIFT_WARNS_AFTER_MS } from './shift-age.ts'

/** A value in a sentence; amounts (tiyn), spans and times (ms) are written by the component, which knows the language. */
export type AttentionValue =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'money'; readonly tiyn: number }
  | { readonly kind: 'time'; readonly ms: number }
  | { readonly kind: 'duration'; readonly ms: number }
  | { readonly kind: 'message'; readonly key: MessageKey; readonly named: Readonly<Record<string, string>> }

export interface Attention {
  readonly text: MessageKey
  readonly values: Readonly<Record<string, AttentionValue>>
  readonly action: MessageKey
  readonly tone: 'warn' | 'danger' | 'info'
  readonly icon: IconName
  readonly does:
    | { readonly kind: 'open'; readonly path: string }
    /** Opens the question with its possible answers. */
    | { readonly kind: 'ask'; readonly question: AskedQuestion; readonly entry: Entry | null }
    /** The button itself is the answer. */
    | { readonly kind: 'goOn'; readonly question: AskedQuestion }
}

export interface AttentionInput {
  readonly setupDone: boolean
  readonly storage: StorageState
  readonly asked: { readonly question: AskedQuestion; readonly entry: Entry | null } | null
  readonly offlineSince: number | null
  readonly shift: ShiftState | null
  /**
   * Last number of a device in an open shift of which this tablet knows nothing: a new tablet, or one whose storage the
   * browser threw away. Null once it registered anything itself.
   */
  readonly unknownUpTo: number | null
  readonly nowMs: number
}

/** Nothing is the matter: what a caller fills in with its own trouble. */
export const CALM: AttentionInput = {
  setupDone: true,
  storage: 'works',
  asked: null,
  offlineSince: null,
  shift: null,
  unknownUpTo: null,
  nowMs: 0,
}

const text = (value: string | number): AttentionValue => ({ kind: 'text', text: String(value) })
const money = (tiyn: number): AttentionValue => ({ kind: 'money', tiyn })

/** Codes of `fix` with a sentence of their own (source 004, chapter 11.1). */
const FIXES = {
  '-4': 'fix.c4',
  '-5': 'fix.c5',
  '-6': 'fix.c6',
  '-11': 'fix.c11',
  '-16': 'fix.c16',
  '-18': 'fix.c18',
  '-99': 'fix.c99',
} as const

function fixReason(code: number): AttentionValue {
  const committee = taxCommitteeCode(code)
  if (committee !== null) {
    return { kind: 'message', key: 'fix.blocked', named: { code: String(code), committee: String(committee) } }
  }
  const key = FIXES[String(code) as keyof typeof FIXES] as MessageKey | undefined
  return { kind: 'message', key: key ?? 'fix.other', named: { code: String(code) } }
}

/** A refund's or reversal's money goes the other way. */
const givesBack = (entry: Entry | null): boolean =>
  entry?.bank?.message === 'refund' || entry?.bank?.message === 'reversal'

const GIVEN_BACK = {
  cardCharged: 'attention.cardReturned',
  cardDeclined: 'attention.cardReturnDeclined',
  cardChargedTwice: 'attention.cardReturnedTwice',
} as const

type Words = Pick<Attention, 'text' | 'values' | 'action'>

function questionWords(question: Question, entry: Entry | null): Words {
  switch (question.kind) {
    case 'key':
      return question.refused === null
        ? { text: 'attention.key', values: {}, action: 'attention.keyAction' }
        : { text: 'attention.keyRefused', values: { key: text(question.refused) }, action: 'attention.keyAction' }
    case 'wrongDevice':
      return {
        text: 'attention.wrongDevice',
        values: { found: text(question.found), expected: text(question.expected) },
        action: 'attention.wrongDeviceAction',
      }
    case 'closeShift':
      return {
        text: 'attention.closeShift',
        values: { shift: text(question.shift) },
        action: 'attention.closeShiftAction',
      }
    case 'fix':
      return { text: 'attention.fix', values: { reason: fixReason(question.code) }, action: 'attention.fixAction' }
    case 'readDeviceLog':
      return { text: 'attention.readDeviceLog', values: { code: text(question.code) }, action: 'attention.fixAction' }
    case 'isReceiptOurs':
      return question.number === null
        ? {
            text: 'attention.isReceiptOursUnknown',
            values: { mark: text(question.mark) },
            action: 'attention.answerAction',
          }
        : {
            text: 'attention.isReceiptOurs',
            values: { number: text(question.number), mark: text(question.mark) },
            action: 'attention.answerAction',
          }
    case 'depositDone':
      return {
        text: question.operation === 'deposit' ? 'attention.depositDone' : 'attention.withdrawalDone',
        values: { amount: money(question.amount) },
        action: 'attention.answerAction',
      }
    case 'cardCharged':
    case 'cardDeclined':
    case 'cardChargedTwice':
      return {
        text: givesBack(entry) ? GIVEN_BACK[question.kind] : `attention.${question.kind}`,
        values: { amount: money(question.amount) },
        action: 'attention.answerAction',
      }
    case 'printed':
      return { text: 'attention.printed', values: {}, action: 'attention.answerAction' }
    case 'shiftMismatch':
      return {
        text: 'attention.shiftMismatch',
        values: { shift: text(question.shift), missing: text(question.missing.join(', ')) },
        action: 'attention.answerAction',
      }
    case 'decide':
      return { text: 'attention.decide', values: { mark: text(entry?.mark ?? '') }, action: 'attention.openAction' }
  }
}

function doesFor(asked: AskedQuestion, entry: Entry | null): Attention['does'] {
  switch (asked.question.kind) {
    // The key has one place, the device page: there it is typed, scanned and seen to be accepted.
    case 'key':
    case 'wrongDevice':
      return { kind: 'open', path: '/device' }
    case 'decide':
      return { kind: 'open', path: '/queue' }
    case 'fix':
    case 'readDeviceLog':
      return { kind: 'goOn', question: asked }
    default:
      return { kind: 'ask', question: asked, entry }
  }
}

const URGENT: readonly Question['kind'][] = ['cardChargedTwice', 'cardCharged', 'shiftMismatch']

/** The one thing to say now, or null when the terminal needs nobody. */
export function attentionOf(input: AttentionInput): Attention | null {
  if (input.storage !== 'works') {
    return {
      text: STORAGE_TEXTS[input.storage],
      values: {},
      action: 'attention.storageAction',
      tone: 'danger',
      icon: 'alert',
      does: { kind: 'open', path: '/settings' },
    }
  }
  if (!input.setupDone) {
    return {
      text: 'attention.setup',
      values: {},
      action: 'attention.setupAction',
      tone: 'info',
      icon: 'device',
      does: { kind: 'open', path: '/setup' },
    }
  }
  if (input.asked !== null) {
    const { question: asked, entry } = input.asked
    const tone = URGENT.includes(asked.question.kind) ? 'danger' : 'warn'
    return { ...questionWords(asked.question, entry), tone, icon: 'alert', does: doesFor(asked, entry) }
  }
  if (input.offlineSince !== null) {
    return {
      text: 'attention.offline',
      values: { time: { kind: 'time', ms: input.offlineSince } },
      action: 'attention.offlineAction',
      tone: 'warn',
      icon: 'offline',
      does: { kind: 'open', path: '/device' },
    }
  }
  const openedAt = input.shift?.open === true ? input.shift.openedAt : null
  if (openedAt !== null && input.nowMs - openedAt >= SHIFT_WARNS_AFTER_MS) {
    const over = input.nowMs - openedAt >= SHIFT_LIMIT_MS
    return {
      text: over ? 'attention.shiftOver' : 'attention.shiftAges',
      values: { time: { kind: 'duration', ms: input.nowMs - openedAt } },
      action: 'attention.shiftAgesAction',
      tone: over ? 'danger' : 'warn',
      icon: 'shift',
      does: { kind: 'open', path: '/shift' },
    }
  }
  if (input.unknownUpTo !== null && input.shift !== null) {
    return {
      text: 'attention.unknownReceipts',
      values: { number: text(input.unknownUpTo) },
      action: 'attention.unknownAction',
      tone: 'info',
      icon: 'info',
      does: { kind: 'open', path: `/shift?shift=${String(input.shift.number)}&view=comparison` },
    }
  }
  return null
}
