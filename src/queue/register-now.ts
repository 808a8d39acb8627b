/**
 * The register's time at this moment, for what is printed and shown; no receipt is decided by it (`register-clock.ts`).
 *
 * What teaches it: the `Date` header of every answer (source 004, chapters 5.2 and 11.1; a browser shows it to the page
 * over the relay, directly only where the register exposes it), our own proven receipts, and dates that the register has
 * written already, before which its clock can't stand. Everything is learned anew in each life of the page: the tablet's
 * clock may be set right while nobody looks. Within a life its two clocks betray that.
 */
import type { DatedMoment } from '../ikkm/device-time.ts'
import type { Stamp } from './effects.ts'
import { driftWithin, SAME_MS } from './register-clock.ts'
import type { ClockOffset } from './types.ts'

/** The register's clock stood between `low` and `high` (ms since the epoch) at `at`; Infinity: only the least is known. */
export interface KnownTime extends ClockOffset {
  readonly at: Stamp
}

export interface RegisterTime {
  readonly known: KnownTime | null
  /** What is known rests on headers alone. */
  readonly byHeaders: boolean
  /** A receipt has contradicted the headers: something on the way, or a clock that stands still, writes them. */
  readonly headersLie: boolean
}

export const NOTHING_KNOWN: RegisterTime = { known: null, byHeaders: false, headersLie: false }

/** More than this, and a person is told. */
const OFF_LIMIT_MS = 120_000
/** A time that is known worse than this is not shown. */
const NARROW_MS = 240_000
/** Time zones differ by whole half hours, and by no more than this. */
const ZONE_STEP_MS = 1_800_000
const FARTHEST_ZONE_MS = 12 * 3_600_000

/**
 * The interval at a later moment. Where the wall clock ran ahead of the steady one, either the steady one slept or
 * somebody set the wall clock: both are allowed for until the next contact. Set back, it can only have been set.
 */
function spanAt({ at, low, high }: KnownTime, now: Stamp): ClockOffset {
  const byMonoMs = now.mono - at.mono
  const byWallMs = now.wall - at.wall
  const driftMs = driftWithin(byMonoMs)
  const mostMs = byWallMs - byMonoMs > SAME_MS ? byWallMs : byMonoMs
  return { low: low + byMonoMs - driftMs, high: high + mostMs + driftMs }
}

function contradict(known: ClockOffset, news: ClockOffset): boolean {
  return known.low > news.high || known.high < news.low
}

/** What agrees with both; the newer where they contradict each other. */
function agreed(known: KnownTime | null, news: KnownTime): KnownTime {
  const before = known && spanAt(known, news.at)
  if (before === null || contradict(before, news)) return news
  return { at: news.at, low: Math.max(before.low, news.low), high: Math.min(before.high, news.high) }
}

/** After an answer that left at `left`, was there at `back` and carried this date. */
export function heardDate(time: RegisterTime, { at, widthMs }: DatedMoment, left: Stamp, back: Stamp): RegisterTime {
  if (time.headersLie) return time
  const news: KnownTime = { at: back, low: at, high: at + widthMs + Math.max(0, back.mono - left.mono) }
  const kept = time.known !== null && !contradict(spanAt(time.known, back), news)
  return { ...time, known: agreed(time.known, news), byHeaders: time.byHeaders || !kept }
}

/** After a proven receipt of ours: the register less the wall clock, as `learned` has it. Receipts outrank headers. */
export function taughtByReceipt(time: RegisterTime, offset: ClockOffset, now: Stamp): RegisterTime {
  const news: KnownTime = { at: now, low: now.wall + offset.low, high: now.wall + offset.high }
  const lie = time.byHeaders && time.known !== null && contradict(spanAt(time.known, now), news)
  return { known: lie ? news : agreed(time.known, news), byHeaders: false, headersLie: time.headersLie || lie }
}

/** After a read of something that the register dated `at`: its clock stands there or later. */
export function notBefore(time: RegisterTime, at: number, now: Stamp): RegisterTime {
  const known = agreed(time.known, { at: now, low: at, high: Infinity })
  return { ...time, known, byHeaders: time.byHeaders && known.high !== Infinity }
}

/**
 * The register's time, ms since the epoch. The tablet's own where nothing speaks against it; null where the tablet is
 * surely wrong and nothing says by how much.
 */
export function registerNow({ known }: RegisterTime, now: Stamp): number | null {
  if (known === null) return now.wall
  const { low, high } = spanAt(known, now)
  if (now.wall >= low && now.wall <= high) return now.wall
  return high - low <= NARROW_MS ? Math.round((low + high) / 2) : null
}

/** How wrong the tablet's clock is. */
export interface ClockTrouble {
  /** The register's time, or the least that it can be. */
  readonly registerMs: number
  readonly tabletMs: number
  readonly kind:
    | 'differs'
    /** By whole half hours: one of the two is set to another time zone. */
    | 'zone'
    /** At least: the register has already written this time. */
    | 'behind'
}

/** What is wrong where the two clocks surely differ by more than two minutes, else null. */
export function clockTrouble({ known }: RegisterTime, now: Stamp): ClockTrouble | null {
  if (known === null) return null
  const { low, high } = spanAt(known, now)
  const tabletMs = now.wall
  if (low - tabletMs <= OFF_LIMIT_MS && tabletMs - high <= OFF_LIMIT_MS) return null
  if (high - low > NARROW_MS) {
    return high === Infinity
      ? { registerMs: low, tabletMs, kind: 'behind' }
      : { registerMs: Math.round(tabletMs < low ? low : high), tabletMs, kind: 'differs' }
  }
  const registerMs = Math.round((low + high) / 2)
  const differenceMs = Math.abs(registerMs - tabletMs)
  const steps = Math.round(differenceMs / ZONE_STEP_MS)
  const zone =
    steps > 0 && differenceMs <= FARTHEST_ZONE_MS && Math.abs(differenceMs - steps * ZONE_STEP_MS) <= OFF_LIMIT_MS
  return { registerMs, tabletMs, kind: zone ? 'zone' : 'differs' }
}
