/** What one seed decides before anything runs: readings of the device, kinds of faults and their rates, the day's work. */
import { drawReadings, DEFAULT_READINGS } from '../../src/device-model/device.ts'
import type { DeviceReadings } from '../../src/device-model/device.ts'
import { Random } from '../../src/device-model/random.ts'
import type { EntryKind } from '../../src/queue/types.ts'

/** Faults of the network, the app, the device and the world. Each kind has its own stream of chance. */
export const FAULT_KINDS = [
  'requestLost',
  'replyLost',
  'networkError',
  'executedLate',
  'doubled',
  'doubledLate',
  'cut',
  'zero',
  'html',
  'mixed',
  'reasonLost',
  'crashBefore',
  'crashAfter',
  'zombie',
  'foreignBefore',
  'foreignTwice',
  'foreignIdle',
  'reboot',
  'paper',
  'internalError',
  'blocked',
  'battery',
  'overdue',
  'offline72',
  'cashier',
  'wrongDevice',
  'clockJump',
  'wrongKeyTyped',
  'bankFails',
  'bankVanishes',
  'keyChanged',
  'evicted',
  // Another till at the same register, which sells what we sell: in turn with us, and at the moment we pay.
  'rivalInTurn',
  'rivalAtOnce',
] as const
export type FaultKind = (typeof FAULT_KINDS)[number]

export type ProfileName =
  | 'general'
  | 'calm'
  | 'zHeavy'
  | 'lateZ'
  | 'cashHeavy'
  | 'identicalForeign'
  | 'bankHeavy'
  | 'weakRights'
  | 'drain'
  | 'silence'
  | 'poorDrawer'
  | 'trouble'
  | 'twoTills'

export interface Plan {
  readonly seed: number
  readonly profile: ProfileName
  readonly readings: DeviceReadings
  readonly rates: Readonly<Partial<Record<FaultKind, number>>>
  readonly entries: readonly PlannedEntry[]
  readonly hostLock: boolean
  /** The other till has an address of its own, so that the lock keeps it out; else both are granted it. */
  readonly rivalApart: boolean
  /** The device's cashier may not read reports. */
  readonly weakRights: boolean
  /** Foreign documents copy the entry that is under way. */
  readonly identicalForeign: boolean
  /** Nothing in the drawer at the start: returns are refused with -15 until a deposit. */
  readonly poorDrawer: boolean
  /** The device draws from so few keys that equal ones come by chance. */
  readonly fewKeys: boolean
  /** All receipts are the same receipt. */
  readonly oneTemplate: boolean
  /** No fault after this moment (ms). */
  readonly calmFromMs: number
}

export interface PlannedEntry {
  readonly kind: EntryKind | 'cardSale' | 'badSale'
  readonly atMs: number
  readonly template: number
}

/** Chance that a kind is on in a seed, and its rate per opportunity when it is. */
const GENERAL: Readonly<Record<FaultKind, readonly [on: number, rate: number]>> = {
  requestLost: [0.4, 0.12],
  replyLost: [0.45, 0.12],
  networkError: [0.3, 0.1],
  executedLate: [0.3, 0.08],
  doubled: [0.3, 0.1],
  doubledLate: [0.2, 0.08],
  cut: [0.2, 0.06],
  zero: [0.15, 0.05],
  html: [0.15, 0.05],
  mixed: [0.1, 0.05],
  reasonLost: [0.2, 0.3],
  crashBefore: [0.3, 0.02],
  crashAfter: [0.35, 0.025],
  zombie: [0.5, 0.4],
  foreignBefore: [0.25, 0.06],
  foreignTwice: [0.1, 0.04],
  foreignIdle: [0.15, 0.02],
  reboot: [0.2, 0.02],
  paper: [0.15, 0.02],
  internalError: [0.15, 0.03],
  blocked: [0.06, 0.01],
  battery: [0.06, 0.01],
  overdue: [0.1, 0.02],
  offline72: [0.05, 0.01],
  cashier: [0.06, 0.01],
  wrongDevice: [0.08, 0.01],
  clockJump: [0.12, 0.02],
  wrongKeyTyped: [0.15, 0.3],
  bankFails: [0.3, 0.3],
  bankVanishes: [0.2, 0.2],
  keyChanged: [0.08, 0.01],
  // At a restart: the browser threw the whole storage away meanwhile.
  evicted: [0.06, 0.25],
  rivalInTurn: [0.08, 0.2],
  rivalAtOnce: [0.08, 0.2],
}

const FOREIGN = ['foreignBefore', 'foreignTwice', 'foreignIdle', 'rivalInTurn', 'rivalAtOnce'] as const
const NO_FOREIGN = { foreignBefore: 0, foreignTwice: 0, foreignIdle: 0, rivalInTurn: 0, rivalAtOnce: 0 }
const MEETS_OLD_KEY = ['executedLate', 'doubledLate', 'networkError', 'keyChanged', 'overdue', 'cashier'] as const

type KindWeights = readonly (readonly [PlannedEntry['kind'], number])[]

const MIXED: KindWeights = [
  ['registration', 62],
  ['badSale', 5],
  ['deposit', 9],
  ['withdrawal', 6],
  ['zReport', 6],
  ['xReport', 3],
  ['print', 2],
  ['cardSale', 6],
  ['bank', 1],
]
const WORK: Readonly<Record<ProfileName, KindWeights>> = {
  general: MIXED,
  calm: MIXED,
  silence: MIXED,
  trouble: MIXED,
  poorDrawer: [
    ['registration', 60],
    ['deposit', 40],
  ],
  zHeavy: [
    ['registration', 50],
    ['zReport', 45],
    ['deposit', 5],
  ],
  lateZ: [
    ['registration', 55],
    ['zReport', 45],
  ],
  cashHeavy: [
    ['registration', 35],
    ['deposit', 40],
    ['withdrawal', 25],
  ],
  identicalForeign: [['registration', 100]],
  twoTills: [['registration', 100]],
  bankHeavy: [
    ['cardSale', 70],
    ['bank', 10],
    ['registration', 20],
  ],
  weakRights: [
    ['registration', 80],
    ['deposit', 10],
    ['withdrawal', 10],
  ],
  drain: [
    ['registration', 97],
    ['badSale', 3],
  ],
}

/** Kinds that a profile forces on with a rate of its own, or off with 0. */
const FORCED: Readonly<Partial<Record<ProfileName, Readonly<Partial<Record<FaultKind, number>>>>>> = {
  calm: { ...NO_FOREIGN, keyChanged: 0, overdue: 0, cashier: 0 },
  silence: { requestLost: 0.3, replyLost: 0.3, executedLate: 0.15, crashAfter: 0.05 },
  identicalForeign: { foreignBefore: 0.12, foreignTwice: 0.12, replyLost: 0.15, requestLost: 0.15 },
  twoTills: { rivalInTurn: 0.35, rivalAtOnce: 0.2, foreignBefore: 0, foreignTwice: 0, foreignIdle: 0, cashier: 0 },
  zHeavy: { foreignIdle: 0.08, executedLate: 0.12 },
  // A Z that is under way for long while somebody closes the same shift at the device, and the next sale opens another.
  lateZ: {
    executedLate: 0.25,
    foreignIdle: 0.2,
    requestLost: 0,
    replyLost: 0,
    cut: 0,
    html: 0,
    zero: 0,
    wrongDevice: 0,
  },
  poorDrawer: { ...NO_FOREIGN, replyLost: 0.2, executedLate: 0.2 },
  trouble: { replyLost: 0.25, paper: 0.08, overdue: 0.08, internalError: 0.05 },
  // What the terminal can't see without reports, it can't decide: the lock is what keeps others out.
  weakRights: { ...NO_FOREIGN, cashier: 0, internalError: 0, keyChanged: 0 },
  drain: NO_FOREIGN,
}

const PROFILES: readonly (readonly [ProfileName, number])[] = [
  ['general', 50],
  ['calm', 12],
  ['zHeavy', 8],
  ['cashHeavy', 8],
  ['identicalForeign', 5],
  ['bankHeavy', 5],
  ['weakRights', 3],
  ['drain', 3],
  ['silence', 2],
  ['poorDrawer', 2],
  ['trouble', 2],
  ['lateZ', 1],
  ['twoTills', 5],
]

function weighted<T>(random: Random, table: readonly (readonly [T, number])[]): T {
  let total = 0
  for (const [, weight] of table) total += weight
  let left = random.below(total)
  for (const [value, weight] of table) {
    left -= weight
    if (left < 0) return value
  }
  throw new RangeError('weights of nothing')
}

/** Everything that `seed` decides; the same for the same seed and profile. */
export function makePlan(seed: number, wanted: ProfileName | null = null): Plan {
  const random = Random.seeded(seed)
  const drawn = weighted(random, PROFILES)
  const profile = wanted ?? drawn
  const forced = FORCED[profile] ?? {}
  // Some seeds are rough, some nearly calm.
  const roughness = random.pick([0.3, 0.7, 1, 1, 1.6])
  const rates: Partial<Record<FaultKind, number>> = {}
  for (const kind of FAULT_KINDS) {
    const [on, rate] = GENERAL[kind]
    const force = forced[kind]
    const drawnRate = random.chance(on) ? rate * roughness : 0
    const chosen = force === undefined ? drawnRate : force === 0 ? 0 : Math.max(drawnRate, force * roughness)
    if (chosen > 0) rates[kind] = Math.min(0.6, chosen)
  }
  // Checks without reports can't tell a foreign document (queue.md, -16): shown on the device page, not proven here.
  if (rates.cashier !== undefined) for (const kind of FOREIGN) delete rates[kind]
  const count = profile === 'drain' ? random.between(8, 24) : random.between(1, 6)
  const burst = profile === 'drain' || profile === 'lateZ' || random.chance(0.35)
  const entries: PlannedEntry[] = []
  let atMs = 1000
  for (let index = 0; index < count; index += 1) {
    const template = random.below(6)
    // Returns and purchases, which take cash out.
    const paysOut = profile === 'poorDrawer' && random.chance(0.6)
    entries.push({ kind: weighted(random, WORK[profile]), atMs, template: paysOut ? 3 + (template % 2) : template })
    atMs += burst ? random.below(1500) : random.below(60_000)
  }
  const weakRights = profile === 'weakRights'
  const fewKeys = random.chance(0.04)
  // A copy, or a repetition after somebody else's document, that meets its own key again by chance (1 in 10^8 on a real
  // device) can't be told from a sale.
  if (fewKeys) for (const kind of [...FOREIGN, ...MEETS_OLD_KEY]) delete rates[kind]
  return {
    seed,
    profile,
    readings: fewKeys || random.chance(0.25) ? DEFAULT_READINGS : drawReadings(random, 0.5),
    rates,
    entries,
    hostLock: weakRights || profile === 'drain' || random.chance(0.4),
    weakRights,
    identicalForeign: profile === 'identicalForeign' || random.chance(0.15),
    poorDrawer: profile === 'poorDrawer' || random.chance(profile === 'cashHeavy' ? 0.4 : 0.15),
    fewKeys,
    rivalApart: random.chance(0.4),
    oneTemplate: profile === 'identicalForeign' || profile === 'twoTills' || random.chance(0.1),
    calmFromMs: atMs + random.between(5_000, 240_000),
  }
}
