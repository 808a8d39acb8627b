/** What happens in one life of the browser: drawn from a seed, so that a run can be repeated move for move. */
import { Random } from '../../src/device-model/random.ts'
import type { FaultOrder } from '../emulators/ikkm-faults.ts'

/** When the browser dies. `afterMs` counts from the named moment. */
export type Moment =
  /** On the payment screen, Pay not yet tapped. */
  | { readonly kind: 'beforeTap' }
  /** So soon after the tap that the record may or may not be on the disk. */
  | { readonly kind: 'storing'; readonly afterMs: number }
  /** A registration has arrived at the device. */
  | { readonly kind: 'wire'; readonly afterMs: number }
  /** The answer to a registration has left the device. */
  | { readonly kind: 'answered'; readonly afterMs: number }
  /** A read that follows a registration has arrived at the device. */
  | { readonly kind: 'audit'; readonly afterMs: number }
  | { readonly kind: 'later'; readonly afterMs: number }
  /** No sale in this life: it dies while it finds out what the last one left. */
  | { readonly kind: 'recovery'; readonly afterMs: number }

export interface LifePlan {
  /** Wait until nothing is open before the sale. */
  readonly drainsFirst: boolean
  /** A whole sale before the one that is interrupted. */
  readonly extraSale: boolean
  /** Place of the product in the grid. */
  readonly product: number
  readonly faults: readonly FaultOrder[]
  readonly moment: Moment
}

const REGISTRATION = '/api/'
const READ = '/apicheck'

function drawFaults(random: Random): FaultOrder[] {
  const dice = random.below(100)
  if (dice < 35) return []
  if (dice < 60) return [{ kind: 'delay', ms: random.between(50, 1_200), match: REGISTRATION }]
  if (dice < 72) return [{ kind: 'drop-after', match: REGISTRATION }]
  if (dice < 82) return [{ kind: 'drop-before', match: REGISTRATION }]
  if (dice < 88) return [{ kind: 'cut', bytes: random.below(8), whole: random.chance(0.5), match: REGISTRATION }]
  if (dice < 94) return [{ kind: 'delay', ms: random.between(50, 800), match: READ }]
  return [
    { kind: 'drop-after', match: REGISTRATION },
    { kind: 'delay', ms: random.between(50, 500), match: REGISTRATION },
  ]
}

function drawMoment(random: Random): Moment {
  const dice = random.below(100)
  if (dice < 8) return { kind: 'beforeTap' }
  if (dice < 33) return { kind: 'storing', afterMs: random.between(0, 40) }
  if (dice < 55) return { kind: 'wire', afterMs: random.between(0, 60) }
  if (dice < 70) return { kind: 'answered', afterMs: random.between(0, 25) }
  if (dice < 82) return { kind: 'audit', afterMs: random.between(0, 25) }
  if (dice < 90) return { kind: 'later', afterMs: random.between(0, 3_000) }
  return { kind: 'recovery', afterMs: random.between(0, 3_000) }
}

/** The plan of life `life` of a lane; the same for the same seed. */
export function planLife(seed: number, lane: number, life: number): LifePlan {
  const random = Random.seeded(seed * 1_000_003 + lane * 10_007 + life)
  return {
    drainsFirst: random.chance(0.5),
    extraSale: random.chance(0.15),
    product: random.below(8),
    faults: drawFaults(random),
    moment: drawMoment(random),
  }
}
