/**
 * The register's clock as our own receipts teach it, and what the opening time of a receipt (`chequeDate`,
 * `createDate`: whole seconds, source 004, chapter 9.2) says about whose it is: a receipt that was opened before our
 * request left answers somebody else's. All times in ms.
 */
import { MINUTE_WIDTH_MS, SECOND_WIDTH_MS } from '../ikkm/device-time.ts'
import type { Stamp } from './effects.ts'
import type { ClockOffset, StoredClock } from './types.ts'

export interface RegisterClock {
  /** Register less wall clock. */
  readonly wall: ClockOffset
  /** Register less the clock that never jumps; null where all that is known was stored in an earlier life. */
  readonly mono: ClockOffset | null
  /** When it was learned; null as above. */
  readonly at: Stamp | null
  /** A date with seconds other than 0 was seen: the device doesn't leave them out. */
  readonly seconds: boolean
  /** What the dates say if the device writes seconds, while only whole minutes were seen; null where nothing is gained. */
  readonly ifSeconds: Offsets | null
}

/** Register less wall clock, and less the clock that never jumps. */
interface Offsets {
  readonly wall: ClockOffset
  readonly mono: ClockOffset | null
}

/** One send of an entry. `back`: its answer; null where none came, or where it was in an earlier life. */
export interface Sent {
  readonly left: Stamp | { readonly wall: number; readonly mono: null }
  readonly back: Stamp | null
}

/**
 * `after`: surely opened after our last send had left, the one that was answered. `fits`: near a send of ours, as far as
 * can be told.
 * `not`: at another time than our sends. `unknown`: the register's clock isn't known, or the date wasn't given.
 */
export type Opened = 'after' | 'fits' | 'not' | 'unknown'

/** The tablet may have been set to the right time between two lives by so much. */
const STORED_SLACK_MS = 2_000
/** The two clocks of the tablet disagree by more than this: one of them was set, or stood still in its sleep. */
export const SAME_MS = 1_000
/** A register that was set right by a moment is still the same clock. */
const STEP_MS = 300
/** Two quartz clocks drift apart by less than one in so many. */
const DRIFT = 5_000
const STEADY_MS = 20

/** How far two clocks may have drifted apart within so many ms. */
export function driftWithin(ms: number): number {
  return STEADY_MS + Math.abs(ms) / DRIFT
}

/** A request without an answer is executed within this, or was on its way for unusually long. */
const PROMPT_MS = 2_000
/** In an earlier life the record was written before the request waited for its turn. */
const TURN_MS = 1_500

/** What a stored offset is worth at the start. */
export function storedClock(stored: StoredClock | undefined): RegisterClock | null {
  if (!stored) return null
  const { low, high, seconds = false } = stored
  return { wall: { low, high }, mono: null, at: null, seconds, ifSeconds: null }
}

/** What the next life may know of it. */
export function toStore({ wall, seconds }: RegisterClock): StoredClock {
  return seconds ? { ...wall, seconds } : wall
}

/** The register's time at a moment of ours, as an interval. */
function registerTime(
  clock: RegisterClock,
  moment: { readonly wall: number; readonly mono: number | null },
): ClockOffset {
  const { mono, at, wall } = clock
  if (mono === null || at === null || moment.mono === null) {
    const slackMs = at === null ? STORED_SLACK_MS : SAME_MS
    return { low: moment.wall + wall.low - slackMs, high: moment.wall + wall.high + slackMs }
  }
  const byMonoMs = moment.mono - at.mono
  const aheadMs = moment.wall - at.wall - byMonoMs
  const driftMs = driftWithin(byMonoMs)
  // The steady clock may have slept. Where the wall clock was set forward instead, no receipt of ours fits any more,
  // and a person is asked once: the other guess would let through whatever was opened during the sleep.
  if (aheadMs > SAME_MS) return { low: moment.wall + wall.low - driftMs, high: moment.wall + wall.high + driftMs }
  return { low: moment.mono + mono.low - driftMs, high: moment.mono + mono.high + driftMs }
}

const hasSeconds = (openedAt: number): boolean => openedAt % 60_000 !== 0

function widthMs(clock: RegisterClock | null, openedAt: number): number {
  return hasSeconds(openedAt) || clock?.seconds === true ? SECOND_WIDTH_MS : MINUTE_WIDTH_MS
}

/** The clock where a date shows that the device writes seconds: whole minutes before it were exact as well. */
function withSeconds(clock: RegisterClock): RegisterClock {
  return clock.seconds ? clock : { ...clock, ...clock.ifSeconds, seconds: true, ifSeconds: null }
}

/** Whether a receipt opened at `openedAt` (the register's time, whole seconds) can answer one of our sends. */
export function openedWhen(clock: RegisterClock | null, openedAt: number | null, sends: readonly Sent[]): Opened {
  if (clock === null || openedAt === null || sends.length === 0) return 'unknown'
  return openedBy(hasSeconds(openedAt) ? withSeconds(clock) : clock, openedAt, sends)
}

function openedBy(clock: RegisterClock, openedAt: number, sends: readonly Sent[]): Opened {
  let fits = false
  for (const [place, { left, back }] of sends.entries()) {
    const start = registerTime(clock, left)
    const lateMs = left.mono === null ? TURN_MS + PROMPT_MS : PROMPT_MS
    const end = back === null ? start.high + lateMs : registerTime(clock, back).high + SAME_MS
    if (openedAt > end || openedAt + widthMs(clock, openedAt) + STEP_MS < start.low) continue
    // After an earlier one there was time for another till.
    if (openedAt >= start.high && place === sends.length - 1) return 'after'
    fits = true
  }
  return fits ? 'fits' : 'not'
}

/** The clock after a receipt of ours that was opened at `openedAt` between its send and its answer. */
export function learned(clock: RegisterClock | null, openedAt: number, left: Stamp, back: Stamp): RegisterClock {
  const known = clock !== null && hasSeconds(openedAt) ? withSeconds(clock) : clock
  const seconds = known?.seconds === true || hasSeconds(openedAt)
  const at = known?.at ?? null
  const earlier = (offset: ClockOffset | null | undefined): ClockOffset | null =>
    offset && at ? widened(offset, at, back) : null
  const taught = (offsets: Offsets | null, widthMs: number): Offsets => ({
    wall: both(earlier(offsets?.wall), { low: openedAt - back.wall, high: openedAt + widthMs - left.wall }),
    mono: both(earlier(offsets?.mono), { low: openedAt - back.mono, high: openedAt + widthMs - left.mono }),
  })
  const ifSeconds = seconds ? null : taught(known === null ? null : known.ifSeconds, SECOND_WIDTH_MS)
  return { ...taught(known, seconds ? SECOND_WIDTH_MS : MINUTE_WIDTH_MS), at: back, seconds, ifSeconds }
}

function widened({ low, high }: ClockOffset, at: Stamp, now: Stamp): ClockOffset {
  const driftMs = driftWithin(now.mono - at.mono)
  return { low: low - driftMs, high: high + driftMs }
}

/** What agrees with both; the newer where they contradict each other. */
function both(known: ClockOffset | null, news: ClockOffset): ClockOffset {
  if (known === null || known.low > news.high || known.high < news.low) return news
  return { low: Math.max(known.low, news.low), high: Math.min(known.high, news.high) }
}
