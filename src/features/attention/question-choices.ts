/** The answers that a question has, as buttons: the calm one first, the one that acts last. */
import type { MessageKey } from '../../i18n/schema.ts'
import type { Answer, Question } from '../../queue/types.ts'

export interface Choice {
  readonly answer: Answer
  readonly word: MessageKey
  readonly variant: 'primary' | 'secondary' | 'danger'
}

const YES_NO: readonly Choice[] = [
  { answer: { kind: 'no' }, word: 'common.no', variant: 'secondary' },
  { answer: { kind: 'yes' }, word: 'common.yes', variant: 'primary' },
]
const FIXED: readonly Choice[] = [{ answer: { kind: 'goOn' }, word: 'attention.fixAction', variant: 'primary' }]

/** Every answer to this question; the key is typed on the device's page and has none here. */
export function choicesFor(asked: Question): readonly Choice[] {
  switch (asked.kind) {
    case 'isReceiptOurs':
    case 'depositDone':
    case 'cardCharged':
    case 'printed':
      return YES_NO
    case 'cardDeclined':
      return [
        { answer: { kind: 'giveUp' }, word: 'payment.cardOther', variant: 'secondary' },
        { answer: { kind: 'again' }, word: 'payment.cardAgain', variant: 'primary' },
      ]
    case 'cardChargedTwice':
      return [{ answer: { kind: 'refunded' }, word: 'attention.refunded', variant: 'primary' }]
    case 'shiftMismatch':
      return [
        { answer: { kind: 'giveUp' }, word: 'attention.keepShift', variant: 'secondary' },
        { answer: { kind: 'goOn' }, word: 'attention.closeShiftAction', variant: 'danger' },
      ]
    case 'otherTill':
      return [
        { answer: { kind: 'goOn' }, word: 'attention.onlyThisTill', variant: 'secondary' },
        { answer: { kind: 'lock' }, word: 'attention.lockToThisTill', variant: 'primary' },
      ]
    case 'closeShift':
      return [{ answer: { kind: 'goOn' }, word: 'attention.closeShiftAction', variant: 'primary' }]
    case 'key':
    case 'wrongDevice':
    case 'fix':
    case 'readDeviceLog':
    case 'decide':
      return FIXED
  }
}

/** Yes means a receipt whose number nobody could read: the person reads it from the paper. */
export const needsNumber = (asked: Question): boolean => asked.kind === 'isReceiptOurs' && asked.number === null

/** The document number that was typed (1 to 12 digits, above 0), or null while it is none. */
export function typedNumber(typed: string): number | null {
  const digits = typed.trim()
  return /^\d{1,12}$/.test(digits) && Number(digits) > 0 ? Number(digits) : null
}
