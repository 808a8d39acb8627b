/** What can go wrong between a client and the emulated device, and when it does. */
import type { ForeignOperation } from '../../src/device-model/device.ts'
import { Random } from '../../src/device-model/random.ts'

/** Concern one request and end it. See the list at the top of `ikkm.ts`. */
export type RequestFault =
  | { readonly kind: 'drop-before' }
  | { readonly kind: 'drop-after' }
  | { readonly kind: 'execute-late'; readonly ms?: number }
  | { readonly kind: 'double' }
  | { readonly kind: 'hang'; readonly execute?: boolean }
  | { readonly kind: 'cut'; readonly bytes?: number; readonly whole?: boolean }
  | { readonly kind: 'html'; readonly body?: string }
  | { readonly kind: 'empty-reason' }
  | {
      readonly kind: 'answer'
      readonly status?: number
      readonly reason?: string
      readonly body?: string
      readonly execute?: boolean
    }
  | { readonly kind: 'busy' }
  | { readonly kind: 'code'; readonly code: number }
  | { readonly kind: 'close-keepalive'; readonly execute?: boolean }

/** Happen before a request and let it go on. */
export type SideFault =
  | { readonly kind: 'delay'; readonly ms?: number }
  | { readonly kind: 'foreign'; readonly operation?: ForeignOperation }
  | { readonly kind: 'no-paper' }
  | { readonly kind: 'paper' }
  | { readonly kind: 'no-printer' }
  | { readonly kind: 'low-battery' }
  | { readonly kind: 'blocked'; readonly code?: number }
  | { readonly kind: 'unblocked' }
  | { readonly kind: 'reboot' }
  | { readonly kind: 'wrong-key' }
  | { readonly kind: 'down' }
  | { readonly kind: 'up' }

export type DeviceFault = RequestFault | SideFault
export type FaultKind = DeviceFault['kind']

/** When a fault strikes: the next `count` matching requests, or each with a probability. */
export interface FaultTiming {
  readonly count?: number
  /** 0 to 1. */
  readonly probability?: number
  /** Beginning of the path; every request where it is absent. */
  readonly match?: string
}

export type FaultOrder = DeviceFault & FaultTiming

const SIDE_KINDS: ReadonlySet<string> = new Set<SideFault['kind']>([
  'delay',
  'foreign',
  'no-paper',
  'paper',
  'no-printer',
  'low-battery',
  'blocked',
  'unblocked',
  'reboot',
  'wrong-key',
  'down',
  'up',
])
const REQUEST_KINDS: ReadonlySet<string> = new Set<RequestFault['kind']>([
  'drop-before',
  'drop-after',
  'execute-late',
  'double',
  'hang',
  'cut',
  'html',
  'empty-reason',
  'answer',
  'busy',
  'code',
  'close-keepalive',
])
/** These two belong to a request even without a timing. */
const NEVER_AT_ONCE: ReadonlySet<string> = new Set(['delay', 'foreign'])

/** True for a fault that changes something before the request goes on. */
function isSideFault(fault: DeviceFault): fault is SideFault {
  return SIDE_KINDS.has(fault.kind)
}

/** True for an order without timing whose fault needs no request: it happens now. */
export function happensAtOnce(order: FaultOrder): boolean {
  const timed = order.count !== undefined || order.probability !== undefined || order.match !== undefined
  return isSideFault(order) && !NEVER_AT_ONCE.has(order.kind) && !timed
}

/** Reads an order from JSON; the text says what is wrong with it. */
export function parseFaultOrder(value: unknown): FaultOrder | string {
  if (typeof value !== 'object' || value === null) return 'a fault is an object'
  const order = value as Record<string, unknown>
  const kind = String(order['kind'])
  if (!SIDE_KINDS.has(kind) && !REQUEST_KINDS.has(kind)) return `unknown kind: ${kind}`
  for (const name of ['count', 'probability', 'ms', 'bytes', 'status', 'code']) {
    const given = order[name]
    if (given !== undefined && (typeof given !== 'number' || !Number.isFinite(given))) return `${name} is no number`
  }
  if (kind === 'code' && typeof order['code'] !== 'number') return 'code is missing'
  return order as unknown as FaultOrder
}

interface Rule {
  readonly order: FaultOrder
  left: number
}

/** What strikes one request: everything that happens before it, and at most one fault that ends it. */
export interface Strike {
  readonly before: readonly SideFault[]
  readonly ending: RequestFault | null
}

/** The faults that wait for requests. */
export class FaultPlan {
  private rules: Rule[] = []
  private random = Random.seeded(1)

  add(order: FaultOrder): void {
    this.rules.push({ order, left: order.probability === undefined ? (order.count ?? 1) : Infinity })
  }

  /** Starts the random mode anew: each kind strikes with its probability, the same way for the same seed. */
  randomise(seed: number, probabilities: Partial<Record<FaultKind, number>>, match?: string): void {
    this.random = Random.seeded(seed)
    this.rules = this.rules.filter((rule) => rule.order.probability === undefined)
    for (const [kind, probability] of Object.entries(probabilities)) {
      const order = parseFaultOrder({ kind, probability, code: -2, ...(match !== undefined && { match }) })
      if (typeof order === 'string') throw new TypeError(order)
      this.add(order)
    }
  }

  clear(): void {
    this.rules = []
  }

  /** Orders that still wait. */
  pending(): readonly FaultOrder[] {
    return this.rules.map((rule) => rule.order)
  }

  /** What strikes this request; `reused` tells whether its connection carried one before. */
  take(path: string, reused: boolean): Strike {
    const before: SideFault[] = []
    let ending: RequestFault | null = null
    for (const rule of this.rules) {
      const { order } = rule
      if (order.match !== undefined && !path.startsWith(order.match)) continue
      if (order.kind === 'close-keepalive' && !reused) continue
      const side = isSideFault(order)
      if (!side && ending !== null) continue
      if (order.probability !== undefined && !this.random.chance(order.probability)) continue
      rule.left -= 1
      if (side) before.push(order)
      else ending = order
    }
    this.rules = this.rules.filter((rule) => rule.left > 0)
    return { before, ending }
  }
}
