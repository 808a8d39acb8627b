/** What a cashier has to know of the bank's part of a receipt. */
import type { Entry } from '../../queue/types.ts'

/**
 * `starting`: the bank application isn't open yet. `waiting`: the customer is at the device. `checking`: the bank is
 * being asked before anything else is done. `declined`, `asked`, `twice`: a person is asked.
 */
export type CardState = 'starting' | 'waiting' | 'checking' | 'declined' | 'asked' | 'twice'

/** A start that got no answer for so long, in ms, is in doubt: the customer may be waiting in vain. */
const START_DOUBTFUL_MS = 6_000

/** A customer needs less, in ms: after it the bank's screen may hang. */
const LONG_MS = 180_000

/** The bank's application has been open for longer than a payment takes. `nowMs`: ms since the epoch. */
export function takesLong(entry: Entry, nowMs: number): boolean {
  const startedAtMs = entry.bank?.attempts.at(-1)?.startedAtMs ?? null
  return startedAtMs !== null && nowMs - startedAtMs > LONG_MS && cardState(entry, nowMs) === 'waiting'
}

/** Null for an entry whose bank operation is decided, or that has none. `nowMs`: ms since the epoch. */
export function cardState(entry: Entry, nowMs: number): CardState | null {
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
      const last = leg.attempts.at(-1)
      if (last === undefined || last.state === 'planned') return 'starting'
      if (last.state !== 'started') return 'checking'
      if (last.accepted) return 'waiting'
      return nowMs - (last.startedAtMs ?? nowMs) < START_DOUBTFUL_MS ? 'starting' : 'checking'
    }
  }
}
