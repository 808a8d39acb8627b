/** Faults by chance, each kind from its own stream, so that leaving one out shifts no other. */
import { Random } from '../../src/device-model/random.ts'
import { FAULT_KINDS } from './plan.ts'
import type { FaultKind, Plan } from './plan.ts'

/** One fault that fired: its kind and its place among the opportunities of that kind. */
export interface Fired {
  readonly kind: FaultKind
  readonly place: number
}

const KIND_INDEX: ReadonlyMap<FaultKind, number> = new Map(FAULT_KINDS.map((kind, index) => [kind, index]))

export class Faults {
  readonly fired: Fired[] = []
  on = true
  /** Chance that belongs to no kind: latencies, a person's delay. */
  readonly chance: Random
  private readonly streams = new Map<FaultKind, { readonly random: Random; readonly rate: number; place: number }>()
  private readonly seed: number
  private readonly only: ReadonlySet<string> | null

  /** `only`: faults that may fire (`kind:place`), for shrinking; null for all. */
  constructor(plan: Plan, only: ReadonlySet<string> | null) {
    this.seed = plan.seed
    this.only = only
    this.chance = Random.seeded(plan.seed * 64 + 63)
    for (const kind of FAULT_KINDS) {
      const rate = plan.rates[kind]
      if (rate === undefined) continue
      const random = Random.seeded(plan.seed * 64 + (KIND_INDEX.get(kind) ?? 0))
      this.streams.set(kind, { random, rate, place: 0 })
    }
  }

  /** Whether the fault happens now. */
  hits(kind: FaultKind): boolean {
    const stream = this.streams.get(kind)
    if (!stream || !this.on) return false
    stream.place += 1
    if (!stream.random.chance(stream.rate)) return false
    if (this.only && !this.only.has(`${kind}:${stream.place}`)) return false
    this.fired.push({ kind, place: stream.place })
    return true
  }

  /** A number that belongs to the fault that fired last: the same however many others are left out. */
  detail(bound: number): number {
    const last = this.fired.at(-1)
    const mixed = this.seed * 131 + (last?.place ?? 0) * 31 + (KIND_INDEX.get(last?.kind ?? 'cut') ?? 0)
    return (Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d) >>> 3) % bound
  }
}
