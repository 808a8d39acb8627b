/**
 * What the terminal asks of a person, if anything: one sentence and one button. Pure; the order of the rules is the
 * order of importance, because only one is shown.
 */
import type { MessageKey } from '../../i18n/schema.ts'
import { codeRow, taxCommitteeCode } from '../../ikkm/codes.ts'
import type { ClockTrouble } from '../../queue/register-now.ts'
import type { AskedQuestion, Entry, Question } from '../../queue/types.ts'
import type { ShiftState } from '../../stores/device.ts'
import { STORAGE_TEXTS, type StorageState } from '../common/storage-state.ts'
import type { IconName } from '../../ui/icons.ts'
import { SHIFT_LIMIT_MS, SHIFT_WARNS_AFTER_MS } from './shift-age.ts'

/** A value in a sentence; amounts (tiyn), spans and times (ms) are written by the component, which knows the language. */
export type AttentionValue =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'money'; readonly tiyn: number }
  | { readonly kind: 'time'; readonly ms: number }
  | { readonly kind: 'dateTime'; readonly ms: number }
  /** As the register shows and prints it. */
  | { readonly kind: 'registerTime'; readonly ms: number }
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
    | { readonly kind: 'reload' }
    /** Opens the question with its possible answers. */
    | { readonly kind: 'ask'; readonly question: AskedQuestion; readonly entry: Entry | null }
    /** Loads this window anew. */
    /** The button itself is the answer. */
    | { readonly kind: 'goOn'; readonly question: AskedQuestion }
}

export interface AttentionInput {
  /** Another window connected the till to another register. */
  readonly moved: boolean
  readonly setupDone: boolean
  readonly storage: StorageState
  readonly asked: { readonly question: AskedQuestion; readonly entry: Entry | null } | null
  /** A request without an answer that nothing may overtake; `untilMs` by the tablet's clock. */
  readonly waitsFor: { readonly mark: string; readonly untilMs: number; readonly behind: number } | null
  /** Another window holds the queue and doesn't react: when this one takes it over, null where it reacts. */
  readonly silentUntilMs: number | null
  readonly offlineSince: number | null
  readonly shift: ShiftState | null
  /**
   * Last number of a device in an open shift of which this tablet knows nothing: a new tablet, or one whose storage the
   * browser threw away. Null once it registered anything itself.
   */
  readonly unknownUpTo: number | null
  /** Since when a change waits for the shop server, ms, where that is longer than the shop wants; null else. */
  readonly unsentSinceMs: number | null
  /** The practice register opened by itself: it has to be seen that nothing is registered, until a person chooses. */
  readonly firstLook: boolean
  /** A person switched the register's lock off. */
  readonly lockOff: boolean
  /** The till that holds the register at the relay, null where it isn't known: its letters, and its last use, ms. */
  readonly holder: { readonly letters: string | null; readonly lastUseMs: number } | null
  /** Terminals with a real register at the server, as a first start found them. */
  readonly otherTills: number
  /** What is wrong with the tablet's clock. */
  readonly clock: ClockTrouble | null
  readonly nowMs: number
  /** The register's time; null where it isn't known. */
  readonly registerNowMs: number | null
}

/** Nothing is the matter: what a caller fills in with its own trouble. */
export const CALM: AttentionInput = {
  moved: false,
  setupDone: true,
  storage: 'works',
  asked: null,
  waitsFor: null,
  silentUntilMs: null,
  offlineSince: null,
  shift: null,
  unknownUpTo: null,
  unsentSinceMs: null,
  firstLook: false,
  lockOff: false,
  holder: null,
  otherTills: 0,
  clock: null,
  nowMs: 0,
  registerNowMs: null,
}

const text = (value: string | number): AttentionValue => ({ kind: 'text', text: String(value) })
const money = (tiyn: number): AttentionValue => ({ kind: 'money', tiyn })

function fixReason(code: number): AttentionValue {
  const named = { code: String(code), committee: String(taxCommitteeCode(code) ?? '') }
  return { kind: 'message', key: codeRow(code).cause, named }
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

function holderWords(holder: AttentionInput['holder']): Words {
  const action = 'attention.registerHeldAction'
  if (holder === null || holder.letters === null) return { text: 'attention.registerHeldUnknown', values: {}, action }
  const values = { letters: text(holder.letters), time: { kind: 'time' as const, ms: holder.lastUseMs } }
  return { text: 'attention.registerHeld', values, action }
}

function questionWords(question: Question, entry: Entry | null, holder: AttentionInput['holder']): Words {
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
      if (codeRow(question.code).class === 'till') return holderWords(holder)
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
    case 'otherTill':
      return question.number === null
        ? { text: 'attention.otherTillUnknown', values: {}, action: 'attention.answerAction' }
        : {
            text: 'attention.otherTill',
            values: { number: text(question.number) },
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
      // Whoever may take it over does so on the device page, where it says from whom.
      return codeRow(asked.question.code).class === 'till'
        ? { kind: 'open', path: '/device' }
        : { kind: 'goOn', question: asked }
    case 'readDeviceLog':
      return { kind: 'goOn', question: asked }
    default:
      return { kind: 'ask', question: asked, entry }
  }
}

const URGENT: readonly Question['kind'][] = ['cardChargedTwice', 'cardCharged', 'shiftMismatch']

/** `1:05`: what is left of a wait, in ms. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1_000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** Goes on by itself: what is waited for can be looked at. */
function waiting(key: MessageKey, values: Attention['values']): Attention {
  return {
    text: key,
    values,
    action: 'attention.openAction',
    tone: 'info',
    icon: 'info',
    does: { kind: 'open', path: '/queue' },
  }
}

const CLOCK_TEXTS = {
  differs: 'attention.clockDiffers',
  zone: 'attention.clockZone',
  behind: 'attention.clockBehind',
} as const

/** Receipts are right all the same: the register dates them. What the tablet alone shows isn't. */
function wrongClock({ kind, registerMs, tabletMs }: ClockTrouble): Attention {
  return {
    text: CLOCK_TEXTS[kind],
    values: { tablet: { kind: 'dateTime', ms: tabletMs }, register: { kind: 'registerTime', ms: registerMs } },
    action: 'attention.openAction',
    tone: 'warn',
    icon: 'alert',
    does: { kind: 'open', path: '/device' },
  }
}

/** The one thing to say now, or null when the terminal needs nobody. */
export function attentionOf(input: AttentionInput): Attention | null {
  if (input.storage === 'newer' || input.storage === 'gone') {
    return {
      text: STORAGE_TEXTS[input.storage],
      values: {},
      action: 'attention.reloadAction',
      tone: 'danger',
      icon: 'alert',
      does: { kind: 'reload' },
    }
  }
  if (input.storage === 'replaced') {
    return {
      text: STORAGE_TEXTS.replaced,
      values: {},
      action: 'attention.openAction',
      tone: 'danger',
      icon: 'alert',
      does: { kind: 'open', path: '/journal' },
    }
  }
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
  if (input.moved) {
    return {
      text: 'windows.moved',
      values: {},
      action: 'windows.movedAction',
      tone: 'danger',
      icon: 'alert',
      does: { kind: 'reload' },
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
    return { ...questionWords(asked.question, entry, input.holder), tone, icon: 'alert', does: doesFor(asked, entry) }
  }
  if (input.silentUntilMs !== null) {
    return waiting('attention.silentWindow', { left: text(countdown(input.silentUntilMs - input.nowMs)) })
  }
  if (input.waitsFor !== null) {
    const { mark, untilMs, behind } = input.waitsFor
    const values = { mark: text(mark), left: text(countdown(untilMs - input.nowMs)), behind: text(behind) }
    return waiting(behind > 0 ? 'attention.fencedOthers' : 'attention.fenced', values)
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
  const openFor = openedAt === null || input.registerNowMs === null ? null : input.registerNowMs - openedAt
  if (openFor !== null && openFor >= SHIFT_WARNS_AFTER_MS) {
    const over = openFor >= SHIFT_LIMIT_MS
    return {
      text: over ? 'attention.shiftOver' : 'attention.shiftAges',
      values: { time: { kind: 'duration', ms: openFor } },
      action: 'attention.shiftAgesAction',
      tone: over ? 'danger' : 'warn',
      icon: 'shift',
      does: { kind: 'open', path: '/shift' },
    }
  }
  if (input.clock !== null) return wrongClock(input.clock)
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
  if (input.lockOff) {
    return {
      text: 'attention.lockOff',
      values: {},
      action: 'attention.openAction',
      tone: 'warn',
      icon: 'lock',
      does: { kind: 'open', path: '/device' },
    }
  }
  if (input.unsentSinceMs !== null) {
    return {
      text: 'attention.unsent',
      values: { time: { kind: 'dateTime', ms: input.unsentSinceMs } },
      action: 'attention.openAction',
      tone: 'warn',
      icon: 'cloud',
      does: { kind: 'open', path: '/device' },
    }
  }
  if (input.firstLook) {
    const known = input.otherTills > 0
    return {
      text: known ? 'attention.firstLookTills' : 'attention.firstLook',
      values: {},
      action: 'attention.firstLookAction',
      tone: known ? 'warn' : 'info',
      icon: known ? 'alert' : 'info',
      does: { kind: 'open', path: '/setup' },
    }
  }
  return null
}
