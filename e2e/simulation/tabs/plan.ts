/** What one seed decides for a shop with several tabs: the browser's habits, rates of faults, and the day's events. */
import { DEFAULT_READINGS, drawReadings } from '../../../src/device-model/device.ts'
import type { DeviceReadings } from '../../../src/device-model/device.ts'
import { Random } from '../../../src/device-model/random.ts'

/** Faults by chance, each per opportunity. */
const RATES = {
  /** The request never arrives. */
  requestLost: [0.35, 0.12],
  answerLost: [0.4, 0.12],
  /** Arrives up to two minutes later; the page has given up by then. */
  executedLate: [0.3, 0.08],
  /** The browser repeats a registration by itself. */
  doubled: [0.25, 0.1],
  /** An answer that takes up to half a minute. */
  slow: [0.4, 0.15],
  reboot: [0.15, 0.02],
  busy: [0.2, 0.05],
  paper: [0.15, 0.03],
  /** After any task of a page. */
  dies: [0.35, 0.003],
  freezes: [0.45, 0.004],
  /** After a task of a page while a request of it is counted as on its way, for some seconds. */
  freezesSending: [0.3, 0.06],
  /** When its sale is durable, before the page hears of it. */
  freezesStoring: [0.3, 0.15],
  /** A frozen tab wakes in the moment in which its lock is taken. */
  wakesAtTheft: [0.4, 0.6],
  /** A transaction fails and has changed nothing. */
  storeFails: [0.3, 0.03],
  /** A transaction fails for the page, and its changes stand all the same. */
  storeLies: [0.15, 0.01],
  /** A message to a frozen page is thrown away. */
  messageLost: [0.5, 0.5],
  /** The steps that come later can't be fetched. */
  loadFails: [0.2, 0.3],
} as const
export type TabFault = keyof typeof RATES
export const TAB_FAULTS = Object.keys(RATES) as TabFault[]

export type DayEvent =
  | { readonly kind: 'sale'; readonly template: number; readonly twice: boolean }
  | { readonly kind: 'badSale' | 'deposit' | 'withdrawal' | 'xReport' | 'zReport' | 'twoReceipts' }
  | { readonly kind: 'prepare' | 'look' | 'contact' | 'typedKey' | 'hostLock' }
  | { readonly kind: 'freeze'; readonly forMs: number | null; readonly holder: boolean }
  | { readonly kind: 'kill' | 'stop'; readonly holder: boolean }
  | { readonly kind: 'open' }
  | { readonly kind: 'background'; readonly stepMs: number }
  | { readonly kind: 'deviceOff' | 'storageOff'; readonly forMs: number }

export interface TabPlan {
  readonly seed: number
  readonly tabs: number
  readonly locks: boolean
  readonly hostLock: boolean
  readonly readings: DeviceReadings
  /** Longest way of a message, a lock or a transaction, ms. */
  readonly delayMs: number
  readonly rates: Readonly<Partial<Record<TabFault, number>>>
  readonly events: readonly { readonly atMs: number; readonly event: DayEvent }[]
  /** No fault from here on (ms). */
  readonly calmFromMs: number
  /** Frozen tabs stay so for good; else they wake when the calm begins. */
  readonly frozenForGood: boolean
}

type Weights = readonly (readonly [DayEvent['kind'], number])[]

const EVENTS: Weights = [
  ['sale', 42],
  ['badSale', 3],
  ['deposit', 5],
  ['withdrawal', 2],
  ['xReport', 2],
  ['zReport', 3],
  ['twoReceipts', 3],
  ['prepare', 6],
  ['look', 6],
  ['contact', 2],
  ['typedKey', 3],
  ['hostLock', 2],
  ['freeze', 9],
  ['kill', 5],
  ['stop', 3],
  ['open', 5],
  ['background', 3],
  ['deviceOff', 3],
  ['storageOff', 3],
]

function eventOf(random: Random): DayEvent {
  let left = random.below(EVENTS.reduce((total, [, weight]) => total + weight, 0))
  const [kind] = EVENTS.find(([, weight]) => (left -= weight) < 0) ?? (['sale', 0] as const)
  switch (kind) {
    case 'sale':
      return { kind, template: random.below(6), twice: random.chance(0.1) }
    case 'freeze':
      return { kind, forMs: random.chance(0.3) ? null : 500 + random.below(150_000), holder: random.chance(0.7) }
    case 'kill':
    case 'stop':
      return { kind, holder: random.chance(0.6) }
    case 'background':
      return { kind, stepMs: random.pick([1_000, 1_000, 60_000]) }
    case 'deviceOff':
    case 'storageOff':
      return { kind, forMs: 1_000 + random.below(40_000) }
    default:
      return { kind }
  }
}

/** Everything that `seed` decides. */
export function makeTabPlan(seed: number): TabPlan {
  const random = Random.seeded(seed * 16)
  const roughness = random.pick([0, 0.4, 1, 1, 1.6])
  const rates: Partial<Record<TabFault, number>> = {}
  for (const fault of TAB_FAULTS) {
    const [on, rate] = RATES[fault]
    if (random.chance(on) && roughness > 0) rates[fault] = Math.min(0.6, rate * roughness)
  }
  const events: { atMs: number; event: DayEvent }[] = []
  // Some days are all at once: that is where tabs meet.
  const longestPauseMs = random.pick([150, 3_000, 20_000])
  let atMs = random.below(1_000)
  for (let count = random.between(4, 16); count > 0; count -= 1) {
    events.push({ atMs, event: eventOf(random) })
    atMs += random.below(longestPauseMs)
  }
  return {
    seed,
    tabs: random.between(2, 4),
    locks: random.chance(0.85),
    hostLock: random.chance(0.5),
    readings: random.chance(0.7) ? DEFAULT_READINGS : drawReadings(random, 0.7),
    delayMs: random.pick([1, 8, 60]),
    rates,
    events,
    calmFromMs: atMs + random.between(1_000, 90_000),
    frozenForGood: random.chance(0.5),
  }
}
