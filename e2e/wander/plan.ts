/** What a seed decides: whom the walk is about, and its steps, each with chance of its own. */
import { Random } from '../../src/device-model/random.ts'
import { STEPS, type StepKind } from './steps.ts'

/** Which steps are likely. The directed ones meet one kind of fault soon. */
export const PROFILES = [
  'general',
  'windows',
  'taps',
  'links',
  'identity',
  'roles',
  'storage',
  'twoTills',
  'settings',
  'faults',
] as const
export type ProfileName = (typeof PROFILES)[number]

export interface PlannedStep {
  readonly kind: StepKind
  /** The step's own stream: leaving another step out changes nothing of this one. */
  readonly seed: number
}

export interface WalkPlan {
  readonly seed: number
  readonly profile: ProfileName
  /** The tills begin with cashiers and PINs. */
  readonly withCashiers: boolean
  readonly steps: readonly PlannedStep[]
}

export const DEFAULT_STEPS = 40

/** How much more likely (or less, or never) a profile makes the steps of a theme. */
const FACTORS: Readonly<Record<ProfileName, Readonly<Partial<Record<string, number>>>>> = {
  general: {},
  windows: { windows: 5, settings: 0.4, links: 0.2, second: 0, roles: 0.2, storage: 0 },
  taps: { taps: 8, links: 0, storage: 0, second: 0, roles: 0, register: 0.2, settings: 0.1 },
  links: { links: 8, register: 1.5, storage: 0, second: 0, taps: 0.2, settings: 0.2, windows: 0.5 },
  identity: { identity: 10, register: 2, storage: 0, second: 0, taps: 0, settings: 0.1, windows: 0.3, rare: 0.2 },
  roles: { roles: 6, rare: 3, shift: 2, storage: 0, links: 0.2, second: 0, taps: 0.2 },
  storage: { storage: 6, links: 0.5, taps: 0.2, settings: 0.3 },
  twoTills: { second: 12, links: 0.1, storage: 0, taps: 0.2, settings: 0.1, foreign: 0.5 },
  settings: { settings: 8, windows: 4, links: 1, second: 0, storage: 0, taps: 0.1 },
  faults: { register: 4, foreign: 2, links: 0.2, second: 0, storage: 0.2, taps: 0.3, settings: 0.2 },
}

const SHARES: readonly (readonly [ProfileName, number])[] = [
  ['general', 40],
  ['windows', 10],
  ['taps', 8],
  ['links', 6],
  ['identity', 6],
  ['roles', 8],
  ['storage', 4],
  ['twoTills', 6],
  ['settings', 6],
  ['faults', 6],
]

function weighted<T>(random: Random, table: readonly (readonly [T, number])[]): T {
  const total = table.reduce((sum, [, weight]) => sum + weight, 0)
  let left = random.fraction() * total
  for (const [value, weight] of table) {
    left -= weight
    if (left < 0) return value
  }
  const last = table.at(-1)
  if (last === undefined) throw new RangeError('weights of nothing')
  return last[0]
}

/** Everything that `seed` decides; the same for the same seed, profile and number of steps. */
export function makePlan(seed: number, wanted: ProfileName | null = null, count = DEFAULT_STEPS): WalkPlan {
  const random = Random.seeded(seed)
  const drawn = weighted(random, SHARES)
  const profile = wanted ?? drawn
  const withCashiers = random.chance(profile === 'roles' ? 1 : profile === 'settings' ? 0.6 : 0.25)
  const factors = FACTORS[profile]
  const table = (Object.keys(STEPS) as StepKind[]).map((kind) => {
    const { weight, theme } = STEPS[kind]
    return [kind, weight * (factors[theme] ?? 1)] as const
  })
  const steps = Array.from({ length: count }, (): PlannedStep => ({
    kind: weighted(random, table),
    seed: random.uint32(),
  }))
  return { seed, profile, withCashiers, steps }
}
