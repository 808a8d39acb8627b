/** What a cashier has to know of the bank's part of a receipt. */
import type { Entry } from '../../queue/types.ts'

/**
 * `starting`: the bank application isn't open yet. `waiting`: the customer is at the device. `checking`: the bank is
 * being asked before anything else is done. `declined`, `asked`, `twice`: a person is asked.
 */
export type CardState = 'starting' | 'waiting' | 'checking' | 'declined' | 'asked' | 'twice'

/** Null for an entry whose bank operation is decided, or that has none. */
export function cardState(entry: Entry): CardState | null {
  const leg = entry.bank
  if (leg?.state !== 'open' || entry.state === 'refused') return null
  switch (entry.question?.question.kind) {
    case 'cardDeclined':
      return 'declined'
    case 'cardCharged':
      return 'asked'
    case 'cardChargedTwice':
      return 'twice'
    default: {
      const last = leg.attempts.at(-1)?.state
      if (last === undefined || last === 'planned') return 'starting'
      return last === 'started' ? 'waiting' : 'checking'
    }
  }
}
